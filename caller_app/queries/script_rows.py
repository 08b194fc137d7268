"""The rows a script is shown by: pages as far as the answers lead, each line, what was said, what may be objected."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line of a page: style say | ask | instruct | warn | objection; choices as (value, label)."""

    name: str
    style: str
    text: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()  # merge fields without a value: shown as a red gap, never read "None"
    when: str = ""  # for whom the line is, in words: "if not sure or not interested"
    many: bool = False  # several of the choices may be taken
    kind: str = ""  # note | select_one | select_multiple | integer | decimal | text | date
    required: bool = False
    fault: str = ""  # why the answer given cannot stand
    raises: str = ""  # the help route it calls for


@dataclass(frozen=True, slots=True)
class ScriptPage:
    """One readable section of the script."""

    name: str
    title: str
    lines: tuple[ScriptLine, ...]
    when: str = ""
    done: bool = True  # the call may go on past it
    missing: tuple[str, ...] = ()  # lines that still need an answer
    identity: bool = False  # it waits for the tick panel


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One answer so far: where it was given, what was asked and what was said, both in words."""

    page: int
    line: str
    asked: str
    answer: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody may object, and what may be said to it."""

    about: str
    text: str
    hint: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptPath:
    """The pages of a call as far as its answers lead, about how many follow, and what it would end as."""

    pages: tuple[ScriptPage, ...] = ()
    ahead: int = 0
    finished: bool = False
    outcome: str = ""
    outcome_label: str = ""
    because: str = ""  # the line whose answer decided
    reason: str = ""  # the same in words: what was asked and what was said
    said: tuple[SaidLine, ...] = ()  # the answers so far, in order
    taken: dict[str, Any] = field(default_factory=dict)  # what counts without having been answered
    defaults: frozenset[str] = frozenset()  # of those, what stood there before: an answer once its page is left
    pathways: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()  # help routes to open
    languages: tuple[str, ...] = ()
    language: str = ""  # the one it is shown in; empty for the first
