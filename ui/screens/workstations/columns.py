"""Columns of the workstations, of what should be gone from one, and of the reassignments with who has taken them."""

from caller_app.base.clock import Clock, from_text
from caller_app.protocol.supervision import MoveOrder, RecordToGo, Workstation
from ui.models.paged import Column
from ui.widgets.sync_light import age
from ui.widgets.times import text_words

STATUS = {
    "active": "in use",
    "draining": "hands in only",
    "revoked": "out of use",
    "retired": "not seen for a month",
}
WHY = {
    "reassigned": "passed to a colleague",
    "opted_out": "asked not to be called",
    "closed": "case closed",
    "withdrawn": "list withdrawn",
    "left_team": "no longer in the team",
    "superseded": "replaced",
    "retention": "kept long enough",
    "revoked": "workstation out of use",
}


def ago(text: str | None, clock: Clock, none: str = "never") -> str:
    """Say how long ago an instant was."""
    if text is None:
        return none
    since = age(from_text(text), clock.now())
    return since if since == "just now" else f"{since} ago"


def workstation_columns(clock: Clock) -> tuple[Column[Workstation], ...]:
    """Give the columns of the workstations."""

    def unsent(row: Workstation) -> str:
        if row.unsent_said is None:
            return "not known"
        return f"{row.unsent_said} ({ago(row.unsent_said_at, clock)})"

    def to_go(row: Workstation) -> str:
        if not row.to_go:
            return "nothing"
        since = f", since {text_words(row.to_go_since, clock.now())}" if row.to_go_since else ""
        return f"{row.to_go}{since}"

    return (
        Column("Person", lambda row: row.person),
        Column("Last heard from", lambda row: ago(row.last_heard_at, clock),
               tone=lambda row: "caution" if row.list_locked else ""),
        Column("Unsent, as last said", unsent, tone=lambda row: "caution" if row.unsent_said else "quiet",
               tip=lambda _row: "What it said when it was last in touch; it may hold more by now."),
        Column("Still on it that should be gone", to_go, tone=lambda row: "danger" if row.to_go else "quiet"),
        Column("State", state_words, tone=lambda row: "caution" if row.status in ("revoked", "draining") else ""),
        Column("Program", lambda row: (row.app_version or "not known").removeprefix("caller-app ")),
    )  # fmt: skip


def state_words(row: Workstation) -> str:
    """Say whether a workstation is in use; a person who is leaving hands in only."""
    if row.status == "active" and row.account != "active":
        return "hands in only" if row.account == "draining" else "account switched off"
    return STATUS.get(row.status, row.status)


def to_go_columns(clock: Clock) -> tuple[Column[RecordToGo], ...]:
    """Give the columns of what should be gone."""
    return (
        Column("Person", lambda row: row.what),
        Column("Why", lambda row: WHY.get(row.why, row.why.replace("_", " "))),
        Column("Since", lambda row: text_words(row.since, clock.now(), none="not known")),
        Column("Open call", lambda row: "yes" if row.held_open else "no",
               tone=lambda row: "info" if row.held_open else "quiet"),
    )  # fmt: skip


def order_columns(clock: Clock) -> tuple[Column[MoveOrder], ...]:
    """Give the columns of the reassignments."""
    return (
        Column("Moved", lambda row: text_words(row.at, clock.now())),
        Column("From and to", lambda row: f"{row.giver} → {row.taker}",
               spoken=lambda row: f"from {row.giver} to {row.taker}"),
        Column("People", lambda row: str(row.cases), right=True),
        Column("Taken by the giver", lambda row: taken_words(row, clock), tone=_taken_tone,
               tip=lambda row: taken_words(row, clock)),
        Column("Why", lambda row: row.why, tip=lambda row: f"{row.why} ({row.by or 'the centre'})"),
    )  # fmt: skip


def taken_words(row: MoveOrder, clock: Clock) -> str:
    """Say which workstations have taken it, and when; those that have not, first."""
    if not row.devices:
        return "none had them"
    parts = []
    for one in row.devices:
        if one.taken_at is not None:
            parts.append(f"taken {text_words(one.taken_at, clock.now())}")
        elif one.status == "revoked":
            parts.append("out of use before it took it")
        else:
            parts.append(f"not taken, last heard {ago(one.last_heard_at, clock)}")
    return "; ".join(parts)


def _taken_tone(row: MoveOrder) -> str:
    if any(one.taken_at is None for one in row.devices):
        return "caution"
    return "good" if row.devices else "quiet"
