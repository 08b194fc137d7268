"""A list comes in whole or not at all, brings nobody back who said stop, and drops what no rule uses."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from caller_app.base.clock import london_day
from caller_app.base.errors import Refused
from caller_app.central.db import writing
from caller_app.central.rules import intake, practices
from caller_app.central.rules.stops import nhs_hash
from caller_app.domain.practices import Practice, PracticeDirectory
from caller_app.domain.projects import Project
from caller_app.excel.cohort import check_cohort
from tests.support.centre import KEY, Rig, nhs_number
from tests.support.station import Station, attempt

HEADINGS = ["NHS Number", "First name", "Surname", "Date of birth", "Mobile", "Practice code", "Address", "Postcode",
            "Deceased", "Opt out", "Sensitive", "Favourite colour"]  # fmt: skip


def person(serial: int, **other: str) -> list[str]:
    letter = chr(64 + serial)
    given = {
        "NHS Number": nhs_number(serial), "First name": f"Given{letter}", "Surname": f"Family{letter}",
        "Date of birth": "01/02/1960", "Mobile": f"07700 900{serial % 1000:03d}", "Practice code": "D82001",
        "Address": f"{serial} Sample Street", "Postcode": "NR1 1AA", "Favourite colour": "mauve",
    }  # fmt: skip
    given.update(other)
    return [given.get(name, "") for name in HEADINGS]


def cohort(folder: Path, name: str, *rows: list[str]) -> Path:
    path = folder / name
    lines = [",".join(HEADINGS), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def listed(centre: Rig) -> PracticeDirectory:
    directory = PracticeDirectory(
        [Practice("D82001", "SAMPLE SURGERY", ("1 High Street",), "NR1 1AA", "01632 960010", "A", "4", None, None)]
    )
    writing(centre.engine, lambda conn: practices.load(conn, directory.all(), now=centre.clock.now()))
    return directory


def take_in(
    centre: Rig, path: Path, project: Project, listed: PracticeDirectory, *, chunk_rows: int = 1_000, **about: object
) -> intake.Taken:
    today = london_day(centre.clock.now())
    told = {
        "source": "the practice's own search", "extracted_on": today, "legal_basis": "direct care",
        "opt_outs_applied": "Type 1", "opt_outs_applied_on": today, "imported_by": "sam", **about,
    }  # fmt: skip
    check = check_cohort(path, campaign=project.campaign, practices=listed, as_of=today, test_mode=True)
    return writing(
        centre.engine,
        lambda conn: intake.import_cohort(
            conn, check, intake.Provenance(**told), settings=centre.centre.settings, project_id=project.project_id,
            practices=listed, now=centre.clock.now(), chunk_rows=chunk_rows,
        ),
    )  # fmt: skip


def test_a_list_becomes_cases_with_everything_a_caller_needs(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    project = centre.project()
    taken = take_in(centre, cohort(tmp_path, "a.csv", *(person(n) for n in range(1, 6))), project, listed)
    assert (taken.cases, taken.ready) == (5, 5)
    item = centre.item(centre.ask("SELECT case_id FROM cases k JOIN person p USING (person_id) WHERE nhs_number = :n",
                                  n=nhs_number(1))[0][0])  # fmt: skip
    assert (item.patient.given_name, item.patient.dob, item.status) == ("GivenA", "1960-02-01", "ready")
    assert item.numbers[0].e164 == "+447700900001"
    assert item.patient.practice is not None
    assert item.patient.practice.name == "SAMPLE SURGERY"
    (batch,) = centre.ask("SELECT source, legal_basis, imported_by, counts->>'cases', file_sha256 FROM cohort_batch")
    assert tuple(batch)[:4] == ("the practice's own search", "direct care", "sam", "5")
    everything = str(centre.ask("SELECT body FROM rec_body")) + str(centre.ask("SELECT * FROM person"))
    assert "mauve" not in everything


def test_an_import_that_fails_half_way_leaves_nothing(centre: Rig, listed: PracticeDirectory, tmp_path: Path) -> None:
    project = centre.project()
    with centre.as_owner() as conn:  # the database itself fails at the fifth person
        conn.execute(text(f"ALTER TABLE person ADD CHECK (nhs_number <> '{nhs_number(5)}')"))
    with pytest.raises(Exception, match="person_nhs_number_check"):
        take_in(centre, cohort(tmp_path, "a.csv", *(person(n) for n in range(1, 6))), project, listed, chunk_rows=2)
    for table in ("cohort_batch", "person", "cases", "rec_body WHERE kind = 1", "suppression"):
        assert centre.ask(f"SELECT count(*) FROM {table}")[0][0] == 0


def test_the_same_file_is_not_taken_twice_and_a_new_one_adds_only_who_is_new(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    project = centre.project()
    path = cohort(tmp_path, "a.csv", person(1), person(2))
    take_in(centre, path, project, listed)
    with pytest.raises(Refused, match="already"):
        take_in(centre, path, project, listed)
    taken = take_in(centre, cohort(tmp_path, "b.csv", person(2), person(3)), project, listed)
    assert (taken.cases, taken.already_there) == (1, 1)
    other = take_in(centre, path, centre.project("Another"), listed)
    assert other.cases == 2
    assert centre.ask("SELECT count(*) FROM person")[0][0] == 3


def test_whoever_asked_not_to_be_contacted_does_not_come_back(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    project = centre.project()
    take_in(centre, cohort(tmp_path, "a.csv", person(1), person(2)), project, listed)
    anna = centre.user("anna")
    rows = centre.ask("SELECT case_id FROM cases JOIN person USING (person_id) ORDER BY nhs_number")
    ids = [row[0] for row in rows]
    centre.give(ids, anna)
    station = Station(centre, "anna").sign_in()
    station.pushed(attempt(ids[0], "D03", facts={"scope": "all", "words": "stop"}))
    station.pushed(attempt(ids[1], "D02", facts={"campaign": "this season"}))
    taken = take_in(centre, cohort(tmp_path, "b.csv", person(1), person(2), person(3)), centre.project("Two"), listed)
    assert (taken.cases, taken.on_stop_list) == (1, 2)
    elsewhere = centre.project("Flu", campaign="winter_vaccination")
    taken = take_in(centre, cohort(tmp_path, "c.csv", person(1), person(2)), elsewhere, listed)
    assert (taken.cases, taken.on_stop_list) == (1, 1)  # D02 holds for its own campaign only
    hashes = {bytes(row[0]) for row in centre.ask("SELECT nhs_hash FROM suppression")}
    assert hashes == {nhs_hash(KEY, nhs_number(1)), nhs_hash(KEY, nhs_number(2))}
    assert nhs_number(1) not in str(centre.ask("SELECT * FROM suppression"))


def test_a_list_that_says_died_or_opted_out_stops_open_cases_elsewhere(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    project = centre.project()
    take_in(centre, cohort(tmp_path, "a.csv", person(1), person(2), person(3)), project, listed)
    anna = centre.user("anna")
    centre.give([row[0] for row in centre.ask("SELECT case_id FROM cases")], anna)
    station = Station(centre, "anna").sign_in()
    assert len(station.catch_up()) == 4
    second = cohort(
        tmp_path, "b.csv", person(1, Deceased="Yes"), person(2, **{"Opt out": "Y"}), person(4, **{"Opt out": "Y"})
    )
    taken = take_in(centre, second, centre.project("Two"), listed)
    assert (taken.cases, taken.newly_stopped) == (0, 3)
    assert len(station.catch_up()) == 2
    assert centre.ask("SELECT count(*) FROM person WHERE nhs_number = :n", n=nhs_number(4))[0][0] == 0
    assert "FamilyD" not in str(centre.ask("SELECT * FROM cohort_batch"))


def test_a_sensitive_person_is_known_but_never_on_a_list_nor_their_details_kept(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    project = centre.project()
    take_in(centre, cohort(tmp_path, "a.csv", person(1)), project, listed)
    anna = centre.user("anna")
    centre.give([row[0] for row in centre.ask("SELECT case_id FROM cases")], anna)
    station = Station(centre, "anna").sign_in()
    station.catch_up()
    second = cohort(tmp_path, "b.csv", person(1, Sensitive="Y"), person(2, Sensitive="Y"))
    taken = take_in(centre, second, centre.project("Two"), listed)
    assert (taken.cases, taken.sensitive) == (0, 2)
    assert len(station.catch_up()) == 1
    everything = str(centre.ask("SELECT body FROM rec_body")) + str(centre.ask("SELECT * FROM person"))
    assert "Sample Street" not in everything
    assert "+44770090000" not in everything
    third = take_in(centre, cohort(tmp_path, "c.csv", person(1), person(2)), centre.project("Three"), listed)
    assert (third.cases, third.sensitive) == (0, 2)


def test_somebody_without_a_number_is_counted_and_held(centre: Rig, listed: PracticeDirectory, tmp_path: Path) -> None:
    taken = take_in(centre, cohort(tmp_path, "a.csv", person(1, Mobile=""), person(2)), centre.project(), listed)
    assert (taken.cases, taken.ready, taken.held) == (2, 1, 1)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"extracted_on": date(2026, 2, 2)}, "28 days"),
        ({"extracted_on": date(2026, 3, 4)}, "future"),
        ({"opt_outs_applied_on": date(2026, 3, 4)}, "future"),
        ({"legal_basis": "  "}, "legal basis"),
        ({"source": ""}, "source"),
    ],
)
def test_a_list_without_ground_or_too_old_is_refused(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path, about: dict[str, object], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        take_in(centre, cohort(tmp_path, "a.csv", person(1)), centre.project(), listed, **about)


def test_a_list_of_exactly_28_days_is_still_taken(centre: Rig, listed: PracticeDirectory, tmp_path: Path) -> None:
    day = london_day(centre.clock.now()) - timedelta(days=28)
    assert take_in(centre, cohort(tmp_path, "a.csv", person(1)), centre.project(), listed, extracted_on=day).cases == 1


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_nobody_is_lost_between_two_chunks(centre: Rig, listed: PracticeDirectory, tmp_path: Path, people: int) -> None:
    rows = [person(n) for n in range(1, people + 1)]
    assert take_in(centre, cohort(tmp_path, "a.csv", *rows), centre.project(), listed, chunk_rows=2).cases == people
    assert centre.ask("SELECT count(*) FROM cases")[0][0] == people


def test_a_number_that_belongs_to_somebody_else_here_is_not_taken_over(
    centre: Rig, listed: PracticeDirectory, tmp_path: Path
) -> None:
    take_in(centre, cohort(tmp_path, "a.csv", person(1), person(2)), centre.project(), listed)
    second = cohort(
        tmp_path, "b.csv",
        person(1, Surname="Stranger", **{"Date of birth": "03/04/1971"}),
        person(2, Surname="Married"), person(3),
    )  # fmt: skip
    taken = take_in(centre, second, centre.project("Two"), listed)
    assert (taken.cases, taken.conflicts, taken.conflict_rows) == (2, 1, [2])
    rows = centre.ask("SELECT family_name, dob FROM person ORDER BY nhs_number")
    assert rows == [("FamilyA", "1960-02-01"), ("Married", "1960-02-01"), ("FamilyC", "1960-02-01")]
