"""Every row of the four workbooks with answer keys gets the verdict and the stored record its key gives."""

import json
import unicodedata
from datetime import date
from functools import cache
from typing import Any

import msgspec
import pytest

from caller_app.domain.practices import PracticeDirectory
from caller_app.excel.cohort import CohortCheck, check_cohort
from caller_app.excel.practices import read_practices
from caller_app.excel.report import check_json
from tests.excel.making import DATA, PRACTICE_LIST

NAMES = ("clean_dpp", "messy_dpp", "messy_tt", "messy_vacc")
YES_NO = ("no_fixed_abode", "interpreter", "text_opt_out", "sensitive")


@cache
def practice_list() -> PracticeDirectory:
    return read_practices(PRACTICE_LIST)


@cache
def key_of(name: str) -> dict[str, Any]:
    key: dict[str, Any] = json.loads((DATA / f"cohort_{name}.expected.json").read_text(encoding="utf-8"))
    return key


@cache
def check_of(name: str) -> CohortCheck:
    key = key_of(name)
    return check_cohort(
        DATA / f"cohort_{name}.xlsx",
        campaign=key["campaign"],
        practices=practice_list(),
        as_of=date.fromisoformat(key["as_of"]),
        test_mode=True,
    )


@cache
def report_of(name: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads("".join(check_json(check_of(name))))
    return report


def folded(value: Any) -> Any:
    """Composed, white space collapsed, case folded; null and false alike."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split()).casefold()
    if isinstance(value, list):
        return [folded(item) for item in value]
    return None if value is False else value


def phone_facts(phones: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    return {
        phone["e164"]: (
            phone["kind"],
            phone["textable"],
            phone["dialable"],
            phone.get("extension"),
            phone.get("shared_by"),
        )
        + ((folded(phone["label"]),) if phone["label_from"] == "text" else ())
        for phone in phones
    }


def differences(expected: dict[str, Any], given: dict[str, Any]) -> list[str]:
    """In which ways a row differs from its key, other good answers allowed."""
    also = expected.get("also_ok", {})
    found: list[str] = []
    if given["verdict"] != expected["verdict"] and given["verdict"] not in also.get("verdict", []):
        found.append(f"verdict {given['verdict']}")
    reasons = [sorted(expected["reasons"]), *(sorted(other) for other in also.get("reasons", []))]
    if sorted(given["reasons"]) not in reasons:
        found.append(f"reasons {given['reasons']}")
    single = ("callable", "excluded", "duplicate_of", "because_of_row", "hidden")
    found += [name for name in single if (given.get(name) or None) != (expected.get(name) or None)]
    many = ("warnings", "needs_confirmation", "differs_in")
    found += [name for name in many if sorted(given.get(name, [])) != sorted(expected.get(name, []))]
    wanted, got = expected.get("canonical") or {}, given.get("canonical") or {}
    for name in sorted(wanted.keys() | got.keys()):
        if name == "phones":
            if phone_facts(wanted.get(name, [])) != phone_facts(got.get(name, [])):
                found.append("phones")
        elif name == "campaign":
            fields = wanted[name].keys() | got[name].keys()
            found += [field for field in fields if folded(wanted[name].get(field)) != folded(got[name].get(field))]
        elif folded(got.get(name)) not in [folded(wanted.get(name)), *map(folded, also.get(f"canonical.{name}", []))]:
            found.append(name)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_judged_as_the_key_says(name: str) -> None:
    expected, given = key_of(name)["rows"], report_of(name)["rows"]
    assert [row["row"] for row in given] == [row["row"] for row in expected]
    wrong = {row["row"]: found for row, got in zip(expected, given, strict=True) if (found := differences(row, got))}
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_mapped_as_the_key_says_and_the_others_left_out(name: str) -> None:
    assert report_of(name)["columns"] == key_of(name)["columns"]
    assert list(check_of(name).header_rows) == key_of(name)["workbook"]["header_rows"]
    assert check_of(name).sheet == key_of(name)["workbook"]["sheet"]


@pytest.mark.parametrize("name", NAMES)
def test_counts_agree_with_the_key(name: str) -> None:
    assert report_of(name)["counts"] == key_of(name)["counts"]


@pytest.mark.parametrize("name", NAMES)
def test_what_must_be_told_about_the_file_is_told(name: str) -> None:
    expected = {finding["code"]: finding for finding in key_of(name)["findings"]}
    given = {finding["code"]: finding for finding in report_of(name)["findings"]}
    assert given.keys() == expected.keys()
    for code, finding in expected.items():
        assert given[code].get("must_report") == finding.get("must_report")
        for detail in ("rows", "sheets", "header_row"):
            assert given[code].get(detail) == finding.get(detail)


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@pytest.mark.parametrize("name", ["messy_dpp", "messy_tt", "messy_vacc"])
def test_nothing_that_must_not_be_stored_is_kept_for_the_person(name: str) -> None:
    rows = {row["row"]: row for row in report_of(name)["rows"]}
    withheld = [row for row in key_of(name)["rows"] if "must_not_store" in row]
    assert len(withheld) >= 6
    for row in withheld:
        kept = json.dumps(rows[row["row"]], ensure_ascii=False)
        for value in row["must_not_store"]:
            assert value not in kept
            if value.startswith("+44"):
                assert digits(value)[2:] not in digits(kept)


@pytest.mark.parametrize("name", ["messy_dpp", "messy_tt", "messy_vacc"])
def test_a_refused_row_leaves_nothing_but_codes_and_the_number_for_the_stop_list(name: str) -> None:
    refused = [result for result in check_of(name).rows if result.verdict.value == "reject"]
    assert len(refused) >= 80
    for result in refused:
        assert result.canonical is None
        assert result.dropped_phones == ()
        assert (result.stop_nhs_number is None) or result.stop_kind is not None


@pytest.mark.parametrize("name", NAMES)
def test_in_live_mode_every_person_of_the_test_data_is_refused(name: str) -> None:
    live = check_cohort(
        DATA / f"cohort_{name}.xlsx",
        campaign=key_of(name)["campaign"],
        practices=practice_list(),
        as_of=date.fromisoformat(key_of(name)["as_of"]),
        test_mode=False,
    )
    assert {result.verdict.value for result in live.rows} == {"reject", "skip"}
    assert live.counts.callable == 0


def test_the_report_is_json_that_any_reader_understands() -> None:
    text = "".join(check_json(check_of("messy_tt")))
    assert json.loads(text) == msgspec.json.decode(text)
