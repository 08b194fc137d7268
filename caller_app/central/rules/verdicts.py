"""What the centre made of each change of a push, as told to the workstation that sent it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from caller_app.central.arrays import Texts
from caller_app.central.rules.arrivals import Arrived
from caller_app.central.rules.store import Stored
from caller_app.protocol.messages import PushResult


def results(
    conn: Connection, arrived: Sequence[Arrived], stored: Stored, judged: Sequence[Mapping[str, Any]]
) -> list[PushResult]:
    """Give one result per change sent, in the order sent; every id comes back.

    What this request judged and committed is known; everything else is read.
    """
    states: dict[str, Mapping[str, Any]] = {one["change_id"]: one for one in judged}
    others = [one.change_id for one in arrived if one.change_id not in states]
    if others:
        rows = conn.execute(
            text(
                "SELECT change_id, verdict, reason, review_id, result_ver FROM change_state "
                "WHERE change_id = ANY(CAST(:ids AS uuid[]))"
            ),
            {"ids": Texts(others)},
        )
        states |= {row["change_id"]: row for row in rows.mappings()}
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
