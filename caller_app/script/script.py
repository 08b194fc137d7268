"""A script as it is frozen: pages of rows with their conditions as written, and the tree of every expression.

What a reader would get wrong: `expressions` holds the trees by what was written, so that a workstation needs no parser
and a later version runs the very script a call was made with. The id follows from the content: the same words are the
same script wherever they were read; the trees follow from the words and are not part of it.
"""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

_SPACE = uuid.UUID("6f1c0d3e-52b5-5c3f-9a77-3d6f0a2f8e11")
VISIBLE = frozenset({"note", "select_one", "select_multiple", "integer", "decimal", "text", "date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of a question."""

    value: str
    label: str
    sets_outcome: str = ""
    pathway: str = ""
    labels: dict[str, str] = field(default_factory=dict)  # by language, where there are translations
    columns: dict[str, str] = field(default_factory=dict)  # what a choice filter looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the survey sheet; `cell` is where it stands, for what has to be said about it."""

    type: str
    name: str
    label: str = ""
    hint: str = ""
    style: str = ""  # say | ask | instruct | warn
    relevant: str = ""
    constraint: str = ""
    constraint_message: str = ""
    required: bool = False
    calculation: str = ""
    choices: tuple[Choice, ...] = ()
    sets_outcome: str = ""
    raises: str = ""
    cell: str = ""
    pathway: str = ""
    default: str = ""
    appearance: str = ""
    choice_filter: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)  # the constraint's message by language

    @property
    def visible(self) -> bool:
        """Tell whether the row is shown to a caller."""
        return self.type in VISIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One group of the workbook; rows that stand in no group make a page without a title."""

    name: str
    title: str = ""
    relevant: str = ""
    rows: tuple[Row, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One immutable script."""

    script_id: str
    form_id: str
    title: str
    version: str
    sha256: str
    pages: tuple[Page, ...]
    languages: tuple[
        str, ...
    ] = ()  # the first one is spoken unless another is chosen; none where nothing is translated
    expressions: dict[str, list[Any]] = field(default_factory=dict)  # what was written -> its tree

    @property
    def cited(self) -> str:
        """The name an attempt cites: form and version."""
        return f"{self.form_id}/{self.version}"

    def rows(self) -> tuple[Row, ...]:
        """Give every row in order."""
        return tuple(row for page in self.pages for row in page.rows)

    def row(self, name: str) -> Row | None:
        """Give the row with this name."""
        return next((row for row in self.rows() if row.name == name), None)


def frozen(
    form_id: str,
    title: str,
    version: str,
    pages: tuple[Page, ...],
    *,
    languages: tuple[str, ...] = (),
    expressions: dict[str, list[Any]] | None = None,
) -> Script:
    """Freeze pages into a script whose id and hash follow from what it says."""
    said = json.dumps(
        [form_id, title, version, languages, [asdict(page) for page in pages]], sort_keys=True, ensure_ascii=False
    )
    digest = hashlib.sha256(said.encode()).hexdigest()
    return Script(
        script_id=str(uuid.uuid5(_SPACE, digest)),
        form_id=form_id,
        title=title,
        version=version,
        sha256=digest,
        pages=pages,
        languages=languages,
        expressions=expressions or {},
    )


class ById:
    """A script told apart by its id, which its content decides: what is made of it once is kept under this."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __hash__(self) -> int:
        return hash(self.script.script_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ById) and other.script.script_id == self.script.script_id
