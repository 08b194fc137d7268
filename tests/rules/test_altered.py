"""`altered` gives what `dataclasses.replace` gives, and refuses what it refuses."""

from dataclasses import FrozenInstanceError, dataclass, fields, replace

import pytest

from caller_app.base.ids import new_id
from caller_app.domain.altered import altered
from tests.support.centre import make_item


def test_an_altered_record_is_what_replace_would_make() -> None:
    item = make_item(new_id())
    for one in fields(item):
        changes = {one.name: getattr(make_item(new_id()), one.name)}
        assert altered(item, **changes) == replace(item, **changes)


def test_the_record_it_came_from_is_left_alone_and_the_new_one_is_frozen() -> None:
    item = make_item(new_id())
    new = altered(item, status_why="no answer")
    assert (item.status_why, new.status_why) == ("", "no answer")
    with pytest.raises(FrozenInstanceError):
        new.status_why = ""  # type: ignore[misc]


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="stauts"):
        altered(make_item(new_id()), stauts="closed")  # type: ignore[call-arg]


def test_a_record_that_checks_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="checked"):
        altered(_Checked(1), number=-1)


@dataclass(frozen=True, slots=True)
class _Checked:
    number: int

    def __post_init__(self) -> None:
        assert self.number > 0
