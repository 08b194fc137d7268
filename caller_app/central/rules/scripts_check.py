"""Checking a workbook at the centre, against the project it is for; no workstation's word is taken for it.

What a reader would get wrong: this is done before the transaction that uses it, because it may take a second, and never
twice at a time, because a workbook may be made to cost as much as it can. The transaction looks whether the project is
still the one it was checked against.
"""

import hashlib
import threading
from dataclasses import dataclass, field

from caller_app.base.errors import Refused
from caller_app.central.faults import Fault
from caller_app.domain.projects import Project
from caller_app.protocol.codec import encode
from caller_app.script.answer_facts import unfit_answers
from caller_app.script.lint.product import of_project
from caller_app.script.record import as_record
from caller_app.script.script import Script
from caller_app.script.uploaded import check_bytes

OPENING = "core_call_flow"
_PATIENCE = 20.0  # seconds that a check may wait for the one before it
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Offered:
    """A workbook that was checked and found fit to be published, and against what."""

    script: Script
    workbook: bytes = field(repr=False)
    warnings: int
    examples: int
    against: bytes = field(repr=False)
    body: str = field(repr=False)  # the script as it travels

    @property
    def workbook_sha256(self) -> str:
        """Give the hash of the file itself."""
        return hashlib.sha256(self.workbook).hexdigest()

    def fits(self, project: Project) -> bool:
        """Tell whether a project is, for its script, still the one this was checked against."""
        return self.against == _matters(project)


def check(workbook: bytes, project: Project) -> Offered:
    """Check a workbook with its table of example patients; raises Refused with the first error."""
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise Fault(503, "busy", "The centre is checking another script. Try again in a minute.", retry_after=30)
    try:
        checked = check_bytes(workbook, of_project(project))
    finally:
        _one_at_a_time.release()
    if checked.script is None:
        first, count = checked.errors[0], len(checked.errors) + checked.left_out
        more = f" There are {count - 1} more." if count > 1 else ""
        raise Refused(f"The script has errors. {first.sentence}{more}", field="workbook", place=first.cell)
    if checked.script.form_id == OPENING:
        raise Refused("The opening of every call belongs to the product and cannot be replaced.", field="workbook")
    unfit = unfit_answers(project, checked.script)
    if unfit:
        raise Refused(f"The project's pathways hang on answers of the script: {unfit[0]}.", field="workbook")
    return Offered(
        script=checked.script,
        workbook=workbook,
        warnings=len(checked.findings),
        examples=len(checked.examples),
        against=_matters(project),
        body=as_record(checked.script).decode(),
    )


def _matters(project: Project) -> bytes:
    return encode(
        [
            project.campaign,
            project.script_pack,
            project.merge,
            sorted(one.code for one in project.pathways),
            project.answers,
        ]
    )
