"""Files that are archives, files that are not, and several processes at one file."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import APPLICATION_ID, Archive, ArchiveBusy, ArchiveError, Look, NewerArchive, NotAnArchive
from archive.schema import SCHEMA_VERSION
from extractors import URLError
from tests.archive.looks import URL, look, read

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from archive import Archive
from tests.archive.looks import look, read
with Archive(sys.argv[1], reader=read) as archive:
    run = archive.start_run("child")
    print("ready", flush=True)
    for number in range(int(sys.argv[2])):
        with archive.atomic():
            saved = [archive.add(look(f"Text {number} {n}.", url=f"https://paper.example/{n}", noise="x" * 500,
                                      items=[f"{number}-{n}"], hour=number), run).fetch for n in range(5)]
        print(*saved, flush=True)
    sys.stdin.read()
"""


def child(path: Path, looks: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(looks)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_new_file_carries_our_mark(path: Path) -> None:
    with Archive(path) as archive:
        assert archive.db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert archive.db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert archive.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert APPLICATION_ID.to_bytes(4, "big") == b"PrKp"


def test_an_empty_file_becomes_an_archive(path: Path) -> None:
    path.touch()
    with Archive(path) as archive:
        assert list(archive.articles()) == []


def test_what_is_no_archive_is_left_alone(path: Path, tmp_path: Path) -> None:
    path.write_text("Dear diary\n")
    with pytest.raises(NotAnArchive, match="not an SQLite file"):
        Archive(path)
    assert path.read_text() == "Dear diary\n"
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE people(name)")
    with pytest.raises(NotAnArchive, match="another program"):
        Archive(other)
    with pytest.raises(NotAnArchive, match="is a folder"):
        Archive(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["archive.db", "other.db"]


def test_a_cut_file_is_no_archive(path: Path) -> None:
    with Archive(path):
        pass
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(ArchiveError, match=r"archive\.db"):
        Archive(path)


def test_a_later_schema_is_refused(path: Path) -> None:
    with Archive(path) as archive:
        archive.db.execute("PRAGMA user_version = 99")
    for read_only in (False, True):
        with pytest.raises(NewerArchive, match="schema 99"):
            Archive(path, read_only=read_only)


def test_a_missing_file_is_not_made_by_reading(path: Path) -> None:
    with pytest.raises(ArchiveError, match="does not exist"):
        Archive(path, read_only=True)
    with pytest.raises(ArchiveError, match="is no folder"):
        Archive(path.parent / "missing" / "archive.db")
    assert not path.exists()


def test_reading_does_not_write(path: Path) -> None:
    with Archive(path, reader=read) as archive:
        archive.add(look(), archive.start_run("test"))
    with Archive(path, read_only=True) as archive:
        assert archive.article(URL).title == "A title"
        with pytest.raises(ArchiveError, match="read-only"):
            archive.start_run("test")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            archive.db.execute("DELETE FROM events")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_protected_file_is_a_clear_error(path: Path) -> None:
    with Archive(path):
        pass
    path.chmod(0o444)
    with pytest.raises(ArchiveError, match="read-only"):
        Archive(path)


def test_the_tokenizer_is_chosen_once(path: Path) -> None:
    with Archive(path, tokenizer="trigram"):
        pass
    with Archive(path), Archive(path, read_only=True, tokenizer="trigram"):
        pass
    with pytest.raises(ArchiveError, match="'trigram', not 'unicode61'"):
        Archive(path, tokenizer="unicode61")
    with pytest.raises(ArchiveError, match="no tokenizer"):
        Archive(path, tokenizer="porter")


def test_one_writer_and_any_number_of_readers(path: Path) -> None:
    writer = child(path, 1)
    assert writer.stdout is not None
    assert writer.stdin is not None
    with writer:
        assert writer.stdout.readline() == "ready\n"
        assert writer.stdout.readline() == "1 2 3 4 5\n"
        with pytest.raises(ArchiveBusy, match="another presskeep process"):
            Archive(path)
        with Archive(path, read_only=True) as one, Archive(path, read_only=True) as two:
            assert one.stats().fetches == two.stats().fetches == 5
        writer.stdin.close()
    with Archive(path) as archive:
        assert archive.stats().fetches == 5


def test_two_archives_in_one_process_exclude_each_other(path: Path) -> None:
    with Archive(path), pytest.raises(ArchiveBusy):
        Archive(path)


def test_a_killed_writer_loses_no_committed_look(path: Path) -> None:
    committed = 0
    for kill in range(5):
        writer = child(path, 10_000)
        assert writer.stdout is not None
        with writer:
            for _ in range(3 + 7 * kill):
                line = writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
            tail = writer.stdout.read().splitlines()
        committed = int((tail[-1] if tail else line).split()[-1])
        with Archive(path, reader=read) as archive:
            assert archive.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
            seen = archive.db.execute("SELECT count(*), max(id) FROM fetches").fetchone()
            assert seen[0] == seen[1] >= committed
            assert archive.stats().raws <= seen[0]
            archive.db.execute("INSERT INTO texts_fts(texts_fts) VALUES ('integrity-check')")


def test_a_file_whose_maker_was_killed_is_made_anew(path: Path, tmp_path: Path) -> None:
    making = tmp_path / "making.db"
    with closing(sqlite3.connect(making, isolation_level=None)) as conn:
        conn.executescript("CREATE TABLE half(made); DROP TABLE half; PRAGMA cache_size = 1; BEGIN")
        conn.execute("CREATE TABLE half(made)")
        conn.executemany("INSERT INTO half VALUES (?)", [(f"{number} " * 500,) for number in range(50)])
        shutil.copy(making, path)  # pages of the transaction are in it: the cache is too small for them
        shutil.copy(f"{making}-journal", f"{path}-journal")
    assert path.stat().st_size
    with Archive(path, reader=read) as archive:
        archive.add(look(), archive.start_run("test"))
        assert archive.verify().ok


def test_a_failed_transaction_leaves_nothing(archive: Archive, run: str) -> None:
    def fail() -> None:
        with archive.atomic():
            archive.add(look(), run)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert archive.stats().fetches == 0
    with archive.atomic():
        archive.add(look(), run)
        with pytest.raises(ValueError, match="neither a page nor an outcome"):
            archive.add(type(look())(url=URL, site="paper", started_at=look().started_at), run)
        with pytest.raises(URLError):
            archive.add(look(url="https://"), run)
    assert archive.stats().fetches == 1


def broken() -> Look:
    """A look that fails half-way: its text has no UTF-8."""
    found = look("Words.", url=f"{URL}-broken")
    assert found.article is not None
    return replace(found, article=replace(found.article, text="\ud800"))


def test_what_fails_half_way_is_not_committed(archive: Archive, run: str) -> None:
    def add_all() -> None:
        with archive.atomic():
            archive.add(look(), run)
            with pytest.raises(UnicodeEncodeError):
                archive.add(broken(), run)
            with pytest.raises(ArchiveError, match="half-way"):
                archive.add(look(hour=1), run)

    with pytest.raises(ArchiveError, match="half-way"):
        add_all()
    assert archive.stats().fetches == archive.stats().raws == 0
    archive.add(look(), run)
    assert archive.stats().fetches == 1


def test_a_look_is_whole_or_not_there_in_a_transaction_of_somebody_else(archive: Archive, run: str) -> None:
    with archive.db.atomic():
        with pytest.raises(UnicodeEncodeError):
            archive.add(broken(), run)
        archive.add(look(), run)
    assert archive.stats().fetches == archive.db.execute("SELECT count(*) FROM sightings").fetchone()[0] == 1
    assert archive.verify().ok


def test_what_was_taken_back_burdens_no_later_transaction(archive: Archive, run: str) -> None:
    with pytest.raises(UnicodeEncodeError), archive.atomic():
        archive.add(broken(), run)
    with archive.db.atomic():
        archive.add(look(), run)
    assert archive.stats().fetches == 1


def test_a_time_without_a_zone_is_refused_before_anything_is_written(archive: Archive, run: str) -> None:
    with archive.atomic():
        with pytest.raises(ValueError, match="zone"):
            archive.add(replace(look(), started_at=look().started_at.replace(tzinfo=None)), run)
        archive.add(look(), run)
    assert archive.stats().fetches == 1


def test_a_part_of_a_transaction_fails_alone(archive: Archive, run: str) -> None:
    with archive.atomic():
        archive.add(look(), run)
        with pytest.raises(UnicodeEncodeError), archive.atomic():
            archive.add(broken(), run)
        archive.add(look(hour=1), run)
    assert archive.stats().fetches == 2
    assert archive.stats().raws == 1
    assert archive.verify().ok
