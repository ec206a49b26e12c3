"""``crawl --watch`` as a real process with real signals, and the rules by which it pauses and reloads."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from archive import Archive, ArchiveBusy, ArchiveUnwritable
from crawler import Config
from crawler.__main__ import run
from crawler.outlook import outlook
from crawler.sdnotify import Systemd
from crawler.watch import LONGEST, SHORTEST, Watch, next_round
from tests.crawler.papers import environment, papers, write_config
from tests.crawler.test_metrics import parsed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@contextmanager
def manager(address: str) -> Iterator[socket.socket]:
    """The socket of a service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.settimeout(20)
        yield listening


def _heard(listening: socket.socket, wanted: str) -> list[str]:
    """Messages until one begins with ``wanted``."""
    heard: list[str] = []
    while not heard or not heard[-1].startswith(wanted):
        heard.append(listening.recv(4096).decode())
    return heard


@contextmanager
def service(*arguments: str, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """A watch as a child process, ended by its id whatever happens."""
    command = [sys.executable, "-m", "crawler", "crawl", "--watch", *arguments]
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**environment(), **variables}
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def test_a_watch_crawls_reloads_is_scraped_and_leaves_with_0(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with papers() as sites, manager(address) as listening:
        config = write_config(tmp_path, sites)
        text = config.read_text("utf-8")
        arguments = ("--config", str(config), "--log-json", "--metrics", f"127.0.0.1:{port}")
        with service(*arguments, NOTIFY_SOCKET=address, WATCHDOG_USEC="1000000") as child:
            heard = _heard(listening, "STATUS=the next round begins at")
            assert heard[0] == "READY=1\nSTATUS=watching"
            assert {"WATCHDOG=1", "STATUS=crawling"} <= set(heard)
            with Archive(tmp_path / "archive.db"):  # the lock is free between two rounds
                pass
            config.write_text(text + "\n[nonsense]\n", "utf-8")
            os.kill(child.pid, signal.SIGHUP)
            heard = _heard(listening, "RELOADING=1\nMONOTONIC_USEC=") + _heard(
                listening, "STATUS=the next round begins at"
            )
            assert any(one.startswith("READY=1") for one in heard)
            config.write_text(text.replace('name = "review"', 'name = "renamed"'), "utf-8")
            os.kill(child.pid, signal.SIGHUP)
            _heard(listening, "RELOADING=1")
            _heard(listening, "STATUS=the next round begins at")
            with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
                assert {row[0] for row in db.execute("SELECT name FROM sites")} >= {"review", "renamed"}
                assert db.execute("SELECT count(*) FROM runs WHERE finished_at IS NOT NULL").fetchone()[0] == 3
            scraped = urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
            assert parsed(scraped)["presskeep_runs_total", ()] == 3
            os.kill(child.pid, signal.SIGTERM)
            _heard(listening, "STOPPING=1")
            out, err = child.communicate(timeout=20)
            assert (child.returncode, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    assert all(list(line)[:4] == ["time", "level", "event", "site"] for line in lines)
    names = [line["event"] for line in lines]
    assert names.count("run-finished") == 3
    assert {"site-started", "fetched", "site-finished", "note"} <= set(names)
    told = [line["line"] for line in lines if line["level"] == "error"]
    refusal = f"{config}: nonsense: found an unknown key; use one of archive, crawler, notify, sites"
    assert told == [f"{refusal}; the configuration stays as it was"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_in_a_round_finishes_what_is_under_way(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites, delay=0.25)
        with service("--config", str(config)) as child:
            deadline = time.monotonic() + 30
            while sum(site.requests for site in sites) < 9:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            os.kill(child.pid, number)
            _, err = child.communicate(timeout=30)
    assert child.returncode == code, err
    assert "stopping; what is under way is finished first" in err
    assert "Traceback" not in err
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM fetches").fetchone()[0] >= 8


def test_a_watch_with_a_bad_config_or_a_wrong_option_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[crawler]\nspeed = 3\n")
    for arguments in (("--config", str(config)), ("--now",), ("--metrics", "nowhere")):
        assert run(["crawl", "--watch", *arguments]) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("due", "pause"),
    [
        (None, LONGEST),
        (NOW, SHORTEST),
        (NOW - timedelta(days=1), SHORTEST),
        (NOW + timedelta(minutes=7), timedelta(minutes=7)),
        (NOW + timedelta(hours=2), LONGEST),
    ],
)
def test_the_pause_ends_when_something_is_due_within_its_bounds(due: datetime | None, pause: timedelta) -> None:
    assert next_round(NOW, due, shortest=SHORTEST, longest=LONGEST) == NOW + pause
    assert (timedelta(minutes=1), timedelta(minutes=15)) == (SHORTEST, LONGEST)


def test_a_busy_archive_is_told_and_tried_again() -> None:
    async def test() -> tuple[int, list[str]]:
        said: list[str] = []
        rounds = 0

        async def one(_config: Config, _stop: asyncio.Event) -> datetime | None:
            nonlocal rounds
            rounds += 1
            if rounds == 1:
                raise ArchiveBusy("archive.db: another presskeep process writes it")
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.01)
            return None

        watch = Watch(
            load=Config, round=one, say=lambda _level, line: said.append(line), systemd=Systemd({}),
            shortest=timedelta(seconds=0.01),
        )  # fmt: skip
        await watch.run()
        return rounds, said

    rounds, said = asyncio.run(test())
    assert rounds == 2
    assert said[0] == "archive.db: another presskeep process writes it; the next round begins in 0.01 s"


def test_a_disk_that_is_full_for_a_while_ends_no_watch() -> None:
    said: list[tuple[str, str]] = []
    rounds = iter((None, ArchiveUnwritable("archive.db cannot be written; free space"), None))

    async def one(_config: Config, _stop: asyncio.Event) -> datetime | None:
        error = next(rounds, None)
        if error is not None:
            raise error
        if said:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.01)
        return datetime.now(UTC)

    def watch() -> Watch:
        return Watch(
            load=Config, round=one, say=lambda *line: said.append(line), systemd=Systemd({}),
            shortest=timedelta(seconds=0.01),
        )  # fmt: skip

    assert asyncio.run(watch().run()) == signal.SIGTERM
    assert said[0] == ("error", "archive.db cannot be written; free space; the next round begins in 0.01 s")
    rounds = iter((ArchiveUnwritable("archive.db cannot be written"),))
    with pytest.raises(ArchiveUnwritable):  # one that was so from the beginning is a mistake in the setting up
        asyncio.run(watch().run())


def test_a_round_that_does_not_end_is_cancelled_after_the_grace() -> None:
    ended: list[str] = []

    async def one(_config: Config, _stop: asyncio.Event) -> datetime | None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("saved")
        return None

    watch = Watch(load=Config, round=one, say=lambda *_: None, systemd=Systemd({}), grace=0.05)
    assert asyncio.run(watch.run()) == signal.SIGTERM
    assert ended == ["saved"]


def test_a_second_signal_does_not_wait_for_the_grace() -> None:
    async def one(_config: Config, _stop: asyncio.Event) -> datetime | None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(60)
        return None

    watch = Watch(load=Config, round=one, say=lambda *_: None, systemd=Systemd({}), grace=60)
    assert asyncio.run(asyncio.wait_for(watch.run(), 10)) == signal.SIGINT


def test_a_failure_of_a_round_ends_the_watch() -> None:
    async def one(_config: Config, _stop: asyncio.Event) -> datetime | None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        asyncio.run(Watch(load=Config, round=one, say=lambda *_: None, systemd=Systemd({})).run())


def test_sd_notify_reaches_an_abstract_name_and_is_silent_without_a_manager() -> None:
    name = f"presskeep-test-{os.getpid()}"
    with manager("\0" + name) as listening:
        systemd = Systemd({"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())})
        systemd.ready("one\ntwo")
        systemd.alive()
        assert [listening.recv(100), listening.recv(100)] == [b"READY=1\nSTATUS=one two", b"WATCHDOG=1"]
        assert systemd.watchdog == 1.5
    systemd.alive()  # a manager that has gone
    for variables in ({}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"}):
        silent = Systemd(variables)
        silent.stopping()
        assert silent.watchdog is None


def test_the_outlook_counts_what_is_due_next(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rows: list[tuple[Any, ...]] = [
        ("https://a/1", "a", "article", "2026-11-22T11:00:00.000Z", "due"),
        ("https://a/2", "a", "article", "2026-11-22T12:30:00.000Z", "due"),
        ("https://a/3", "a", "article", "2026-11-22T12:10:00.000Z", "gone"),
        ("https://a/feed", "a", "feed", "2026-11-22T12:05:00.000Z", "due"),
        ("https://b/1", "b", "article", "2026-11-22T12:20:00.000Z", "due"),
    ]
    with Archive(path) as archive, archive.atomic():
        for url, site, kind, next_at, state in rows:
            archive.db.execute(
                "INSERT INTO frontier(url, key, site, kind, added_at, next_at, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (url, url, site, kind, next_at, next_at, state),
            )
    found = outlook(path, ("a", "b"), after=NOW)
    assert found.next_at == NOW + timedelta(minutes=20)
    assert found.sites == {"a": (2, 1), "b": (1, 0)}
    assert outlook(path, ("a",), after=NOW).next_at == NOW + timedelta(minutes=30)
    assert outlook(path, ("c",), after=NOW).next_at is None
