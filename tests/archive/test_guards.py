"""Facts stay as they are, also for somebody who opens the file with plain sqlite3."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, Discovery
from extractors import OptOut
from tests.archive.looks import START, look

FACTS = ("runs", "fetches", "raws", "raw_bodies", "discoveries", "optouts", "removals")


@pytest.fixture
def plain(path: Path, archive: Archive, run: str) -> Iterator[sqlite3.Connection]:
    """A stranger's connection to an archive that has a row of every kind of fact."""
    wished = look()
    archive.add(
        type(wished)(
            url=wished.url, site="paper", started_at=START, page=wished.page, article=wished.article,
            optouts=(OptOut(signal="x-robots-tag", value="noai"),),
        ),
        run,
    )  # fmt: skip
    archive.discover([Discovery(url=wished.url, site="paper", kind="feed", found_in="https://paper.example/feed")], run)
    archive.db.execute("INSERT INTO removals VALUES ('0123456789abcdef', 'x', 'asked', '2026-11-01T00:00:00.000Z')")
    archive.finish_run(run)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def refused(connection: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"holds facts|is set once"):
        connection.execute(sql)


@pytest.mark.parametrize("table", FACTS)
@pytest.mark.parametrize("recursive", ["on", "off"])
def test_no_row_is_replaced_or_removed(plain: sqlite3.Connection, table: str, recursive: str) -> None:
    plain.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = plain.execute(f"SELECT * FROM {table}").fetchall()
    assert before
    for verb in ("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"):
        refused(plain, f"{verb} INTO {table} SELECT * FROM {table} LIMIT 1")
    refused(plain, f"DELETE FROM {table}")
    assert plain.execute(f"SELECT * FROM {table}").fetchall() == before


def test_a_row_is_not_replaced_by_its_hidden_rowid(plain: sqlite3.Connection) -> None:
    refused(plain, "INSERT OR REPLACE INTO raw_bodies(rowid, key, body) VALUES (1, 'another', x'00')")


def test_a_number_in_a_run_is_not_taken_twice(plain: sqlite3.Connection) -> None:
    columns = [row[1] for row in plain.execute("PRAGMA table_info(fetches)")]
    values = ", ".join("99" if column == "id" else column for column in columns)
    refused(plain, f"INSERT OR REPLACE INTO fetches SELECT {values} FROM fetches LIMIT 1")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("runs", "id"), ("runs", "started_at"), ("runs", "software"), ("fetches", "outcome"), ("fetches", "record"),
        ("fetches", "raw_key"), ("raws", "sha256"), ("raws", "key"), ("raws", "size"), ("raw_bodies", "key"),
        ("discoveries", "at"), ("optouts", "value"), ("removals", "reason"),
    ],
)  # fmt: skip
def test_no_fact_column_changes(plain: sqlite3.Connection, table: str, column: str) -> None:
    refused(plain, f"UPDATE {table} SET {column} = 'x'")
    refused(plain, f"UPDATE OR REPLACE {table} SET {column} = 'x'")


def test_a_run_is_finished_and_sealed_once(plain: sqlite3.Connection) -> None:
    refused(plain, "UPDATE runs SET finished_at = 'later'")
    refused(plain, "UPDATE runs SET finished_at = NULL")
    refused(plain, "UPDATE runs SET root = NULL")
    refused(plain, "UPDATE runs SET root = 's'")


def test_how_a_body_is_stored_is_no_fact(plain: sqlite3.Connection) -> None:
    plain.execute("UPDATE raws SET stored_size = 1, base_key = NULL")
    plain.execute("UPDATE raw_bodies SET body = x'00'")


def test_a_body_goes_when_a_removal_names_it(plain: sqlite3.Connection) -> None:
    plain.execute("INSERT INTO removals SELECT key, sha256, 'asked', '2026-11-01T00:00:00.000Z' FROM raws")
    plain.execute("DELETE FROM raw_bodies")
    refused(plain, "DELETE FROM raws")
