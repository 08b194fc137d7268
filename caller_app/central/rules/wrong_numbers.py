"""At the centre: a number told wrong in one case is wrong in every case of the person, also in one made later.

What a reader would get wrong: the other cases are locked already (`workspace` locks all cases of a person), and go to
whoever has them with the same feed: nobody rings the stranger again for another project.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from caller_app.central.rules.workspace import CaseFile, Workspace
from caller_app.domain.calling_rules import number_fits
from caller_app.domain.changes import AttemptRecorded, AttemptSuperseded, Change, CorrectionProposed
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.wrong_numbers import agreed, marked, told_wrong
from caller_app.protocol.codec import decode_item

NONE_LEFT = "no number that may be dialled"


def take(space: Workspace, file: CaseFile, item: Item, change: Change) -> None:
    """Take what a change made of a case, and carry a wrong number to the person's other cases."""
    before, file.item = file.now_item(), item
    if item is before or not isinstance(change, AttemptRecorded | AttemptSuperseded | CorrectionProposed):
        return
    files = space.same_person(file)
    if len(files) == 1:
        return
    if told_wrong(before) == told_wrong(item) and before.numbers == item.numbers:
        return
    for one, now in zip(files, agreed(before, [each.now_item() for each in files]), strict=True):
        one.item = now


def carried(conn: Connection, items: Sequence[Item], known: Iterable[str]) -> list[Item]:
    """Give new cases with what other cases of those known before say of their numbers."""
    rows = conn.execute(
        text(
            "SELECT k.person_id, b.body FROM cases k JOIN rec_body b ON b.kind = :kind AND b.id = k.case_id "
            "WHERE k.person_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"kind": KIND_ITEM, "ids": sorted({one.patient.person_id for one in items} & set(known))},
    )
    wrong: dict[str, frozenset[str]] = {}
    for row in rows:
        wrong[row.person_id] = wrong.get(row.person_id, frozenset()) | told_wrong(decode_item(row.body))
    return [_new(one, wrong.get(one.patient.person_id, frozenset())) for one in items]


def _new(item: Item, wrong: frozenset[str]) -> Item:
    item = marked(item, wrong)
    if item.status == "ready" and not any(number_fits(one).ok for one in item.numbers):
        return replace(item, status="held", status_why=NONE_LEFT)
    return item
