"""Pictures of the referrals."""

from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable
from caller_app.domain.referrals import STATES, moves_from
from caller_app.protocol.referrals import (
    ReferralFact,
    ReferralLine,
    ReferralMove,
    ReferralMoved,
    ReferralPathway,
    Referrals,
    ReferralSheet,
    ReferralStep,
)
from caller_app.queries.offer_rows import ReferralRow
from caller_app.supervise.referrals import move_referral, referral, referrals
from tests.support import calling_rows as rows
from tests.support.gallery import Stage, picture
from tests.support.gallery_board import REPLY, ago, supervisor
from tests.support.gallery_calling import framed
from tests.support.gallery_calling import screen as calling
from tests.support.gallery_window import signed_in
from tests.support.qt import NOW, FakeClient
from ui.screens.calling.screen import CallingScreen
from ui.screens.calling.withdrawal import ask_withdrawal

SMALL = (QSize(1366, 768),)
LONG = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"
WORDS = (
    "Are you happy for us to share your contact details and this blood result with the programme, and tell your "
    "practice?"
)
PATHWAYS = [
    ReferralPathway(key="p2/dpp_referral", title="Refer to Healthier You", project="Diabetes prevention"),
    ReferralPathway(key="p2/blood_test", title="Ask the practice for a blood test", project="Diabetes prevention"),
]


def line(number: int, state: str, patient: str, pathway: str = "Refer to Healthier You", **more: str) -> ReferralLine:
    """Give one line of the list."""
    facts = {
        "project": "Diabetes prevention", "goes_to": "Healthier You (demo provider)", "recorded_by": "Amina Yusuf",
        "since": ago(hours=5 * number), "recorded_at": ago(hours=5 * number + 30), **more,
    }  # fmt: skip
    return ReferralLine(
        referral_id=f"f{number}", patient=patient, pathway=pathway, state=state, state_words=STATES[state], **facts
    )


LINES = (
    line(4, "cancel_due", "Ruth Oyelaran-Whitcombe"),
    line(3, "held_for_review", "Jo Ng", recorded_by="Ben Carter"),
    line(9, "recorded", LONG, recorded_by=LONG),
    line(2, "recorded", "Ravi Sharma", "Ask the practice for a blood test", goes_to="the person's GP practice"),
    line(20, "sent", "Zoë Müller"),
    line(15, "received", "Mohammed Abdul-Rahman"),
    line(30, "booked", "Siân Pugh", recorded_by="Dai Evans"),
    line(7, "returned", "Tom Wensum"),
)
CLOSED = (line(90, "attended", "Ada Larkspur"), line(80, "withdrawn", "Bo Reed"))


def sheet_of(one: ReferralLine) -> ReferralSheet:
    """Give a referral in full."""
    facts = (
        ("How", "we send the referral"),
        ("Goes to", one.goes_to),
        ("What is shared", "name, date of birth, NHS number, telephone, address, practice, blood result and its date"),
        ("Agreed", "yes"),
        ("Agreed by", "the person"),
        ("Words that were read", WORDS),
        ("Version of the words", "2026-1"),
        ("Contact of the service", "01632 960110"),
        ("NHS number", "999 012 3454"),
        ("Telephone", "07700 900123"),
        ("Practice", "Alder Grove Surgery"),
    )  # fmt: skip
    steps = [ReferralStep(at=one.recorded_at, by=one.recorded_by, words="recorded", why="")]
    if one.state not in ("recorded", "held_for_review"):
        steps.append(ReferralStep(at=ago(hours=20), by="Sian Pritchard", words="sent", why=""))
    if one.state == "cancel_due":
        steps.append(ReferralStep(at=one.since, by="Amina Yusuf", words=STATES["cancel_due"],
                                  why="She has found a group nearer home."))  # fmt: skip
    return ReferralSheet(
        **REPLY,
        as_of=to_text(NOW),
        line=one,
        facts=[ReferralFact(label=label, value=value) for label, value in facts],
        steps=steps,
        moves=[
            ReferralMove(to=each.to, label=each.label, will=each.will, asks_why=each.asks_why)
            for each in moves_from(one.state)
        ],
    )


def referral_client(lines: tuple[ReferralLine, ...] = LINES) -> FakeClient:
    """Give a supervisor whose centre has referrals."""
    client = supervisor()
    every = {one.referral_id: one for one in (*lines, *CLOSED)} if lines else {}

    def page(show: str, pathway: str | None, offset: int, limit: int) -> Referrals:
        titles = {one.key: one.title for one in PATHWAYS}
        known = [one for one in every.values() if pathway is None or one.pathway == titles[pathway]]
        found = [one for one in known if one.state == show or (show == "open" and one not in CLOSED)]
        counts: dict[str, int] = {}
        for one in known:
            counts[one.state] = counts.get(one.state, 0) + 1
        return Referrals(
            **REPLY, as_of=to_text(NOW), total=len(found), lines=found[offset : offset + limit], by_state=counts,
            pathways=PATHWAYS if every else [],
        )  # fmt: skip

    client.set(referrals, page)
    client.set(referral, lambda referral_id: sheet_of(every[referral_id]))
    client.set(
        move_referral,
        lambda referral_id, to, **_more: ReferralMoved(
            **REPLY, referral_id=referral_id, done=True, state=to, by="Sian Pritchard", at=to_text(NOW),
            sentence=f"The referral is now {STATES[to]}.",
        ),
    )  # fmt: skip
    return client


def at_referrals(stage: Stage, client: FakeClient, row: int = 2) -> QWidget:
    """Give the referrals with one chosen."""
    made = signed_in(stage, client, "referrals")
    made.built("referrals").table.selectRow(row)
    stage.settle()
    return made


@picture("referrals")
def referrals_full(stage: Stage) -> QWidget:
    return at_referrals(stage, referral_client())


@picture("referrals-cancel", sizes=SMALL)
def referrals_cancel(stage: Stage) -> QWidget:
    return at_referrals(stage, referral_client(), 0)


@picture("referrals-booked", sizes=SMALL)
def referrals_booked(stage: Stage) -> QWidget:
    return at_referrals(stage, referral_client(), 6)


@picture("referrals-held", sizes=SMALL)
def referrals_held(stage: Stage) -> QWidget:
    return at_referrals(stage, referral_client(), 1)


@picture("referrals-why", sizes=SMALL)
def referrals_why(stage: Stage) -> QWidget:
    made = at_referrals(stage, referral_client(), 4)
    made.resize(1366, 768)
    made.show()
    screen = made.built("referrals")
    screen.open_move("returned")
    screen._dialog.deed.click()
    stage.settle()
    return made


@picture("referrals-moved", sizes=SMALL)
def referrals_moved(stage: Stage) -> QWidget:
    made = at_referrals(stage, referral_client())
    made.built("referrals").presenter.on_move("sent")
    stage.settle()
    return made


@picture("referrals-empty", sizes=SMALL)
def referrals_empty(stage: Stage) -> QWidget:
    return signed_in(stage, referral_client(()), "referrals")


@picture("referrals-never", sizes=SMALL)
def referrals_never(stage: Stage) -> QWidget:
    client = referral_client()
    client.set(referrals, CentreUnreachable("The centre cannot be reached."))
    return signed_in(stage, client, "referrals")


@picture("referrals-unreachable", sizes=SMALL)
def referrals_unreachable(stage: Stage) -> QWidget:
    client = referral_client()
    made = at_referrals(stage, client)
    client.set(referrals, CentreUnreachable("The centre cannot be reached."))
    stage.clock.pass_by(minutes=4)
    made.built("referrals").presenter.refresh()
    stage.settle()
    return made


TAKEN = (
    ReferralRow("f1", "Healthier You programme", "recorded", "to be sent, recorded 20 November 2026", NOW, True,
                "Nothing is sent any more."),
    ReferralRow("f2", "Ask the practice for a blood test", "attended", "attended, recorded 2 March 2026", NOW, False),
)  # fmt: skip


def _taken_up() -> CallingScreen:
    offers = (replace(rows.OFFERS[0], underway="to be sent, recorded 20 November 2026"), *rows.OFFERS[1:])
    made = calling(rows.verified_card(referrals=TAKEN, offers=offers))
    made.turn_to("script")
    return made


@picture("calling-taken-up")
def calling_taken_up(stage: Stage) -> QWidget:
    made = framed(_taken_up())
    stage.settle()
    return made


@picture("calling-withdraw", sizes=SMALL)
def calling_withdraw(stage: Stage) -> QWidget:
    made = _taken_up()
    framed(made).window().resize(1366, 768)
    made.window().show()
    ask_withdrawal(made, made.presenter, TAKEN[0])
    stage.settle()
    return made
