"""F18, F19, F3: whoever answers instead of the centre, rewrites its replies, remembers them or repeats our requests."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.support.centre import Rig
from tests.wire.audit import converged, nothing_lost, once_each
from tests.wire.meddler import Answer, Asked, Meddler, Rule, portal
from tests.wire.programs import CentreProcess, Workstation

Maker = Callable[..., Workstation]


@pytest.fixture
def meddler(served: CentreProcess) -> Iterator[Meddler]:
    meddler = Meddler(served.port)
    yield meddler
    meddler.close()


def at_work(centre: Rig, meddler: Meddler, workstation: Maker) -> tuple[Workstation, str]:
    anna = centre.user("anna")
    case, *_ = centre.cases(centre.project(), 3, to=anna)
    station = workstation(anna, meddler.url).sign_in()
    station.settle()
    return station, case


def unmoved(centre: Rig, station: Workstation, case: str, what: str) -> dict[str, object]:
    """Record something, run a pass that meets what stands between, and see that it settled nothing."""
    station.note(case)
    before = station.state()
    done = station.sync()
    assert "fault" in done, what
    after = nothing_lost(centre, station)
    for part in ("cursor", "records", "epoch", "acked"):
        assert after[part] == before[part], (what, part)
    assert [row[0] for row in after["outbox"]] == [row[0] for row in before["outbox"]], what
    assert {how for _, how, _ in after["outbox"] if how != "ACKED"} == {"PENDING"}, what
    return done


def test_a_captive_portal_settles_nothing_and_is_called_a_portal(
    centre: Rig, meddler: Meddler, workstation: Maker
) -> None:
    station, case = at_work(centre, meddler, workstation)
    held = centre.ask("SELECT count(*) FROM change")
    portals = {
        "200 with a page": portal(200),
        "302 to its own page": portal(302, Location="http://wifi.invalid/login"),
        "307 to its own page": portal(307, Location="http://wifi.invalid/login"),
        "511 with a page": portal(511),
        "503 with a page": portal(503, Retry_After="1"),
    }
    for what, rule in portals.items():
        meddler.rule = rule
        meddler.asked.clear()
        assert unmoved(centre, station, case, what) == {"fault": "CentreUnreachable", "portal": True}
        assert len(meddler.asked) == 1, f"{what}: it went on asking a portal"
    assert centre.ask("SELECT count(*) FROM change") == held
    meddler.rule = None
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_replies_that_are_not_the_centres_own_settle_nothing(centre: Rig, meddler: Meddler, workstation: Maker) -> None:
    station, case = at_work(centre, meddler, workstation)
    station.note(case)
    station.settle()
    first: dict[str, Answer] = {}

    def stale(asked: Asked) -> Answer:
        """Answer with what was answered before, as a cache that ignores no-store does."""
        return first.setdefault(asked.route, meddler.forward(asked))

    meddler.rule = stale
    station.note(case)
    station.sync()  # fills the cache
    rules: dict[str, Rule] = {
        "an old reply from a cache": stale,
        "a media type made plain": lambda asked: meddler.forward(asked).also(Content_Type="application/json"),
        "no media type at all": lambda asked: meddler.forward(asked).without("Content-Type"),
        "an empty 200": lambda _asked: Answer(200, {"Content-Type": "application/vnd.callsync.v1+json"}, b""),
        "half of the body": lambda asked: _half(meddler.forward(asked)),
        "a gateway's 502": lambda _asked: Answer(502, {"Content-Type": "text/plain"}, b"bad gateway"),
        "a bare 401": lambda _asked: Answer(401, {"WWW-Authenticate": "Basic realm=proxy"}, b""),
        "a bare 403": lambda _asked: Answer(403, {"Content-Type": "text/plain"}, b"blocked by policy"),
        "a bare 407": lambda _asked: Answer(407, {"Proxy-Authenticate": "Basic realm=proxy"}, b""),
        "a bare 410": lambda _asked: Answer(410, {"Content-Type": "text/plain"}, b"gone"),
        "a bare 413": lambda _asked: Answer(413, {"Content-Type": "text/plain"}, b"too large"),
        "a bare 304": lambda _asked: Answer(304, {}, b""),
        "a 204": lambda _asked: Answer(204, {}, b""),
    }
    for what, rule in rules.items():
        meddler.rule = rule
        unmoved(centre, station, case, what)
    meddler.rule = None
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def test_a_proxy_that_strips_headers_and_packs_what_it_likes_harms_nothing(
    centre: Rig, meddler: Meddler, workstation: Maker
) -> None:
    station, case = at_work(centre, meddler, workstation)
    ours = ("X-Request-Id", "X-CallSync", "Cache-Control", "X-Content-Type-Options", "Date", "ETag", "Vary")
    meddler.rule = lambda asked: meddler.forward(asked).without(*ours).also(Via="1.1 proxy").packed()
    station.note(case)
    done = station.settle()  # the echo that counts stands inside the reply, where no proxy looks
    assert done["unsent"] == 0
    once_each(centre, station)
    converged(centre, station)


def test_a_proxy_that_sends_every_request_twice_at_once_does_nothing_twice(
    centre: Rig, meddler: Meddler, workstation: Maker
) -> None:
    station, case = at_work(centre, meddler, workstation)

    def twice(asked: Asked) -> Answer:
        answers: list[Answer] = []
        both = [threading.Thread(target=lambda: answers.append(meddler.forward(asked))) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        return answers[-1]

    meddler.rule = twice
    for _ in range(5):
        station.note(case, count=3)
        station.attempt(case)
        assert "fault" not in station.sync()
    meddler.rule = None
    station.settle()
    once_each(centre, station)
    converged(centre, station)


def _half(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
