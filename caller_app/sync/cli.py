"""`caller-sync once | outbox`: the workstation's sync without a window, for support and for tests. No Qt.

`once` runs one pass for the person last signed in, with the sign-in kept from last time or a password given on
standard input. `outbox` prints what waits, by id and kind, never what it says.

Exit codes: 0 done, nothing is unsent; 1 done, something is still unsent; 2 wrong use; 3 a password is needed; 4 the
centre cannot be reached, is busy or has a fault; 5 this workstation or account may keep no list any more; 6 something
on this computer is in the way (the files are in use or damaged, the disk is full, the program is installed in part).
"""

import argparse
import sys
from collections.abc import Sequence

from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable

DONE, UNSENT, USAGE, PASSWORD, UNREACHABLE, BARRED, HERE = range(7)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="caller-sync",
        description="Send and fetch without a window.",
        epilog="Exit codes: 0 nothing is unsent, 1 something is, 2 wrong use, 3 password needed, 4 centre not reached, "
        "5 barred, 6 something on this computer is in the way.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    once = commands.add_parser("once", help="run one pass: send what waits, fetch what is new")
    once.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    commands.add_parser("outbox", help="list what waits, by id and kind")
    given = parser.parse_args(arguments)
    try:
        from caller_app.sync.cli_work import run
    except ModuleNotFoundError as fault:
        if (fault.name or "").startswith("caller_app"):
            raise
        return _said(f"This installation has no workstation in it ({fault.name} is missing): install "
                     "caller-app[workstation].", HERE)  # fmt: skip
    try:
        sent = run(given.command, print, password_stdin=getattr(given, "password_stdin", False))
    except (Refused, Unavailable) as fault:
        return _said(fault.sentence, _code(fault))
    return DONE if sent else UNSENT


def _code(fault: Refused | Unavailable) -> int:
    from caller_app.sync.faults import Busy, CentreFailed, DeviceLost, NotServed, Rejected

    if isinstance(fault, SignInNeeded):
        return PASSWORD
    if isinstance(fault, NotServed):
        return BARRED
    if isinstance(fault, CentreUnreachable | Busy | CentreFailed | DeviceLost | Rejected):
        return UNREACHABLE
    return USAGE if isinstance(fault, Refused) else HERE


def _said(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
