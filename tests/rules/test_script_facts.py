"""What a script has answered is filled into the form of the result, and nothing that it left in doubt."""

import pytest

from caller_app.domain.script_facts import facts_said
from tests.deeds.rig import project, rules


def said(code: str, pathways: tuple[str, ...] = (), point: str = "questions", **values: str) -> dict[str, object]:
    return facts_said(rules().outcomes.get(code), values, pathways, project(), point=point)


def test_the_pathway_that_was_picked_is_filled_in_and_of_several_none() -> None:
    assert said("A01", ("dpp_referral", "lifestyle_local")) == {"pathway": "dpp_referral"}
    assert said("A02", ("dpp_self", "lifestyle_local"), follow="sms") == {"channel": "sms"}
    assert said("A02", ("dpp_self",), follow="sms") == {"pathway": "dpp_self", "channel": "sms"}
    assert "pathway" not in said("A01", ("unheard_of",))


@pytest.mark.parametrize("code", [one.code for one in rules().outcomes.all()])
def test_agreement_is_never_filled_in(code: str) -> None:
    found = said(code, ("dpp_referral",), consent_share="y", consent="yes", why_not="time", needs="bsl", follow="sms")
    assert "consent" not in found


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("D01", {"why_not": "work"}, {"reason": "work_caring"}),
        ("D01", {"why_not": "something new"}, {}),
        ("D01", {"barrier": "access"}, {}),  # time, travel or cost: in doubt
        ("D02", {"barrier": "side_effects", "no_more": "y"}, {"scope": "season", "reason": "health"}),
        ("D02", {"decline_kind": "not_about_this"}, {"scope": "campaign"}),
        ("A05", {"had": "flu", "had_where": "pharmacy", "had_date": "2026-10-01"},
         {"what": "vaccinated", "where": "pharmacy", "date": "2026-10-01"}),
        ("A05", {"plan": "booked"}, {"what": "booked"}),
        ("A06", {"excl": "pregnant"}, {"reason": "pregnant"}),
        ("A06", {"excl": "pregnant frail"}, {}),
        ("A06", {"notfor": "secondary"}, {"reason": "secondary_care"}),
        ("R03", {"needs": "interpreter slower unknown"}, {"need_codes": ["interpreter", "slower"]}),
        ("R04", {}, {"point": "questions"}),
        ("S01", {"had_date": "2026-10-01"}, {}),
        ("C01", {"why_not": "time", "follow": "sms"}, {}),
    ],
)  # fmt: skip
def test_an_answer_is_taken_where_it_means_the_same(
    code: str, values: dict[str, str], expected: dict[str, object]
) -> None:
    assert said(code, **values) == expected
