"""Tables about what happened on calls: the effects of judged changes, each keyed by the change that made it.

The key is what makes an effect happen at most once: a second judging of the same change finds the row. The words of a
concern stand here only, never in item bodies, exports or logs.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from caller_app.central.schema_base import ID, INSTANT, metadata


def _case() -> Column[str]:
    return Column("case_id", ID, ForeignKey("cases.case_id"), nullable=False, index=True)


attempt = Table(
    "attempt",
    metadata,
    Column("attempt_id", ID, primary_key=True),
    _case(),
    Column("user_id", Integer, nullable=False, index=True),
    Column("device_id", ID),
    Column("act_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("number", Text),
    Column("at", INSTANT, nullable=False, index=True),
    Column("received_at", INSTANT, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("contact_level", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("answers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("identity", JSONB),
    Column("script", Text),
    Column("superseded_by", ID),
)

promise = Table(
    "promise",
    metadata,
    Column("promise_id", ID, primary_key=True),
    _case(),
    Column("made_by", Integer, nullable=False),
    Column("from_at", INSTANT, nullable=False),
    Column("to_at", INSTANT, nullable=False),
    Column("anyone", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_at", INSTANT),
)

correction = Table(
    "correction",
    metadata,
    Column("correction_id", ID, primary_key=True),
    _case(),
    Column("practice_ods", Text, index=True),
    Column("type", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("values", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("told_at", INSTANT, nullable=False, index=True),
    Column("told_to", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("exported_at", INSTANT),
)

correction_export = Table(
    "correction_export",
    metadata,
    Column("file_name", Text, primary_key=True),
    Column("practice_ods", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("made_at", INSTANT, nullable=False),
)

referral = Table(
    "referral",
    metadata,
    Column("referral_id", ID, primary_key=True),
    _case(),
    Column("pathway", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("consent", Text),
    Column("facts", JSONB, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("by_user", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", INSTANT, nullable=False),
    Index("ix_referral_state_since", "state", "since"),
    Index("ix_referral_pathway_at", "pathway", "at"),
)

referral_step = Table(
    "referral_step",
    metadata,
    Column("step_id", BigInteger, Identity(always=True), primary_key=True),
    Column("referral_id", ID, nullable=False, index=True),
    Column("at", INSTANT, nullable=False),
    Column("by_user", Integer),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("change_id", ID),  # the withdrawal that made it; NULL: a supervisor moved it on
)

note = Table(
    "note",
    metadata,
    Column("note_id", ID, primary_key=True),
    _case(),
    Column("user_id", Integer, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("words", Text, nullable=False),
    Column("restricted", Boolean, nullable=False, server_default=text("false")),
)

concern = Table(
    "concern",
    metadata,
    Column("concern_id", ID, primary_key=True),
    _case(),
    Column("route", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("told", JSONB, nullable=False),
    Column("noticed_at", INSTANT),
    Column("raised_at", INSTANT, nullable=False),
    Column("raised_by", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
)

concern_addition = Table(
    "concern_addition",
    metadata,
    Column("change_id", ID, primary_key=True),
    Column("concern_id", ID, nullable=False, index=True),
    Column("words", Text, nullable=False),
    Column("told", JSONB, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("by_user", Integer, nullable=False),
)
