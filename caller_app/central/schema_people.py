"""Tables about whom we ring and why: practices, projects, batches, persons, the stop list, cases.

A person has one row per NHS number whatever the project. The stop list holds only a keyed hash of the number, so that
it outlives the person's record and a re-import cannot bring them back.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from caller_app.central.schema_base import ID, INSTANT, metadata

practice = Table(
    "practice",
    metadata,
    Column("ods", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address_lines", JSONB, nullable=False),
    Column("postcode", Text),
    Column("phone", Text),
    Column("status", Text, nullable=False),
    Column("setting", Text, nullable=False),
    Column("open_on", Date),
    Column("close_on", Date),
    Column("loaded_at", INSTANT, nullable=False),
)

project = Table(
    "project",
    metadata,
    Column("project_id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("campaign", Text, nullable=False),
    Column("script_ids", JSONB, nullable=False),
    Column("made_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'open'")),
)

cohort_batch = Table(
    "cohort_batch",
    metadata,
    Column("batch_id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("project.project_id"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("sheet", Text),
    Column("source", Text, nullable=False),
    Column("extracted_on", Date, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("dpia_ref", Text, nullable=False, server_default=text("''")),
    Column("opt_outs_applied", Text, nullable=False),
    Column("opt_outs_applied_on", Date, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", INSTANT, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'applied'")),
)
Index(
    "uq_cohort_batch_file",
    cohort_batch.c.project_id,
    cohort_batch.c.file_sha256,
    unique=True,
    postgresql_where=text("state = 'applied'"),
)

person = Table(
    "person",
    metadata,
    Column("person_id", ID, primary_key=True),
    Column("nhs_number", Text, nullable=False, unique=True),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("dob", Text, nullable=False),
    Column("practice_ods", Text),
    Column("sensitive", Boolean, nullable=False, server_default=text("false")),
    Column("stopped_at", INSTANT),
    Column("stop_kind", Text),
    Column("made_at", INSTANT, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("nhs_hash", LargeBinary),
    Column("kind", Text),
    Column("campaign", Text, server_default=text("''")),
    Column("from_at", INSTANT, nullable=False),
    Column("source", Text, nullable=False),
    Column("lifted_at", INSTANT),
    Column("lifted_by", Integer),
    PrimaryKeyConstraint("nhs_hash", "kind", "campaign"),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("project.project_id"), nullable=False),
    Column("person_id", ID, ForeignKey("person.person_id"), nullable=False, index=True),
    Column("batch_id", ID, ForeignKey("cohort_batch.batch_id"), nullable=False, index=True),
    Column("practice_ods", Text),
    Column("priority", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("counted_attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_outcome", Text),
    Column("last_at", INSTANT),
    Column("promised_from", INSTANT),
    Column("promised_to", INSTANT),
    Column("reassigned_at", INSTANT),
    Column("stopped_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("close_why", Text),
    Column("left_lists_at", INSTANT),
    UniqueConstraint("project_id", "person_id"),
)
Index(
    "ix_cases_closed_on_lists",
    cases.c.closed_at,
    postgresql_where=text("closed_at IS NOT NULL AND left_lists_at IS NULL"),
)

# Who may speak for a person: recorded once, ended once, edited never.
authority = Table(
    "authority",
    metadata,
    Column("authority_id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.person_id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("relationship", Text, nullable=False),
    Column("projects", JSONB, nullable=False),  # ids; none: every project
    Column("pathways", JSONB, nullable=False),  # codes; none: every pathway
    Column("may_agree", Boolean, nullable=False),
    Column("limits", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("seen", Text, nullable=False),
    Column("recorded_by", Integer, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
)

authority_end = Table(
    "authority_end",
    metadata,
    Column("authority_id", ID, ForeignKey("authority.authority_id"), primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("by_user", Integer, nullable=False),
    Column("why", Text, nullable=False),
)
