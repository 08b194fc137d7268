"""Notices: "rows of these kinds altered on this workstation; look again".

The board merges nothing and knows no threads: subscribers are called on the thread that posted, after the commit, and
must return at once. A subscriber that fails never turns a recorded outcome into an error: it is logged and passed over.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from caller_app.base.lanes import where

log = logging.getLogger(__name__)

Author = Literal["me", "centre"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Which kinds of rows altered ("list", "case", "outbox", "standing", "project"), which ids, and by whom."""

    kinds: frozenset[str]
    ids: frozenset[str]
    by: Author


def notice(*kinds: str, ids: Iterable[str] = (), by: Author = "me") -> Notice:
    """Make a notice."""
    return Notice(frozenset(kinds), frozenset(ids), by)


class Board:
    """Where notices are posted and subscribed to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[Callable[[Notice], None]] = []

    def subscribe(self, callback: Callable[[Notice], None]) -> Callable[[], None]:
        """Call back for each notice until the returned function is called."""
        with self._lock:
            self._subscribers.append(callback)

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return unsubscribe

    def post(self, one: Notice) -> None:
        """Tell every subscriber."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        for callback in subscribers:
            try:
                callback(one)
            except Exception as fault:  # noqa: BLE001 - a listed boundary: the commit stands whatever a listener does
                log.error("a subscriber failed: %s", where(fault))
