"""A script of 5,000 rows from the workbook to the caller's ear: published at the centre, pulled, paged through."""

from pathlib import Path
from typing import Any

from caller_app.client import Client
from caller_app.commands.attempts import record_attempt
from caller_app.commands.calls import save_page
from caller_app.protocol.limits import RECORD_BYTES
from caller_app.queries.script_path import script_path
from caller_app.queries.script_rows import ScriptPath
from tests.client.house import PATIENCE, House, until
from tests.client.test_script_changes import begin, published
from tests.script.large_book import large_book

ROWS = 6_300  # of the sheet: the rows that begin and end a page are none of the script's


def at(client: Client, case_id: str, answers: dict[str, Any]) -> ScriptPath:
    found: ScriptPath = client.read(script_path, case_id=case_id, answers=answers).result(PATIENCE)
    return found


def cited(house: House) -> list[str]:
    rows = house.rig.ask(
        "SELECT CAST(convert_from(envelope, 'UTF8') AS jsonb)->'data'->>'script' AS script "
        "FROM change WHERE kind = 'attempt_recorded'"
    )
    return [row.script for row in rows]


def test_a_script_of_five_thousand_rows_is_published_pulled_and_read_to_its_end(house: House, tmp_path: Path) -> None:
    for name in ("sam", "kim"):
        house.rig.user(name, role="supervisor")
    sam, kim = house.sign_in("sam"), house.sign_in("kim")
    script_id = published(sam, kim, house, large_book(tmp_path / "large.xlsx", ROWS, form_id="a_test").read_bytes())
    (sent,) = house.rig.ask(f"SELECT octet_length(body) AS size FROM rec_body WHERE CAST(id AS text) = '{script_id}'")
    assert sent.size < 2 * RECORD_BYTES
    (case,) = house.rig.cases(house.project, 1, to=house.anna)
    number = house.rig.item(case).numbers[0].e164
    anna = house.sign_in("anna")
    until(anna, lambda light: light.list_as_of is not None and light.state == "all_sent")
    script = anna.read(lambda s: s.script(script_id)).result(PATIENCE)
    assert len(script.rows()) >= 5_000
    assert script.script_id == script_id

    begin(anna, case, number)
    answers: dict[str, Any] = {}
    shown = 0
    for page in (1, 2, *range(4, 40)):  # page 3 is not for who said no on page 2
        found = at(anna, case, answers)
        assert len(found.pages) > shown
        shown = len(found.pages)
        answers |= {f"a{page}_0": "n" if page == 2 else "y", f"a{page}_2": "12"}
        anna.write(save_page, case_id=case, page=shown - 1, answers=dict(answers)).result(PATIENCE)
    read = " ".join(line.text for one in at(anna, case, answers).pages for line in one.lines)
    assert script.row("a39_7").label in read
    assert script.row("a3_1").label not in read

    answers |= {row.name: "y" for row in script.rows() if row.name.endswith("_0")}
    assert at(anna, case, answers).outcome == "D01"
    anna.write(save_page, case_id=case, page=1, answers=dict(answers)).result(PATIENCE)
    anna.write(record_attempt, case_id=case, outcome="D01", number=number, facts={"reason": "not_given"}).result(
        PATIENCE
    )
    anna.nudge()
    until(anna, lambda _light: bool(cited(house)))
    assert cited(house) == [script_id]
