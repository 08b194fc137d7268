"""A workstation may come back after months: what any shipped version wrote is read by every later one.

One golden file per kind and schema, written once when the schema ships and never changed. A new schema needs a step in
`domain.changes.STEPS` and a file of its own; the older files stay.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from caller_app.domain.changes import CHANGES, brought_up
from caller_app.protocol.codec import Malformed, decode_change, encode

GOLDEN = Path(__file__).parent / "golden"
SHIPPED = [(kind, schema) for kind, shape in CHANGES.items() for schema in range(1, shape.schema + 1)]


def written(kind: str, schema: int) -> bytes:
    return (GOLDEN / f"{kind}-{schema}.json").read_bytes()


def test_every_kind_and_schema_has_its_file_and_no_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {f"{kind}-{schema}" for kind, schema in SHIPPED}


@pytest.mark.parametrize(("kind", "schema"), SHIPPED)
def test_what_was_written_then_is_read_now(kind: str, schema: int) -> None:
    change = decode_change(kind, written(kind, schema), schema)
    assert change.kind == kind
    if schema == CHANGES[kind].schema:
        assert json.loads(encode(change)) == json.loads(written(kind, schema))


@pytest.mark.parametrize("kind", list(CHANGES))
def test_the_newest_file_says_something_in_every_field(kind: str) -> None:
    said = json.loads(written(kind, CHANGES[kind].schema))
    assert set(said) == {one.name for one in fields(CHANGES[kind])}


@pytest.mark.parametrize("kind", list(CHANGES))
def test_a_field_of_a_later_version_is_passed_over_and_kept_in_the_bytes(kind: str) -> None:
    said = {**json.loads(written(kind, CHANGES[kind].schema)), "from_the_future": {"a": [1]}}
    assert json.loads(encode(decode_change(kind, encode(said)))) == json.loads(written(kind, CHANGES[kind].schema))


def test_steps_are_taken_in_order_and_a_missing_one_is_said() -> None:
    def renamed(said: dict[str, Any]) -> dict[str, Any]:
        return {("words" if name == "text" else name): value for name, value in said.items()}

    def trimmed(said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "words": said["words"].strip()}

    steps = {("note_added", 1): renamed, ("note_added", 2): trimmed}
    assert brought_up("note_added", 1, {"text": " x "}, steps=steps, to=3) == {"words": "x"}
    assert brought_up("note_added", 2, {"words": " y "}, steps=steps, to=3) == {"words": "y"}
    assert brought_up("note_added", 3, {"words": "z"}, steps=steps, to=3) == {"words": "z"}
    with pytest.raises(KeyError):
        brought_up("note_added", 1, {"text": "x"}, steps={}, to=2)


def test_a_schema_nobody_shipped_is_malformed_and_not_a_fault() -> None:
    with pytest.raises(Malformed):
        decode_change("note_added", written("note_added", 1), 0)
