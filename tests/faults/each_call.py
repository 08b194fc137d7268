"""Fails the 1st, 2nd, 3rd ... call to the disk of one kind in one piece of work, each in a process of its own.

Runs beneath power/layer.c and forks, so that what is slow to begin is begun once. Prints one JSON line for each piece
of work and kind: how many calls were failed, and how often the person was told that it did not work.
"""

import ctypes
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.faults.promises import Promises, check
from tests.faults.recorder import Recorder

WORKS = ("opening", "record", "act", "draft", "page", "push", "grow_old", "fold")
KINDS = "SWTU"
TOLD = 10


def main() -> None:
    """Do it for the pieces of work and kinds named; ends with 1 at the first that breaks a promise."""
    folder, works, kinds = Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3]
    base = folder / "base"
    base.mkdir()
    recorder = Recorder(base, seed=5)
    for work in ("page", "act", "record", "page", "push", "record", "act"):
        getattr(recorder, work)()
    recorder.store.close()
    for work in works:
        for kind in kinds:
            failed = told = 0
            while (came := one_failing(base, folder / "now", work, kind, failed + 1)) is not None:
                failed += 1
                told += came
            sys.stdout.write(json.dumps({"work": work, "kind": kind, "failed": failed, "told": told}) + "\n")


def one_failing(base: Path, now: Path, work: str, kind: str, at: int) -> int | None:
    """Fail one call; None where the work has fewer, otherwise whether the person was told."""
    shutil.rmtree(now, ignore_errors=True)
    shutil.copytree(base, now)
    shutil.rmtree(now.with_name("record"), ignore_errors=True)
    code = forked(lambda: work_with(now, work, kind, at))
    if code == 1:
        raise SystemExit(f"a bug in {work}, call {kind} number {at}")
    if code == 0:
        return None
    said = (now / "announced").read_text(encoding="ascii").splitlines()
    if forked(lambda: held(now, said) or done_again(now, work)):
        raise SystemExit(f"a promise is broken after {work}, call {kind} number {at}")
    return code - TOLD


def work_with(now: Path, work: str, kind: str, at: int) -> int:
    layer = ctypes.CDLL(None)
    fails = lambda: layer.power_fails(str(now).encode(), str(now.with_name("record")).encode(), ord(kind), at)  # noqa: E731
    if work == "opening":
        fails()
        try:
            recorder = Recorder(now, seed=at)
        except Exception as fault:  # noqa: BLE001 - judged below
            return told_in_words(fault, layer)
    else:
        recorder = Recorder(now, seed=at)
        if work == "fold":  # in both files there is something to fold, and in the list's room to give back
            recorder.act()
            recorder.push()
        fails()
        recorder.attempt(work)
    recorder.store.close()
    return TOLD + recorder.failed if layer.power_failed() else 0


def told_in_words(fault: Exception, layer: ctypes.CDLL) -> int:
    from caller_app.base.errors import Unavailable

    if not isinstance(fault, Unavailable) or not layer.power_failed():
        raise fault
    return TOLD + 1


def held(now: Path, said: list[str]) -> int:
    check(now / "profile", Promises(said, said))
    return 0


def done_again(now: Path, work: str) -> int:
    recorder = Recorder(now, seed=99)
    if work != "opening":
        getattr(recorder, work)()
    recorder.act()
    recorder.store.close()
    said = (now / "announced").read_text(encoding="ascii").splitlines()
    return held(now, said)


def forked(work: Callable[[], int]) -> int:
    """Run something in a copy of this process and give its exit code; 1 where it raised."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 1
        try:
            code = work()
        except BaseException:  # noqa: BLE001 - what a copy of this process raises ends there
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
