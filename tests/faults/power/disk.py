"""What a disk may hold after the power went: made from the record that layer.c keeps of a program's writes.

What a reader would get wrong: a killed process loses nothing the system already has; only this shows what lies between
a write and its sync. Rules of the disk: a sync makes all earlier writes of its file last, and all earlier names (as the
journals of ext4, xfs and NTFS do). Of what is not synced each 512 bytes lasts or not, by chance, in any order; of names
and truncations the first few last. What lies in memory maps (`-shm`) is gone.
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SECTOR = 512
_HEAD = struct.Struct("<cIQQ")
_SOURCE = Path(__file__).with_name("layer.c")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record: W write, T truncate, S sync, C create, U unlink, R rename, N note."""

    what: str
    name: str
    at: int
    data: bytes


@dataclass(slots=True)
class _File:
    lasting: bytearray = field(default_factory=bytearray)
    pending: list[Event] = field(default_factory=list)


def build(folder: Path) -> Path:
    """Compile the layer with the system's compiler; skips loudly where it cannot be."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or os.uname().sysname != "Linux":
        pytest.skip("NOT TESTED HERE: power loss and full disks need Linux and a C compiler (gcc)")
    made = folder / "layer.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", str(made), str(_SOURCE)]
    done = subprocess.run([*words, "-ldl", "-lpthread"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made


def over(layer: Path) -> dict[str, str]:
    """Give the variables that lay the layer under a program which itself says when it begins."""
    return {**os.environ, "LD_PRELOAD": str(layer)}


def environment(layer: Path, under: Path, record: Path, **more: str) -> dict[str, str]:
    """Give the variables under which a program's writes are recorded."""
    return {**over(layer), "POWER_UNDER": str(under), "POWER_LOG": str(record), **more}


def read(record: Path) -> list[Event]:
    """Read the record."""
    raw = record.read_bytes()
    events: list[Event] = []
    place = 0
    while place < len(raw):
        what, name_length, at, length = _HEAD.unpack_from(raw, place)
        place += _HEAD.size
        name = raw[place : place + name_length].decode()
        place += name_length
        events.append(Event(what.decode(), name, at, raw[place : place + length]))
        place += length
    return events


def notes(events: Sequence[Event]) -> list[str]:
    """Give what the program had announced, line by line."""
    return b"".join(one.data for one in events if one.what == "N").decode().splitlines()


def after_power_cut(
    events: Sequence[Event], chance: random.Random, *, last: float, before: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Give the files a disk may hold; `last` is how likely each unsynced sector has lasted, `before` what it held."""
    names = {name: _File(bytearray(content)) for name, content in (before or {}).items()}
    lasting_names = dict(names)
    waiting: list[Event] = []  # names made, moved or removed since the last sync of anything
    for one in events:
        if one.what == "N":
            continue
        if one.what in "CUR":
            waiting.append(one)
            _rename(names, one)
        elif one.what == "S":
            waiting.clear()
            lasting_names = dict(names)
            if one.name in names:
                held = names[one.name]
                for earlier in held.pending:
                    _apply(held.lasting, earlier, lambda: True)
                held.pending.clear()
        else:
            names.setdefault(one.name, _File()).pending.append(one)
    survivors = dict(lasting_names)
    for one in waiting[: round(len(waiting) * last)]:
        _rename(survivors, one, known=names)
    for name, held in names.items():
        survivors.setdefault(name, held) if held.lasting else None
    return {
        name: _content(held, chance, last) for name, held in survivors.items() if not name.endswith(("-shm", "/lock"))
    }


def _rename(names: dict[str, _File], one: Event, known: dict[str, _File] | None = None) -> None:
    if one.what == "C":
        names[one.name] = (known or {}).get(one.name) or names.get(one.name) or _File()
    elif one.what == "U":
        names.pop(one.name, None)
    elif one.name in names:
        names[one.data.decode()] = names.pop(one.name)


def _content(held: _File, chance: random.Random, last: float) -> bytes:
    content = bytearray(held.lasting)
    for one in held.pending:
        if one.what == "T" and chance.random() >= last:
            break  # the journal keeps the order of lengths: what follows has not lasted either
        _apply(content, one, lambda: chance.random() < last)
    return bytes(content)


def _apply(content: bytearray, one: Event, lasts: Callable[[], bool]) -> None:
    if one.what == "T":
        if one.at < len(content):
            del content[one.at :]
        else:
            content.extend(bytes(one.at - len(content)))
        return
    for start, piece in _sectors(one):
        if not lasts():
            continue
        if start + len(piece) > len(content):
            content.extend(bytes(start + len(piece) - len(content)))
        content[start : start + len(piece)] = piece


def _sectors(one: Event) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(one.data):
        at = one.at + place
        size = min(SECTOR - at % SECTOR, len(one.data) - place)
        yield at, one.data[place : place + size]
        place += size


def put(files: dict[str, bytes], under: Path, to: Path) -> None:
    """Write the files of a disk into another folder."""
    for name, content in files.items():
        path = to / Path(name).relative_to(under)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
