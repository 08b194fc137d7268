"""How a defect is planted in the real code for the length of one test: by other text in a function's own source, or by
another function in its place, everywhere it is known."""

import functools
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

Patch = pytest.MonkeyPatch


def put(patch: Patch, home: Any, name: str, other: Any) -> None:
    """Put something else in the place of a function or constant, in its home and wherever it was imported to."""
    true = home.__dict__[name]
    patch.setattr(home, name, other)
    if not isinstance(home, ModuleType):
        return
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("caller_app.") and module.__dict__.get(name) is true:
            patch.setattr(module, name, other)


def wrap(patch: Patch, home: Any, name: str, work: Callable[..., Any]) -> None:
    """Put `work(true, *args)` in the place of a function."""
    true = home.__dict__[name]
    put(patch, home, name, functools.wraps(true)(functools.partial(work, true)))


def spoil(patch: Patch, home: Any, name: str, *pairs: tuple[str, str]) -> None:
    """Put a function in its own place with some of its text altered; the text has to be there."""
    true = home.__dict__[name]
    source = textwrap.dedent(inspect.getsource(true.fget if isinstance(true, property) else true))
    for old, new in pairs:
        assert old in source, f"{name} no longer reads {old!r}: the defect has to be written anew"
        source = source.replace(old, new)
    module = sys.modules[home.__name__ if isinstance(home, ModuleType) else home.__module__]
    made: dict[str, Any] = {}
    exec(compile(source, f"<spoiled {name}>", "exec"), module.__dict__, made)  # noqa: S102 - the defect is the point
    put(patch, home, name, made[name])
