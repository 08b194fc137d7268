"""Columns of the supervisor's tables: what each says, and how it is spoken."""

from collections.abc import Callable, Mapping

from caller_app.base.clock import Clock, from_text
from caller_app.protocol.supervision import AttentionLine, CallerLine, CaseLine
from ui.models.paged import Column
from ui.widgets.sync_light import age
from ui.widgets.times import text_words

STATUS_WORDS = {
    "ready": "to be called",
    "callback": "callback promised",
    "held": "held back",
    "supervisor": "with a supervisor",
    "needs_review": "to be looked at",
    "closed": "finished",
}
CONCERN_WORDS = {
    "immediate": "immediate danger",
    "distress": "suicide or distress",
    "safeguarding": "safeguarding",
}


def caller_columns(clock: Clock) -> tuple[Column[CallerLine], ...]:
    """Give the columns of the callers' table."""

    def last(row: CallerLine) -> str:
        return text_words(row.last_contact_at, clock.now(), none="none yet")

    def unsent(row: CallerLine) -> str:
        if row.unsent_said is None or row.unsent_said_at is None:
            return "not known"
        since = age(from_text(row.unsent_said_at), clock.now())
        return f"{row.unsent_said} ({since if since == 'just now' else since + ' ago'})"

    return (
        Column("Caller", lambda row: row.shown_name),
        Column("Open", lambda row: str(row.open_cases), right=True),
        Column("Finished", lambda row: str(row.closed_cases), right=True),
        Column(
            "Callbacks",
            lambda row: (
                f"{row.callbacks_open}, {row.callbacks_overdue} overdue"
                if row.callbacks_overdue
                else str(row.callbacks_open)
            ),
            right=True,
            tone=lambda row: "danger" if row.callbacks_overdue else "",
        ),
        Column("Today", lambda row: f"{row.attempts_today} calls, {row.reached_today} reached"),
        Column("Last contact", last),
        Column(
            "Unsent, as last said",
            unsent,
            tone=lambda row: "caution" if row.unsent_said else "quiet",
            tip=lambda _row: "What the workstation said when it was last in touch; it may hold more by now.",
        ),
    )


def case_columns(clock: Clock, labels: Mapping[str, str]) -> tuple[Column[CaseLine], ...]:
    """Give the columns of one caller's list."""

    def status(row: CaseLine) -> str:
        words = STATUS_WORDS.get(row.status, row.status)
        return words[:1].upper() + words[1:]

    return (
        Column("Person", lambda row: f"{row.family_name}, {row.given_name}"),
        Column("Project", lambda row: row.project),
        Column("Stands", status),
        Column("Calls counted", lambda row: str(row.counted_attempts), right=True),
        Column("Last result", lambda row: labels.get(row.last_outcome or "", row.last_outcome or "")),
        Column("When", lambda row: text_words(row.last_at, clock.now(), none="")),
        Column("Callback promised", lambda row: text_words(row.promised_at, clock.now(), none="")),
    )


def attention_columns(clock: Clock, reason_words: Callable[[str], str]) -> tuple[Column[AttentionLine], ...]:
    """Give the columns of what needs attention, oldest first."""

    def what(row: AttentionLine) -> str:
        if row.what == "concern":
            return f"Concern: {CONCERN_WORDS.get(row.reason or '', row.reason or 'raised')}"
        if row.what == "referral":
            return "Referral to be cancelled with the service"
        words = reason_words(row.reason) if row.reason else "to be looked at"
        return words[:1].upper() + words[1:]

    return (
        Column("What", what, tone=lambda row: "danger" if row.what in ("concern", "referral") else "caution"),
        Column("Caller", lambda row: row.who),
        Column("Since", lambda row: age(from_text(row.at), clock.now())),
    )
