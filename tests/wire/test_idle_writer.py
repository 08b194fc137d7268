"""F13: somebody begins a transaction, writes and goes to lunch; nobody else's list may wait for it."""

from sqlalchemy.engine import make_url

from tests.wire.audit import holding, somebody_waits_for_a_lock, until
from tests.wire.team import Team


def test_an_idle_writer_in_another_database_or_another_table_holds_up_nobody(team: Team) -> None:
    (case,) = team.at_work()
    his, _ = team.bens(2)
    elsewhere = make_url(team.rig.url).set(database="postgres").render_as_string(hide_password=False)
    with holding(elsewhere, "CREATE TABLE lunch AS SELECT 1"), holding(team.rig.url, "CREATE TABLE lunch AS SELECT 1"):
        team.ann.note(case, count=5)
        team.ann.settle()
        team.rig.reassign(team.ben, team.anna, case_ids=[his])
        team.ann.settle()
        assert his in team.ann.state()["records"]
        team.all_is_well()


def test_an_idle_writer_of_one_persons_feed_holds_up_that_person_only(team: Team) -> None:
    (case,) = team.at_work()
    (his,) = team.bens(1)
    bens = "SELECT count(*) FROM change WHERE user_id = :u"
    held = team.rig.ask(bens, u=team.ben.user_id)[0][0]
    with holding(team.rig.url, f"SELECT 1 FROM feed_head WHERE user_id = {team.ben.user_id} FOR UPDATE"):
        team.benjamin.note(his)
        team.benjamin.begin("sync")
        until(lambda: somebody_waits_for_a_lock(team.rig.url), "Ben's push to wait")
        team.ann.note(case, count=5)
        assert team.ann.settle()["unsent"] == 0
        # What Ben sent is stored all the same: only what it means for his list waits.
        assert team.rig.ask(bens, u=team.ben.user_id) == [(held + 1,)]
    assert "fault" not in team.benjamin.finish()
    team.all_is_well()
