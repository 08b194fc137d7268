"""Which threads may never wait for a file: the window's says so once, and the store asks before each use."""

import threading

_forbidden: set[int] = set()


def forbid_thread(ident: int | None = None) -> None:
    """Forbid a thread (the calling one by default) to touch the store, in every build."""
    _forbidden.add(threading.get_ident() if ident is None else ident)


def allow_thread(ident: int | None = None) -> None:
    """Take back `forbid_thread`."""
    _forbidden.discard(threading.get_ident() if ident is None else ident)


def refuse_here() -> None:
    """Raise where the calling thread is forbidden to touch the store."""
    if threading.get_ident() in _forbidden:
        raise RuntimeError("the store was touched on a thread that must never wait for it")
