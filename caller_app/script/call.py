"""The scripts of one call together: the opening every call begins with, and the project's own once identity has passed.

What a reader would get wrong: the project's script is run only where the opening led to it, and never before the check
of this call has passed. What the opening concludes (nobody answered, rings back later, no contact) ends the call there.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caller_app.script.run import Runner, Standing
from caller_app.script.script import ById, Row, Script

# The rows of the check are asked in the tick panel; by the name of the field of the panel.
IN_PANEL = {"id_name": "full_name", "id_dob": "dob", "id_addr": "address", "id_phone": "phone", "id_nhs": "nhs_number"}
MET = {"connect": "answered", "who": "patient"}  # what a check that passed says by itself
# Whether an authority is recorded the record says, never the caller: whoever it is, is checked afterwards.
AUTHORISED = "tp_authorised"


@dataclass(frozen=True, slots=True)
class CallStanding:
    """Where a call stands in its scripts; `main` is None until the opening has led to it."""

    opened: Standing | None
    main: Standing | None
    finished: bool
    outcome: str
    because: str

    @property
    def parts(self) -> tuple[Standing, ...]:
        """Give the scripts that were run, in order."""
        return tuple(one for one in (self.opened, self.main) if one is not None)


def stand_call(
    opening: Script | None,
    script: Script | None,
    answers: Mapping[str, Any],
    *,
    check: Mapping[str, str],
    given: Mapping[str, str],
    verified: bool,
    now: datetime,
    authorised: bool = False,
) -> CallStanding:
    """Say where a call stands; `check` is the tick panel as the opening sees it, `given` what the record brings.

    `authorised`: an authority is recorded under which whoever says so may speak for the person (domain rules 2.11).
    """
    # Somebody whose identity has just been checked answered, and is the patient: nobody has to say so twice.
    met = {**MET, **answers} if verified else dict(answers)
    if met.get("who") == "proxy":
        met[AUTHORISED] = recorded_as(authorised)
    panel = {name: value for name, value in check.items() if name in IN_PANEL}
    opened = _stand(opening, {**met, **panel}, {**(given if verified else {}), **check}, now)
    main = None
    if verified and (opened is None or (opened.finished and not opened.concluded.outcome)):
        main = _stand(script, answers, given, now)
    parts = [one for one in (opened, main) if one is not None]
    concluded = next((one.concluded for one in reversed(parts) if one.concluded.outcome), None)
    led_on = main is not None or concluded is not None or (script is None and verified)
    return CallStanding(
        opened=opened,
        main=main,
        finished=bool(parts) and led_on and all(one.finished for one in parts),
        outcome=concluded.outcome if concluded else "",
        because=concluded.because if concluded else "",
    )


def recorded_as(authorised: bool) -> str:
    """Give the answer of the record to whether an authority is recorded."""
    return "y" if authorised else "n"


def of_the_check(*, verified: bool, failed: bool) -> dict[str, str]:
    """Give the tick panel as the opening's rows see it: matches only where the check stands, differs where it failed.

    Failed is failed, whatever rule the script itself would reckon with; which detail differed is not told to it.
    """
    if verified:
        return {"id_policy_min": "3", **dict.fromkeys(IN_PANEL, "match")}
    if failed:
        return {"id_policy_min": "3", **dict.fromkeys(IN_PANEL, "differs")}
    return {"id_policy_min": "3"}


def offered(script: Script, row: Row, standing: Standing, now: datetime) -> frozenset[str]:
    """Name the answers a question offers as things stand."""
    return frozenset(_runner(ById(script)).choices(row, standing, now))


def runs(script: Script) -> bool:
    """Tell whether a script can be run: a record of an older version of the program holds no trees."""
    return bool(script.expressions) or not any(
        page.relevant or any(row.relevant or row.calculation or row.constraint for row in page.rows)
        for page in script.pages
    )


def _stand(
    script: Script | None, answers: Mapping[str, Any], given: Mapping[str, Any], now: datetime
) -> Standing | None:
    if script is None or not runs(script):
        return None
    return _runner(ById(script)).stand(answers, given, now)


@functools.lru_cache(maxsize=8)
def _runner(one: ById) -> Runner:
    return Runner(one.script)
