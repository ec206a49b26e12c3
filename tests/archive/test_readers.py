"""Readers of every kind beside a writer: nobody waits, nobody sees half a batch."""

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from archive import Archive, ArchiveError
from tests.archive.conftest import Clock
from tests.archive.looks import URL, look, read

PROCESSES = multiprocessing.get_context("forkserver")
BATCH = 7
BATCHES = 40
ASKED = 10


Ask = Callable[[], int]
How = Callable[[Path], AbstractContextManager[Ask]]
"""A way to read: what is entered asks an archive again and again for the number of its looks."""


@contextmanager
def library(path: Path) -> Iterator[Ask]:
    with Archive(path, read_only=True) as archive:

        def ask() -> int:
            list(archive.articles(limit=20))
            archive.search("words", limit=5)
            archive.stats()
            return int(archive.db.execute("SELECT count(*) FROM fetches").fetchone()[0])

        yield ask


@contextmanager
def plain(path: Path) -> Iterator[Ask]:
    """As the sqlite3 shell or pandas would, for reading and writing, and without a longer time-out."""
    with closing(sqlite3.connect(path, timeout=5)) as conn:

        def ask() -> int:
            conn.execute("SELECT count(*) FROM list_items").fetchone()
            conn.execute("SELECT url FROM latest WHERE text LIKE '%words%'").fetchall()
            return int(conn.execute("SELECT count(*) FROM fetches").fetchone()[0])

        yield ask


@contextmanager
def browser(path: Path) -> Iterator[Ask]:
    """As Datasette opens a file that is not declared immutable, a new connection for each page."""

    def ask() -> int:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, check_same_thread=False)) as conn:
            conn.execute("SELECT name FROM sqlite_master").fetchall()
            conn.execute("SELECT rowid FROM texts_fts WHERE texts_fts MATCH 'words'").fetchall()
            return int(conn.execute("SELECT count(*) FROM fetches").fetchone()[0])

    yield ask


def ask_until(path: Path, how: How, stop: Event, said: "Queue[str]", asked: "Synchronized[int]") -> None:
    """Asks without a pause and counts how often; says when it begins, and then that all was well or what went wrong."""
    before = 0
    said.put("ready")
    try:
        with how(path) as ask:
            while not stop.is_set():
                number = ask()
                assert number % BATCH == 0, f"half a batch: {number} looks"
                assert number >= before, "an older state than before"
                asked.value, before = asked.value + 1, number
    except Exception as error:  # noqa: BLE001 - told to the parent
        said.put(f"{how.__name__}: {type(error).__name__}: {error}")
    else:
        said.put("ok")


def test_four_readers_and_a_writer_never_wait_for_each_other(path: Path) -> None:
    with Archive(path, reader=read, clock=Clock()) as archive:
        run = archive.start_run("test")
        stop, said = PROCESSES.Event(), PROCESSES.Queue()
        asked = [PROCESSES.Value("i", 0) for _ in range(4)]
        readers = [
            PROCESSES.Process(target=ask_until, args=(path, how, stop, said, count))
            for how, count in zip((library, library, plain, browser), asked, strict=True)
        ]
        for one in readers:
            one.start()
        assert [said.get(timeout=60) for _ in readers] == ["ready"] * 4
        batches = 0
        while said.empty() and (batches < BATCHES or min(count.value for count in asked) < ASKED):
            with archive.atomic():
                for number in range(BATCH):
                    archive.add(look(f"Some words {batches}.", url=f"{URL}/{number}", hour=batches, items=["x"]), run)
            batches += 1
            if batches == BATCHES // 2:
                archive.forget(f"{URL}/1", "asked")
        stop.set()
        answers = [said.get(timeout=30) for _ in readers]
        for one in readers:
            one.join(30)
        assert answers == ["ok"] * 4
        assert archive.verify().problems == ()


def leave_a_wal(path: Path) -> None:
    """Commits, and ends without closing: the WAL stays beside the file."""
    archive = Archive(path, reader=read)
    archive.add(look(), archive.start_run("test"))
    assert path.with_name(f"{path.name}-wal").stat().st_size
    os._exit(0)


@pytest.fixture
def abandoned(path: Path) -> Path:
    writer = PROCESSES.Process(target=leave_a_wal, args=(path,))
    writer.start()
    writer.join(30)
    assert writer.exitcode == 0
    return path


@pytest.mark.parametrize("how", [library, plain, browser])
def test_what_a_dead_writer_left_in_the_wal_is_read(abandoned: Path, how: How) -> None:
    with how(abandoned) as ask:
        assert ask() == 1


def read_as_nobody(path: Path, known: Path, said: "Queue[str]") -> None:
    """Counts looks as a user who may write nothing here.

    Reads ``known`` before it becomes that user: an interpreter in a home of its own can load nothing afterwards.
    """
    Archive(known, read_only=True).close()
    if os.geteuid() == 0:
        os.setuid(65_534)
    try:
        with Archive(path, read_only=True) as archive:
            said.put(f"{archive.stats().fetches} looks")
    except ArchiveError as error:
        said.put(str(error))


@pytest.mark.parametrize(
    ("gone", "answer"),
    [
        ((), "1 looks"),
        (("archive.db-shm",), "copy both to a folder that can be written"),
        (("archive.db-shm", "archive.db-wal"), "1 looks"),
    ],
)
def test_a_folder_that_cannot_be_written_is_read(abandoned: Path, gone: tuple[str, ...], answer: str) -> None:
    """A dead writer's WAL is read by its index; without that one it must not be passed over in silence."""
    if "archive.db-wal" in gone:
        Archive(abandoned, reader=read).close()
    said: Queue[str] = PROCESSES.Queue()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in abandoned.parent.iterdir():
            if file.name not in gone:
                Path(shutil.copy(file, folder)).chmod(0o444)
        folder.chmod(0o555)
        reader = PROCESSES.Process(target=read_as_nobody, args=(folder / abandoned.name, abandoned, said))
        reader.start()
        try:
            assert answer in said.get(timeout=30)
        finally:
            reader.join(30)
            folder.chmod(0o755)
