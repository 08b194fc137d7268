"""What support may take away of an outbox: ids, kinds, states, times and verdicts; patients' words only where asked.

What a reader would get wrong: without the words the sheet holds nothing of a person, not even the number of their
record. The name of the file says neither who works here nor what for.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from caller_app.base.clock import london, to_text
from caller_app.base.errors import Refused, Unavailable
from caller_app.base.version import program_version
from caller_app.domain.telling import lines_of
from caller_app.queries.outbox import GONE_NAME, OF_NEWER, reason_in_words, state_of, title_of
from caller_app.queries.standing import standing
from caller_app.store import receipts
from caller_app.store.receipts import Receipt
from caller_app.store.snapshot import Snapshot

_HEADINGS = (
    "No.", "Recorded (UTC)", "Kind", "State", "Where it stands", "Receipt of the centre (UTC)", "Verdict",
    "Reason", "Tries", "Last error", "Receipt number", "Safe at the centre (UTC)", "Number of the review",
)  # fmt: skip
_ERASED = ("No.", "What became of it (UTC)", "Kind", "State", "Receipt number")
_WORDS = ("About", "What was recorded")


@dataclass(frozen=True, slots=True)
class OutboxSheet:
    """A sheet ready to be written."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    with_words: bool
    erased_headings: tuple[str, ...] = _ERASED
    erased: tuple[tuple[str, ...], ...] = ()  # what is no longer kept here: by number, kind and receipt only


def outbox_sheet(s: Snapshot, *, with_words: bool = False) -> OutboxSheet:
    """Read every change of this workstation into a sheet; what was recorded about people only `with_words`."""
    found = receipts.page(s.outbox, limit=receipts.ALL)
    erased = receipts.erased(s.outbox)
    names = receipts.shown_names(s.lists, [one.rec_id for one in found if one.rec_id]) if with_words else {}
    now = standing(s)
    facts = (
        ("Made at (UTC)", to_text(s.now)),
        ("Program", program_version()),
        ("Unsent", str(now.unsent)),
        ("Oldest unsent since (UTC)", to_text(now.oldest_unsent_at) if now.oldest_unsent_at else "-"),
        ("Last receipt (UTC)", to_text(now.last_receipt_at) if now.last_receipt_at else "never"),
        ("List as of (UTC)", to_text(now.list_as_of) if now.list_as_of else "never"),
        ("Being looked at", str(now.in_review)),
        ("Records that cannot be read here", str(now.unreadable)),
        ("Rows", str(len(found))),
        ("Sent, confirmed as safe and no longer kept here", str(len(erased))),
    )
    return OutboxSheet(
        headings=_HEADINGS + (_WORDS if with_words else ()),
        rows=tuple(_row(s, one, names, with_words=with_words) for one in found),
        facts=facts,
        notes=_notes(with_words=with_words),
        with_words=with_words,
        erased=tuple(
            (str(one.dseq), to_text(one.at), one.kind.replace("_", " "), one.state, one.change_id) for one in erased
        ),
    )


def file_name(now: datetime, *, text: bool) -> str:
    """Give the neutral name of the file: what it is and when, nothing else."""
    return f"caller-outbox-{london(now):%Y%m%d-%H%M}.{'txt' if text else 'xlsx'}"


def save_sheet(*, sheet: OutboxSheet, folder: Path, name: str) -> Path:
    """Write a sheet into a folder (work for the files lane); never over a file that is there."""
    from caller_app.excel.outbox_sheet import write_outbox

    if not folder.is_dir():
        raise Refused("There is no such folder.", field="folder")
    path = folder / name
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    try:
        tables = [("What is sent", sheet.headings, sheet.rows)]
        if sheet.erased:
            tables.append(("No longer kept here", sheet.erased_headings, sheet.erased))
        write_outbox(path, facts=sheet.facts, tables=tables, notes=sheet.notes)
    except PermissionError:
        raise Refused("Files cannot be written into this folder. Choose another one.", field="folder") from None
    except OSError:
        raise Unavailable("The file could not be written; nothing of it was kept. Is the disk full?") from None
    return path


def _row(s: Snapshot, one: Receipt, names: dict[str, str], *, with_words: bool) -> tuple[str, ...]:
    row = (
        str(one.dseq),
        to_text(one.recorded_at),
        title_of(one.change, s.rules).partition(": ")[0],
        one.state,
        state_of(one).partition(":")[0],
        to_text(one.acked_at) if one.acked_at else "",
        one.verdict or "",
        reason_in_words(one.reason) if one.reason else "",
        str(one.tries),
        one.last_error or "",
        one.change_id,
        to_text(one.durable_at) if one.durable_at else "",
        one.review_id or "",
    )
    if not with_words:
        return row
    told = "; ".join(f"{label}: {value}" for label, value in lines_of(one.change, s.rules)) if one.change else OF_NEWER
    return (*row, names.get(one.rec_id or "", GONE_NAME), told)


def _notes(*, with_words: bool) -> tuple[str, ...]:
    first = "What was recorded on one workstation and how far it has got."
    if not with_words:
        return (first, "It holds no names, numbers or words about patients.", "This file is not encrypted.")
    return (
        f"OFFICIAL-SENSITIVE: this file names patients. {first}",
        "It is not encrypted: hand it only to the person who asked, and delete it when it has served.",
    )
