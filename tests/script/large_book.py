"""A script as large as one may ever be: 5,000 rows of pages with conditions, questions and words to read aloud."""

import random
from pathlib import Path
from typing import Any

from tests.script.books import book

_WORDS = (
    "about after again appointment because before call clinic could course date diabetes early every feel "
    "free from group healthy help invite know later letter like local meet might month morning nurse "
    "offer often people person practice programme question ready really session should some speak start "
    "step support talk team thank their time today weight well when which would week your "
)
WORDS = tuple(_WORDS.split())
PER_PAGE = 8
HEADINGS = [
    "type",
    "name",
    "label",
    "relevant",
    "required",
    "hint",
    "style",
    "constraint",
    "calculation",
    "sets_outcome",
]
CHOICES = [
    ["list_name", "name", "label"],
    *(["yn", one, one] for one in ("y", "n")),
    *(["some", one, one] for one in ("one", "two", "three")),
]


def large_book(path: Path, rows: int, *, form_id: str = "a_large_test", version: int = 2027010101) -> Path:
    """Write a script of so many rows; every page asks whether to go on, and the last row ends the call."""
    chance = random.Random(rows)

    def said(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count)).capitalize() + "."

    survey: list[list[Any]] = [HEADINGS, ["hidden", "pt_first"]]
    page = 0
    while len(survey) + PER_PAGE + 2 < rows:
        page += 1
        go_on = f"a{page}_0"
        hangs_on = f"${{a{page - 1}_0}} != 'n'" if page % 3 == 0 else None
        survey.append(["begin_group", f"p{page}", f"Page {page}", hangs_on])
        survey.append(["select_one yn", go_on, said(8), None, "yes", None, "ask"])
        then = f"${{{go_on}}} = 'y'"
        survey.append(["note", f"a{page}_1", said(25), then, None, said(6), "say"])
        survey.append(["integer", f"a{page}_2", said(10), then, None, None, "ask", ". >= 0 and . < 300"])
        survey.append(["note", f"a{page}_3", said(20), f"${{a{page}_2}} > 5", None, None, "say"])
        survey.append(["select_one some", f"a{page}_4", said(10), then, None, said(5), "ask"])
        worth = f"if(${{a{page}_2}} > 5, 'y', 'n')"
        survey.append(["calculate", f"a{page}_5", None, None, None, None, None, None, worth])
        survey.append(["select_multiple some", f"a{page}_6", said(12), then, None, None, "ask"])
        survey.append(["note", f"a{page}_7", said(15), f"${{a{page}_5}} = 'y'", None, None, "say"])
        survey.append(["end_group", f"p{page}"])
    survey += [["note", f"more{nr}", said(10)] for nr in range(rows - len(survey))]
    survey.append(["note", "bye", "Goodbye.", None, None, None, "say", None, None, "D01"])
    settings = [["form_title", "form_id", "version"], ["A large test", form_id, version]]
    return book(path, survey=survey, choices=CHOICES, settings=settings)
