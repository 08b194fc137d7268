"""F13: somebody begins a transaction, writes and goes to lunch; nobody else's list may wait for it."""

from collections.abc import Callable

from sqlalchemy.engine import make_url

from tests.support.centre import Rig
from tests.wire.audit import converged, holding, once_each, somebody_waits_for_a_lock, until
from tests.wire.programs import CentreProcess, Workstation

Maker = Callable[..., Workstation]


def test_an_idle_writer_in_another_database_or_another_table_holds_up_nobody(
    centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    project = centre.project()
    anna, ben = centre.user("anna"), centre.user("ben")
    mine, his = centre.cases(project, 3, to=anna), centre.cases(project, 3, to=ben)
    ann, benjamin = (workstation(user, served.url).sign_in() for user in (anna, ben))
    ann.settle()
    benjamin.settle()
    elsewhere = make_url(centre.url).set(database="postgres").render_as_string(hide_password=False)
    with holding(elsewhere, "CREATE TABLE lunch AS SELECT 1"), holding(centre.url, "CREATE TABLE lunch AS SELECT 1"):
        ann.note(mine[0], count=5)
        ann.settle()
        centre.reassign(ben, anna, case_ids=his[:1])
        ann.settle()
        assert his[0] in ann.state()["records"]
        converged(centre, ann)


def test_an_idle_writer_of_one_persons_feed_holds_up_that_person_only(
    centre: Rig, served: CentreProcess, workstation: Maker
) -> None:
    project = centre.project()
    anna, ben = centre.user("anna"), centre.user("ben")
    mine, his = centre.cases(project, 3, to=anna), centre.cases(project, 3, to=ben)
    ann, benjamin = (workstation(user, served.url).sign_in() for user in (anna, ben))
    ann.settle()
    benjamin.settle()
    with holding(centre.url, f"SELECT 1 FROM feed_head WHERE user_id = {ben.user_id} FOR UPDATE"):
        benjamin.note(his[0])
        benjamin.begin("sync")
        until(lambda: somebody_waits_for_a_lock(centre.url), "ben's push to wait")
        ann.note(mine[0], count=5)
        ann.settle()
        converged(centre, ann)
        # What ben sent is stored all the same: only what it means for his list waits.
        assert centre.ask("SELECT count(*) FROM change WHERE user_id = :u", u=ben.user_id) == [(1,)]
    assert "fault" not in benjamin.finish()
    benjamin.settle()
    once_each(centre, ann, benjamin)
    converged(centre, ann, benjamin)
