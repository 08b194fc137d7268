"""Pictures of the supervisor's places."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable
from caller_app.protocol.supervision import (
    AttentionLine,
    Board,
    CallerLine,
    CaseLine,
    CaseLines,
    CorrectionItem,
    CorrectionItems,
    ProjectLine,
    Reassigned,
)
from caller_app.supervise.board import board, caller_cases, corrections, reassign
from tests.support.gallery import Stage, picture
from tests.support.gallery_window import signed_in
from tests.support.qt import NOW, FakeClient
from ui.navigation import Navigation

SMALL = (QSize(1366, 768),)
REPLY = {"request_id": "r", "server_id": "s", "epoch": "e", "server_time": to_text(NOW)}


def ago(**how_long: float) -> str:
    """Give an instant in the past as text."""
    return to_text(NOW - timedelta(**how_long))


def caller(user_id: int, name: str, open_cases: int, **more: object) -> CallerLine:
    """Give one caller's line."""
    facts: dict[str, object] = {
        "closed_cases": 12,
        "callbacks_open": 3,
        "callbacks_overdue": 0,
        "attempts_today": 41,
        "reached_today": 17,
        "last_contact_at": ago(minutes=4),
        "unsent_said": 0,
        "unsent_said_at": ago(minutes=1),
    }
    return CallerLine(user_id=user_id, shown_name=name, open_cases=open_cases, **{**facts, **more})  # type: ignore[arg-type]


def full_board() -> Board:
    """Give a board with everything on it."""
    return Board(
        **REPLY,
        as_of=to_text(NOW),
        projects=[
            ProjectLine(project_id="p1", name="Winter vaccination 2026", total=620, left=388, reached=171, agreed=92),
            ProjectLine(project_id="p2", name="Diabetes prevention", total=120, left=37, reached=66, agreed=31),
            ProjectLine(
                project_id="p3",
                name="Talking Therapies for people after a long illness, second invitation",
                total=80,
                left=80,
                reached=0,
                agreed=0,
            ),
        ],
        callers=[
            caller(7, "Amina Yusuf", 56),
            caller(8, "Ben Carter", 40, callbacks_overdue=2, unsent_said=3, unsent_said_at=ago(hours=2)),
            caller(
                9,
                "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley",
                112,
                last_contact_at=None,
                unsent_said=None,
                unsent_said_at=None,
                attempts_today=0,
                reached_today=0,
            ),
            caller(10, "Dai Evans", 0, callbacks_open=0, last_contact_at=ago(days=3)),
        ],
        attention=[
            AttentionLine(what="concern", case_id="k1", at=ago(minutes=6), who="Amina Yusuf", reason="safeguarding"),
            AttentionLine(what="review", case_id="k2", at=ago(hours=3), who="Ben Carter", reason="late"),
            AttentionLine(
                what="review",
                case_id="k3",
                at=ago(days=2),
                who="Dai Evans",
                review_id="r2",
                reason="contact_after_optout",
            ),
        ],
    )


def case_lines(count: int) -> list[CaseLine]:
    """Give lines of a list."""
    names = (("Ruth", "Oyelaran-Whitcombe"), ("Jo", "Ng"), ("Wilhelmina-Anastasia", "Featherstonehaugh-Cholmondeley"))
    made = []
    for at in range(count):
        given, family = names[at % 3]
        made.append(
            CaseLine(
                case_id=f"k{at}",
                project="Diabetes prevention" if at % 2 else "Winter vaccination 2026",
                given_name=given,
                family_name=family,
                status=("ready", "callback", "held", "closed")[at % 4],
                counted_attempts=at % 5,
                last_outcome=("C01", None, "R01", "D01")[at % 4],
                last_at=ago(hours=at + 1) if at % 4 != 1 else None,
                promised_at=to_text(NOW + timedelta(hours=at)) if at % 4 == 1 else None,
                assignee_id=7,
            )
        )
    return made


def supervisor() -> FakeClient:
    """Give a signed-in supervisor whose centre answers."""
    client = FakeClient("supervisor", "Sian Pritchard")
    client.set(board, full_board())
    lines = case_lines(56)
    client.set(
        caller_cases,
        lambda offset, limit, **_who: CaseLines(
            **REPLY, as_of=to_text(NOW), total=56, lines=lines[offset : offset + limit]
        ),
    )
    client.set(reassign, Reassigned(**REPLY, moved=56, promises=3, devices_waiting=1))
    client.set(corrections, CorrectionItems(**REPLY, as_of=to_text(NOW), total=3, lines=correction_lines()))
    return client


def correction_lines() -> list[CorrectionItem]:
    """Give corrections as they come in."""

    def one(number: int, kind: str, old: str | None, new: str | None, **more: str) -> CorrectionItem:
        facts = {
            "practice_ods": "D82001",
            "practice_name": "Alder Grove Surgery",
            "patient": "Ruth Oyelaran-Whitcombe",
            "source": "patient",
            "told_at": ago(hours=number),
            "told_to": "Amina Yusuf",
            "urgency": "weekly",
            "state": "new",
        }
        return CorrectionItem(correction_id=str(number), type=kind, old=old, new=new, **{**facts, **more})

    return [
        one(1, "PHONE_WRONG", "07700 900123", None, source="third_party", urgency="same day block; weekly report"),
        one(
            2,
            "ADDRESS_CHANGED",
            "12 Old Mill Lane, Thorpe St Andrew, Norwich NR7 0XX",
            "Flat 3, 48 Cathedral Close, Norwich NR1 4XX",
            practice_name="The Very Long Named Wensum Valley Medical Practice and Health Centre",
        ),
        one(3, "DOB_WRONG", "1951-03-04", "1951-04-03", urgency="2 working days - identity risk", state="sent"),
    ]


def at_board(stage: Stage, client: FakeClient, caller_row: int | None = 0) -> Navigation:
    """Give the board with a caller chosen."""
    made = signed_in(stage, client, "board")
    if caller_row is not None:
        made.built("board").caller_table.selectRow(caller_row)
    stage.settle()
    return made


@picture("board")
def board_full(stage: Stage) -> QWidget:
    return at_board(stage, supervisor())


@picture("board-unchosen", sizes=SMALL)
def board_unchosen(stage: Stage) -> QWidget:
    client = supervisor()
    quiet = full_board()
    quiet.attention = []
    client.set(board, quiet)
    return at_board(stage, client, None)


@picture("board-to-cancel", sizes=SMALL)
def board_to_cancel(stage: Stage) -> QWidget:
    client = supervisor()
    due = AttentionLine(what="referral", case_id="k4", at=ago(hours=20), who="Amina Yusuf", reason="cancel_due")
    client.set(board, msgspec.structs.replace(full_board(), attention=[*full_board().attention, due]))
    made = at_board(stage, client)
    made.built("board").attention_table.selectRow(3)
    made.built("board").attention_table.setFocus()
    stage.settle()
    return made


@picture("board-unreachable", sizes=SMALL)
def board_unreachable(stage: Stage) -> QWidget:
    client = supervisor()
    made = at_board(stage, client)
    client.set(board, CentreUnreachable("The centre cannot be reached."))
    stage.clock.pass_by(minutes=4)
    made.built("board").presenter.refresh()
    stage.settle()
    return made


@picture("board-never", sizes=SMALL)
def board_never(stage: Stage) -> QWidget:
    client = supervisor()
    client.set(board, CentreUnreachable("The centre cannot be reached."))
    return at_board(stage, client, None)


@picture("board-move", sizes=SMALL)
def board_move(stage: Stage) -> QWidget:
    made = at_board(stage, supervisor(), 1)
    made.resize(1366, 768)
    made.show()
    screen = made.built("board")
    screen.open_move()
    screen._dialog.taker.setCurrentIndex(2)
    screen._dialog.deed.click()
    stage.settle()
    return made


@picture("board-moved", sizes=SMALL)
def board_moved(stage: Stage) -> QWidget:
    made = at_board(stage, supervisor())
    made.built("board").presenter.on_move(8, None, "on leave until Monday")
    stage.settle()
    return made


@picture("corrections")
def corrections_full(stage: Stage) -> QWidget:
    return signed_in(stage, supervisor(), "corrections")


@picture("corrections-empty", sizes=SMALL)
def corrections_empty(stage: Stage) -> QWidget:
    client = supervisor()
    client.set(corrections, CorrectionItems(**REPLY, as_of=to_text(NOW), total=0, lines=[]))
    return signed_in(stage, client, "corrections")
