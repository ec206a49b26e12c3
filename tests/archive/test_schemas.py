"""Every schema that was ever shipped opens and is upgraded, and nothing is lost on the way."""

import lzma
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, ArchiveError
from archive.schema import SCHEMA_VERSION

SCHEMAS = Path(__file__).parent / "schemas"
"""An archive of each schema, made by ``presskeep demo`` of its time."""

SHIPPED = sorted(int(path.name.partition(".")[0]) for path in SCHEMAS.iterdir())

NEW = {1: "phrases", 2: "spots"}
"""A table that a file of this schema lacks."""

KEPT = (
    "SELECT i.*, a.url FROM list_items i JOIN articles a ON a.id = i.article",
    "SELECT * FROM fetches",
    "SELECT * FROM runs",
    "SELECT * FROM articles",
    "SELECT * FROM versions",
    "SELECT * FROM events",
)


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    path.write_bytes(lzma.decompress((SCHEMAS / f"{request.param}.db.xz").read_bytes()))
    return path


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as plain:
        return [sorted(plain.execute(sql).fetchall(), key=repr) for sql in KEPT]


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as plain:
        found = plain.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        for table in ("texts_fts_config", "phrases_fts_config"):
            found += [(f"{table} {key}", value) for key, value in plain.execute(f"SELECT k, v FROM {table} ORDER BY k")]
        return [*found, ("version", plain.execute("PRAGMA user_version").fetchone()[0])]


def test_every_schema_has_its_file() -> None:
    assert list(range(1, SCHEMA_VERSION + 1)) == SHIPPED


@pytest.mark.parametrize("read_only", [False, True])
def test_an_older_file_is_upgraded_and_keeps_its_rows(shipped: Path, tmp_path: Path, read_only: bool) -> None:
    before = rows(shipped)
    with Archive(shipped, read_only=read_only) as archive:
        report = archive.verify()
        assert report.ok, report.problems
        assert [hit.where for hit in archive.search("harbour OR tunnel OR ferry", where="lists")]
    assert rows(shipped) == before
    assert all(before)
    Archive(tmp_path / "new.db").close()
    assert schema(shipped) == schema(tmp_path / "new.db")


def test_an_upgraded_file_gives_the_same_rows_when_it_is_derived_anew(shipped: Path) -> None:
    with Archive(shipped) as archive:
        before = rows(shipped)[0]
        targets = [row[0] for row in archive.db.execute("SELECT DISTINCT target FROM sightings")]
        rules = archive.db.execute("SELECT DISTINCT rules FROM articles").fetchall()
        archive.rebuild(targets)
        if archive.db.execute("SELECT DISTINCT rules FROM articles").fetchall() == rules:
            assert rows(shipped)[0] == before
        assert archive.verify().ok


def test_views_of_other_people_outlive_an_upgrade(shipped: Path) -> None:
    made = ('CREATE VIEW "my ""own"" view" AS SELECT title FROM list_items', "CREATE VIEW other AS SELECT 1 AS one")
    with closing(sqlite3.connect(shipped)) as plain:
        for sql in made:
            plain.execute(sql)
    Archive(shipped, read_only=True).close()
    with closing(sqlite3.connect(shipped)) as plain:
        found = plain.execute("SELECT sql FROM sqlite_master WHERE name IN ('my \"own\" view', 'other') ORDER BY rowid")
        assert tuple(sql for (sql,) in found) == made
        assert plain.execute('SELECT title FROM "my ""own"" view"').fetchone()


def test_a_failed_upgrade_leaves_the_file_as_it_was(shipped: Path) -> None:
    with closing(sqlite3.connect(shipped)) as plain, plain:
        version = plain.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            pytest.skip("nothing to upgrade")
        plain.execute(f"CREATE TABLE {NEW[version]}(mine)")  # stands in the way of the new table
    before = rows(shipped)
    with pytest.raises(ArchiveError, match=NEW[version]):
        Archive(shipped)
    with closing(sqlite3.connect(shipped)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone()[0] == version
    assert rows(shipped) == before


def test_archives_of_all_schemas_are_merged(shipped: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    shutil.copy(shipped, other)
    with Archive(tmp_path / "all.db") as archive:
        report = archive.merge([shipped, other])
        assert report.problems == ()
        assert archive.verify().ok
        count = archive.db.execute("SELECT count(*) FROM list_items").fetchone()
    assert count == (len(rows(shipped)[0]),)
