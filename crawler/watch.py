"""A crawl that goes on: a round, a pause until something is due, the next round.

Between two rounds the archive is closed and its lock given back, so that other commands can write. SIGTERM and SIGINT
let a round finish what is under way; SIGHUP reads the configuration again and begins a round at once.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from archive import ArchiveBusy, ArchiveError, ArchiveUnwritable
from crawler.config import Config
from crawler.errors import CrawlerError
from crawler.sdnotify import Systemd

SHORTEST = timedelta(minutes=1)
"""The shortest pause between two rounds, and the one after a round that found the archive busy or the disk full."""

LONGEST = timedelta(minutes=15)
"""The longest pause: sources are read again at least so often, for what they announce is not known before."""

GRACE = 20.0
"""Seconds that articles under way get to finish; then what was fetched is saved and the rest is left."""

Round = Callable[[Config, asyncio.Event], Awaitable[datetime | None]]
"""Crawls once, ends early when the event is set, and gives the time at which something is due next."""


@dataclass(slots=True, kw_only=True)
class Watch:
    """A service. ``load`` reads the configuration, ``round`` crawls, ``say`` takes a level and a line for the log."""

    load: Callable[[], Config]
    round: Round
    say: Callable[[str, str], None]
    systemd: Systemd = field(default_factory=Systemd)
    shortest: timedelta = SHORTEST
    longest: timedelta = LONGEST
    grace: float = GRACE
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _reload: bool = False
    _has_crawled: bool = False
    _signal: int = 0

    async def run(self) -> int:
        """Rounds until a signal asks to stop; returns its number.

        Raises what ``load`` raises at first, and what a round raises; but a busy archive is waited for, and so is a
        disk that refuses once a round has gone well.
        """
        config = self.load()
        with self._signals():
            async with self._signs_of_life():
                self.systemd.ready("watching")
                while not self._stop.is_set():
                    self.systemd.status("crawling")
                    until = await self._round(config)
                    await self._sleep(until)
                    if self._reload and not self._stop.is_set():
                        config = self._reloaded(config)
                self.systemd.stopping()
        return self._signal

    async def _round(self, config: Config) -> datetime:
        """One round; when the next one begins."""
        crawling = asyncio.ensure_future(self.round(config, self._stop))
        stopped = asyncio.create_task(self._stop.wait())
        try:
            both: set[asyncio.Future[Any]] = {crawling, stopped}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not crawling.done():
                await self._finish(crawling)
            due = None if crawling.cancelled() else crawling.result()
        except ArchiveBusy as error:
            return self._again("warning", error)
        except ArchiveUnwritable as error:
            if not self._has_crawled:  # nobody waits for a service that never worked
                raise
            return self._again("error", error)
        finally:
            stopped.cancel()
            crawling.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await crawling
        self._has_crawled = True
        return next_round(datetime.now(UTC), due, shortest=self.shortest, longest=self.longest)

    def _again(self, level: str, error: ArchiveError) -> datetime:
        """Tells what stands in the way of a round, and when it is tried again."""
        self.say(level, f"{error}; the next round begins in {_shown(self.shortest)}")
        return datetime.now(UTC) + self.shortest

    async def _finish(self, crawling: "asyncio.Future[datetime | None]") -> None:
        """Lets a round that was asked to stop finish what is under way; a second signal or the grace ends it."""
        hurried = asyncio.create_task(self._hurry.wait())
        both: set[asyncio.Future[Any]] = {crawling, hurried}
        await asyncio.wait(both, timeout=self.grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not crawling.done():
            crawling.cancel()  # what was fetched is committed on the way out
            await asyncio.wait({crawling})

    async def _sleep(self, until: datetime) -> None:
        if self._stop.is_set():
            return
        self.systemd.status(f"the next round begins at {until:%H:%M:%S} UTC")
        with suppress(TimeoutError):
            async with asyncio.timeout((until - datetime.now(UTC)).total_seconds()):
                await self._wake.wait()
        self._wake.clear()

    def _reloaded(self, old: Config) -> Config:
        self._reload = False
        self.systemd.reloading()
        try:
            config = self.load()
        except CrawlerError as error:
            self.say("error", f"{error}; the configuration stays as it was")
            config = old
        else:
            self.say("info", f"{config.source} was read again")
        self.systemd.ready("watching")
        return config

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        handlers = {
            signal.SIGTERM: lambda: self._asked_to_stop(signal.SIGTERM),
            signal.SIGINT: lambda: self._asked_to_stop(signal.SIGINT),
            signal.SIGHUP: self._asked_to_reload,
        }
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)

    def _asked_to_stop(self, number: signal.Signals) -> None:
        if self._stop.is_set():
            self._hurry.set()
            return
        self.say("info", "stopping; what is under way is finished first (a second signal saves and stops at once)")
        self.systemd.stopping()
        self._signal = number
        self._stop.set()
        self._wake.set()

    def _asked_to_reload(self) -> None:
        self._reload = True
        self._wake.set()

    @asynccontextmanager
    async def _signs_of_life(self) -> AsyncIterator[None]:
        """Tells the watchdog while the event loop turns."""

        async def beat(seconds: float) -> None:
            while True:
                self.systemd.alive()
                await asyncio.sleep(seconds)

        if self.systemd.watchdog is None:
            yield
            return
        task = asyncio.create_task(beat(self.systemd.watchdog))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def next_round(now: datetime, due: datetime | None, *, shortest: timedelta, longest: timedelta) -> datetime:
    """When something is due, but not sooner than after the shortest pause and not later than after the longest."""
    return min(max(due or now + longest, now + shortest), now + longest)


def _shown(pause: timedelta) -> str:
    return f"{pause.total_seconds():g} s"
