"""Tells hooks what a crawl saw: never in its way, never its failure.

An observer that stands before another one. What a hook wants to know waits in queues of bounded length; whatever does
not fit is dropped, counted and told. At the end of a run, hooks get a few seconds of grace.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from archive import Archive, Happening
from crawler.config import Config
from crawler.delivery import post, run
from crawler.events import Event, Fetched, Observer, Problem
from crawler.hooks import Hook, Target
from crawler.news import message, topics_of, wants
from crawler.transport import open_client

WAITING = 1000
"""Messages that may wait for one hook."""

GRACE = 5.0
"""Seconds that hooks get after the end of a run."""

_ONCE = frozenset({"drift", "blocked"})  # what one page suffers, the others of its site do too


@dataclass(slots=True)
class _Line:
    """One hook, its address, and what waits for it."""

    hook: Hook
    target: Target
    queue: asyncio.Queue[tuple[str, bytes]] = field(default_factory=lambda: asyncio.Queue(WAITING))
    task: asyncio.Task[None] | None = None
    dropped: int = 0
    last_site: str = ""


@asynccontextmanager
async def notifying(
    config: Config,
    observer: Observer,
    *,
    environ: Mapping[str, str] = os.environ,
    grace: float = GRACE,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Observer]:
    """An observer that also tells the hooks of a configuration; ``observer`` itself where there are none.

    Raises ConfigError for a variable that the environment lacks. What goes wrong with hooks is a Problem event each.
    """
    if not config.notify:
        yield observer
        return
    lines = [_Line(hook, hook.resolved(environ)) for hook in config.notify]
    async with open_client(in_flight=len(lines)) as client:
        notifier = Notifier(config, lines, observer, client, sleep)
        notifier.start()
        try:
            yield notifier
        finally:
            await notifier.close(grace)


class Notifier:
    """The observer behind :func:`notifying`."""

    def __init__(
        self,
        config: Config,
        lines: list[_Line],
        observer: Observer,
        client: httpx.AsyncClient,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._agent = config.manners.agent
        self._lines = lines
        self._observer = observer
        self._client = client
        self._sleep = sleep
        self._details = _Details(config.archive_path)
        self._wanted = frozenset(topic for line in lines for topic in line.hook.on)
        self._told: set[tuple[str, str]] = set()
        self._events: asyncio.Queue[tuple[Event, tuple[str, ...]]] = asyncio.Queue(WAITING)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to serve the queues."""
        self._task = asyncio.create_task(self._sort())
        for line in self._lines:
            line.task = asyncio.create_task(self._deliver(line))

    def event(self, event: Event) -> None:
        """Takes one event and returns at once."""
        self._observer.event(event)
        topics = tuple(topic for topic in topics_of(event) if self._is_news(topic, event))
        if topics:
            try:
                self._events.put_nowait((event, topics))
            except asyncio.QueueFull:
                self._missed(event, topics)

    async def close(self, grace: float) -> None:
        """Waits a moment for what is under way, then gives it up."""
        assert self._task is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._events.join()
                await asyncio.gather(*(line.queue.join() for line in self._lines))
        tasks = [self._task, *(line.task for line in self._lines if line.task is not None)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._details.close()
        while not self._events.empty():
            self._missed(*self._events.get_nowait())
        for line in self._lines:
            while not line.queue.empty():
                _drop(line, line.queue.get_nowait()[0])
            if line.dropped:
                what = "1 message was" if line.dropped == 1 else f"{line.dropped:,} messages were"
                self._tell(line, line.last_site, f"{what} dropped: too many, or too slow")

    def _is_news(self, topic: str, event: Event) -> bool:
        if topic not in self._wanted or (topic in _ONCE and (topic, event.site) in self._told):
            return False
        self._told.add((topic, event.site))
        return True

    async def _sort(self) -> None:
        """Finds out what each event is about and hands it to the hooks that asked for it."""
        while True:
            event, topics = await self._events.get()
            try:
                happened = await self._details.of(event)
                for topic in topics:
                    self._queue(topic, event, happened)
            except asyncio.CancelledError:
                self._missed(event, topics)
                raise
            except Exception as error:  # noqa: BLE001 - an archive that cannot be read costs a message, never the crawl
                for line in self._concerned(event, topics):
                    self._tell(line, event.site, f"the archive cannot be read ({type(error).__name__})")
            finally:
                self._events.task_done()

    def _queue(self, topic: str, event: Event, happened: Happening | None) -> None:
        if topic == "vanished" and (happened is None or "vanished" not in happened.events):
            return
        body = json.dumps(message(topic, event, happened), ensure_ascii=False).encode()
        for line in self._lines:
            if wants(line.hook, topic, event.site, happened):
                try:
                    line.queue.put_nowait((event.site, body))
                except asyncio.QueueFull:
                    _drop(line, event.site)

    async def _deliver(self, line: _Line) -> None:
        while True:
            site, body = await line.queue.get()
            delivered = False
            try:
                if line.target.command:
                    reason = await run(line.target, body)
                else:
                    reason = await post(self._client, line.target, body, agent=self._agent, sleep=self._sleep)
                delivered = True
                if reason:
                    self._tell(line, site, reason)
            finally:
                if not delivered:
                    _drop(line, site)
                line.queue.task_done()

    def _missed(self, event: Event, topics: tuple[str, ...]) -> None:
        """Counts an event as dropped for each hook that may have wanted it."""
        for line in self._concerned(event, topics):
            _drop(line, event.site)

    def _concerned(self, event: Event, topics: tuple[str, ...]) -> list[_Line]:
        wanted = set(topics)
        return [
            line
            for line in self._lines
            if not wanted.isdisjoint(line.hook.on) and (not line.hook.sites or event.site in line.hook.sites)
        ]

    def _tell(self, line: _Line, site: str, reason: str) -> None:
        what = "command" if line.target.command else "webhook"
        self._observer.event(Problem(site=site, line=f"{line.hook.where}: {what}: {reason}"))


class _Details:
    """Reads the archive beside its writer, in a thread of its own, which opens it when it is needed first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._archive: Archive | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="presskeep-notify")

    async def of(self, event: Event) -> Happening | None:
        """What a look meant for its article."""
        if not isinstance(event, Fetched) or event.kind != "article" or not event.fetch:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, event.fetch)

    def close(self) -> None:
        """Closes the archive; waits for a read that is under way."""
        self._thread.submit(self._close)
        self._thread.shutdown()

    def _read(self, fetch: int) -> Happening | None:
        if self._archive is None:
            self._archive = Archive(self._path, read_only=True)
        return self._archive.happening(fetch)

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()


def _drop(line: _Line, site: str) -> None:
    line.dropped += 1
    line.last_site = site
