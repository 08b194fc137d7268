"""Pictures of first run, sign-in, the window's frame, what is sent, settings, and the dialogs."""

from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.client import CentreInfo
from caller_app.queries.outbox import entries
from caller_app.queries.rows import OutboxRow
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
        rows.append(OutboxRow(count - at, f"c{count - at}", kind, title, recorded, state, verdict, reason, at % 3))
    return tuple(rows)


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
    client.set(entries, lambda limit, offset: outbox_rows(40)[offset : offset + limit])
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
    )
    return signed_in(stage, client, "standing")


@picture("standing-empty", sizes=SMALL)
def standing_empty(stage: Stage) -> QWidget:
    client = client_with("sending", last_receipt_at=None, list_as_of=None, sentence="Connecting to the centre.")
    client.set(entries, ())
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
