"""How many places a pathway has left: counted here under a lock, and said to every workstation that has the project.

What a reader would get wrong: a workstation learns late that a pathway is full. What it recorded meanwhile is kept and
held (`pathway_full`), for a supervisor to send on or not. A week runs from Monday in London, by when the person said
yes; a referral that is held, withdrawn or returned takes no place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, text

from caller_app.base.clock import LONDON, london
from caller_app.central.rules import feed
from caller_app.central.rules.projects import holders
from caller_app.central.rules.workspace import CaseFile, Waiting, Workspace
from caller_app.domain.changes import ReferralRequested
from caller_app.domain.effects import Effect, ReferralOpened, ReferralWithdrawn
from caller_app.domain.items import KIND_PROJECT
from caller_app.domain.pathways import Pathway
from caller_app.domain.projects import Project
from caller_app.domain.referrals import TAKES_PLACE
from caller_app.protocol.codec import decode, encode


@dataclass(slots=True)
class Places:
    """The places of the limited pathways while one set of changes is judged."""

    conn: Connection
    space: Workspace
    taken: dict[tuple[str, str, date | None], int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def lock(self, waiting: Sequence[Waiting]) -> None:
        """Lock the projects whose places these changes may take, in one order, before anything is counted."""
        wanted = set()
        for one in waiting:
            change = one.recorded.change
            file = self.space.files.get(one.case_id)
            if isinstance(change, ReferralRequested) and file is not None:
                pathway = self.space.projects[file.project_id].pathway(change.pathway)
                if pathway is not None and pathway.limited:
                    wanted.add(file.project_id)
        _lock(self.conn, wanted)

    def full(self, file: CaseFile, one: Waiting) -> bool:
        """Tell whether no place is left for a referral of this case."""
        change = one.recorded.change
        if not isinstance(change, ReferralRequested):
            return False
        pathway = self.space.projects[file.project_id].pathway(change.pathway)
        if pathway is None:
            return False
        spans = ((pathway.places, None), (pathway.places_a_week, week_of(one.recorded.occurred_at)))
        return any(
            most is not None and self._taken(file.project_id, pathway.code, week) >= most for most, week in spans
        )

    def note(self, file: CaseFile, one: Waiting, effects: Iterable[Effect]) -> None:
        """Count what a judged change took or may have given back."""
        for effect in effects:
            if isinstance(effect, ReferralWithdrawn | ReferralOpened):
                self.touched.add(file.project_id)
            if isinstance(effect, ReferralOpened) and not effect.held:
                for week in (None, week_of(one.recorded.occurred_at)):
                    key = (file.project_id, effect.pathway, week)
                    if key in self.taken:
                        self.taken[key] += 1

    def said(self, now: datetime) -> list[feed.Entry]:
        """After the rows are written: give the feed entries where a pathway has become full or has places again."""
        return say(self.conn, {one: self.space.projects[one] for one in self.touched}, now=now)

    def _taken(self, project_id: str, pathway: str, week: date | None) -> int:
        key = (project_id, pathway, week)
        if key not in self.taken:
            self.taken[key] = count(self.conn, project_id, pathway, week)
        return self.taken[key]


def say(conn: Connection, known: dict[str, Project], *, now: datetime) -> list[feed.Entry]:
    """Write into the projects' records which of their pathways are full, and give the entries of whoever has them."""
    limited = sorted(one for one, project in known.items() if any(each.limited for each in project.pathways))
    _lock(conn, limited)
    entries: list[feed.Entry] = []
    for project_id in limited:
        body = conn.execute(
            text("SELECT body FROM rec_body WHERE kind = :k AND id = CAST(:p AS uuid)"),
            {"k": KIND_PROJECT, "p": project_id},
        ).scalar_one()
        project = decode(body, Project)
        full = {
            one.code: until
            for one in project.pathways
            if (until := _full_until(conn, project_id, one, london(now).date())) is not None
        }
        if full == project.full:
            continue
        values = {"p": project_id, "k": KIND_PROJECT, "body": encode(replace(project, full=full)).decode()}
        conn.execute(text("UPDATE rec_ver SET ver = ver + 1 WHERE id = CAST(:p AS uuid)"), values)
        conn.execute(text("UPDATE rec_body SET body = :body WHERE kind = :k AND id = CAST(:p AS uuid)"), values)
        entries += holders(conn, KIND_PROJECT, project_id)
    return entries


def count(conn: Connection, project_id: str, pathway: str, week: date | None) -> int:
    """Count the places taken, in all or in the week that begins on this Monday."""
    values: dict[str, Any] = {"p": project_id, "c": pathway, "states": sorted(TAKES_PLACE)}
    within = ""
    if week is not None:
        within = "AND r.at >= :begin AND r.at < :end "
        values |= {"begin": _midnight(week), "end": _midnight(week + timedelta(days=7))}
    found = conn.execute(
        text(
            "SELECT count(*) FROM referral r JOIN cases k USING (case_id) WHERE r.pathway = :c "
            f"AND r.state = ANY(:states) {within}AND k.project_id = CAST(:p AS uuid)"
        ),
        values,
    )
    return int(found.scalar_one())


def week_of(moment: datetime) -> date:
    """Give the Monday of an instant's week in London."""
    day = london(moment).date()
    return day - timedelta(days=day.weekday())


def _full_until(conn: Connection, project_id: str, pathway: Pathway, today: date) -> str | None:
    """Give the first day with places again, "" where there are none any more, None where there are some."""
    if pathway.places is not None and count(conn, project_id, pathway.code, None) >= pathway.places:
        return ""
    monday = today - timedelta(days=today.weekday())
    if pathway.places_a_week is not None and count(conn, project_id, pathway.code, monday) >= pathway.places_a_week:
        return (monday + timedelta(days=7)).isoformat()
    return None


def _lock(conn: Connection, project_ids: Iterable[str]) -> None:
    """Lock projects in one order; whoever only refers to them, such as a new case, does not wait."""
    ids = sorted(project_ids)
    if ids:
        conn.execute(
            text(
                "SELECT 1 FROM project WHERE project_id = ANY(CAST(:ids AS uuid[])) ORDER BY project_id "
                "FOR NO KEY UPDATE"
            ),
            {"ids": ids},
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
