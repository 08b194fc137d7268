"""The columns of what is sent, of what the centre told, and of what left the list."""

from caller_app.base.clock import Clock
from caller_app.queries.rows import LeftRow, NoticeRow, OutboxRow
from ui.models.paged import Column
from ui.widgets.times import moment_words

CHANGE_WIDTHS = (56, 104, 0, 176, 112)
TOLD_WIDTHS = (108, 0, 168)
LEFT_WIDTHS = (136, 0, 216, 216, 104)


def change_columns(clock: Clock) -> tuple[Column[OutboxRow], ...]:
    """Give the columns of the changes."""

    def received(row: OutboxRow) -> str:
        return f"{moment_words(row.received_at, clock.now())} · {row.receipt[-4:]}" if row.received_at else "none yet"

    return (
        Column("No.", lambda row: str(row.dseq), right=True),
        Column("Recorded", lambda row: moment_words(row.recorded_at, clock.now())),
        Column("What", lambda row: row.title),
        Column("State", state_words, tone=tone_of, tip=_state_tip),
        Column("Receipt", received, tone=lambda row: "" if row.received_at else "quiet", tip=_receipt_tip),
    )


def told_columns(clock: Clock) -> tuple[Column[NoticeRow], ...]:
    """Give the columns of the notices."""
    return (
        Column("When", lambda row: moment_words(row.at, clock.now())),
        Column("What the centre says", lambda row: row.words),
        Column("About what you recorded", lambda row: row.about or "–", tone=lambda row: "" if row.about else "quiet"),
    )


def left_columns(clock: Clock) -> tuple[Column[LeftRow], ...]:
    """Give the columns of what left the list."""

    def entries(row: LeftRow) -> str:
        return "none" if not row.entries else "1 is kept here" if row.entries == 1 else f"{row.entries} are kept here"

    return (
        Column("Removed", lambda row: moment_words(row.removed_at, clock.now())),
        Column("Why", lambda row: row.why[:1].upper() + row.why[1:]),
        Column("Your entries about them", entries, tone=lambda row: "" if row.entries else "quiet"),
        Column(
            "The centre knows it is gone",
            lambda row: "yes" if row.confirmed else "not confirmed yet",
            tone=lambda row: "good" if row.confirmed else "info",
        ),
        Column(
            "Mark",
            lambda row: row.mark,
            tone=lambda _row: "quiet",
            tip=lambda row: f"{row.mark}: a mark instead of the name, which is no longer kept here",
        ),
    )


def state_words(row: OutboxRow) -> str:
    """Give the state without its reason: that stands in the pane beside the table."""
    words = row.state.partition(":")[0]
    return words[:1].upper() + words[1:]


def tone_of(row: OutboxRow) -> str:
    """Give the tone of a state."""
    if row.in_review:
        return "caution"
    if row.verdict == "applied":
        return "good"
    return "info" if row.verdict is None and not row.state.startswith("sent") else ""


def _state_tip(row: OutboxRow) -> str:
    return f"{state_words(row)}: {row.reason}" if row.reason else row.state


def _receipt_tip(row: OutboxRow) -> str:
    return f"Receipt number {row.change_id}" if row.received_at else "The centre has not confirmed it yet"
