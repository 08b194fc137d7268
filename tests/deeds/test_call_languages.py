"""A call in another language: all that is read aloud changes with it, and what cannot is said to the caller."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caller_app.base.paths import resource_text
from caller_app.commands.calls import open_call, reveal_check_panel, tick_identity
from caller_app.domain.core_texts import read_core_texts
from caller_app.domain.languages import words_in
from caller_app.queries.objections import what_if
from caller_app.queries.script_path import script_path
from caller_app.queries.script_rows import ScriptLine, ScriptPath
from caller_app.script.compile import read_script
from tests.deeds.rig import PASSING, Rig, case, item, opened, project, scripts
from tests.deeds.test_speaking_for import child, mother
from tests.script.books import PACKS, book

SURVEY: list[list[Any]] = [
    ["type", "name", "label", "label::Polish (pl)", "label::Romanian", "required", "style", "sets_outcome"],
    ["hidden", "pt_first"],
    ["begin_group", "why", "Why", "Dlaczego", "De ce"],
    ["note", "hello", "Hello ${pt_first}", "Witam ${pt_first}", "Salut ${pt_first}", None, "say"],
    ["select_one yn", "keen", "Keen?", "Chętnie?", "Doriți?", "yes", "ask"],
    ["note", "bye", "That was it.", "To wszystko.", None, None, "say", "D01"],
    ["end_group", "why"],
]
CHOICES: list[list[Any]] = [
    ["list_name", "name", "label", "label::Polish (pl)"],
    ["yn", "y", "Yes", "Tak"],
    ["yn", "n", "No", "Nie"],
]
FOR_THE_CALLER = {"vm_say"}  # its wording is the project's, agreed by its information governance lead
TRANSLATED = ("Polish", "Romanian")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    script = read_script(book(tmp_path / "s.xlsx", survey=SURVEY, choices=CHOICES))
    with opened(tmp_path / "profile", item()) as made:
        made.take_scripts(script)
        made.take_project(replace(project(), script_id=script.script_id))
        yield made


def path(rig: Rig, language: str, **answers: Any) -> ScriptPath:
    found: ScriptPath = rig.read(script_path, case_id=case(), answers=answers, language=language)
    return found


def lines(found: ScriptPath) -> dict[str, ScriptLine]:
    return {line.name: line for page in found.pages for line in page.lines}


def verified(rig: Rig) -> None:
    rig.call()
    rig.write(reveal_check_panel, case_id=case())
    rig.write(tick_identity, case_id=case(), ticks=PASSING)


def test_the_languages_of_a_call_are_those_of_the_projects_script_from_its_first_word(rig: Rig) -> None:
    rig.call()
    found = path(rig, "Polish (pl)", connect="answered")
    assert found.languages == ("English", "Polish (pl)", "Romanian")
    assert lines(found)["ask_for"].text.startswith("Dzień dobry")
    assert lines(path(rig, "", connect="answered"))["ask_for"].text.startswith("Hello")


def test_nobody_is_greeted_in_a_language_the_call_cannot_go_on_in(tmp_path: Path) -> None:
    opening, _main = scripts()
    assert opening.languages == TRANSLATED
    with opened(tmp_path, item()) as rig:
        rig.call()
        found = path(rig, "Polish", connect="answered")
        assert found.languages == ()
        assert lines(found)["ask_for"].text.startswith("Hello")


@pytest.mark.parametrize("language", ["Polish (pl)", "Romanian"])
def test_switching_in_the_middle_switches_all_that_is_read_aloud_and_keeps_what_was_answered(
    rig: Rig, language: str
) -> None:
    verified(rig)
    answers = {"ready": "yes", "keen": "y"}
    plain, other = lines(path(rig, "English", **answers)), lines(path(rig, language, **answers))
    assert plain.keys() == other.keys()
    read = {name for name, line in plain.items() if line.style == "say" or name.startswith("close_")} | {"keen"}
    assert {"ask_for", "id_say", "intro_say", "hello", "close_1", "close_6"} <= read
    same = {name for name in read if plain[name].text == other[name].text}
    assert same == ({"bye"} if language == "Romanian" else set())
    assert "Siân" in other["hello"].text
    assert not any(line.missing for line in other.values())
    assert path(rig, language, **answers).said[-1].answer == ("Tak" if language == "Polish (pl)" else "Yes")


def test_a_line_without_words_in_the_language_says_so_beside_its_plain_words(rig: Rig) -> None:
    verified(rig)
    line = lines(path(rig, "Romanian", ready="yes", keen="y"))["bye"]
    assert (line.text, line.hint) == ("That was it.", "There are no Romanian words for this.")
    assert lines(path(rig, "English", ready="yes", keen="y"))["bye"].hint == ""


def test_words_nobody_has_checked_are_marked_once_a_page(rig: Rig) -> None:
    verified(rig)
    for page in path(rig, "Romanian", ready="yes", keen="y").pages:
        marked = [line.name for line in page.lines if "not been checked by a translator" in line.hint]
        wanted = {"p_who": ["ask_for"], "p_id": ["id_say"], "p_intro": ["intro_say"], "close": ["close_1"]}
        assert marked == wanted.get(page.name, [])


def test_a_message_keeps_the_wording_that_was_agreed_and_says_that_it_has_no_other(rig: Rig) -> None:
    rig.call()
    found = lines(path(rig, "Romanian", connect="voicemail", vm_greeting="own"))["vm_say"]
    plain = lines(path(rig, "English", connect="voicemail", vm_greeting="own"))["vm_say"]
    assert found.text == plain.text


def test_who_fears_a_scam_is_answered_in_the_language_of_the_call(rig: Rig) -> None:
    verified(rig)
    found = rig.read(what_if, case_id=case(), language="Polish (pl)")
    scam = next(one for one in found if one.about == "Fears a scam")
    assert "Nie poproszę" in scam.text
    assert "not been checked" in scam.hint
    plain = rig.read(what_if, case_id=case(), language="Welsh")
    assert "I will not ask" in next(one for one in plain if one.about == "Fears a scam").text


def test_whoever_asks_for_a_child_asks_for_a_parent_in_every_language(rig: Rig) -> None:
    rig.receive(child(mother()), ver=2)
    rig.write(open_call, case_id=case())
    for language in ("English", "Romanian"):
        words = lines(path(rig, language, connect="answered"))["ask_for"].text
        assert "May I speak to a parent or guardian of Siân" in words


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_products_own_words_are_all_there_in_each_of_its_languages_with_the_same_fields(language: str) -> None:
    core = read_core_texts(resource_text("core_texts.toml"))
    pairs = [
        (text, words_in(words, language)) for (_, text, _), words in zip(core.closing, core.closing_words, strict=True)
    ]
    pairs.append((" ".join(core.scam), words_in(core.scam_words or {}, language)))
    opening = read_script(PACKS / "core_call_flow.xlsx")
    pairs += [
        (row.label, words_in(row.labels, language))
        for row in opening.rows()
        if row.style == "say" and row.name not in FOR_THE_CALLER
    ]
    for plain, words in pairs:
        assert words, plain
        assert words != plain
        assert sorted(re.findall(r"\$\{\w+\}", words)) == sorted(re.findall(r"\$\{\w+\}", plain))
    assert core.note(language), "take it off the list of unchecked languages, and this line, once it was checked"


def test_a_languages_name_is_the_same_with_a_code_and_in_small_letters() -> None:
    words = {"Polish (pl)": "Tak", "Welsh": "Ie", "English": ""}
    assert (words_in(words, "polish"), words_in(words, "Welsh (cy)")) == ("Tak", "Ie")
    assert (words_in(words, "Polish (pl)"), words_in(words, ""), words_in(words, "Urdu")) == ("Tak", "", "")
