"""What rows say about each other: stops, one person on several rows, shared and filled-down numbers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from caller_app.excel.cohort import CohortCheck
from tests.excel.making import HEADINGS, check, check_people, good_numbers, person, table, write_xlsx

SAME = good_numbers(1, start=500_000)[0]


def verdicts(given: CohortCheck) -> list[str]:
    return [result.verdict.value for result in given.rows[1:]]


@pytest.mark.parametrize("first", [True, False])
def test_an_opt_out_on_any_row_stops_the_person_on_all(tmp_path: Path, first: bool) -> None:
    rows = [person(0, NHS_number=SAME), person(1, NHS_number=SAME, Do_not_contact="Y"), person(2)]
    if first:
        rows[0], rows[1] = rows[1], rows[0]
    given = check_people(tmp_path, rows)
    assert verdicts(given) == ["reject", "reject", "accept"]
    stopped = {result.reasons[0]: result for result in given.rows[1:3]}
    assert stopped["OPT_OUT_ELSEWHERE"].because_of_row == stopped["OPT_OUT"].row
    assert all(result.excluded and result.stop_nhs_number == SAME for result in stopped.values())
    assert "Kett" not in repr(given.rows[1:3])


def test_a_stop_counts_even_on_a_row_refused_for_something_else(tmp_path: Path) -> None:
    rows = [person(0, NHS_number=SAME), person(1, NHS_number=SAME, Do_not_contact="Y", Date_of_birth="??")]
    given = check_people(tmp_path, rows)
    assert given.rows[1].reasons == ("OPT_OUT_ELSEWHERE",)
    refused = given.rows[2]
    assert (refused.reasons, refused.excluded) == (("DOB_UNREADABLE",), False)
    assert (refused.stop_nhs_number, refused.stop_kind) == (SAME, "opt_out")


def test_death_in_brackets_behind_the_surname_stops_the_person(tmp_path: Path) -> None:
    given = check_people(tmp_path, [person(0, NHS_number=SAME, Surname="Kett (RIP)"), person(1, NHS_number=SAME)])
    assert [result.reasons for result in given.rows[1:]] == [("DECEASED",), ("DECEASED_ELSEWHERE",)]


@pytest.mark.parametrize("word", ["Y", "yes", "TRUE", True, 1, "x", "Opted out", "Dissent", date(2025, 1, 1)])
def test_every_word_for_an_opt_out_counts(tmp_path: Path, word: object) -> None:
    given = check_people(tmp_path, [person(0, Do_not_contact=word)])
    assert given.rows[1].reasons == ("OPT_OUT",)


@pytest.mark.parametrize("word", ["see notes", "?", 7])
def test_a_stop_nobody_can_read_keeps_the_person_from_being_called_until_someone_has_looked(
    tmp_path: Path, word: object
) -> None:
    given = check_people(tmp_path, [person(0, Do_not_contact=word)])
    assert given.rows[1].verdict.value == "accept_with_repair"
    assert (given.rows[1].callable, given.rows[1].needs_confirmation) == (False, ("opt_out",))


def test_a_stop_nobody_can_read_counts_for_the_person_on_whichever_row_it_stands(tmp_path: Path) -> None:
    given = check_people(tmp_path, [person(0, NHS_number=SAME), person(0, NHS_number=SAME, Do_not_contact="see notes")])
    assert verdicts(given) == ["accept_with_repair", "duplicate"]
    assert (given.rows[1].callable, given.rows[1].needs_confirmation) == (False, ("opt_out",))


def test_an_s_flag_nobody_can_read_withholds_contact_details(tmp_path: Path) -> None:
    rows = table([person(0)])
    rows[0].append("S-Flag")
    rows[1].append("ask Ann")
    patient = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows})).rows[1].canonical
    assert patient is not None
    assert (patient.sensitive, patient.phones, patient.postcode) == (True, (), None)


@pytest.mark.parametrize("word", ["N", "no", False, 0, None, "-", " "])
def test_no_stop_is_no_stop(tmp_path: Path, word: object) -> None:
    assert verdicts(check_people(tmp_path, [person(0, Do_not_contact=word)])) == ["accept"]


def test_the_first_good_row_stays_and_later_ones_say_where_it_is(tmp_path: Path) -> None:
    rows = [
        person(0, NHS_number=SAME, Practice_code="D82004"),
        person(1, NHS_number=SAME, Date_of_birth=date(1960, 5, 5)),
        person(2, NHS_number=SAME, Date_of_birth=date(1960, 5, 5), Mobile="07700 900999", Surname="Other"),
    ]
    given = check_people(tmp_path, rows)
    assert [result.reasons for result in given.rows[1:]] == [("PRACTICE_CLOSED",), (), ("DUPLICATE_NHS_NUMBER",)]
    duplicate = given.rows[3]
    assert duplicate.duplicate_of == 3
    assert set(duplicate.differs_in) == {"given_name", "family_name", "phones"}
    assert duplicate.canonical is None


def test_two_different_people_under_one_number_are_a_conflict(tmp_path: Path) -> None:
    rows = [person(0, NHS_number=SAME), person(1, NHS_number=SAME, Surname="Nudd", Date_of_birth=date(1970, 1, 1))]
    given = check_people(tmp_path, rows)
    assert verdicts(given) == ["accept", "reject"]
    assert "NHS_NUMBER_SHARED" in given.rows[1].warnings
    assert given.rows[2].reasons == ("NHS_NUMBER_CONFLICT",)


def test_an_s_flag_on_any_row_withholds_contact_details_on_all(tmp_path: Path) -> None:
    rows = table([person(0, NHS_number=SAME), person(0, NHS_number=SAME)])
    rows[0].append("S-Flag")
    rows[1].append(None)
    rows[2].append("Y")
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    stays = given.rows[1]
    assert stays.canonical is not None
    assert (stays.canonical.sensitive, stays.callable, stays.reasons) == (True, False, ("SENSITIVE_WITHHELD",))
    assert "7700900000" not in repr(given.rows)
    assert "NR1" not in repr(given.rows)
    assert "D82001" not in repr(given.rows)


def test_twins_are_two_people_and_one_person_under_two_numbers_is_a_warning(tmp_path: Path) -> None:
    born = date(1970, 1, 1)
    rows = [
        person(0, Forename="Anna", Date_of_birth=born),
        person(1, Forename="Berta", Date_of_birth=born),
        person(2, Forename="anna", Date_of_birth=born),
    ]
    given = check_people(tmp_path, rows)
    assert verdicts(given) == ["accept"] * 3
    assert [result.row for result in given.rows if "POSSIBLE_DUPLICATE_PERSON" in result.warnings] == [2, 4]


def test_a_shared_number_is_counted_among_people_who_are_stored(tmp_path: Path) -> None:
    home = "01632 960777"
    rows = [
        person(0, Home_tel=home),
        person(1, Home_tel=home),
        person(2, Home_tel=home, Do_not_contact="Y"),
        person(3, Home_tel=f"{home} (do not ring)"),
    ]
    given = check_people(tmp_path, rows)
    shared = [
        (result.row, phone.shared_by)
        for result in given.accepted()
        if result.canonical
        for phone in result.canonical.phones
        if phone.e164 == "+441632960777"
    ]
    assert shared == [(2, 2), (3, 2), (5, 1)]
    assert [result.row for result in given.rows if "PHONE_SHARED" in result.warnings] == [2, 3]


def filled_down(count: int, **options: Any) -> list[dict[str, Any]]:
    return [person(n, Mobile="07700 900111", Postcode=f"NR{1 + n % 9} 1AA") | options for n in range(count)]


def test_a_number_filled_down_the_column_is_left_out(tmp_path: Path) -> None:
    given = check_people(tmp_path, [*filled_down(11), person(50)])
    assert given.counts.reasons["PHONE_PLACEHOLDER_DROPPED"] == 11
    assert given.counts.callable == 1
    assert "NO_USABLE_PHONE" in given.rows[1].warnings


def test_a_care_home_keeps_its_number_and_so_do_a_few_neighbours(tmp_path: Path) -> None:
    home = check_people(tmp_path, filled_down(30, Postcode="NR1 1AA"))
    few = check_people(tmp_path, filled_down(10))
    assert (home.counts.callable, few.counts.callable) == (30, 10)


def test_the_practices_own_number_is_a_filler(tmp_path: Path) -> None:
    given = check_people(tmp_path, [person(0, Mobile="01632 960900")])
    assert given.rows[1].reasons == ("PHONE_PRACTICE_OWN_DROPPED",)
    assert given.rows[1].callable is False


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("D82001", "Church Hill Surgery", ()),
        (" d82001 ", None, ()),
        ("D82001", "CHURCH HILL, SURGERY", ()),
        (None, "church hill surgery", ("PRACTICE_FROM_NAME",)),
        ("X99999", "Church Hill Surgery", ("PRACTICE_FROM_NAME",)),
        (None, "Grove Surgery", ("PRACTICE_UNKNOWN",)),
        (None, "The Grove Surgery", ("PRACTICE_NAME_AMBIGUOUS",)),
        ("D82004", "Church Hill Surgery", ("PRACTICE_CLOSED",)),
        ("D82005", "Church Hill Surgery", ("PRACTICE_NOT_GP",)),
        ("X99999", None, ("PRACTICE_UNKNOWN",)),
        (None, None, ("PRACTICE_MISSING",)),
        (None, "D82001", ()),
    ],
)
def test_the_practice_is_found_by_code_then_by_name(
    tmp_path: Path, code: str | None, name: str | None, expected: tuple[str, ...]
) -> None:
    given = check_people(tmp_path, [person(0, Practice_code=code, Practice_name=name)])
    assert given.rows[1].reasons == expected
    if expected == ("PRACTICE_FROM_NAME",):
        assert (given.rows[1].callable, given.rows[1].needs_confirmation) == (False, ("practice_ods",))


def test_two_numbers_with_a_slash_inside_one_are_told_apart(tmp_path: Path) -> None:
    given = check_people(tmp_path, [person(0, Mobile="01632/960123", Home_tel="07700 900111 / 01632 960124")])
    patient = given.rows[1].canonical
    assert patient is not None
    assert {phone.e164 for phone in patient.phones} == {"+441632960123", "+447700900111", "+441632960124"}


def test_do_not_ring_beside_one_copy_of_a_number_counts_for_the_number(tmp_path: Path) -> None:
    given = check_people(tmp_path, [person(0, Mobile="07700 900111", Home_tel="07700 900111 (do not ring)")])
    assert given.rows[1].callable is False


def test_an_unmapped_column_of_row_numbers_makes_no_people(tmp_path: Path) -> None:
    rows = [["Rec ID", *HEADINGS], *([n, *row] for n, row in enumerate(table([person(0)])[1:], start=1))]
    rows += [[n] for n in range(2, 40)]
    given = check(write_xlsx(tmp_path / "c.xlsx", {"List": rows}))
    assert given.counts.verdicts == {"accept": 1, "skip": 1}
