"""Whether a script asks what a project's rules want to know: the facts that answers say, against its questions.

What a reader would get wrong: this is asked when a project is made and whenever it gets another script. A rule on an
answer nobody can give would be unknown for ever, and with it every offer that hangs on it.
"""

from caller_app.domain.projects import Project
from caller_app.domain.rule_facts import nearest
from caller_app.script.script import Script

_NUMBERS = ("integer", "decimal")


def unfit_answers(project: Project, script: Script) -> tuple[str, ...]:
    """Give what does not fit, in words; nothing where all does."""
    faults: list[str] = []
    asked = sorted(one.name for one in script.rows() if one.type not in ("note", "hidden", "calculate"))
    for fact in project.answers:
        for question in fact.questions:
            row = script.row(question)
            if row is None or question not in asked:
                faults.append(f"the fact {fact.fact} wants the question {question}, which the script does not ask"
                              f"{nearest(question, asked)}")  # fmt: skip
                continue
            kind = row.type.split()[0]
            values = [one.value for one in row.choices]
            if fact.choice and fact.choice not in values:
                faults.append(f"the fact {fact.fact} wants the answer {fact.choice} of {question}, which nobody can "
                              f"give{nearest(fact.choice, values)}")  # fmt: skip
            if fact.weight_kg and kind not in _NUMBERS:
                faults.append(f"the fact {fact.fact} is worked out from {question}, which is not asked as a number")
    return tuple(faults)
