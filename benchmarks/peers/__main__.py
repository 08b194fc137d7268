"""`./run bench peers [--short]`: the same records pulled and pushed by us and by other products, in the same rounds.

What each of them does and does not do for its seconds stands in docs/testing.md. A peer that cannot be installed here
is said and left out, and the run ends as one whose limits do not all hold. `--short`: 2,000 records, one round.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import push
from benchmarks.peers import installed, others, records
from benchmarks.pull_parts import bodies, centre_with, floor, mean_size, pull
from benchmarks.report import Figure, median, show

NO_SLOWER = 1.0
HALF = 0.5


@dataclass
class Peer:
    """One other product: how it pulls and, where that is compared, how it pushes; `limit` is for our time to its."""

    name: str
    pull: Callable[[Path], float] | None = None
    pull_limit: float | None = NO_SLOWER
    push: Callable[[Path], float] | None = None
    push_limit: float | None = None
    pulls: list[float] = field(default_factory=list)
    pushes: list[float] = field(default_factory=list)


def main(argv: list[str]) -> int:
    short = "--short" in argv
    documents, changes, rounds = (2_000, 500, 1) if short else (56_243, 5_000, 3)
    ours: dict[str, list[float]] = {"pull": [], "push": [], "floor": []}
    with tempfile.TemporaryDirectory(prefix="caller-bench-") as name, ExitStack() as running:
        folder = Path(name)
        people = {"stress": documents, **{f"pusher{number}": changes for number in range(rounds)}}
        rig, url, users = running.enter_context(centre_with(folder / "centre", people))
        held = bodies(rig, users["stress"])
        assert len(held) == documents
        print(f"{documents:,} documents of {mean_size(rig):.0f} bytes on average, {rounds} rounds")
        all_of_it = folder / "records"
        records.write_records(held, users["stress"], all_of_it)
        peers, absent = _peers(running, folder, all_of_it, documents, changes)
        for number in range(rounds):
            here = folder / f"round-{number}"
            here.mkdir()
            ours["floor"].append(floor(held, here / "floor", users["stress"]))
            ours["pull"].append(pull(url, users["stress"], here / "pull"))
            for one in peers:
                if one.pull is not None:
                    one.pulls.append(one.pull(here))
            records.write_attempts(held, changes, here / "attempts")
            pusher = users[f"pusher{number}"]
            push.prepare(url, pusher, here / "push", changes)
            ours["push"].append(push.push(url, pusher, here / "push"))
            for one in peers:
                if one.push is not None:
                    one.pushes.append(one.push(here))
    code = show("Peers on the same records, in the same rounds", _figures(peers, ours, documents, changes))
    for sentence in absent:
        print(f"not measured: {sentence}")
    return 1 if absent else code


def _peers(
    running: ExitStack, folder: Path, all_of_it: Path, documents: int, changes: int
) -> tuple[list[Peer], list[str]]:
    """Start every peer that can be had on this machine; gives them and what is missing for the others."""
    peers: list[Peer] = []
    absent: list[str] = []
    try:
        node = installed.node()
    except installed.Missing as missing:
        absent.append(f"WatermelonDB, PouchDB: {missing}")
    else:
        for name, script, limit in (("WatermelonDB", "watermelon.js", None), ("PouchDB", "pouch.js", HALF)):
            stem = script.removesuffix(".js")
            there = running.enter_context(others.node_server(node, script, all_of_it, folder / f"{stem}-server"))

            def pulled(here: Path, script: str = script, there: str = there, stem: str = stem) -> float:
                return others.node_client(node, script, "pull", there, here / f"{stem}-pull", documents)

            def pushed(here: Path, script: str = script, there: str = there, stem: str = stem) -> float:
                return others.node_client(
                    node, script, "push", there, here / f"{stem}-push", changes, here / "attempts"
                )

            peers.append(Peer(name, pulled, push=pushed, push_limit=limit))
        peers += [
            _other_pouch(running, node, folder, changes, name, given)
            for name, given in (
                ("PouchDB, batches of its own size", {"POUCH_BATCHES": "own"}),
                ("the same, on disk when it says so", {"POUCH_BATCHES": "own", "POUCH_DISK": "1"}),
            )
        ]
    try:
        python = installed.anki()
    except installed.Missing as missing:
        absent.append(f"Anki: {missing}")
    else:
        there = running.enter_context(others.anki_server(python, folder / "anki-server"))
        seed = folder / "anki-seed"
        others.anki_work(python, "seed", there, seed, documents, all_of_it)

        def changed(here: Path) -> float:
            (here / "anki-changes").mkdir()
            (here / "anki-changes" / "empty.anki2").write_bytes((seed / "empty.anki2").read_bytes())
            return others.anki_work(python, "changes", there, here / "anki-changes", documents)

        peers.append(Peer("Anki, ordinary sync", changed))
        peers.append(
            Peer("Anki, the whole file", lambda here: others.anki_work(
                python, "whole", there, here / "anki-whole", documents), pull_limit=None)
        )  # fmt: skip
    return peers, absent


def _other_pouch(
    running: ExitStack, node: installed.Node, folder: Path, changes: int, name: str,
    given: dict[str, str],
) -> Peer:  # fmt: skip
    """Start PouchDB in another setting, which is compared by its push only."""
    so = replace(node, given=given)
    stem = "-".join(given).lower()
    nothing = folder / f"{stem}-records"
    nothing.touch()
    there = running.enter_context(others.node_server(so, "pouch.js", nothing, folder / f"{stem}-server"))

    def pushed(here: Path) -> float:
        return others.node_client(so, "pouch.js", "push", there, here / f"{stem}-push", changes, here / "attempts")

    return Peer(name, push=pushed, push_limit=HALF)


def _figures(peers: list[Peer], ours: dict[str, list[float]], documents: int, changes: int) -> list[Figure]:
    pulled, pushed, least = (median(ours[what]) for what in ("pull", "push", "floor"))
    figures = [Figure(f"we pull {documents:,}", pulled, "s", "decode + columns + index", least)]
    figures += [Figure(f"we pull {documents:,}", pulled, "s", one.name, median(one.pulls), one.pull_limit)
                for one in peers if one.pulls]  # fmt: skip
    figures += [Figure(f"we push {changes:,}", pushed, "s", one.name, median(one.pushes), one.push_limit)
                for one in peers if one.pushes]  # fmt: skip
    return figures


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
