"""What the centre made of each change of a push, as told to the workstation that sent it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central.arrays import Ids
from caller_app.central.rules.arrivals import Arrived
from caller_app.central.rules.store import Stored
from caller_app.protocol.messages import PushResult

States = Mapping[str, Mapping[str, Any]]  # by change id


def read(conn: Connection, change_ids: Sequence[str]) -> States:
    """Read what became of changes."""
    rows = conn.execute(
        text(
            "SELECT change_id, verdict, reason, review_id, result_ver FROM change_state "
            "WHERE change_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": Ids(change_ids)},
    )
    return {row["change_id"]: dict(row) for row in rows.mappings()}


def results(arrived: Sequence[Arrived], stored: Stored, states: States) -> list[PushResult]:
    """Give one result per change sent, in the order sent; every id comes back."""
    told: set[str] = set()
    answers = []
    for place, one in enumerate(arrived):
        dup = one.change_id in stored.known or one.change_id in told
        told.add(one.change_id)
        if place in stored.reused:
            answers.append(
                PushResult(
                    id=one.change_id, seq=one.seq, verdict="quarantined", dup=True, reason="id_reuse",
                    review_id=stored.reused[place],
                )
            )  # fmt: skip
            continue
        state = states[one.change_id]
        answers.append(
            PushResult(
                id=one.change_id, seq=one.seq, verdict=state["verdict"], dup=dup, reason=state["reason"],
                review_id=state["review_id"], ver=state["result_ver"],
            )
        )  # fmt: skip
    return answers
