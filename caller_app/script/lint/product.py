"""What every script is checked against where it will be used: our catalogues, and what one project adds to them.

What a reader would get wrong: a field is supplied when a call brings it, whether the record, the cohort, the project or
our own reckoning does; a script may not read out any other.
"""

import functools
from datetime import date

from caller_app.base.paths import resource_text
from caller_app.domain.cohort.fields import campaign_fields
from caller_app.domain.items import Patient
from caller_app.domain.projects import CAMPAIGNS, MERGE_FROM_PERSON, Project
from caller_app.domain.rulebook import read_rulebook
from caller_app.domain.script_values import script_values
from caller_app.script.derive import HELP_ROUTES
from caller_app.script.lint.surroundings import Surroundings

_ANY_DAY = date(2026, 11, 23)
_TEAM = frozenset({"practice_phone", "team_name", "team_phone", "team_hours"})


@functools.cache
def outcome_labels() -> dict[str, str]:
    """Give the outcomes of the catalogue by code, as people read them."""
    return {one.code: one.label for one in read_rulebook(resource_text).outcomes.all()}


def surroundings(pathways: frozenset[str] | None = None, fields: frozenset[str] | None = None) -> Surroundings:
    """Give what a script is checked against; without a project, its pathways and fields are not checked."""
    return Surroundings(
        outcomes=frozenset(outcome_labels()), routes=frozenset(HELP_ROUTES), pathways=pathways, fields=fields
    )


def supplied(project: Project) -> frozenset[str]:
    """Name every value that a call of this project brings to its script."""
    nobody = Patient(person_id="", nhs_number="", given_name="", family_name="", dob="1970-01-01")
    reckoned = script_values(nobody, project, _ANY_DAY)
    cohort = campaign_fields(project.campaign) if project.campaign in CAMPAIGNS else ()
    return MERGE_FROM_PERSON | _TEAM | set(project.merge) | set(reckoned) | set(cohort)


def of_project(project: Project) -> Surroundings:
    """Give what the script of a project is checked against."""
    return surroundings(frozenset(one.code for one in project.pathways), supplied(project))
