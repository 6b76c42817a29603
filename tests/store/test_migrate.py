"""Migrations go up and down, all or nothing, and never let an old program near a newer database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from coach.errors import BadSettings
from coach.store import migrate
from coach.store.engines import parsed
from coach.store.migrate import Schema
from tests.store.postgresql import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/coach.db" if request.param == "sqlite" else empty_database()


def run(url: str, statement: str) -> None:
    engine = create_engine(parsed(url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = create_engine(parsed(url))
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_up_check_down_up(url: str) -> None:
    assert migrate.schema_of(url) is Schema.EMPTY
    migrate.upgrade(url)
    assert migrate.schema_of(url) is Schema.CURRENT
    assert migrate.check(url) == ()
    migrate.downgrade(url, "base")
    assert tables(url) == {"alembic_version"}
    migrate.upgrade(url)
    assert migrate.check(url) == ()
    migrate.require_current(url)


def test_upgrading_again_changes_nothing(url: str) -> None:
    migrate.upgrade(url)
    run(url, "INSERT INTO team (name, created_utc) VALUES ('Blue', '2026-03-05 12:00:00')")
    migrate.upgrade(url)
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM team")) == 1
    engine.dispose()


def test_check_names_what_differs(url: str) -> None:
    migrate.upgrade(url)
    run(url, "ALTER TABLE team ADD COLUMN motto TEXT")
    assert any("motto" in difference for difference in migrate.check(url))


def test_a_newer_database_is_refused_untouched(url: str) -> None:
    migrate.upgrade(url)
    run(url, "UPDATE alembic_version SET version_num = '9999'")
    assert migrate.schema_of(url) is Schema.NEWER
    for act in (migrate.require_current, migrate.upgrade, lambda u: migrate.downgrade(u, "base")):
        with pytest.raises(BadSettings, match="newer"):
            act(url)
    assert "turn" in tables(url)


def test_a_database_without_tables_is_refused_at_start(url: str) -> None:
    with pytest.raises(BadSettings, match="coach prepare"):
        migrate.require_current(url)


def test_a_migration_that_fails_half_way_leaves_nothing(url: str) -> None:
    """Turns are made last; where that table is in the way, those made before must vanish again."""
    run(url, "CREATE TABLE turn (x INTEGER)")
    with pytest.raises(Exception, match="exists"):
        migrate.upgrade(url)
    assert tables(url) == {"turn"}
    run(url, "DROP TABLE turn")
    migrate.upgrade(url)
    assert migrate.check(url) == ()


def test_a_migration_that_orphans_rows_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite checks no references while tables are copied, so we look before the commit."""
    url = f"sqlite:///{tmp_path}/coach.db"
    migrate.upgrade(url)

    def orphan(config: Config, _revision: str) -> None:
        connection = config.attributes["connection"]
        connection.execute(text("INSERT INTO team_mentor (team_id, person_id) VALUES (7, 7)"))

    monkeypatch.setattr(migrate.command, "upgrade", orphan)
    with pytest.raises(RuntimeError, match="point nowhere"):
        migrate.upgrade(url)
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM team_mentor")) == 0
    engine.dispose()


def test_the_roles_are_there(url: str) -> None:
    migrate.upgrade(url)
    engine = create_engine(parsed(url))
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT name FROM role ORDER BY id")).all()
    engine.dispose()
    assert names == ["trainee", "mentor", "qa", "admin"]


def test_revisions_are_numbered_and_the_head_file_names_the_last() -> None:
    files = sorted(path.name for path in (migrate.MIGRATIONS / "versions").glob("*.py"))
    assert [re.fullmatch(r"(\d{4})_[a-z0-9_]+\.py", name)[1] for name in files] == [
        f"{number:04}" for number in range(1, len(files) + 1)
    ]
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_heads() == [migrate.head()]


def test_the_database_of_a_fresh_upgrade_is_private(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path}/new/coach.db")
    assert (tmp_path / "new/coach.db").stat().st_mode & 0o777 == 0o600
