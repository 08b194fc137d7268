"""Pictures of first run, sign-in, the window's frame, what is sent, settings, and the dialogs."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.client import CentreInfo
from caller_app.queries.outbox import OF_NEWER, detail, entries, outbox_counts
from caller_app.queries.rows import LeftRow, NoticeRow, OutboxCounts, OutboxDetail, OutboxRow
from caller_app.queries.standing import unreadable_words
from caller_app.queries.told import left_list, notices
from caller_app.store.local import NEEDS_NEWER
from tests.support.gallery import Stage, picture
from tests.support.qt import NOW, FakeClient, FakeDoor, desk_of, standing
from ui.dialogs.fault import FaultDialog
from ui.navigation import Navigation
from ui.remember import Remembered
from ui.window import Window

SMALL = (QSize(1366, 768),)

_TITLES = (
    ("Card opened", "accessed", "sent", "applied", None),
    ("Call: No answer", "attempt_recorded", "accepted", "applied", None),
    ("Correction: Phone belongs to someone else", "correction_proposed", "saved here", None, None),
    (
        "Call: Declined, wants a letter",
        "attempt_recorded",
        "being looked at",
        "applied_review",
        "recorded after the person was passed to a colleague",
    ),
    ("Callback promised", "callback_promised", "sent", "received", None),
    ("Concern raised", "concern_raised", "saved here, sending needs another try", None, None),
)


def outbox_rows(count: int) -> tuple[OutboxRow, ...]:
    """Give rows of the outbox, newest first."""
    rows = []
    for at in range(count):
        title, kind, state, verdict, reason = _TITLES[at % len(_TITLES)]
        recorded = NOW - timedelta(minutes=3 * at)
        received = recorded + timedelta(minutes=1) if verdict else None
        rows.append(
            OutboxRow(
                count - at, f"c{count - at}", kind, title, recorded, state, verdict, reason, at % 3, received,
                verdict == "applied_review",
            )
        )  # fmt: skip
    return tuple(rows)


def fill_outbox(client: FakeClient, rows: tuple[OutboxRow, ...]) -> None:
    """Let the fake answer as an outbox with these rows would."""

    def page(limit: int, offset: int, kept: str = "all", search: str = "") -> tuple[OutboxRow, ...]:
        found = [one for one in rows if kept in ("all", kind_of(one)) and search.casefold() in one.title.casefold()]
        return tuple(found[offset : offset + limit])

    def whole(change_id: str) -> OutboxDetail:
        row = next(one for one in rows if one.change_id == change_id)
        receipt = "3 Mar 2026, 09:52:10" if row.received_at else "none yet"
        way = (
            ("Recorded", "3 Mar 2026, 09:51:00"),
            ("Number here", str(row.dseq)),
            ("Receipt of the centre", receipt),
            ("Receipt number", "01890a5d-ac96-774b-bcce-b302099a8057"),
        )
        note = "Rang back at once; her daughter Wilhelmina-Anastasia answered and will tell her."
        lines = (("Result", row.title), ("Number", "07700 900123"), ("Note", note))
        return OutboxDetail(row, "Ruth Oyelaran-Whitcombe", lines, way)

    client.set(entries, page)
    client.set(outbox_counts, OutboxCounts(len(rows), *(sum(kind_of(one) == kind for one in rows) for kind in KINDS)))
    client.set(detail, whole)
    client.set(notices, NOTICES)
    client.set(left_list, LEFT)


KINDS = ("waiting", "review", "sent")
NOTICES = (
    NoticeRow("n1", NOW - timedelta(minutes=7), "A late result: a supervisor has looked at it, and it counts as late "
              "and decides nothing.", "Call: Declined, wants a letter", "c37"),
    NoticeRow("n2", NOW - timedelta(hours=2), "A colleague put a detail right for one of your people.", "", None),
    NoticeRow("n3", NOW - timedelta(days=2), "The centre has taken it in: accepted.", "Callback promised", "c36"),
)  # fmt: skip
LEFT = (
    LeftRow("3f9a11c2", NOW - timedelta(minutes=20), "passed to a colleague", False, 2),
    LeftRow("b00c77e1", NOW - timedelta(hours=3), "this person asked not to be called again", True, 1),
    LeftRow("77d0a9f4", NOW - timedelta(days=1), "the case was closed", True, 0),
)


def kind_of(row: OutboxRow) -> str:
    """Say under which filter a row stands."""
    return "review" if row.in_review else "sent" if row.received_at else "waiting"


def window(stage: Stage, door: FakeDoor) -> Window:
    """Give the whole window before sign-in."""
    made = Window(door, stage.clock, Remembered(stage.folder / "window.json"))
    stage.kept.append(made)
    made.start()
    made.show()
    stage.settle()
    return made


def client_with(state: str = "all_sent", **more: object) -> FakeClient:
    """Give a signed-in caller whose outbox holds some rows."""
    client = FakeClient()
    client.now_standing = standing(state, **more)
    fill_outbox(client, outbox_rows(40))
    return client


def signed_in(stage: Stage, client: FakeClient, place: str) -> Navigation:
    """Give the signed-in window at one place."""
    desk = desk_of(client, stage.clock, stage.folder)
    made = Navigation(desk)
    stage.kept.extend((desk, made))
    made.go(place)
    stage.settle()
    return made


@picture("setup-empty")
def setup_empty(stage: Stage) -> QWidget:
    return window(stage, FakeDoor(url=None))


@picture("setup-http-refused", sizes=SMALL)
def setup_http(stage: Stage) -> QWidget:
    made = window(stage, FakeDoor(url=None))
    screen = made.stack.currentWidget()
    screen.url.setText("http://calls.example.nhs.uk")
    screen.check.click()
    stage.settle()
    return made


@picture("setup-portal", sizes=SMALL)
def setup_portal(stage: Stage) -> QWidget:
    door = FakeDoor(url=None)
    door.set("check_centre", CentreUnreachable("A page answered.", portal=True))
    made = window(stage, door)
    screen = made.stack.currentWidget()
    screen.url.setText("calls.example.nhs.uk")
    screen.check.click()
    stage.settle()
    return made


@picture("setup-found", sizes=SMALL)
def setup_found(stage: Stage) -> QWidget:
    door = FakeDoor(url=None)
    door.set("check_centre", CentreInfo("Norfolk and Waveney calling centre", True, "s"))
    made = window(stage, door)
    screen = made.stack.currentWidget()
    screen.url.setText("calls.example.nhs.uk")
    screen.check.click()
    stage.settle()
    return made


@picture("sign-in")
def sign_in(stage: Stage) -> QWidget:
    return window(stage, FakeDoor())


@picture("sign-in-wrong", sizes=SMALL)
def sign_in_wrong(stage: Stage) -> QWidget:
    door = FakeDoor()
    door.set("sign_in", Refused("Name or password is not right.", field="password"))
    made = window(stage, door)
    screen = made.stack.currentWidget()
    screen.password.setText("not this one")
    screen.deed.click()
    stage.settle()
    return made


@picture("sign-in-locked", sizes=SMALL)
def sign_in_locked(stage: Stage) -> QWidget:
    door = FakeDoor()
    door.set(
        "sign_in",
        Refused("This account is locked after too many wrong passwords. Your supervisor can unlock it."),
    )
    made = window(stage, door)
    screen = made.stack.currentWidget()
    screen.password.setText("not this one")
    screen.deed.click()
    stage.settle()
    return made


@picture("standing")
def standing_page(stage: Stage) -> QWidget:
    client = client_with(
        "unsent",
        unsent=3,
        in_review=1,
        oldest_unsent_at=NOW - timedelta(minutes=12),
        sentence="3 entries are saved here and not sent yet, the oldest for 12 min. The centre last answered at 09:48.",
        last_receipt_at=NOW - timedelta(minutes=12),
        told_at=tuple(to_text(one.at) for one in NOTICES),
    )
    made = signed_in(stage, client, "standing")
    made.built("standing").table.selectRow(3)
    stage.settle()
    made.built("standing").detail.press()
    stage.settle()
    return made


@picture("standing-needs-newer")
def standing_needs_newer(stage: Stage) -> QWidget:
    rest = "3 entries are saved here and not sent yet, the oldest for 12 min. The centre last answered at 09:48."
    client = client_with(
        "trouble", needs_newer=True, unsent=3, oldest_unsent_at=NOW - timedelta(minutes=12),
        sentence=f"{NEEDS_NEWER} {rest}",
    )  # fmt: skip
    fill_outbox(client, tuple(replace(one, title=OF_NEWER) if one.dseq % 5 == 0 else one for one in outbox_rows(40)))
    return signed_in(stage, client, "standing")


@picture("standing-unreadable")
def standing_unreadable(stage: Stage) -> QWidget:
    said = f"Everything is sent. The centre last answered at 10:00.{unreadable_words(12)}"
    client = client_with(sentence=said, unreadable=12, clock_off_minutes=-14)
    return signed_in(stage, client, "standing")


@picture("standing-told", sizes=SMALL)
def standing_told(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(told_at=tuple(to_text(one.at) for one in NOTICES)), "standing")
    made.built("standing").go_to("told")
    stage.settle()
    return made


@picture("standing-left", sizes=SMALL)
def standing_left(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.built("standing").go_to("left")
    stage.settle()
    return made


@picture("standing-search-none", sizes=SMALL)
def standing_search_none(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.built("standing").search.setText("zzz")
    made.built("standing").search.searched.emit("zzz")
    stage.settle()
    return made


@picture("standing-export", sizes=SMALL)
def standing_export(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.resize(1366, 768)
    made.show()
    made.built("standing").open_export()
    made.built("standing")._dialog.folder.setText("D:/Shared/Support")
    made.built("standing")._dialog.words.setChecked(True)
    stage.settle()
    return made


@picture("standing-empty", sizes=SMALL)
def standing_empty(stage: Stage) -> QWidget:
    client = client_with("sending", last_receipt_at=None, list_as_of=None, sentence="Connecting to the centre.")
    fill_outbox(client, ())
    client.set(notices, ())
    client.set(left_list, ())
    return signed_in(stage, client, "standing")


@picture("standing-sign-in", sizes=SMALL)
def standing_sign_in(stage: Stage) -> QWidget:
    client = client_with("sign_in", unsent=14, oldest_unsent_at=NOW - timedelta(hours=3), clock_off_minutes=121)
    return signed_in(stage, client, "standing")


@picture("standing-trouble", sizes=SMALL)
def standing_trouble(stage: Stage) -> QWidget:
    client = client_with(
        "trouble",
        unsent=2,
        oldest_unsent_at=NOW - timedelta(minutes=2),
        sentence="The disk of this computer is full: your last entry was saved on the room kept for it. Free some "
        "space. 2 entries are saved here and not sent yet, the oldest for 2 min. The centre last answered at 09:58.",
    )
    client.me = FakeClient(shown_name="Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley").me
    client.demo_key_in_file = True
    return signed_in(stage, client, "standing")


@picture("standing-portal", sizes=SMALL)
def standing_portal(stage: Stage) -> QWidget:
    client = client_with(
        "portal", unsent=2, oldest_unsent_at=NOW - timedelta(minutes=9),
        sentence="A page of the network answered in place of the centre: sign in to the network in a browser. "
        "2 entries are saved here and not sent yet, the oldest for 9 min.",
    )  # fmt: skip
    return signed_in(stage, client, "standing")


@picture("standing-offline", sizes=SMALL)
def standing_offline(stage: Stage) -> QWidget:
    client = client_with("unsent", unsent=1, oldest_unsent_at=NOW - timedelta(minutes=2))
    client.offline_since = NOW - timedelta(minutes=20)
    return signed_in(stage, client, "standing")


@picture("settings")
def settings(stage: Stage) -> QWidget:
    return signed_in(stage, client_with(), "settings")


@picture("dialog-password", sizes=SMALL)
def dialog_password(stage: Stage) -> QWidget:
    client = client_with("sign_in", unsent=3)
    client.set("sign_in_again", Refused("Name or password is not right.", field="password"))
    made = signed_in(stage, client, "standing")
    made.resize(1366, 768)
    made.show()
    made.ask_password()
    made._password.password.setText("wrong")
    made._password.deed.click()
    stage.settle()
    return made


@picture("dialog-keys", sizes=SMALL)
def dialog_keys(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.resize(1366, 768)
    made.show()
    made.show_keys()
    stage.settle()
    return made


@picture("dialog-commands", sizes=SMALL)
def dialog_commands(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.resize(1366, 768)
    made.show()
    made.show_commands()
    stage.settle()
    return made


@picture("dialog-fault", sizes=SMALL)
def dialog_fault(stage: Stage) -> QWidget:
    made = signed_in(stage, client_with(), "standing")
    made.resize(1366, 768)
    made.show()
    FaultDialog(made, "KeyError < show_page:120 < done:44 < deliver:70").open()
    stage.settle()
    return made
