"""Find people by any fragment of a name or a number, offline: the search tables of `list.db`.

`shown_words` answers the first letters of any word of a name, `shown_parts` any three or more characters inside a name
or a number (trigrams). Both are keyed by `shown.nr`. What was typed is never handed to FTS5 as it stands: it is folded
to plain letters and digits first, so that quotes, stars, percent signs and operators are only text that finds nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from caller_app.domain.items import Item
from caller_app.store.engine import at_once

# `secure-delete` takes a removed person out of the index at once instead of at the next merge. Nothing is ranked by how
# long its name is, so no lengths are kept.
SEARCH_TABLES: tuple[str, ...] = (
    "CREATE VIRTUAL TABLE shown_words USING fts5(words, tokenize=unicode61, prefix='1 2 3', detail=none, columnsize=0)",
    "INSERT INTO shown_words(shown_words, rank) VALUES ('secure-delete', 1)",
    'CREATE VIRTUAL TABLE shown_parts USING fts5(parts, tokenize="trigram", columnsize=0)',
    "INSERT INTO shown_parts(shown_parts, rank) VALUES ('secure-delete', 1)",
)

_FRAGMENT = 3  # a trigram table knows nothing shorter
_LONGEST = 80  # what is typed beyond this is not a name
# Apostrophes, as people and spreadsheets write them.
_SILENT = re.compile("['\u2018\u2019\u02bc\u02bb\u0060\u00b4\u02b9]")
_GAPS = re.compile(r"[\W_]+")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)


def fold_name(text: str) -> str:
    """Give a name as it is searched: lower case, accents and apostrophes gone, hyphens and dots a space."""
    if text.isascii():  # nearly every name, and a first pull folds tens of thousands
        return _GAPS.sub(" ", _SILENT.sub("", text).lower()).strip()
    plain = unicodedata.normalize("NFKD", _SILENT.sub("", text)).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAPS.sub(" ", bare).strip()


def national_digits(e164: str) -> str:
    """Give a number as people read it off their telephone: '+447700900123' is '07700900123'."""
    if e164.startswith("+44") and e164.isascii() and e164[1:].isdigit():
        return "0" + e164[3:]
    digits = "".join(letter for letter in e164 if letter.isascii() and letter.isdigit())
    return "0" + digits[2:] if e164.startswith("+44") else digits


def words_of(item: Item) -> str:
    """Give the folded name of a case: what `shown.name_fold` and `shown_words` hold."""
    return fold_name(f"{item.patient.given_name} {item.patient.family_name}")


def parts_of(name_fold: str, item: Item) -> str:
    """Give the text in which fragments are looked for: the name without its gaps, then each number."""
    return " ".join((name_fold.replace(" ", ""), *(national_digits(number.e164) for number in item.numbers)))


def index(connection: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Put (nr, words, parts) of new people into both tables; `unindex` first where a person is already there."""
    at_once(connection, "INSERT INTO shown_words", "rowid, words", [(nr, words) for nr, words, _ in rows])
    at_once(connection, "INSERT INTO shown_parts", "rowid, parts", [(nr, parts) for nr, _, parts in rows])


def unindex(connection: Connection, nrs: Iterable[int]) -> None:
    """Take people out of both tables."""
    rows = [(nr,) for nr in nrs]
    if rows:
        connection.exec_driver_sql("DELETE FROM shown_words WHERE rowid = ?", rows)
        connection.exec_driver_sql("DELETE FROM shown_parts WHERE rowid = ?", rows)


def matching(connection: Connection, typed: str, limit: int) -> list[int] | None:
    """Give the `nr` of people whom a fragment fits; None where nothing that can be searched was typed.

    Three digits or more are looked for inside numbers, everything else in names: at the start of each word, and
    anywhere inside once it has three characters.
    """
    typed = unicodedata.normalize("NFKC", typed)[:_LONGEST]
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    folded = fold_name(typed)
    if not folded:
        return None
    if digits and not any(letter.isalpha() for letter in folded):
        return _inside(connection, _as_dialled(digits), limit) if len(digits) >= _FRAGMENT else None
    by_word = " AND ".join(f'"{word}"*' for word in folded.split())
    found = list(
        connection.exec_driver_sql(
            "SELECT rowid FROM shown_words WHERE shown_words MATCH ? LIMIT ?", (by_word, limit)
        ).scalars()
    )
    inside = folded.replace(" ", "")
    if len(found) < limit and len(inside) >= _FRAGMENT:
        known = set(found)
        each = folded.split() if all(len(word) >= _FRAGMENT for word in folded.split()) else ()
        found.extend(nr for nr in _inside(connection, (inside,), limit, each) if nr not in known)
    return found[:limit]


def _as_dialled(digits: str) -> tuple[str, ...]:
    """Name the forms in which the same number may be written: 0044 and 44 stand for the leading nought."""
    if digits.startswith("0044"):
        return ("0" + digits[4:],) if len(digits) > 4 + _FRAGMENT else (digits,)
    if digits.startswith("440") and len(digits) > 5:  # +44 (0)7700 …
        return (digits, digits[2:])
    if digits.startswith("44") and len(digits) > 4:
        return (digits, "0" + digits[2:])
    return (digits,)


def _inside(connection: Connection, fragments: tuple[str, ...], limit: int, each: Sequence[str] = ()) -> list[int]:
    """Give people who have one of the fragments, or every one of `each` wherever it stands."""
    wanted = " OR ".join(f'"{fragment}"' for fragment in fragments)
    if len(each) > 1:
        wanted += " OR (" + " AND ".join(f'"{word}"' for word in each) + ")"
    return list(
        connection.exec_driver_sql(
            "SELECT rowid FROM shown_parts WHERE shown_parts MATCH ? LIMIT ?", (wanted, limit)
        ).scalars()
    )
