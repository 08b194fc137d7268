"""The referrals as supervisors work through them: what has to be cancelled first, then by how long they have waited.

What a reader would get wrong: only what leaves us stands here, supported referrals and tasks for practices. What a
person was told and does themselves is in the history of their case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import to_text
from caller_app.central.faults import Fault
from caller_app.central.rules.projects import project_of
from caller_app.domain.authorities import kind_words, said_of
from caller_app.domain.interpreters import WORDS as INTERPRETED
from caller_app.domain.items import KIND_ITEM, Item
from caller_app.domain.nhs_number import show as show_nhs_number
from caller_app.domain.pathways import REACHED, SENDING, Pathway
from caller_app.domain.phones import show as show_phone
from caller_app.domain.referrals import STATES, UNDERWAY, moves_from
from caller_app.domain.telling import GIVEN_BY
from caller_app.protocol.codec import decode_item
from caller_app.protocol.referrals import ReferralFact, ReferralLine, ReferralMove, ReferralPathway, ReferralStep

_ORDER = list(STATES)
_COLUMNS = (
    "SELECT r.referral_id, r.case_id, r.pathway, r.route, r.state, r.at, r.since, r.facts, r.consent, r.by_user, "
    "p.given_name, p.family_name, k.project_id, j.name AS project, a.shown_name, x.path->>'title' AS title, "
    "x.path->>'owner' AS owner "
    "FROM referral r JOIN cases k USING (case_id) JOIN person p USING (person_id) JOIN project j USING (project_id) "
    "LEFT JOIN account a ON a.user_id = r.by_user LEFT JOIN LATERAL (SELECT o.path FROM rec_body b "
    "  CROSS JOIN LATERAL jsonb_array_elements(CAST(b.body AS jsonb)->'pathways') o(path) "
    "  WHERE b.kind = 5 AND b.id = k.project_id AND o.path->>'code' = r.pathway LIMIT 1) x ON true "
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list with its total."""

    total: int
    lines: list[ReferralLine]


def page(conn: Connection, *, show: str, pathway: str | None, offset: int, limit: int) -> Found:
    """Give a page: everything underway, or one state."""
    where, values = _where(show, pathway)
    total = conn.execute(
        text(f"SELECT count(*) FROM referral r JOIN cases k USING (case_id) WHERE {where}"), values
    ).scalar_one()
    rows = conn.execute(
        text(
            f"{_COLUMNS}WHERE {where} ORDER BY array_position(CAST(:order AS text[]), r.state), r.since, r.referral_id "
            "LIMIT :n OFFSET :o"
        ),
        {**values, "order": _ORDER, "n": limit, "o": offset},
    )
    return Found(int(total), [_line(row) for row in rows])


def by_state(conn: Connection, *, pathway: str | None) -> dict[str, int]:
    """Count the referrals by state."""
    where, values = _where("every", pathway)
    rows = conn.execute(
        text(f"SELECT r.state, count(*) AS n FROM referral r JOIN cases k USING (case_id) WHERE {where} GROUP BY 1"),
        values,
    )
    return {row.state: row.n for row in rows}


def pathways(conn: Connection) -> list[ReferralPathway]:
    """Give the pathways there are referrals of, by name, for the filter."""
    rows = conn.execute(
        text(
            "SELECT DISTINCT q.pathway, q.project_id, q.project, q.title FROM "
            f"({_COLUMNS}WHERE r.route = ANY(:routes)) q ORDER BY q.title, q.project"
        ),
        {"routes": sorted(SENDING)},
    )
    return [
        ReferralPathway(key=f"{row.project_id}/{row.pathway}", title=row.title or row.pathway, project=row.project)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One referral in full."""

    line: ReferralLine
    facts: list[ReferralFact]
    steps: list[ReferralStep]
    moves: list[ReferralMove]


def sheet(conn: Connection, referral_id: str) -> Sheet:
    """Give one referral: what was agreed and is shared with whom, its way so far, and the ways on."""
    row = conn.execute(
        text(f"{_COLUMNS}WHERE r.referral_id = CAST(:r AS uuid) AND r.route = ANY(:routes)"),
        {"r": referral_id, "routes": sorted(SENDING)},
    ).one_or_none()
    if row is None:
        raise Fault(404, "not_found", "There is no such referral.")
    project = project_of(conn, row.project_id)
    return Sheet(
        line=_line(row),
        facts=_facts(conn, row, project.pathway(row.pathway)),
        steps=_steps(conn, row),
        moves=[
            ReferralMove(to=one.to, label=one.label, will=one.will, asks_why=one.asks_why)
            for one in moves_from(row.state)
        ],
    )


def _where(show: str, pathway: str | None) -> tuple[str, dict[str, Any]]:
    where = "r.route = ANY(:routes)"
    values: dict[str, Any] = {"routes": sorted(SENDING)}
    if show == "open":
        where, values = f"{where} AND r.state = ANY(:states)", {**values, "states": [*sorted(UNDERWAY), "returned"]}
    elif show != "every":
        where, values = f"{where} AND r.state = ANY(:states)", {**values, "states": [show]}
    if pathway is not None:
        project_id, _, code = pathway.partition("/")
        where += " AND CAST(k.project_id AS text) = :project AND r.pathway = :code"
        values |= {"project": project_id, "code": code}
    return where, values


def _line(row: Any) -> ReferralLine:
    return ReferralLine(
        referral_id=row.referral_id,
        patient=" ".join(part for part in (row.given_name, row.family_name) if part),
        pathway=row.title or row.pathway,
        project=row.project,
        goes_to=row.facts.get("shared_with") or row.owner or "",
        state=row.state,
        state_words=STATES.get(row.state, row.state),
        since=to_text(row.since),
        recorded_at=to_text(row.at),
        recorded_by=row.shown_name or "",
    )


def _facts(conn: Connection, row: Any, pathway: Pathway | None) -> list[ReferralFact]:
    said = row.facts
    item = decode_item(
        conn.execute(
            text("SELECT body FROM rec_body WHERE kind = :k AND id = CAST(:c AS uuid)"),
            {"k": KIND_ITEM, "c": row.case_id},
        ).scalar_one()
    )
    patient = item.patient
    numbers = [show_phone(one.e164) for one in item.numbers if one.state not in ("wrong", "dead", "barred")]
    read_in, read_out = said.get("language") or "", said.get("consent_wording") or ""
    shared = said.get("shared_fields") or ()
    if said.get("interpreter"):
        heard = INTERPRETED.get(said["interpreter"], "with an interpreter")  # True where an older one said only that
        read_in = f"{read_in or 'English'}, {heard}"
    facts = [
        ("How", REACHED.get(row.route, row.route)),
        ("Goes to", said.get("shared_with") or ""),
        ("What is shared", ", ".join(shared)),
        ("Agreed", {"yes": "yes", "no": "no"}.get(row.consent or "", "")),
        ("Agreed by", _agreed_by(said, item)),
        ("Words that were read", read_out.rpartition(" [")[0] or read_out),
        ("Version of the words", said.get("wording_version") or ""),
        ("Read in", read_in),
        ("Task", said.get("task") or ""),
        ("Due", said.get("due_on") or ""),
        ("Why it is held", said.get("why_held", "").replace("_", " ")),
        ("Contact of the service", (pathway.contact or pathway.url) if pathway else ""),
        ("NHS number", show_nhs_number(patient.nhs_number) if "NHS number" in shared else ""),
        ("Telephone", ", ".join(numbers)),
        ("Practice", patient.practice.name if patient.practice else ""),
    ]
    return [ReferralFact(label=label, value=value) for label, value in facts if value]


def _agreed_by(said: Mapping[str, Any], item: Item) -> str:
    who = GIVEN_BY.get(said.get("given_by", ""), said.get("given_by", ""))
    named = next((one for one in item.authorities if one.authority_id == said.get("authority")), None)
    return f"{who}: {said_of(named)}, {kind_words(named.kind)}" if named is not None else who


def _steps(conn: Connection, row: Any) -> list[ReferralStep]:
    rows = conn.execute(
        text(
            "SELECT s.*, a.shown_name FROM referral_step s LEFT JOIN account a ON a.user_id = s.by_user "
            "WHERE s.referral_id = CAST(:r AS uuid) ORDER BY s.step_id"
        ),
        {"r": row.referral_id},
    )
    first = ReferralStep(at=to_text(row.at), by=row.shown_name or "", words="recorded", why="")
    return [first] + [
        ReferralStep(at=to_text(one.at), by=one.shown_name or "", words=STATES.get(one.to_state, one.to_state),
                     why=one.why)
        for one in rows
    ]  # fmt: skip
