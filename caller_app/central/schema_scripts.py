"""Tables about the scripts of a project: every version with its workbook, and every step of its life.

What a reader would get wrong: a version's words never change, only its state does. What is worded otherwise is another
version. `script_step` is append-only: who did what, when and why.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, LargeBinary, Table, Text

from caller_app.central.schema_base import ID, INSTANT, metadata

script_version = Table(
    "script_version",
    metadata,
    Column("version_id", ID, primary_key=True),
    Column("project_id", ID, ForeignKey("project.project_id"), nullable=False),
    Column("script_id", ID, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("state", Text, nullable=False),  # draft | in_review | approved | published | retired | dropped
    Column("body", Text, nullable=False),  # the script as it will travel: what was approved is what is published
    Column("workbook", LargeBinary),  # NULL where it was made with the project
    Column("workbook_sha256", Text),
    Column("warnings", Integer, nullable=False),
    Column("examples", Integer, nullable=False),
    Column("author_id", Integer),  # NULL: on the centre's own command line
    Column("made_at", INSTANT, nullable=False),
    Column("published_at", INSTANT),
    Index("ix_script_version_project_id_made_at", "project_id", "made_at"),
    Index("ix_script_version_form_id_version", "form_id", "version"),
)

script_step = Table(
    "script_step",
    metadata,
    Column("step_id", BigInteger, Identity(always=True), primary_key=True),
    Column("version_id", ID, ForeignKey("script_version.version_id"), nullable=False, index=True),
    Column("at", INSTANT, nullable=False),
    Column("by_user", Integer),
    Column("step", Text, nullable=False),
    Column("why", Text, nullable=False),
)
