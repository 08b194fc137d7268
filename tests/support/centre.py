"""A real centre for tests: PostgreSQL from the wheel, a database of its own per test copied from a migrated template.

Import the fixtures in a conftest (`from tests.support.centre import centre, database_server`). `centre` gives a Rig:
the application, its clock, and quick ways to make people, projects and cases, all through the centre's own rules.
"""

import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from caller_app.base.ids import new_id
from caller_app.central.app import app_for
from caller_app.central.centre import Centre, open_centre
from caller_app.central.db import make_engine, writing
from caller_app.central.embedded import Embedded, start_embedded
from caller_app.central.migrate import migrate
from caller_app.central.rules import accounts, assign, new_cases, projects
from caller_app.central.settings import Settings
from caller_app.domain.items import Item, Number, Patient, Practice
from caller_app.domain.projects import Pathway, Project
from caller_app.domain.staff import User
from tests.support.asgi_adapter import mounted
from tests.support.clock import StoppedClock

BASE = "https://centre.test"
KEY = hashlib.sha256(b"a stop-list key for tests").digest()
PASSWORD = "correct horse battery"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
TEMPLATE = f"caller{WORKER}" if os.environ.get("CALLER_TEST_POSTGRES") else "caller"
_counter = itertools.count(1)


@pytest.fixture(scope="session")
def database_server() -> Iterator[Embedded]:
    """One PostgreSQL for the session (per xdist worker)."""
    with running_database() as server:
        yield server


@contextmanager
def running_database() -> Iterator[Embedded]:
    """Run one PostgreSQL with a migrated template, made fast because its data is thrown away.

    Not under pytest's own folder: each pytest run closes that to other accounts, and as root the server has its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="caller-centre-"))
    given = os.environ.get("CALLER_TEST_POSTGRES")  # another server, such as the oldest version we support
    server = Embedded(given, folder, _Given(given)) if given else start_embedded(folder)
    if given:  # one server for all workers, so each has names of its own
        _execute(
            server, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)", f"CREATE DATABASE {TEMPLATE} TEMPLATE template0"
        )
        server = replace(server, url=server.server.get_uri(database=TEMPLATE))
    _execute(server, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off",
             "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")  # fmt: skip
    engine = make_engine(server.url)
    migrate(engine)
    engine.dispose()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class _Given:
    """A server that was started elsewhere, in the shape of the embedded one."""

    url: str

    def get_uri(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def cleanup(self) -> None:
        """Leave it running: it is not ours."""

    def _cleanup(self) -> None:
        """Nothing to do at exit either."""


@pytest.fixture
def empty_database(database_server: Embedded) -> Iterator[str]:
    """Give the address of a database of this test's own, migrated and empty."""
    name = f"test{WORKER}_{next(_counter)}"
    _execute(database_server, f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    yield database_server.server.get_uri(database=name)
    _execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def centre(empty_database: str) -> Iterator["Rig"]:
    """Give a running centre in test mode, in process."""
    rig = make_rig(empty_database)
    yield rig
    rig.close()


def make_rig(url: str, clock: StoppedClock | None = None, *, lock_ms: int = 10_000) -> "Rig":
    """Open a centre on a migrated database."""
    clock = clock or StoppedClock()
    settings = Settings(database_url=url, stop_list_key=KEY, name="Test centre", test_mode=True)
    opened = open_centre(settings, clock=clock, engine=make_engine(url, lock_ms=lock_ms))
    return Rig(url=url, centre=opened, app=app_for(opened), clock=clock)


def _execute(server: Embedded, *statements: str) -> None:
    with psycopg.connect(server.server.get_uri(database="postgres"), autocommit=True) as connection:
        for one in statements:
            connection.execute(one)


@dataclass
class Rig:
    """A centre under a test's hand."""

    url: str
    centre: Centre
    app: Litestar
    clock: StoppedClock
    _batches: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The centre's own engine."""
        return self.centre.engine

    @contextmanager
    def as_owner(self) -> Iterator[Connection]:
        """Work as whoever owns the tables; the centre's own role may neither alter them nor see who waits."""
        engine = make_engine(self.url)
        try:
            with engine.begin() as conn:
                yield conn
        finally:
            engine.dispose()

    def close(self) -> None:
        """Give back every connection."""
        self.centre.close()

    def session(self, **hooks: Any) -> Any:
        """Give a requests.Session that talks to this centre at BASE, with hooks `before` and `after`."""
        return mounted(self.app, BASE, **hooks)

    def user(self, name: str = "anna", *, role: str = "caller", shown_name: str | None = None) -> User:
        """Make an account whose password is PASSWORD."""
        return writing(
            self.engine,
            lambda conn: accounts.create_user(
                conn, name=name, shown_name=shown_name or name.title(), role=role, password=PASSWORD,
                now=self.clock.now(),
            ),
        )  # fmt: skip

    def project(self, name: str = "Healthy start", **changes: Any) -> Project:
        """Make a project with no scripts."""
        given = {**_PROJECT, "name": name, **changes}
        return writing(
            self.engine,
            lambda conn: projects.create_project(conn, Project(**given), [], test_mode=True, now=self.clock.now()),
        )

    def case(self, project: Project, *, to: User | None = None, **about: Any) -> str:
        """Make one case, assigned when `to` is given; gives its id."""
        return self.cases(project, 1, to=to, **about)[0]

    def cases(self, project: Project, count: int, *, to: User | None = None, **about: Any) -> list[str]:
        """Make several cases, assigned when `to` is given."""
        items = [make_item(project.project_id, **about) for _ in range(count)]
        now = self.clock.now()

        def work(conn: Any) -> None:
            batch = self._batch(conn, project.project_id)
            new_cases.write_persons(conn, [_person(one) for one in items], now=now)
            known = conn.execute(
                text("SELECT nhs_number, person_id FROM person WHERE nhs_number = ANY(:n)"),
                {"n": [one.patient.nhs_number for one in items]},
            )
            assert {(row.nhs_number, row.person_id) for row in known} == {
                (one.patient.nhs_number, one.patient.person_id) for one in items
            }
            new_cases.write_cases(conn, items, batch_id=batch)

        writing(self.engine, work)
        ids = [one.case_id for one in items]
        if to is not None:
            self.give(ids, to)
        return ids

    def give(self, case_ids: Sequence[str], to: User) -> None:
        """Assign these very cases, which nobody has yet."""
        moved = writing(
            self.engine,
            lambda conn: assign._move(
                conn, case_ids, None, to.user_id, now=self.clock.now(), by_user=None, why="assigned"
            ),
        )
        assert moved.cases == len(case_ids)

    def reassign(self, giver: User, taker: User, case_ids: Sequence[str] | None = None) -> assign.Moved:
        """Move open cases from one person to another."""
        return assign.reassign(
            self.engine, from_user=giver.user_id, to_user=taker.user_id, why="holiday", case_ids=case_ids,
            now=self.clock.now(), by_user=None,
        )  # fmt: skip

    def ask(self, statement: str, **values: Any) -> list[Any]:
        """Run one SELECT and give its rows."""
        with self.engine.connect() as conn:
            return list(conn.execute(text(statement), values))

    def item(self, case_id: str) -> Item:
        """Give a case's item as the centre holds it."""
        from caller_app.protocol.codec import decode_item

        return decode_item(
            self.ask("SELECT body FROM rec_body WHERE kind = 1 AND id = CAST(:i AS uuid)", i=case_id)[0][0]
        )

    def _batch(self, conn: Any, project_id: str) -> str:
        if project_id not in self._batches:
            batch = new_id()
            conn.execute(
                text(
                    "INSERT INTO cohort_batch(batch_id, project_id, file_name, file_sha256, source, extracted_on, "
                    "legal_basis, opt_outs_applied, opt_outs_applied_on, imported_by, imported_at, counts) "
                    "VALUES (CAST(:b AS uuid), :p, 'made.xlsx', CAST(:b AS text), "
                    "'test', '2026-03-01', 'test', 'all', '2026-03-01', 'test', :now, '{}')"
                ),
                {"b": batch, "p": project_id, "now": self.clock.now()},
            )
            self._batches[project_id] = batch
        return self._batches[project_id]


_PROJECT: dict[str, Any] = {
    "campaign": "diabetes_prevention",
    "script_pack": "none",
    "team_name": "the outreach team",
    "team_phone": "01632 960001",
    "duty_phone": "01632 960002",
    "voicemail_wording": "Please ring us back on 01632 960001.",
    "pathways": (
        Pathway(code="PROGRAMME", title="The programme", route="self_referral", how="Give the number.",
                outcomes=("A02",)),
    ),
    "test_mode": True,
}  # fmt: skip


def nhs_number(serial: int) -> str:
    """Give the serial-th valid NHS number of the 999 range that is never issued."""
    while True:
        nine = f"999{serial:06d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return nine + str(check % 11)
        serial += 500_000


def make_item(project_id: str, **about: Any) -> Item:
    """Make an invented person's case; every field may be given."""
    serial = next(_counter)
    person = {
        "person_id": new_id(),
        "nhs_number": nhs_number(serial),
        "given_name": "Test",
        "family_name": f"Person{serial}",
        "dob": "1960-05-17",
        "address_lines": ("1 Sample Street",),
        "postcode": "NR1 1AA",
        "practice": Practice(ods="D82001", name="Sample Surgery", phone="01632960010"),
    }
    fields = {
        "case_id": new_id(),
        "numbers": (Number(e164=f"+447700900{serial % 1000:03d}", label="mobile", kind="mobile", textable=True),),
        "seed": serial,
    }
    for name, value in about.items():
        (person if name in person or name in Patient.__dataclass_fields__ else fields)[name] = value
    return Item(project_id=project_id, patient=Patient(**person), **fields)


def _person(item: Item) -> new_cases.NewPerson:
    patient = item.patient
    return new_cases.NewPerson(
        person_id=patient.person_id,
        nhs_number=patient.nhs_number,
        given_name=patient.given_name,
        family_name=patient.family_name,
        dob=patient.dob,
        practice_ods=patient.practice.ods if patient.practice else None,
    )


def root_of(path: Path) -> Path:
    """Give the repository's root from a test file's path."""
    return next(parent for parent in path.parents if (parent / "pyproject.toml").exists())
