"""The database is what the models say, can be built and taken down step by step, and what was received stays."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from caller_app.base.errors import Refused
from caller_app.central.centre import open_centre
from caller_app.central.db import make_engine
from caller_app.central.embedded import Embedded
from caller_app.central.migrate import check_migrated, current, migrate, newest
from caller_app.central.schema import metadata
from caller_app.central.service_role import APPEND_ONLY
from caller_app.central.settings import Settings
from tests.support.centre import KEY, Rig
from tests.support.station import Station, attempt


@pytest.fixture
def bare(database_server: Embedded) -> Iterator[Engine]:
    """A database with nothing in it at all."""
    address = database_server.server.get_uri(database="postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bare WITH (FORCE)")
        connection.execute("CREATE DATABASE bare TEMPLATE template0")
    engine = make_engine(database_server.server.get_uri(database="bare"))
    yield engine
    engine.dispose()


def test_the_migrations_build_what_the_models_say(bare: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(bare)
    with bare.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata) == []


def test_each_migration_goes_up_and_down_again(bare: Engine) -> None:
    steps = [f"{number:04d}" for number in range(1, int(newest()) + 1)]
    for step in steps:
        migrate(bare, step)
        with bare.connect() as conn:
            assert current(conn) == step
    for step in [*reversed(steps[:-1]), "base"]:
        migrate(bare, step, down=True)
    with bare.connect() as conn:
        left = conn.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    assert left == ["alembic_version"]
    migrate(bare)
    migrate(bare)  # again does nothing


def test_a_database_that_is_not_up_to_date_is_refused_with_what_to_do(bare: Engine) -> None:
    with pytest.raises(Refused, match="migrate"):
        check_migrated(bare)
    migrate(bare, "0003")
    with pytest.raises(Refused, match=r"0003.*migrate"):
        check_migrated(bare)
    migrate(bare)
    with bare.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="newer"):
        check_migrated(bare)


@pytest.mark.parametrize("table", ["change", "device_seq", "change_reuse", "audit", "audit_seal", "concern_addition"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {} = {}"])
def test_what_was_received_can_be_neither_changed_nor_removed(centre: Rig, table: str, deed: str) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    Station(centre, "anna").sign_in().pushed(attempt(case_id))
    column = {"change": "kind", "audit": "what", "audit_seal": "hash"}.get(table, "change_id")
    said = deed.format(table, column, column)
    with pytest.raises(ProgrammingError, match="permission denied"), centre.engine.begin() as conn:
        conn.execute(text(said))
    owner = make_engine(centre.url)  # whoever owns the tables meets the trigger
    with pytest.raises(ProgrammingError, match="append-only"), owner.begin() as conn:
        conn.execute(text(said))
    owner.dispose()


def test_a_centre_keeps_its_identity_and_its_history_from_start_to_start(centre: Rig) -> None:
    again = open_centre(centre.centre.settings)
    assert again.standing == centre.centre.standing
    again.close()


def test_another_history_of_the_database_is_another_epoch(centre: Rig) -> None:
    with centre.engine.begin() as conn:
        conn.execute(text("UPDATE sync_epoch SET timeline = timeline + 7"))
    again = open_centre(centre.centre.settings)
    assert again.standing.server_id == centre.centre.standing.server_id
    assert again.standing.epoch != centre.centre.standing.epoch
    again.close()
    assert centre.ask("SELECT count(*) FROM sync_epoch WHERE active")[0][0] == 1


def test_a_wrong_stop_list_key_is_refused_before_anybody_can_come_back(centre: Rig) -> None:
    settings = Settings(database_url=centre.url, stop_list_key=b"x" * 32, test_mode=True)
    with pytest.raises(Refused, match="stop-list key"):
        open_centre(settings)


def test_test_people_and_real_people_never_share_a_database(centre: Rig) -> None:
    settings = Settings(database_url=centre.url, stop_list_key=KEY, test_mode=False)
    with pytest.raises(Refused, match="test mode"):
        open_centre(settings)


def test_a_broken_audit_chain_is_noticed(centre: Rig) -> None:
    from caller_app.central.db import writing
    from caller_app.central.rules import audit

    for name in ("anna", "ben", "cara"):
        centre.user(name)
    assert writing(centre.engine, audit.seal) == 3
    with centre.engine.connect() as conn:
        assert audit.first_break(conn) is None
    owner = make_engine(centre.url)
    with owner.begin() as conn:
        conn.execute(text("ALTER TABLE audit DISABLE TRIGGER append_only"))
        conn.execute(text("UPDATE audit SET detail = '{\"user_id\": 99}' WHERE audit_id = 2"))
    owner.dispose()
    with centre.engine.connect() as conn:
        assert audit.first_break(conn) == 2


def test_the_service_works_under_a_role_that_cannot_even_switch_a_guard_off(centre: Rig) -> None:
    assert centre.ask("SELECT current_user::text") == [("caller_service",)]
    for deed in (
        "ALTER TABLE change DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON audit",
        "DROP TABLE change",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE ROLE somebody SUPERUSER",
    ):
        with pytest.raises(ProgrammingError, match=r"owner|permission denied"), centre.engine.begin() as conn:
            conn.execute(text(deed))


def test_a_database_restored_without_its_rights_gets_them_with_the_next_migrate(centre: Rig) -> None:
    owner = make_engine(centre.url)
    with owner.begin() as conn:
        conn.execute(text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM caller_service"))
    bare = open_centre(centre.centre.settings)  # it works all the same, and the triggers guard
    assert bare.heads is not None
    bare.close()
    migrate(owner)
    owner.dispose()
    assert centre.ask("SELECT current_user::text, count(*) FROM change") == [("caller_service", 0)]
    with pytest.raises(ProgrammingError, match="permission denied"), centre.engine.begin() as conn:
        conn.execute(text("DELETE FROM audit"))


def test_every_table_that_refuses_alteration_is_refused_to_the_service_as_well(centre: Rig) -> None:
    guarded = centre.ask("SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'append_only'")
    assert {row.name for row in guarded} == set(APPEND_ONLY)


def test_the_ids_and_hashes_of_what_was_received_only_ever_grow(centre: Rig) -> None:
    case_id = centre.case(centre.project(), to=centre.user("anna"))
    station = Station(centre, "anna").sign_in()
    seen: set[tuple[str, bytes]] = set()
    for _ in range(3):
        envelope = station.envelope(attempt(case_id))
        station.pushed(envelope)
        station.pushed(
            envelope, station.envelope(attempt(case_id), change_id=envelope["id"])
        )  # again, and with other words
        now = {(row.change_id, bytes(row.sha256)) for row in centre.ask("SELECT change_id, sha256 FROM change")}
        assert seen < now
        seen = now
    assert len(seen) == 3
