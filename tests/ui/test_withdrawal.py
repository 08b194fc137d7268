"""Withdrawing what a person took up, from the card: only once identity is confirmed, with who and why, once."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from caller_app.base.errors import Refused
from caller_app.queries.offer_rows import ReferralRow
from tests.support import calling_rows as rows
from tests.support import gallery_calling as gallery
from tests.support.gallery_calling import settle
from ui.screens.calling.screen import CallingScreen
from ui.screens.calling.withdrawal import WithdrawDialog, who_may

AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
TAKEN = (
    ReferralRow("f1", "Healthier You programme", "recorded", "to be sent, recorded 2 November 2026", AT, True,
                "Nothing is sent any more."),
    ReferralRow("f2", "Blood test", "attended", "attended, recorded 2 March 2026", AT, False),
)  # fmt: skip


@pytest.fixture
def desk(qtbot: QtBot) -> CallingScreen:
    screen = gallery.screen(rows.verified_card(referrals=TAKEN), withdraw_referral="w1")
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    screen.show()
    screen.turn_to("script")
    settle()
    return screen


def lines(screen: CallingScreen) -> list[Any]:
    return screen.side._taken_up.lines()


def opened(screen: CallingScreen) -> WithdrawDialog:
    lines(screen)[0].withdraw.click()
    settle()
    (dialog,) = screen_dialogs(screen)
    return dialog


def screen_dialogs(screen: CallingScreen) -> list[WithdrawDialog]:
    return screen.findChildren(WithdrawDialog)


def given(screen: CallingScreen) -> list[dict[str, Any]]:
    return [facts for name, facts in screen.fake.written if name == "withdraw_referral"]  # type: ignore[attr-defined]


def test_the_card_shows_what_was_taken_up_and_where_it_stands(desk: CallingScreen) -> None:
    assert [one.accessibleName() for one in lines(desk)] == [
        "Healthier You programme: to be sent, recorded 2 November 2026",
        "Blood test: attended, recorded 2 March 2026",
    ]
    assert [one.withdraw.isVisible() for one in lines(desk)] == [True, False]


def test_before_identity_nothing_of_it_is_shown(qtbot: QtBot) -> None:
    screen = gallery.screen(rows.card())
    qtbot.addWidget(screen)
    screen.show()
    settle()
    assert lines(screen) == []
    assert not screen.side._taken_up.isVisible()


def test_withdrawing_says_what_it_does_and_records_who_and_why_once(desk: CallingScreen) -> None:
    dialog = opened(desk)
    assert "Nothing is sent any more." in dialog.sentence.text()
    dialog.why.setText("wants to think about it")
    dialog.deed.click()
    dialog.deed.click()
    settle()
    assert given(desk) == [
        {"case_id": "c2", "referral_id": "f1", "reason": "wants to think about it", "given_by": "patient"}
    ]
    assert screen_dialogs(desk) == []


def test_a_refusal_stays_in_the_dialog(desk: CallingScreen) -> None:
    desk.fake.set("withdraw_referral", Refused("Say why, in a few words.", field="reason"))  # type: ignore[attr-defined]
    dialog = opened(desk)
    dialog.deed.click()
    settle()
    assert dialog.form.error_of("reason") == "Say why, in a few words."
    assert dialog.isVisible() and dialog.deed.isEnabled()


def test_nothing_of_a_person_stays_when_the_card_is_put_away(desk: CallingScreen) -> None:
    desk.forget(card_follows=False)
    assert lines(desk) == []
    assert not desk.side._taken_up.isVisible()


def test_only_whoever_was_checked_is_offered_as_the_one_who_withdraws(qtbot: QtBot) -> None:
    assert [key for key, _ in who_may(TAKEN[0])] == ["patient", "caller"]
    theirs = replace(TAKEN[0], by_patient=False, by_proxy="Ann Sample (mother)")
    assert who_may(theirs)[0] == ("proxy", "Ann Sample (mother), for the person")
    assert [key for key, _ in who_may(replace(theirs, by_proxy=""))] == ["caller"], "they may speak and not agree"
