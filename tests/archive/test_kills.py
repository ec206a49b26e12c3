"""A writer that is killed a hundred times over one file loses no page that it had reported, and keeps none twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from archive import Archive
from extractors import moment_text
from tests.archive.looks import look, read
from tests.archive.test_merge import write

KILLS = 100
Page = tuple[str, str]


@dataclass(slots=True)
class Reported:
    """What the writers said that they had committed: pages with their raws, and merged sources."""

    pages: dict[Page, str] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)


@contextmanager
def nursery(path: Path, sources: list[Path]) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.archive.nursery", str(path), *map(str, sources)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_hundred_kills_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    path, chance, told = tmp_path / "archive.db", Random(2026), Reported()
    sources = {name: several(tmp_path / name, number) for number, name in enumerate(("a.db", "b.db", "c.db"))}
    with nursery(path, list(sources.values())) as process:
        for number in range(KILLS):
            new = kill_one(process, number, chance, told)
            check(path, told, new)
            if number % 10 == 9:
                verify(path, deep=False)
    check(path, told, list(told.pages))
    for name in told.merged:
        holds_all_of(path, sources[name])
    verify(path, deep=True)
    assert len(told.pages) > KILLS
    assert told.merged


def several(path: Path, number: int) -> Path:
    """A source of the merges: a page that the writers do not know, and some that they do."""
    names = (f"only-{number}", str(number), str(number + 1))
    return write(path, [look(f"From {number}.", url=f"https://paper.example/{name}", hour=-number) for name in names])


def kill_one(process: "subprocess.Popen[str]", number: int, chance: Random, told: Reported) -> list[Page]:
    """Lets one writer work for a while; returns the pages that it reported."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{number}\n")
    pid = int(process.stdout.readline().split()[1])
    lines = [process.stdout.readline() for _ in range(chance.choice([0, 0, 1, 5, 20, 60]))]
    time.sleep(chance.uniform(0, 0.08))
    os.kill(pid, signal.SIGKILL)
    while (line := process.stdout.readline()) != "ended\n":
        assert line, "the nursery is gone"
        lines.append(line)
    new: list[Page] = []
    for what, *rest in map(str.split, lines):
        if what == "merged":
            told.merged.add(rest[0])
        else:
            url, at, key = rest
            page = url, moment_text(datetime.fromisoformat(at)) or ""
            assert page not in told.pages
            told.pages[page] = key
            new.append(page)
    return new


def check(path: Path, told: Reported, new: list[Page]) -> None:
    """The file opens, all reported pages are there once, and the bodies of the new ones can be read."""
    with Archive(path, reader=read) as archive:
        pages = archive.db.execute("SELECT url, started_at FROM fetches WHERE kind = 'article'").fetchall()
        assert len(pages) == len(set(pages))
        assert told.pages.keys() <= set(pages)
        removed = {row[0] for row in archive.db.execute("SELECT key FROM removals")}
        for key in {told.pages[page] for page in new} - removed - {"-"}:
            archive.raw(key)


def verify(path: Path, *, deep: bool) -> None:
    with Archive(path, reader=read) as archive:
        assert archive.verify(deep=deep).problems == ()


def holds_all_of(path: Path, source: Path) -> None:
    rows = "SELECT run, seq, url FROM fetches"
    with Archive(path, read_only=True) as archive, Archive(source, read_only=True) as other:
        assert set(other.db.execute(rows).fetchall()) <= set(archive.db.execute(rows).fetchall())
