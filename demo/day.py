"""The day as a play: who acts when, what happens to the centre meanwhile, and what is left to look at afterwards.

Each act is a real client in a process of its own (`demo.player`). An act asks for what only the stage can do ("stop the
centre") by a line on its standard output and goes on when it is answered.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from demo.centre import Centre
from demo.places import CALLERS, PROJECT, ROOT, SUPERVISOR, Places

ACT_SECONDS = 300


class StageError(Exception):
    """An act ended other than it should."""


def play(places: Places, centre: Centre) -> int:
    """Play the whole day; give 0 when every act ended well and the sums agree."""
    stage = {"stop the centre": centre.stop, "start the centre": centre.start}
    told: dict[str, Any] = {}
    for act, user in (("morning", CALLERS[0]), ("afternoon", CALLERS[0]), ("desk", SUPERVISOR)):
        _say(f"-- {act}: {user[1]}")
        told[act] = _act(places, centre.url, act, user[0], stage)
    held = centre.holds()
    exported = _export(places, centre)
    summary = {"acts": told, "centre": held, "corrections_workbooks": exported}
    (places.out / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _say("What the centre holds:")
    for name, count in held.items():
        _say(f"  {name.replace('_', ' '):32} {count}")
    _say(f"Corrections workbooks: {', '.join(exported) or 'none'}")
    _say(f"Pictures and summary.json: {places.out}")
    wrong = differences(told, held)
    for line in wrong:
        _say(f"WRONG: {line}")
    return 1 if wrong else 0


def differences(told: dict[str, Any], held: dict[str, Any]) -> list[str]:
    """Compare what was recorded with what the centre holds; empty when nothing is lost or doubled."""
    recorded = Counter(code for act in told.values() for code in act.get("outcomes", ()))
    corrections = sum(len(act.get("corrections", ())) for act in told.values())
    wrong = []
    if dict(recorded) != held["outcomes"]:
        wrong.append(f"recorded {dict(recorded)}, the centre holds {held['outcomes']}")
    if corrections != held["corrections"]:
        wrong.append(f"{corrections} corrections recorded, the centre holds {held['corrections']}")
    wrong += [f"{name}: {held[name]}" for name in ("changes_waiting", "changes_set_aside") if held[name]]
    if held["audit_chain"] != "whole":
        wrong.append("the audit chain is broken")
    return wrong


def _act(places: Places, url: str, act: str, user: str, stage: dict[str, Any]) -> dict[str, Any]:
    """Run one act; answers its calls for the stage; gives what it told at the end."""
    environment = {**places.environment(), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "demo.player", act, "--url", url, "--user", user, "--out", str(places.out)]
    with (places.logs / f"{act}.log").open("w", encoding="utf-8") as log:
        actor = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            told = _converse(actor, stage)
            actor.wait(ACT_SECONDS)
        finally:
            if actor.poll() is None:
                actor.kill()
                actor.wait()
    if told is None:
        tail = (places.logs / f"{act}.log").read_text(encoding="utf-8")[-3000:]
        raise StageError(f"the act {act!r} did not come to its end:\n{tail}")
    return told


def _converse(actor: "subprocess.Popen[str]", stage: dict[str, Any]) -> dict[str, Any] | None:
    assert actor.stdin is not None
    assert actor.stdout is not None
    told: dict[str, Any] | None = None
    for line in actor.stdout:
        if not line.startswith("{"):
            continue
        word = json.loads(line)
        if "ask" in word:
            stage[word["ask"]]()
            actor.stdin.write("done\n")
            actor.stdin.flush()
        if "kill" in word:  # a power cut: no goodbye, nothing flushed
            actor.kill()
            told = word["kill"]
        if "told" in word:
            told = word["told"]
    return told


def _export(places: Places, centre: Centre) -> list[str]:
    folder = places.out / "corrections"
    centre.run("export-corrections", "--project", PROJECT, "--out", str(folder))
    return sorted(path.name for path in Path(folder).glob("*.xlsx"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
