"""Takedowns in a process that is killed between the commit and the end of the scrub."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.conftest import Clock
from tests.archive.looks import URL, look, read
from tests.archive.test_removal import SECRETS, files_of, fill

PROCESSES = multiprocessing.get_context("forkserver")
STATEMENTS = (
    "INSERT INTO texts_fts(texts_fts)",
    "INSERT INTO phrases_fts(phrases_fts)",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "DROP TABLE IF EXISTS main.scrub_due",
)


def forget_until(path: Path, statement: str, sources: list[Path]) -> None:
    """Takes down in this process, or merges takedowns in, and dies just before a statement."""
    with Archive(path, reader=read) as archive:

        def die(sql: str) -> None:
            if sql.startswith(statement):
                os.kill(os.getpid(), signal.SIGKILL)

        archive.db.conn.set_trace_callback(die)
        if sources:
            archive.merge(sources)
        else:
            archive.forget(URL, "asked")


def killed(path: Path, statement: str, sources: list[Path]) -> None:
    child = PROCESSES.Process(target=forget_until, args=(path, statement, sources))
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL


def left(path: Path) -> set[str]:
    return {secret for secret in SECRETS if secret.lower().encode() in files_of(path).lower()}


def filled(path: Path) -> Path:
    with Archive(path, clock=Clock(), reader=read) as archive:
        fill(archive)
    return path


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_next_opening_for_writing_finishes_a_takedown(path: Path, statement: str) -> None:
    killed(filled(path), statement, [])
    assert statement == STATEMENTS[-1] or left(path)
    with Archive(path, reader=read, read_only=True) as archive:
        (problem,) = archive.verify().problems
        assert problem.kind == "unfinished removal"
        assert "presskeep forget" in problem.cure
        tables = {row[0] for row in archive.db.execute("SELECT name FROM sqlite_master")}
        assert "scrub_due" in tables
    with Archive(path, reader=read) as archive:
        assert not left(path)
        assert archive.verify(deep=True).problems == ()
    assert not left(path)


def test_a_takedown_that_came_by_a_merge_is_finished_too(tmp_path: Path) -> None:
    path, other = filled(tmp_path / "a.db"), tmp_path / "b.db"
    other.write_bytes(path.read_bytes())
    with Archive(other, reader=read) as archive:
        archive.forget(URL, "asked")
    killed(path, "VACUUM", [other])
    assert left(path)
    with Archive(path, reader=read) as archive:
        assert archive.verify(deep=True).problems == ()
    assert not left(path)


def test_a_reader_delays_the_end_and_does_not_hinder_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.opening._BUSY_MS", 100)
    killed(filled(path), "VACUUM", [])
    with Archive(path, read_only=True) as reading:
        reading.db.execute("BEGIN")
        reading.db.execute("SELECT count(*) FROM texts").fetchone()
        with Archive(path, reader=read) as archive:
            archive.add(look("New.", hour=20), archive.start_run("test"))
            assert [one.kind for one in archive.verify().problems] == ["unfinished removal"]
        reading.db.rollback()
    Archive(path, reader=read).close()
    assert not left(path)


def test_a_transaction_is_no_place_for_a_takedown(archive: Archive) -> None:
    fill(archive)
    with pytest.raises(Exception, match="outside of a transaction"), archive.atomic():
        archive.forget(URL, "asked")
    assert not archive.db.execute("SELECT 1 FROM removals").fetchall()
