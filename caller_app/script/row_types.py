"""The cell `type` of a row: what kind of row it is and, for a choice, which list of answers it takes.

What a reader would get wrong: XLSForm knows three times as many types. What a call cannot use (repeats, media, answers
that stand in another file, what a telephone notes by itself) is refused with its reason, not only as unknown.
"""

from collections.abc import Iterable

from caller_app.script.findings import Findings
from caller_app.script.nearest import nearest
from caller_app.script.script import VISIBLE
from caller_app.script.sheets import Line

TYPES = VISIBLE | {"calculate", "hidden"}
GROUPS = ("begin_group", "end_group")
_LISTED = ("select_one", "select_multiple")
_WHY = {
    "a page is shown once in a call: nothing can be repeated": ("repeat",),
    "answers stand on the sheet choices, not in another file": ("external", "_from_file", "search"),
    "a call has no pictures, sounds or files": ("image", "audio", "video", "file", "barcode", "qrcode"),
    "a call has no places on a map": ("geopoint", "geotrace", "geoshape", "osm"),
    "the program notes by itself who called, when and from where": (
        "start", "end", "today", "deviceid", "username", "phonenumber", "email", "simserial", "subscriberid", "audit",
    ),
    "it has no keys on the telephone": ("range", "rank", "acknowledge", "trigger", "time", "datetime"),
}  # fmt: skip


def said_type(line: Line) -> str:
    """Give the type as it is compared: one space between words, groups with an underscore."""
    said = " ".join(line.text("type").split())
    return {"begin group": "begin_group", "end group": "end_group"}.get(said, said)


def read_type(line: Line, said: str, lists: Iterable[str], found: Findings) -> tuple[str, str] | None:
    """Give the kind of a row and its list of answers; None, and a finding, where it is none of ours."""
    kind, _, rest = said.partition(" ")
    if kind in GROUPS:
        _error(line, f"{rest[:40]} stands behind {kind}", f"write {kind} alone, and the name in the column name", found)
    elif kind not in TYPES:
        _wrong(line, said, kind, found)
    elif kind in _LISTED:
        _list(line, kind, rest, tuple(lists), found)
        return kind, rest
    elif rest:
        _error(line, f"{rest[:40]} stands behind {kind}, which takes no list", f"write {kind} alone", found)
    else:
        return kind, ""
    return None


def _list(line: Line, kind: str, rest: str, lists: tuple[str, ...], found: Findings) -> None:
    if rest in lists:
        return
    remedy = f"the lists are {', '.join(lists[:8])[:200]}" if lists else "add the list"
    if not rest:
        what = f"{kind} names no list of answers"
    elif rest.endswith((" or_other", " or other")):
        what = "or_other cannot be used in a call"
        remedy = "add an answer Other to the list, and a question of type text that is shown for it"
    elif " " in rest:
        what, remedy = f"{rest[:40]} is more than the name of one list", f"write it like {kind} yes_no"
    else:
        what = f"the list of answers {rest[:40]} is not on the sheet choices"
        near = nearest(rest, lists)
        remedy = f"perhaps {near} is meant" if near else remedy
    found.error(line.place("type"), "list_unknown", what, remedy)


def _wrong(line: Line, said: str, kind: str, found: Findings) -> None:
    if not said:
        _error(line, "the type is missing", f"write one of {', '.join(sorted(TYPES))}", found)
        return
    why = _why(said.lower())
    near = "" if why else nearest(kind.lower(), sorted(TYPES))
    if why:
        _error(line, f"the type {said[:40]} cannot be used: {why}", "ask for it in words, or leave it out", found)
    else:
        what = f"the type {said[:40]} is not known here"
        _error(line, what, f"perhaps {near} is meant" if near else f"the types are {', '.join(sorted(TYPES))}", found)


def _why(said: str) -> str:
    kind = said.partition(" ")[0]
    for why, words in _WHY.items():
        if any(word in said for word in words if word in ("repeat", "external", "_from_file", "audio", "image")):
            return why
        if kind in words:
            return why
    return "it would note where the call is" if kind.startswith("start-") else ""


def _error(line: Line, what: str, remedy: str, found: Findings) -> None:
    found.error(line.place("type"), "type_unknown", what, remedy)
