"""F18, F19, F3: whoever answers instead of the centre, rewrites its replies, remembers them or repeats our requests."""

import threading
from collections.abc import Iterator

import pytest

from tests.wire.audit import nothing_lost
from tests.wire.meddler import Answer, Asked, Meddler, Rule, portal
from tests.wire.team import Team


@pytest.fixture
def meddler(team: Team) -> Iterator[Meddler]:
    """Stand between Ann and the centre."""
    meddler = Meddler(team.served.port)
    yield meddler
    meddler.close()


def at_work(team: Team, meddler: Meddler) -> str:
    (case,) = team.at_work()
    team.line.target_port = meddler.port
    team.line.drop()  # what is open leads to the centre
    return case


def unmoved(team: Team, case: str, what: str) -> dict[str, object]:
    """Record something, run a pass that meets what stands between, and see that it settled nothing."""
    team.ann.note(case)
    before = team.ann.state()
    done = team.ann.sync()
    assert "fault" in done, what
    after = nothing_lost(team.rig, team.ann)
    for part in ("cursor", "records", "epoch", "acked"):
        assert after[part] == before[part], (what, part)
    assert [row[0] for row in after["outbox"]] == [row[0] for row in before["outbox"]], what
    assert {how for _, how, _ in after["outbox"]} <= {"ACKED", "PENDING"}, what
    return done


def test_a_captive_portal_settles_nothing_and_is_called_a_portal(team: Team, meddler: Meddler) -> None:
    case = at_work(team, meddler)
    held = team.changes()
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
        assert unmoved(team, case, what) == {"fault": "CentreUnreachable", "portal": True}
        assert len(meddler.asked) == 1, f"{what}: it went on asking a portal"
    assert team.changes() == held
    team.all_is_well()


def test_replies_that_are_not_the_centres_own_settle_nothing(team: Team, meddler: Meddler) -> None:
    case = at_work(team, meddler)
    team.ann.note(case)
    team.ann.settle()
    first: dict[str, Answer] = {}

    def stale(asked: Asked) -> Answer:
        """Answer with what was answered before, as a cache that ignores no-store does."""
        return first.setdefault(asked.route, meddler.forward(asked))

    meddler.rule = stale
    team.ann.note(case)
    team.ann.sync()  # fills the cache
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
        unmoved(team, case, what)
    team.all_is_well()


def test_a_proxy_that_strips_headers_and_packs_what_it_likes_harms_nothing(team: Team, meddler: Meddler) -> None:
    case = at_work(team, meddler)
    ours = ("X-Request-Id", "X-CallSync", "Cache-Control", "X-Content-Type-Options", "Date", "ETag", "Vary")
    meddler.rule = lambda asked: meddler.forward(asked).without(*ours).also(Via="1.1 proxy").packed()
    team.ann.note(case)
    done = team.ann.settle()  # the echo that counts stands inside the reply, where no proxy looks
    assert done["unsent"] == 0
    team.all_is_well()


def test_a_proxy_that_sends_every_request_twice_at_once_does_nothing_twice(team: Team, meddler: Meddler) -> None:
    case = at_work(team, meddler)

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
        team.ann.note(case, count=3)
        team.ann.attempt(case)
        assert "fault" not in team.ann.sync()
    team.all_is_well()


def _half(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
