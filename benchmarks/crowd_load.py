"""The crowd itself, in a process of its own: `python -m benchmarks.crowd_load WHAT` with its orders as JSON on stdin.

It prints one JSON object: what was measured. `waiting` holds a long poll per seat, `nine` pulls every list at once,
`back` lets everybody return from an outage, `memory` serves canned bytes to compare with.
"""

import asyncio
import json
import random
import re
import sys
import time
from typing import Any

import psutil

from benchmarks.crowd_link import Link, no_answer
from caller_app.sync.schedule import Rhythm, wait

WAIT_SECONDS = 25
AT_ONCE = 3  # fewer than the centre has places for whole lists: nobody is sent away while the crowd takes its seats


async def waiting(orders: dict[str, Any]) -> dict[str, Any]:
    """Everybody waits; the centre's processor time is read; then changes are made and their arrival is timed."""
    links = [Link(orders["port"], seat) for seat in orders["seats"]]
    places = asyncio.Semaphore(AT_ONCE)

    async def take_seat(link: Link) -> None:
        async with places:
            await link.pull()

    await asyncio.gather(*(take_seat(one) for one in links))
    awaited: dict[tuple[int, str], tuple[float, asyncio.Future[float]]] = {}
    answered = 0

    async def listen(link: Link) -> None:
        nonlocal answered
        while True:
            told = await link.news(WAIT_SECONDS)
            answered += 1
            if told:
                for line in await link.pull():
                    found = re.search(rb'"id":"([0-9a-f-]{36})"', line)
                    assert found is not None
                    begun, arrived = awaited.pop((link.seat["user_id"], found[1].decode()), (0.0, None))
                    if arrived is not None:
                        arrived.set_result(time.perf_counter() - begun)

    listeners = [asyncio.create_task(listen(one)) for one in links]
    await asyncio.sleep(5)
    centre = psutil.Process(orders["pid"])
    seen, used, begun = answered, centre.cpu_times(), time.perf_counter()
    await asyncio.sleep(orders["quiet_seconds"])
    now, took = centre.cpu_times(), time.perf_counter() - begun
    share = (now.user + now.system - used.user - used.system) / took
    quiet = {"share_of_a_core": share, "answers": answered - seen, "threads": centre.num_threads(),
             "memory_mb": centre.memory_info().rss / 2**20}  # fmt: skip
    reach, board = await _changes(orders, awaited)
    for one in listeners:
        one.cancel()
    ended = await asyncio.gather(*listeners, return_exceptions=True)
    faults = [repr(one) for one in ended if not isinstance(one, asyncio.CancelledError)]
    return {**quiet, "reach": reach, "board": board, "faults": faults, "never_arrived": len(awaited)}


async def _changes(orders: dict[str, Any], awaited: dict[Any, Any]) -> tuple[list[float], list[float]]:
    seats = orders["seats"]
    supervisor = Link(orders["port"], orders["supervisor"])
    arrivals, board = [], []
    for number in range(orders["changes"]):
        giver, taker = seats[number % len(seats)], seats[(number + 1) % len(seats)]
        case = giver["moved"].pop()
        arrived: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        awaited[taker["user_id"], case] = (begun, arrived)
        arrivals.append(arrived)
        link = Link(orders["port"], giver)
        await link.push([no_answer(case)])
        await link.close()
        if number % 5 == 0:
            shown = json.loads((await supervisor.ask("GET", "/v1/supervise/board")).body)
            (line,) = [one for one in shown["callers"] if one["user_id"] == giver["user_id"]]
            assert line["attempts_today"] == 1
            board.append(time.perf_counter() - begun)
        await asyncio.sleep(orders["spacing"])
    done, _late = await asyncio.wait(arrivals, timeout=20)
    return [one.result() for one in done], board


async def nine(orders: dict[str, Any]) -> dict[str, Any]:
    """Everybody reads the whole list at once, then says by a second pull that it has arrived."""
    rng = random.Random(9)
    links = [Link(orders["port"], seat) for seat in orders["seats"]]
    lines: list[int] = []
    done: list[float] = []
    begun = time.perf_counter()

    async def one(link: Link, chance: float) -> None:
        lines.append(len(await link.pull(chance=chance)))
        done.append(time.perf_counter() - begun)
        if orders["receipts"]:
            await link.pull(chance=chance)

    await asyncio.gather(*(one(link, rng.random()) for link in links))
    took = time.perf_counter() - begun
    return {"seconds": took, "each": done, "fewest": min(lines), "asked_again": sum(link.busy for link in links)}


async def back(orders: dict[str, Any]) -> dict[str, Any]:
    """After an hour without the centre each returns when its own wait ends, with what was recorded meanwhile."""
    rng = random.Random(49)
    rhythm = Rhythm()
    for _ in range(12):
        rhythm = rhythm.failed()
    span = orders["span"] / wait(rhythm, now=0, active=True, unsent=True, chance=1.0)
    came: list[float] = []
    pushes: list[float] = []
    asked_again = 0
    begun = time.perf_counter()

    async def one(seat: dict[str, Any], chance: float) -> None:
        nonlocal asked_again
        await asyncio.sleep(span * wait(rhythm, now=0, active=True, unsent=True, chance=chance))
        came.append(time.perf_counter() - begun)
        link = Link(orders["port"], seat)
        pushes.append(await link.push([no_answer(case) for case in seat["cases"][: orders["recorded"]]]))
        await link.pull(chance=chance)
        asked_again += link.busy
        await link.close()

    await asyncio.gather(*(one(seat, rng.random()) for seat in orders["seats"]))
    seconds = [0] * (int(orders["span"]) + 1)
    for moment in came:
        seconds[min(len(seconds) - 1, int(moment))] += 1
    mean = len(came) / orders["span"]
    return {"peak": max(seconds), "mean": mean, "pushes": pushes, "asked_again": asked_again}


async def memory(orders: dict[str, Any]) -> dict[str, Any]:
    """Serve every whole list of a crowd from memory to another process until stdin ends."""
    pages: dict[str, bytes] = {}
    for seat in orders["seats"]:
        link = Link(orders["port"], seat)
        reply = await link.ask("GET", f"/v1/pull?epoch={seat['epoch']}&mode=snapshot", Accept_Encoding="zstd")
        kept = "".join(
            f"{name}: {reply.headers[name]}\r\n"
            for name in ("content-type", "content-encoding", "content-length", "x-request-id")
            if name in reply.headers
        )
        pages[seat["token"]] = f"HTTP/1.1 200 OK\r\n{kept}\r\n".encode() + reply.body
        await link.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                token = asked.split(b"Bearer ")[1].split(b"\r\n")[0].decode()
                writer.write(pages[token])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    return {}


def main(argv: list[str]) -> int:
    """Read the orders, do the work, print what was measured."""
    orders = json.loads(sys.stdin.readline())
    work = {"waiting": waiting, "nine": nine, "back": back, "memory": memory}[argv[0]]
    print(json.dumps(asyncio.run(work(orders))), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
