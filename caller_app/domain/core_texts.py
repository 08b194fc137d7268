"""Words that belong to every call: the fixed close, and what to say to somebody who fears a scam.

What a reader would get wrong: their translations were not made by a translator. `unchecked` names the languages nobody
qualified has looked at; a caller is told so beside the words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from caller_app.domain.languages import is_plain, lacking, unchecked, words_in


@dataclass(frozen=True, slots=True)
class CoreTexts:
    """`closing` holds (style, text, hint) per line, with merge fields still in them."""

    closing: tuple[tuple[str, str, str], ...]
    scam: tuple[str, ...]
    closing_words: tuple[Mapping[str, str], ...] = ()  # of each line, by language
    scam_words: Mapping[str, str] | None = None
    unchecked: tuple[str, ...] = ()

    def closing_in(self, language: str) -> tuple[tuple[str, str, str], ...]:
        """Give the close in a language; a line without words in it stays as it is and says so."""
        if is_plain(language):
            return self.closing
        lines = []
        for nr, ((style, text, hint), words) in enumerate(zip(self.closing, self.closing_words, strict=True)):
            said = words_in(words, language)
            note = "" if said else lacking(language)
            if said and nr == 0:
                note = self.note(language)
            lines.append((style, said or text, f"{note} {hint}".strip()))
        return tuple(lines)

    def scam_in(self, language: str) -> str:
        """Give what is said to somebody who fears a scam."""
        return words_in(self.scam_words or {}, language) or " ".join(self.scam)

    def note(self, language: str) -> str:
        """Say that the product's words in a language were not checked, blank where they were."""
        return unchecked(language) if words_in(dict.fromkeys(self.unchecked, "yes"), language) else ""


def read_core_texts(text: str) -> CoreTexts:
    """Read the texts from their resource."""
    said = tomllib.loads(text)
    closing = tuple((one["style"], one["text"], one.get("hint", "")) for one in said["closing"])
    return CoreTexts(
        closing=closing,
        scam=tuple(said["scam"]["say"]),
        closing_words=tuple(one.get("words", {}) for one in said["closing"]),
        scam_words={language: " ".join(words) for language, words in said["scam"].get("words", {}).items()},
        unchecked=tuple(said.get("languages", {}).get("unchecked", ())),
    )
