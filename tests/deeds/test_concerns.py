"""A concern is recorded whatever stands in the way, goes first, and its words stay out of every row."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.errors import Refused
from caller_app.client.light import with_concern
from caller_app.commands.calls import open_call
from caller_app.commands.concerns import add_to_concern, raise_concern
from caller_app.domain.changes import ConcernAdded, ConcernRaised
from caller_app.domain.items import ConcernMark
from caller_app.queries.cards import card
from caller_app.queries.concerns import help_routes
from caller_app.queries.outbox import entries
from caller_app.queries.standing import standing
from tests.deeds.rig import TUESDAY, Rig, case, item, opened, project


def raised(rig: Rig, **more: Any) -> str:
    given: str = rig.write(raise_concern, **{"case_id": case(), "route": "distress", **more})
    return given


def test_no_call_no_check_and_no_words_are_needed(rig: Rig) -> None:
    concern = raised(rig)
    change = next(one.change for one in rig.changes() if one.change_id == concern)
    assert isinstance(change, ConcernRaised)
    assert (change.lane, change.noticed_at, change.words) == (0, TUESDAY, "")
    assert rig.item().concerns == (ConcernMark(concern, "distress", TUESDAY),)
    assert rig.item().status == "supervisor"


def test_it_is_recorded_even_for_somebody_who_just_left_the_list(rig: Rig) -> None:
    rig.lose(item())
    concern = raised(rig, words="he was crying", told=("Duty supervisor", " "))
    change = next(one.change for one in rig.changes() if one.change_id == concern)
    assert (change.words, change.told) == ("he was crying", ("Duty supervisor",))


def test_the_open_call_remembers_its_concern(rig: Rig) -> None:
    call_id = rig.write(open_call, case_id=case())
    concern = raised(rig)
    assert rig.read(lambda s: s.draft(case())).concern_id == concern
    assert rig.changes()[-1].change.act_id == call_id


def test_more_can_be_added_and_nothing_is_edited(rig: Rig) -> None:
    concern = raised(rig, words="first words")
    added = rig.write(add_to_concern, case_id=case(), concern_id=concern, told=("Safeguarding team",))
    changes = {one.change_id: one.change for one in rig.changes()}
    assert changes[concern].words == "first words"
    assert isinstance(changes[added], ConcernAdded) and changes[added].concern_id == concern
    with pytest.raises(Refused, match="what is to be added"):
        rig.write(add_to_concern, case_id=case(), concern_id=concern, words="  ", told=("",))


def test_words_are_never_added_to_somebody_elses_concern(tmp_path: Path) -> None:
    with opened(tmp_path / "two", item(1), item(2)) as rig:
        concern = raised(rig, case_id=case(2))
        with pytest.raises(Refused, match="does not belong to this person"):
            rig.write(add_to_concern, case_id=case(1), concern_id=concern, words="more")
        with pytest.raises(Refused, match="does not belong to this person"):
            rig.write(add_to_concern, case_id=case(1), concern_id="no such", words="more")
        attempt = rig.write(open_call, case_id=case(1))
        with pytest.raises(Refused, match="does not belong to this person"):
            rig.write(add_to_concern, case_id=case(1), concern_id=attempt, words="more")


def test_a_concern_the_centre_knows_can_be_added_to(tmp_path: Path) -> None:
    mark = ConcernMark("from-the-centre", "safeguarding", TUESDAY)
    with opened(tmp_path / "p", item(concerns=(mark,))) as rig:
        rig.write(add_to_concern, case_id=case(), concern_id="from-the-centre", words="also said")
        assert rig.kinds() == ["concern_added"]


def test_an_unknown_route_and_too_much_text_are_refused_with_what_to_do(rig: Rig) -> None:
    with pytest.raises(Refused) as refusal:
        raised(rig, route="gossip")
    assert refusal.value.field == "route"
    with pytest.raises(Refused, match="Save the first part"):
        raised(rig, words="x" * 8_001)
    assert rig.kinds() == []


def test_the_three_routes_say_what_to_do_and_whom_to_ring(rig: Rig) -> None:
    routes = rig.read(help_routes, case_id=case())
    assert [one.route for one in routes] == ["immediate", "distress", "safeguarding"]
    assert routes[0].ring[0] == ("Emergency services", "999")
    for one in routes:
        assert one.say and one.ask and one.ring and one.checked_on
        assert ("Supervisor on duty", project().duty_phone) in one.ring


def test_the_routes_come_up_for_somebody_who_is_not_on_the_list(rig: Rig) -> None:
    routes = rig.read(help_routes, case_id="not on the list")
    assert [one.route for one in routes] == ["immediate", "distress", "safeguarding"]
    assert routes[0].ring[0][1] == "999"


def test_the_words_of_a_concern_are_on_no_page(rig: Rig) -> None:
    rig.call()
    raised(rig, words="spoke of zebra", told=("Okapi",))
    rig.verify()
    for said in (rig.read(card, case_id=case()), rig.read(entries), rig.item()):
        assert "zebra" not in repr(said) and "Okapi" not in repr(said)


def test_a_concern_that_does_not_reach_the_centre_asks_for_a_telephone_call_after_five_minutes(rig: Rig) -> None:
    raised(rig, words="he was crying")
    soon = with_concern(rig.read(standing), rig.clock.now() + timedelta(minutes=4))
    assert (soon.state, soon.duty_phone) == ("unsent", project().duty_phone)
    late = with_concern(rig.read(standing), rig.clock.now() + timedelta(minutes=5))
    assert late.state == "trouble"
    assert late.sentence.startswith("The concern you recorded at 10:00 has not reached the centre. Ring the supervisor")
    assert project().duty_phone in late.sentence
    assert "crying" not in late.sentence


def test_it_asks_so_for_somebody_who_left_the_list_too_and_for_nothing_else(rig: Rig) -> None:
    rig.call()
    assert rig.read(standing).concern_at is None
    rig.lose(item())
    raised(rig)
    late = with_concern(rig.read(standing), rig.clock.now() + timedelta(hours=1))
    assert "Ring the supervisor on duty now" in late.sentence
