"""The supervisor's questions, asked page by page of the whole cohort; every answer says its own time.

What a workstation said of its unsent work carries when it said so: it is never shown as a fact of now. No free text
of concerns or notes comes out here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import LONDON, london, to_text
from caller_app.domain.corrections import MASKED, URGENCY_WORDS
from caller_app.domain.rulebook import Rulebook
from caller_app.protocol.supervision import AttentionLine, CallerLine, CaseLine, CorrectionItem, ProjectLine

REACHED = ("patient", "verified", "patient or proxy", "patient or third party", "patient (verification preferred)")


def caller_lines(conn: Connection, *, now: datetime) -> list[CallerLine]:
    """Give one line per person who has a list, or has had one."""
    midnight = london(now).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=LONDON)
    rows = conn.execute(
        text(
            """
            WITH lists AS (
              SELECT v.assignee AS user_id, count(*) FILTER (WHERE v.status <> 'closed') AS open_cases,
                count(*) FILTER (WHERE v.status = 'closed') AS closed_cases
              FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.assignee IS NOT NULL GROUP BY 1),
            promises AS (
              SELECT v.assignee AS user_id, count(*) AS open_ones, count(*) FILTER (WHERE p.to_at < :now) AS overdue
              FROM promise p JOIN rec_ver v ON v.id = p.case_id
              WHERE p.state = 'open' AND v.assignee IS NOT NULL AND v.status <> 'closed' GROUP BY 1),
            calls AS (
              SELECT user_id, count(*) AS made, count(*) FILTER (WHERE contact_level = ANY(:reached)) AS reached
              FROM attempt WHERE at >= :midnight AND superseded_by IS NULL GROUP BY 1),
            machines AS (
              SELECT DISTINCT ON (user_id) user_id, max(last_seen) OVER (PARTITION BY user_id) AS last_seen,
                unsent_said, unsent_said_at
              FROM device WHERE status <> 'retired' ORDER BY user_id, unsent_said_at DESC NULLS LAST)
            SELECT a.user_id, a.shown_name, coalesce(l.open_cases, 0) AS open_cases,
              coalesce(l.closed_cases, 0) AS closed_cases, coalesce(p.open_ones, 0) AS promised,
              coalesce(p.overdue, 0) AS overdue, coalesce(c.made, 0) AS made, coalesce(c.reached, 0) AS reached,
              m.last_seen, m.unsent_said, m.unsent_said_at
            FROM account a LEFT JOIN lists l USING (user_id) LEFT JOIN promises p USING (user_id)
              LEFT JOIN calls c USING (user_id) LEFT JOIN machines m USING (user_id)
            WHERE a.status = 'active' AND a.role IN ('caller', 'supervisor')
              AND (a.role = 'caller' OR l.open_cases > 0) ORDER BY a.shown_name, a.user_id
            """
        ),
        {"now": now, "midnight": midnight, "reached": list(REACHED)},
    )
    return [
        CallerLine(
            user_id=row.user_id,
            shown_name=row.shown_name,
            open_cases=row.open_cases,
            closed_cases=row.closed_cases,
            callbacks_open=row.promised,
            callbacks_overdue=row.overdue,
            attempts_today=row.made,
            reached_today=row.reached,
            last_contact_at=_when(row.last_seen),
            unsent_said=row.unsent_said,
            unsent_said_at=_when(row.unsent_said_at),
        )
        for row in rows
    ]


def project_lines(conn: Connection) -> list[ProjectLine]:
    """Give one tile per open project."""
    rows = conn.execute(
        text(
            """
            WITH spoken AS MATERIALIZED (
              -- Read once and joined: looked up case by case this was most of what the board costs.
              SELECT DISTINCT case_id FROM attempt WHERE superseded_by IS NULL AND contact_level = ANY(:reached))
            SELECT j.project_id, j.name, count(k.case_id) AS total,
              count(k.case_id) FILTER (WHERE v.status <> 'closed') AS left_open,
              count(s.case_id) AS reached,
              count(k.case_id) FILTER (WHERE k.last_outcome IN ('A01', 'A02', 'A03', 'A07')) AS agreed
            FROM project j LEFT JOIN cases k USING (project_id) LEFT JOIN rec_ver v ON v.id = k.case_id
              LEFT JOIN spoken s ON s.case_id = k.case_id
            WHERE j.status = 'open' GROUP BY j.project_id, j.name ORDER BY j.name
            """
        ),
        {"reached": list(REACHED)},
    )
    return [
        ProjectLine(
            project_id=row.project_id, name=row.name, total=row.total, left=row.left_open, reached=row.reached,
            agreed=row.agreed,
        )
        for row in rows
    ]  # fmt: skip


def attention(conn: Connection, *, now: datetime, limit: int = 200) -> list[AttentionLine]:
    """Give what a supervisor has to look at: concerns, referrals to cancel, reviews, each the oldest first."""
    concerns = conn.execute(
        text(
            "SELECT c.case_id, c.raised_at, c.route, a.shown_name FROM concern c "
            "JOIN account a ON a.user_id = c.raised_by WHERE c.state = 'open' ORDER BY c.raised_at LIMIT :n"
        ),
        {"n": limit},
    )
    lines = [
        AttentionLine(what="concern", case_id=row.case_id, at=to_text(row.raised_at), who=row.shown_name,
                      reason=row.route)
        for row in concerns
    ]  # fmt: skip
    cancelled = conn.execute(
        text(
            "SELECT r.case_id, r.since, a.shown_name FROM referral r JOIN account a ON a.user_id = r.by_user "
            "WHERE r.state = 'cancel_due' ORDER BY r.since LIMIT :n"
        ),
        {"n": limit},
    )
    lines.extend(
        AttentionLine(what="referral", case_id=row.case_id, at=to_text(row.since), who=row.shown_name,
                      reason="cancel_due")
        for row in cancelled
    )  # fmt: skip
    reviews = conn.execute(
        text(
            "SELECT r.review_id, r.rec_id, r.opened_at, r.class, a.shown_name FROM review_case r "
            "JOIN change c USING (change_id) JOIN account a USING (user_id) "
            "WHERE r.state = 'open' OR (r.state = 'scheduled' AND r.resolution->>'on' <= :today) "
            "ORDER BY r.opened_at LIMIT :n"
        ),
        {"n": limit, "today": london(now).date().isoformat()},
    ).mappings()
    lines.extend(
        AttentionLine(
            what="review", case_id=row["rec_id"], at=to_text(row["opened_at"]), who=row["shown_name"],
            review_id=row["review_id"], reason=row["class"],
        )
        for row in reviews
    )  # fmt: skip
    return lines[:limit]


def case_lines(conn: Connection, *, user_id: int, offset: int, limit: int) -> tuple[int, list[CaseLine]]:
    """Give a page of a caller's list as the supervisor sees it, with the total."""
    total = conn.execute(
        text("SELECT count(*) FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.assignee = :u"), {"u": user_id}
    ).scalar_one()
    rows = conn.execute(
        text(
            "SELECT k.case_id, j.name AS project, p.given_name, p.family_name, v.status, k.counted_attempts, "
            "  k.last_outcome, k.last_at, k.promised_from, v.assignee "
            "FROM rec_ver v JOIN cases k ON k.case_id = v.id JOIN person p USING (person_id) "
            "JOIN project j USING (project_id) WHERE v.assignee = :u "
            "ORDER BY (v.status = 'closed'), k.promised_from NULLS LAST, p.family_name, p.given_name, k.case_id "
            "LIMIT :n OFFSET :o"
        ),
        {"u": user_id, "n": limit, "o": offset},
    )
    return int(total), [
        CaseLine(
            case_id=row.case_id,
            project=row.project,
            given_name=row.given_name,
            family_name=row.family_name,
            status=row.status,
            counted_attempts=row.counted_attempts,
            last_outcome=row.last_outcome,
            last_at=_when(row.last_at),
            promised_at=_when(row.promised_from),
            assignee_id=row.assignee,
        )
        for row in rows
    ]


def correction_lines(conn: Connection, rules: Rulebook, *, offset: int, limit: int) -> tuple[int, list[CorrectionItem]]:
    """Give a page of the corrections that came in, newest first, with the total."""
    total = conn.execute(text("SELECT count(*) FROM correction")).scalar_one()
    rows = conn.execute(
        text(
            "SELECT c.*, p.given_name, p.family_name, r.name AS practice_name, a.shown_name FROM correction c "
            "JOIN cases k USING (case_id) JOIN person p USING (person_id) JOIN account a ON a.user_id = c.told_to "
            "LEFT JOIN practice r ON r.ods = c.practice_ods "
            "ORDER BY c.told_at DESC, c.correction_id DESC LIMIT :n OFFSET :o"
        ),
        {"n": limit, "o": offset},
    )
    return int(total), [_correction(row, rules) for row in rows]


def _correction(row: Any, rules: Rulebook) -> CorrectionItem:
    kind = rules.corrections.find(row.type)
    hidden = kind is not None and kind.secure_only
    return CorrectionItem(
        correction_id=row.correction_id,
        practice_ods=row.practice_ods or "",
        practice_name=row.practice_name or "",
        patient=" ".join(part for part in (row.given_name, row.family_name) if part),
        type=row.type,
        old=MASKED if hidden else row.old,
        new=MASKED if hidden else row.new,
        source=row.source,
        told_at=to_text(row.told_at),
        told_to=row.shown_name,
        urgency=URGENCY_WORDS.get(row.urgency, row.urgency),
        state=row.state,
    )


def _when(moment: datetime | None) -> str | None:
    return to_text(moment) if moment is not None else None
