"""Machines that stop in the middle of taking a page in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy.engine import Connection

from caller_app.protocol.messages import Gone, Put
from caller_app.store import bodies


class Stopped(Exception):
    """The machine stopped."""


@contextmanager
def stopping_at(line: Put | Gone) -> Iterator[None]:
    """Take pages in until the slice with this record, and stop once its rows are stored; wants to be met."""

    whole = bodies.store

    def store(lists: Connection, puts: Sequence[Put], packed: bodies.Packed, gen: int) -> None:
        whole(lists, puts, packed, gen)
        if any(one.s == line.s for one in puts):
            raise Stopped

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(bodies, "store", store)
        yield
