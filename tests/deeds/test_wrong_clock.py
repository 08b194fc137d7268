"""A workstation whose clock is hours off: what was recorded is put right at the centre, and nobody is rung at night."""

from datetime import timedelta

import pytest

from caller_app.base.errors import Refused
from caller_app.commands.calls import open_call, record_dial
from caller_app.queries.cards import card
from tests.deeds.rig import MOBILE, Rig, case


def dial(rig: Rig) -> str:
    number: str = rig.write(record_dial, case_id=case(), number=MOBILE)
    return number


def test_a_clock_hours_behind_rings_nobody_in_the_evening(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    rig.clock.pass_by(hours=10)  # the lists are of this morning; it is evening
    rig.clock.turn_wall(hours=-6)
    with pytest.raises(Refused, match="by the centre's clock it is 20:00, this one is wrong"):
        dial(rig)
    assert "by the centre's clock it is 20:00" in rig.read(card, case_id=case()).hold_reason


def test_a_clock_hours_ahead_rings_nobody_before_the_hours_begin(rig: Rig) -> None:
    rig.clock.pass_by(hours=21)  # seven in the morning of the next day
    rig.clock.turn_wall(hours=3)
    rig.ahead = timedelta(hours=3)
    rig.receive()
    rig.write(open_call, case_id=case())
    with pytest.raises(Refused, match="by the centre's clock it is 07:00"):
        dial(rig)


def test_a_clock_that_is_right_is_not_in_the_way(rig: Rig) -> None:
    rig.write(open_call, case_id=case())
    rig.clock.pass_by(hours=2)
    assert dial(rig) == MOBILE
