"""Crawls that end before their time: cancelled, killed, or without an archive to write."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from archive import Archive, ArchiveBusy
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Script, feed


def test_cancelling_saves_what_was_fetched(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(30)]
    scripts: dict[str, Script] = {
        "/feed": feed(*paths), **{path: page(n, pause=0.03) for n, path in enumerate(paths)},
    }  # fmt: skip

    async def act(case: Case) -> None:
        task = asyncio.create_task(case.crawl())
        await case.stand.has_been_asked(14)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ((kept,),) = case.rows("SELECT count(*) FROM articles")
        assert isinstance(kept, int)
        assert 2 <= kept < 30
        assert case.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
        await case.crawl()
        assert case.rows("SELECT count(*), sum(version_count) FROM articles") == [(30, 30)]
        assert sum(case.stand.count(path) for path in paths) <= 30 + 14

    play(tmp_path, scripts, act)


def test_a_killed_crawl_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(40)]
    scripts: dict[str, Script] = {
        "/feed": feed(*paths), **{path: page(n, pause=0.03) for n, path in enumerate(paths)},
    }  # fmt: skip

    async def act(case: Case) -> None:
        await case.crawl(dry_run=True)  # writes the config
        arguments = ("-m", "crawler", "crawl", "--config", str(case.folder / "config.toml"))
        child = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL)
        await case.stand.has_been_asked(25)
        child.kill()
        await child.wait()
        ((kept,),) = case.rows("SELECT count(*) FROM articles")
        before = len(case.stand.asked)
        report = await case.crawl()
        assert report.new_articles == 40 - int(str(kept))
        assert case.rows("SELECT count(*), max(version_count) FROM articles") == [(40, 1)]
        assert len(case.stand.asked) - before <= 40 - int(str(kept)) + 1  # the feed, and what was not committed

    play(tmp_path, scripts, act)


def test_a_writer_that_fails_ends_the_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    paths = [f"/story-number-{n}" for n in range(20)]

    async def act(case: Case) -> None:
        monkeypatch.setattr(Archive, "add", full)
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            await asyncio.wait_for(case.crawl(), 20)

    play(tmp_path, {"/feed": feed(*paths), **{path: page(1) for path in paths}}, act)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        with Archive(case.path), pytest.raises(ArchiveBusy):
            await case.crawl()

    play(tmp_path, {}, act)
