"""Pictures of the call on its script: pages of every pack as the real queries give them, their ends, objections.

What a reader would get wrong: the store is real but only read while the picture is made; the window gets what it
answered. So no thread outlives a picture.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from caller_app.base.paths import resource_path
from caller_app.commands.calls import reveal_check_panel, save_page, tick_identity
from caller_app.domain.items import Authority, Item
from caller_app.queries.cards import card
from caller_app.queries.catalogue import outcome_form, outcome_pad
from caller_app.queries.objections import what_if
from caller_app.queries.rows import OutcomeForm
from caller_app.script.compile import read_script
from caller_app.script.script import Script
from tests.deeds import rig as deeds
from tests.support import calling_rows as rows
from tests.support.gallery import SIZES, Stage, picture
from tests.support.gallery_calling import framed, screen, settle
from ui.screens.calling.screen import CallingScreen

PROXY = Authority(
    authority_id="a1", kind="lpa_health", name="Nerys O'Testwell", relationship="daughter", from_on="2026-01-01",
    until_on="2026-12-31", may_agree=True, limits="money",
)  # fmt: skip
MACHINE = {"connect": "voicemail", "vm_greeting": "own"}
MET = {"connect": "answered", "who": "patient", "ready": "yes"}
KEEN = MET | {"aware": "yes", "interest": "yes"}
CHECKED = KEEN | {"excl": ["none"], "light": "y", "weight_kg": "92", "height_cm": "171"}
AGREED = CHECKED | {"path": ["dpp_refer"], "consent_share": "y", "follow": "sms"}
DPP, TT, VACC = "diabetes_prevention", "talking_therapies", "winter_vaccination"
FACTS: dict[str, dict[str, Any]] = {
    DPP: {"hba1c_mmol_mol": 44.0, "hba1c_date": "2026-01-15", "has_htn": True, "bmi": 31.4},
    TT: {"carer_flag": True},
    VACC: {"carer_flag": True, "pregnant": False, "housebound": True},
}


def on_script(
    stage: Stage,
    pack: str,
    answers: dict[str, Any],
    *,
    page: str = "",
    verified: bool = True,
    change: Callable[[Script], Script] = lambda one: one,
    language: str = "",
    counted: int = 0,
    authorities: tuple[Authority, ...] = (),
    revealed: bool = False,
    **facts: Any,
) -> CallingScreen:
    """A call on a pack's script with these answers, at a page by its name (else the first that is not done)."""
    main = change(read_script(resource_path(f"packs/{pack}.xlsx")))
    project = replace(deeds.project(), script_id=main.script_id, campaign=pack)
    project = project if pack == DPP else replace(project, pathways=(), hold=(), name="Outreach, spring 2026")
    project = replace(project, merge={**project.merge, "use_screen": "y", "tt_min_age": "16"})
    with deeds.opened(stage.folder / "store") as rig:
        rig.take_scripts(main)
        rig.take_project(project)
        rig.receive(replace(_person(FACTS[pack] | facts), counted_attempts=counted, authorities=authorities))
        rig.call()
        if authorities:
            rig.write(save_page, case_id=deeds.case(), page=1, answers=answers)
        if verified or revealed:
            rig.write(reveal_check_panel, case_id=deeds.case())
        if verified:
            theirs = {f"proxy:{one.authority_id}": "matches" for one in authorities[:1]}
            rig.write(tick_identity, case_id=deeds.case(), ticks={**deeds.PASSING, **theirs})
        rig.write(save_page, case_id=deeds.case(), page=99, answers=answers, language=language)
        shown = rig.read(card, case_id=deeds.case())
        found = rig.read(what_if, case_id=deeds.case())
        pad = rig.read(outcome_pad, case_id=deeds.case())
        forms = {
            code: rig.read(outcome_form, case_id=deeds.case(), code=code)
            for code in {shown.script.outcome, "A01", "R04"} - {""}
        }
    pages = [one.name for one in shown.script.pages]
    open_at = next((at for at, one in enumerate(shown.script.pages) if not one.done), len(pages) - 1)
    at = pages.index(page) if page else open_at

    def form(code: str, **_: Any) -> OutcomeForm:
        return forms.get(code) or rows.form(code)

    made = screen(replace(shown, page=at), outcome_pad=pad, what_if=found, outcome_form=form)
    made.turn_to("script")
    settle()
    return made


def _person(facts: dict[str, Any]) -> Item:
    known = deeds.item()  # called as the list beside it has them
    called = replace(known.patient, given_name="Ravi", family_name="Sharma", sex="male", language="pa")
    return replace(known, patient=replace(called, campaign=facts))


def with_proxy(stage: Stage, answers: dict[str, Any], *, verified: bool, page: str = "") -> CallingScreen:
    """A call with somebody who speaks for the person; not verified: the panel is open and asks who they are."""
    return on_script(stage, DPP, {"connect": "answered", "who": "proxy"} | answers, verified=verified, page=page,
                     revealed=not verified, authorities=(PROXY,))  # fmt: skip


def _then(made: CallingScreen, act: Callable[[CallingScreen], object]) -> QWidget:
    act(made)
    settle()
    return made


def _key(key: Qt.Key) -> Callable[[CallingScreen], None]:
    return lambda made: QTest.keyClick(made.card_pane.script, key)


def _to_the_end(made: CallingScreen) -> None:
    bar = made.card_pane.script._area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _low, high: bar.setValue(high))
    bar.setValue(bar.maximum())


def _pad(made: CallingScreen) -> None:
    made.presenter.recording.on_pad_wanted()


def _in_polish(script: Script) -> Script:
    said = {
        "why_say": "Miał Pan badanie krwi w ${practice_name}. Wynik sugeruje większe ryzyko cukrzycy typu 2 w "
        "najbliższych latach. To częste i wiele może pomóc. Czy ktoś już z Panem o tym rozmawiał?",
        "aware": "Czy wiedział?",
        "interest": "Czy chciałby Pan usłyszeć o bezpłatnym programie, który pomaga zmniejszyć to ryzyko?",
    }
    pages = tuple(
        replace(
            page,
            titles={"Polish": "Dlaczego dzwonimy"} if page.name == "why" else {},
            rows=tuple(
                replace(row, labels={"Polish": said[row.name]}) if row.name in said else row for row in page.rows
            ),
        )
        for page in script.pages
    )
    return replace(script, pages=pages, languages=("English", "Polish"), script_id="polish")


def _long(script: Script) -> Script:
    words = "Let me tell you what it is, who runs it, what it costs and how you would take part in it. "
    pages = tuple(
        replace(page, rows=tuple(replace(row, label=words * 6) if row.name == "why_say" else row for row in page.rows))
        for page in script.pages
    )
    return replace(script, pages=pages, script_id="long")


NEITHER = MET | {"had": ["neither"]}
LISTENS = MET | {"interest": "yes", "risk": "none", "phq1": "1"}
ASKED = LISTENS | {"phq2": "0", "gad1": "2", "gad2": "0", "notfor": ["none"]}
FAULTY = KEEN | {"excl": ["none", "pregnant"], "light": "y", "weight_kg": "8"}
REFUSES = KEEN | {"interest": "no", "why_not": "no_need", "interest2": "no", "decline_kind": "not_now"}
SCRIPTS: dict[str, Callable[[Stage], QWidget]] = {
    "script_connect": lambda s: on_script(s, DPP, {}, verified=False),
    "script_no_answer": lambda s: on_script(s, DPP, {"connect": "noanswer"}, verified=False),
    "script_no_message": lambda s: _then(on_script(s, DPP, MACHINE, verified=False), _to_the_end),
    "script_message": lambda s: _then(on_script(s, DPP, MACHINE, verified=False, counted=1), _to_the_end),
    "script_proxy": lambda s: _then(
        on_script(s, DPP, {"connect": "answered", "who": "proxy"}, verified=False), _to_the_end
    ),
    "script_proxy_check": lambda s: with_proxy(s, {}, verified=False),
    "script_proxy_intro": lambda s: with_proxy(s, {}, verified=True),
    "script_listened": lambda s: _then(
        on_script(s, DPP, {**MET, "ready": "listened", "listen_ok": "n"}, page="p_intro"), _to_the_end
    ),
    "script_who": lambda s: on_script(s, DPP, {"connect": "answered"}, verified=False),
    "script_third_party": lambda s: on_script(s, DPP, {"connect": "answered", "who": "other_knows"}, verified=False),
    "script_identity": lambda s: on_script(s, DPP, {"connect": "answered", "who": "patient"}, verified=False),
    "script_intro": lambda s: on_script(s, DPP, MET, page="p_intro"),
    "script_dpp_why": lambda s: on_script(s, DPP, MET | {"aware": "no"}),
    "script_dpp_long": lambda s: on_script(s, DPP, MET, change=_long),
    "script_dpp_objection": lambda s: on_script(s, DPP, KEEN | {"interest": "unsure", "why_not": "travel"}),
    "script_dpp_faults": lambda s: on_script(s, DPP, FAULTY),
    "script_dpp_missing": lambda s: _then(on_script(s, DPP, KEEN), _key(Qt.Key.Key_Return)),
    "script_dpp_offer": lambda s: on_script(s, DPP, CHECKED | {"path": ["dpp_refer"]}),
    "script_dpp_close": lambda s: on_script(s, DPP, AGREED),
    "script_dpp_decline": lambda s: on_script(s, DPP, REFUSES, page="decline"),
    "script_dpp_held": lambda s: on_script(s, DPP, MET, hba1c_mmol_mol=52.0),
    "script_tt_why": lambda s: on_script(s, TT, MET),
    "script_tt_risk": lambda s: _then(on_script(s, TT, LISTENS | {"risk": "thoughts"}, page="mood"), _to_the_end),
    "script_tt_questions": lambda s: on_script(s, TT, LISTENS),
    "script_tt_offer": lambda s: on_script(s, TT, ASKED | {"path": ["self_online", "social_rx"]}),
    "script_vacc_had": lambda s: on_script(s, VACC, MET | {"had": ["flu"], "had_date": "2026-02-03"}, page="why"),
    "script_vacc_barrier": lambda s: on_script(
        s, VACC, NEITHER | {"plan": "unsure", "barrier": "side_effects"}, page="intent"
    ),
    "script_vacc_offer": lambda s: on_script(s, VACC, NEITHER | {"plan": "yes"}),
    "script_language": lambda s: on_script(s, DPP, MET, change=_in_polish, language="Polish"),
    "script_answers": lambda s: _then(on_script(s, DPP, CHECKED), _key(Qt.Key.Key_A)),
    "script_what_if": lambda s: _then(on_script(s, DPP, KEEN), lambda one: one.presenter.script.on_what_if()),
    "script_what_if_none": lambda s: _then(
        on_script(s, DPP, KEEN),
        lambda one: (one.presenter.script.on_what_if(), settle(), one.what_if_pane().search.setText("zzz")),
    ),
    "script_pad_derived": lambda s: _then(on_script(s, DPP, AGREED), _pad),
    "script_pad_unfinished": lambda s: _then(on_script(s, DPP, KEEN), _pad),
    "script_form": lambda s: _then(on_script(s, DPP, AGREED), lambda one: one.presenter.recording.on_end_reached()),
    "script_refused": lambda s: _then(
        on_script(s, DPP, AGREED), lambda one: one.presenter.recording.on_outcome_chosen("D01")
    ),
}  # fmt: skip

_LARGE = ("script_connect", "script_dpp_offer", "script_dpp_close", "script_tt_risk", "script_vacc_had")
for _name, _make in SCRIPTS.items():
    picture(_name, sizes=SIZES if _name in _LARGE else SIZES[:1])(lambda stage, make=_make: framed(make(stage)))
