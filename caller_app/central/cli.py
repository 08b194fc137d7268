"""`caller-central`: every command of the centre.

Exit 0: done, 1: refused, 2: used wrongly, 3: not available just now, 4: a fault of the program. What a reader would get
wrong: a fault is named by kind and place, never by a traceback, whose words may quote a row of the database.

Each command lives in a `*_command.py` with `add` (its options) and a function that does it; what they need that is slow
to load is imported when they run.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from caller_app.base.errors import Refused, Unavailable
from caller_app.base.lanes import where
from caller_app.central import (
    accounts_command,
    answers_command,
    authority_command,
    backup_command,
    corrections_command,
    intake_command,
    migrate_command,
    projects_command,
    script_command,
    serve_command,
    show_command,
)

DONE, REFUSED, USAGE, UNAVAILABLE, FAULT = 0, 1, 2, 3, 4
STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    _end_in_order()
    try:
        return _command(words)
    except Refused as fault:
        place = f" ({fault.place})" if fault.place else ""
        print(f"caller-central: {fault.sentence}{place}", file=sys.stderr)
        return REFUSED
    except Unavailable as fault:
        print(f"caller-central: {fault.sentence}", file=sys.stderr)
        return UNAVAILABLE
    except BrokenPipeError:  # whoever read our output has seen enough; nothing is left to write at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except Exception as fault:  # noqa: BLE001 - the boundary of a command: a traceback may quote a row
        sentence, code = _surprise(fault)
        print(f"caller-central: {sentence}", file=sys.stderr)
        return code
    except KeyboardInterrupt:
        print("caller-central: Stopped. What this command had not finished was not written.", file=sys.stderr)
        return STOPPED


def _command(words: list[str]) -> int:
    if words[:1] == ["check-cohort"]:
        from caller_app.central import check_command

        return check_command.run(words[1:])
    try:
        options = _parser().parse_args(words)
    except SystemExit as leave:  # argparse has said why
        return int(leave.code or 0)
    command: Callable[[argparse.Namespace], int] = options.run
    return command(options)


def _end_in_order() -> None:
    """Let SIGTERM end a command as Ctrl-C does: the transaction is rolled back and an embedded database stopped."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)


def _surprise(fault: Exception) -> tuple[str, int]:
    """Give sentence and exit code for what no command foresaw."""
    if (sentence := _database_trouble(fault)) is not None:
        return sentence, UNAVAILABLE
    if isinstance(fault, OSError) and fault.filename is not None and fault.strerror:
        sentence = f"{fault.filename} cannot be used: {fault.strerror}. Check the path, its rights and the room."
        return sentence, UNAVAILABLE
    sentence = (
        f"Something in the program went wrong, and this command was not finished ({where(fault)}). What it had not "
        "finished was not written. Pass this line on to whoever looks after the program."
    )
    return sentence, FAULT


def _database_trouble(fault: Exception) -> str | None:
    """Give the sentence for a database that went away or is busy; None for anything else."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import SQLAlchemyError

    from caller_app.central.db import trouble

    known = trouble(fault) if isinstance(fault, SQLAlchemyError) else None
    return known.sentence if known is not None else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="caller-central",
        description="The central service of the outreach caller: serve it, and look after what it holds.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve_command.add(commands)
    migrate_command.add(commands)
    accounts_command.add(commands)
    projects_command.add(commands)
    script_command.add(commands)
    intake_command.add(commands)
    authority_command.add(commands)
    corrections_command.add(commands)
    answers_command.add(commands)
    backup_command.add(commands)
    show_command.add(commands)
    commands.add_parser(
        "check-cohort", help="say what an import of a cohort file would do, without a database", add_help=False
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
