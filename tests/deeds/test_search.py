"""Finding people offline: any fragment of a name or number, accents and apostrophes ignored; hostile text is text."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.domain.items import Item, Number, PastAttempt, Promise
from caller_app.queries.lists import my_list
from caller_app.queries.lookups import SAY, SAY_DIED, SAY_SHARED, SAY_STOPPED, who_rang
from caller_app.store.search import fold_name, national_digits
from tests.deeds.rig import HOME, ME, MOBILE, TUESDAY, Rig, case, item, opened

NAMES = (
    ("Siân", "O'Brien", "+447700900101"),
    ("Zoë", "Featherstonehaugh-Cholmondeley", "+447700900202"),
    ("Łukasz", "Żółć", "+441632960303"),
    ("Mary Ann", "D’Arcy", "+447700900404"),
    ("Ng", "Ng", "+447700900505"),
)


def people() -> list[Item]:
    made = []
    for number, (given_name, family_name, e164) in enumerate(NAMES, start=1):
        one = item(number)
        patient = replace(one.patient, given_name=given_name, family_name=family_name)
        made.append(replace(one, patient=patient, numbers=(Number(e164=e164, kind="mobile"),)))
    return made


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Rig]:
    with opened(tmp_path / "crowd", *people()) as rig:
        yield rig


def found(rig: Rig, typed: str) -> list[int]:
    return sorted(int(row.case_id[-3:]) for row in rig.read(my_list, search=typed))


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("sian", [1]),
        ("SIÂN", [1]),
        ("obrien", [1]),
        ("o'brien", [1]),
        ("O’Brien", [1]),
        ("o brien", [1]),
        ("brien", [1]),
        ("s obr", [1]),
        ("brien sian", [1]),
        ("sian 900101", [1]),
        ("zoe 900101", []),
        ("stoneh", [2]),
        ("cholm zoe", [2]),
        ("haugh-chol", [2]),
        ("lukasz", [3]),
        ("zolc", [3]),
        ("żółć", [3]),
        ("darcy", [4]),
        ("mary ann d", [4]),
        ("maryann", [4]),
        ("ng", [5]),
        ("n", [5]),
        ("900101", [1]),
        ("07700 900 101", [1]),
        ("+44 7700 900101", [1]),
        ("+44 (0)7700 900101", [1]),
        ("0044 7700 900101", [1]),
        ("447700900101", [1]),
        ("7700", [1, 2, 4, 5]),
        ("303", [3]),
        ("01632-960303", [3]),
        ("zz", []),
        ("99999", []),
    ],
)
def test_a_fragment_finds_its_people(crowd: Rig, typed: str, who: list[int]) -> None:
    assert found(crowd, typed) == who


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", "''", '""', "*", "%", "_", "--", ";", "\\", "(", ")", "^", "+", "NOT", "AND", "OR", "NEAR(a b)",
        "name:sian", "sian*", 'sian" OR "', "sian' OR 1=1 --", "o'brien; DROP TABLE shown", "{a b}", "\x00", "\ud800",
        "-1", "1e9", "%sian%", "s_an", "😀", "sian AND zoe", "ﬁ", "a" * 10_000, "07" * 5_000, " \t\n", "٣٤٥",
        "'' OR ''",
    ],
)  # fmt: skip
def test_hostile_text_is_only_text(crowd: Rig, typed: str) -> None:
    for query in (my_list, who_rang):
        rows = crowd.read(query, search=typed) if query is my_list else crowd.read(query, fragment=typed)
        assert len(rows) in (0, 1, len(NAMES)), typed
    assert len(crowd.read(my_list)) == len(NAMES), "nothing was harmed"


def test_operators_are_words_of_a_name_and_nothing_else(crowd: Rig) -> None:
    assert found(crowd, "sian OR zoe") == []
    assert found(crowd, "sian NOT zoe") == []
    assert found(crowd, "%") == []
    assert found(crowd, "s%n") == []


@given(st.text(max_size=40))
def test_folding_gives_plain_words_whatever_was_typed(typed: str) -> None:
    folded = fold_name(typed)
    assert folded == folded.strip()
    assert '"' not in folded and "'" not in folded and "*" not in folded and "  " not in folded
    assert fold_name(folded) == folded or not folded.isascii()


@given(st.from_regex(r"\+44[1-9][0-9]{8,9}", fullmatch=True))
def test_a_number_is_found_as_it_is_read_off_the_telephone(e164: str) -> None:
    assert national_digits(e164) == "0" + e164[3:]


def test_a_corrected_name_and_number_are_found_at_once_and_the_old_name_is_not(crowd: Rig) -> None:
    from caller_app.commands.corrections import propose_correction

    crowd.call(number="+447700900101")
    crowd.verify()
    said = {"source": "patient", "evidence": "patient_confirmed"}
    crowd.write(
        propose_correction,
        case_id=case(1),
        type="NAME_CHANGED",
        values={"family": "Quill", "reason": "marriage"},
        **said,
    )
    crowd.write(
        propose_correction,
        case_id=case(1),
        type="PHONE_ADDED",
        values={"new_number": "07700 900777", "type": "mobile"},
        **said,
    )
    assert found(crowd, "quill") == [1] and found(crowd, "obrien") == [] and found(crowd, "900777") == [1]


def test_somebody_who_left_the_list_is_not_found(crowd: Rig) -> None:
    crowd.lose(people()[0])
    assert found(crowd, "sian") == [] and crowd.read(who_rang, fragment="900101") == ()


def test_who_rang_says_when_by_whom_and_what_was_left_and_no_more(tmp_path: Path) -> None:
    left = PastAttempt("a1", TUESDAY, "C03", HOME, "Bob Other", caller_id=9)
    promise = Promise("p1", TUESDAY.replace(hour=14), TUESDAY.replace(hour=15), "Bob Other", 9)
    shared = tuple(replace(number, shared=True) for number in item(3).numbers)
    people = (
        item(1, attempts=(left,), promises=(promise,), status="callback"),
        item(2, status="closed", attempts=(replace(left, attempt_id="a2", outcome="D03"),)),
        item(3, numbers=shared),
    )
    with opened(tmp_path / "p", *people) as rig:
        by_case = {row.case_id: row for row in rig.read(who_rang, fragment="1632 960001")}
        first = by_case[case(1)]
        assert (first.number, first.last_at, first.last_caller) == (HOME, TUESDAY, "Bob Other")
        assert first.what_was_left == (
            "a neutral message was left; Bob Other promised to ring Tuesday 3 March at 14:00"
        )
        assert first.what_to_say == SAY
        assert by_case[case(2)].what_to_say == SAY_STOPPED, "closed cases are found too"
        assert by_case[case(3)].what_to_say == SAY_SHARED
        assert by_case[case(3)].what_was_left == "not rung by us yet"
        assert rig.read(who_rang, fragment="900001")[0].number == MOBILE
        assert rig.read(who_rang, fragment="o") == (), "one letter is not a fragment"
        assert ME.shown_name not in repr(by_case)


def test_who_rang_says_that_a_person_was_reported_as_died_until_that_is_taken_back(tmp_path: Path) -> None:
    told = PastAttempt("a1", TUESDAY, "S01", HOME, "Bob Other", caller_id=9)
    people = (
        item(1, attempts=(told,), status="closed"),
        item(2, attempts=(replace(told, attempt_id="a2", superseded=True),)),
    )
    with opened(tmp_path / "p", *people) as rig:
        by_case = {row.case_id: row for row in rig.read(who_rang, fragment="1632 960001")}
        assert by_case[case(1)].what_was_left == "reported as died: tell the supervisor"
        assert by_case[case(1)].what_to_say == SAY_DIED
        assert by_case[case(2)].what_was_left == "not rung by us yet"
        assert by_case[case(2)].what_to_say == SAY
