"""The root of a run: computed by hand here, the same whatever is stored beside the facts."""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, ArchiveError, Discovery
from archive.roots import FACT_COLUMNS, merkle_root
from tests.archive.conftest import Clock
from tests.archive.looks import START, URL, look, read


def tree_hash(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_is_that_of_rfc_6962(contents: list[bytes]) -> None:
    assert merkle_root(contents) == tree_hash(contents)


def test_a_known_tree() -> None:
    """The first test vectors of the Certificate Transparency reference implementation."""
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root([b""]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def filled(path: Path) -> str:
    with Archive(path, clock=Clock(), reader=read) as archive:
        run = archive.start_run("crawl")
        archive.add(look("One two three."), run)
        archive.add(look("One two four.", hour=1), run)
        archive.discover([Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed")], run)
        archive.finish_run(run)
    return run


def test_a_root_can_be_computed_from_the_documented_rows(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    run = filled(path)
    where = {"runs": "id = ?", "raws": "key IN (SELECT raw_key FROM fetches WHERE run = ?) ORDER BY key"}
    leaves = []
    with closing(sqlite3.connect(path)) as plain:
        for table, columns in FACT_COLUMNS.items():
            clause = where.get(table, "run = ? ORDER BY seq")
            rows = plain.execute(f"SELECT {columns} FROM {table} WHERE {clause}", (run,))
            leaves += [json.dumps([table, *row], separators=(",", ":")).encode("ascii") for row in rows]
        stored = plain.execute("SELECT root FROM runs").fetchone()[0]
    assert len(leaves) == 1 + 1 + 2 + 2
    assert stored == tree_hash(leaves).hex()


def test_every_column_of_a_fact_but_row_ids_and_storage_is_part_of_the_root(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    filled(path)
    left_out = {}
    with closing(sqlite3.connect(path)) as plain:
        for table, columns in FACT_COLUMNS.items():
            every = {row[1] for row in plain.execute(f"PRAGMA table_info({table})")}
            left_out[table] = every - set(columns.split(", "))
    assert left_out == {
        "runs": {"root"}, "discoveries": set(), "fetches": {"id"}, "optouts": set(), "raws": {"stored_size", "base_key"}
    }  # fmt: skip


def test_finishing_twice_changes_nothing(archive: Archive, run: str) -> None:
    archive.finish_run(run)
    before = archive.db.execute("SELECT finished_at, root FROM runs").fetchall()
    archive.finish_run(run)
    assert archive.db.execute("SELECT finished_at, root FROM runs").fetchall() == before
    assert len(before[0][1]) == 64


def test_a_finished_run_takes_no_more_facts(archive: Archive, run: str) -> None:
    archive.finish_run(run)
    with pytest.raises(ArchiveError, match=f"run {run} is finished"):
        archive.add(look(), run)
    found = Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed")
    with pytest.raises(ArchiveError, match="start another"):
        archive.discover([found], run)


def test_the_root_of_a_day_is_that_over_its_runs(archive: Archive) -> None:
    runs = [archive.start_run("crawl") for _ in range(3)]
    archive.start_run("unfinished")
    for run in reversed(runs):
        archive.finish_run(run)
    found = archive.day_root(START.date())
    assert [run for run, _ in found.runs] == sorted(runs)
    assert found.root == tree_hash([bytes.fromhex(root) for _, root in found.runs]).hex()
    with pytest.raises(ArchiveError, match="1999-01-01"):
        archive.day_root(date(1999, 1, 1))
