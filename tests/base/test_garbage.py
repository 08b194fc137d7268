"""Garbage is not looked for while much is made, whoever else makes much at the same time."""

import gc
from collections.abc import Iterator

import pytest

from caller_app.base import garbage


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_the_last_of_two_to_end_lets_it_be_collected_again() -> None:
    gc.enable()
    first, second = garbage.not_looked_for(), garbage.not_looked_for()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_fault_ends_it_too() -> None:
    gc.enable()
    with pytest.raises(OSError, match="odd"), garbage.not_looked_for():
        assert not gc.isenabled()
        raise OSError("odd")
    assert gc.isenabled()


def test_where_it_is_off_already_it_stays_off() -> None:
    gc.disable()
    with garbage.not_looked_for():
        assert not gc.isenabled()
    assert not gc.isenabled()
