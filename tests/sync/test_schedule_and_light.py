"""When the next pass is due and what the light says: pure functions, looked at whole."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caller_app.client.light import merge
from caller_app.queries.rows import Standing
from caller_app.sync.push import ALONE_TRIES, Pace, batch_size
from caller_app.sync.schedule import CAP_PENDING, CAP_QUIET, Rhythm, wait
from caller_app.sync.worker import Link

chances = st.floats(min_value=0, max_value=1)
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LOCAL = Standing(
    state="unsent",
    sentence="2 entries are saved here and not sent yet.",
    unsent=2,
    oldest_unsent_at=NOW,
    last_receipt_at=None,
    list_as_of=NOW,
)


@given(failures=st.integers(1, 40), chance=chances, unsent=st.booleans())
def test_after_failures_the_wait_is_drawn_from_the_whole_range_under_a_cap(
    failures: int, chance: float, unsent: bool
) -> None:
    rhythm = Rhythm()
    for _ in range(failures):
        rhythm = rhythm.failed()
    pause = wait(rhythm, now=0, active=True, unsent=unsent, chance=chance)
    bound = min(CAP_PENDING if unsent else CAP_QUIET, 2.0 ** (min(failures, 30) - 1))
    assert pause == pytest.approx(chance * bound)


@given(chance=chances)
def test_a_quiet_workstation_asks_every_twenty_seconds_and_an_unused_one_every_minute(chance: float) -> None:
    assert 16 <= wait(Rhythm(), now=1, active=True, unsent=False, chance=chance) <= 24
    assert 48 <= wait(Rhythm(), now=1, active=False, unsent=False, chance=chance) <= 72


@given(chance=chances)
def test_after_a_wrap_up_it_looks_every_five_seconds_for_a_minute(chance: float) -> None:
    rhythm = Rhythm().eager(100.0)
    assert wait(rhythm, now=150.0, active=True, unsent=False, chance=chance) < 6.1
    assert wait(rhythm, now=161.0, active=True, unsent=False, chance=chance) >= 16


@given(chance=chances, patience=st.floats(1, 600))
def test_a_busy_centre_is_given_at_least_the_time_it_asked_for(chance: float, patience: float) -> None:
    pause = wait(Rhythm().failed(), now=0, active=True, unsent=True, chance=chance, retry_after=patience)
    assert patience <= pause <= patience * 1.3


def test_unsent_work_alone_never_shortens_a_wait_after_a_failure() -> None:
    rhythm = Rhythm().eager(0.0).failed().failed().failed()
    assert wait(rhythm, now=1, active=True, unsent=True, chance=1.0) == 4.0


def test_a_failing_batch_gets_smaller_until_each_change_is_alone() -> None:
    assert [batch_size(tries) for tries in range(6)] == [200, 14, 1, 1, 1, 1]


def test_a_change_the_centre_fails_on_goes_as_plain_bytes_within_half_a_minute() -> None:
    rhythm, waited = Rhythm(), 0.0
    for _ in range(ALONE_TRIES):
        rhythm = rhythm.failed()
        waited += wait(rhythm, now=0, active=True, unsent=True, chance=1.0)
    assert waited <= 31


def test_a_slow_or_cut_line_carries_fewer_at_a_time_and_recovers() -> None:
    pace = Pace()
    pace.arrived(200, 50.0)
    assert pace.most == 20
    for _ in range(9):
        pace.lost(pace.most)
    assert pace.most == 1
    pace.arrived(1, 3.0)
    assert pace.most == 1
    sizes = []
    while pace.most < 200:
        pace.arrived(pace.most, 0.1)
        sizes.append(pace.most)
    assert sizes == [2, 4, 8, 16, 32, 64, 128, 200]


@pytest.mark.parametrize(
    ("link", "state"),
    [
        (Link(), "sending"),
        (Link("online"), "sending"),
        (Link("offline", "The centre cannot be reached.", NOW), "offline"),
        (Link("portal", "Something answers in its place.", NOW), "portal"),
        (Link("sign_in", "Give your password again.", NOW), "sign_in"),
        (Link("trouble", "Something is wrong.", NOW), "trouble"),
    ],
)
def test_the_light_never_hides_what_is_unsent(link: Link, state: str) -> None:
    light = merge(LOCAL, link)
    assert light.state == state
    assert LOCAL.sentence in light.sentence
    assert light.unsent == 2


def test_what_needs_a_person_comes_first() -> None:
    assert merge(LOCAL, Link("online"), alarm="The file was damaged.").state == "trouble"
    assert merge(LOCAL, Link("offline"), low_on_room=True).state == "trouble"


@pytest.mark.parametrize(("minutes", "said"), [(4, 0), (-4, 0), (6, 6), (-6, -6), (120, 120)])
def test_a_clock_more_than_five_minutes_off_is_said(minutes: int, said: int) -> None:
    light = merge(LOCAL, Link("online", clock_off=timedelta(minutes=minutes)))
    assert light.clock_off_minutes == said
    assert ("clock" in light.sentence) == (said != 0)
