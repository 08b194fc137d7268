"""What the tables of the scripts screen show: versions, findings, example patients."""

from caller_app.base.clock import Clock
from caller_app.domain.script_life import STATES
from caller_app.protocol.scripts import ScriptVersion
from caller_app.script.examples import Ending
from caller_app.script.findings import Finding
from ui.models.paged import Column
from ui.widgets.times import text_words

_TONES = {"published": "good", "approved": "info", "in_review": "caution", "retired": "quiet", "dropped": "quiet"}
GRAVE = {"error": "Error", "warning": "Warning"}


def version_columns(clock: Clock) -> tuple[Column[ScriptVersion], ...]:
    """Give the columns of the versions."""
    return (
        Column("Version", lambda row: row.version, tip=lambda row: f"{row.title}, {row.form_id}/{row.version}"),
        Column("State", state_words, tone=lambda row: _TONES.get(row.state, "")),
        Column("Written by", lambda row: row.author or "not known"),
        Column("Since", lambda row: text_words(row.state_at, clock.now())),
    )


def state_words(row: ScriptVersion) -> str:
    """Say where a version stands."""
    return "In use" if row.in_use else STATES.get(row.state, row.state)


def finding_columns() -> tuple[Column[Finding], ...]:
    """Give the columns of what was found."""
    return (
        Column("Where", lambda row: row.cell),
        Column("Severity", grave, tone=lambda row: "danger" if row.severity == "error" else "caution"),
        Column("What is wrong", lambda row: row.what),
        Column("What to do", lambda row: row.remedy),
    )


def grave(row: Finding) -> str:
    """Say how grave a finding is."""
    return GRAVE[row.severity]


def ending_columns(labels: dict[str, str]) -> tuple[Column[Ending], ...]:
    """Give the columns of the example patients; `labels` are the pathways of the project."""

    def outcome(code: str) -> str:
        return code or "no outcome"

    def pathways(codes: tuple[str, ...]) -> str:
        return ", ".join(labels.get(one, one) for one in codes) or "–"

    return (
        Column("Example patient", lambda row: row.example.name),
        Column("As expected", verdict, tone=lambda row: "good" if row.as_expected else "danger"),
        Column("Should end with", lambda row: outcome(row.example.outcome)),
        Column("Ends with", lambda row: outcome(row.outcome) if not row.stopped else "does not end",
               tone=lambda row: "danger" if row.outcome_differs or row.stopped else ""),
        Column("Should lead to", lambda row: pathways(row.example.pathways) if row.example.pathways else "any"),
        Column("Leads to", lambda row: pathways(row.pathways),
               tone=lambda row: "danger" if row.pathways_differ else ""),
    )  # fmt: skip


def verdict(row: Ending) -> str:
    """Say whether an example ended where it should."""
    return "Yes" if row.as_expected else "Stops" if row.stopped else "Differs"
