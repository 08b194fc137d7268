"""What the centre holds, counted: numbers only, for `show`, the demo and whoever looks after the service."""

from sqlalchemy import Connection, text

_COUNTS = {
    "practices": "SELECT count(*) FROM practice",
    "projects": "SELECT count(*) FROM project",
    "batches": "SELECT count(*) FROM cohort_batch WHERE state = 'applied'",
    "persons": "SELECT count(*) FROM person",
    "stop_list": "SELECT count(*) FROM suppression WHERE lifted_at IS NULL",
    "cases": "SELECT count(*) FROM cases",
    "cases_assigned": "SELECT count(*) FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.assignee IS NOT NULL",
    "cases_closed": "SELECT count(*) FROM rec_ver v JOIN cases k ON k.case_id = v.id WHERE v.status = 'closed'",
    "accounts": "SELECT count(*) FROM account WHERE status = 'active'",
    "devices": "SELECT count(*) FROM device WHERE status = 'active'",
    "changes": "SELECT count(*) FROM change",
    "changes_waiting": "SELECT count(*) FROM change_state WHERE verdict = 'received'",
    "changes_applied": "SELECT count(*) FROM change_state WHERE verdict = 'applied'",
    "changes_applied_for_review": "SELECT count(*) FROM change_state WHERE verdict = 'applied_review'",
    "changes_set_aside": "SELECT count(*) FROM change_state WHERE verdict = 'quarantined'",
    "attempts": "SELECT count(*) FROM attempt WHERE superseded_by IS NULL",
    "attempts_taken_back": "SELECT count(*) FROM attempt WHERE superseded_by IS NOT NULL",
    "promises_open": "SELECT count(*) FROM promise WHERE state = 'open'",
    "corrections": "SELECT count(*) FROM correction",
    "corrections_exported": "SELECT count(*) FROM correction WHERE exported_at IS NOT NULL",
    "referrals": "SELECT count(*) FROM referral",
    "concerns_open": "SELECT count(*) FROM concern WHERE state = 'open'",
    "reviews_open": "SELECT count(*) FROM review_case WHERE state = 'open'",
    "audit_lines": "SELECT count(*) FROM audit",
}


def counts(conn: Connection) -> dict[str, int]:
    """Count everything in one snapshot."""
    return {name: int(conn.execute(text(statement)).scalar_one()) for name, statement in _COUNTS.items()}


def outcomes(conn: Connection) -> dict[str, int]:
    """Count the attempts that stand, by outcome code."""
    rows = conn.execute(
        text("SELECT outcome, count(*) AS n FROM attempt WHERE superseded_by IS NULL GROUP BY 1 ORDER BY 1")
    )
    return {row.outcome: row.n for row in rows}
