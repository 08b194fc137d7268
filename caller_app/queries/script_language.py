"""In which languages a call can be held, and what the caller is told where words are missing or unchecked.

What a reader would get wrong: the languages are those of the project's script. The opening may be translated into more;
nobody is greeted in a language the call cannot go on in. Only what is read aloud counts as missing: hints and the
questions of the opening are for the caller.
"""

from collections.abc import Mapping
from dataclasses import replace

from caller_app.domain.core_texts import CoreTexts
from caller_app.domain.languages import PLAIN, is_plain, lacking, words_in
from caller_app.queries.script_rows import ScriptLine
from caller_app.script.script import Row, Script

_READ_OPENING = frozenset({"say"})
_READ_PROJECT = frozenset({"say", "ask"})


def languages_of(script: Script | None) -> tuple[str, ...]:
    """Give the languages to choose among; words without one, beside translations, are a language as well."""
    if script is None or not script.languages:
        return ()
    first = script.languages[0]
    plain = any(row.labels and row.labels.get(first) != row.label for row in script.rows())
    return tuple(dict.fromkeys((PLAIN, *script.languages))) if plain else script.languages


def reading(language: str, languages: tuple[str, ...]) -> str:
    """Give the language that is read now: the one chosen, as long as the script has it, else its first."""
    return language if language in languages else languages[0] if languages else ""


def spoken(words: Mapping[str, str], plain: str, language: str) -> str:
    """Give the words in a language, or as they are where there are none."""
    return words_in(words, language) or plain


def told(line: ScriptLine, row: Row, language: str, *, opening: bool) -> ScriptLine:
    """Tell the caller where a line that is read aloud has no words in the language of the call."""
    if is_plain(language) or row.style not in (_READ_OPENING if opening else _READ_PROJECT) or not row.label:
        return line
    if words_in(row.labels, language):
        return line
    return replace(line, hint=f"{lacking(language)} {line.hint}".strip())


def noted(
    lines: tuple[ScriptLine, ...], rows: Mapping[str, Row], core: CoreTexts, language: str
) -> tuple[ScriptLine, ...]:
    """Tell once a page that nobody qualified has looked at the product's words in a language."""
    note = core.note(language)
    for nr, line in enumerate(lines):
        if note and words_in(rows[line.name].labels, language):
            return (*lines[:nr], replace(line, hint=f"{note} {line.hint}".strip()), *lines[nr + 1 :])
    return lines
