"""The one writer: a thread that owns the archive, and a queue of looks that are committed together."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from archive import Archive, Discovery, Look, Outcome, Saved
from crawler.config import Config, Site
from crawler.fetch import home_of
from crawler.frontier import Entry, Frontier, Visit
from crawler.hasten import hasten
from crawler.pace import Room
from crawler.report import FINE
from crawler.retry import HOST_WIDE
from crawler.robots import RobotsCache
from crawler.stale import stale_sources
from extractors import moment_text, normalize_url

BATCH = 100
"""Looks in one transaction."""

SECONDS = 0.5
"""How long a look waits at most for others."""

_BACKLOG = BATCH  # looks that may wait before those who bring more have to
_BYTES = 32_000_000  # of the pages in a batch and behind it, likewise
_BATCH_BYTES = 8_000_000
_NOT_ASKED = frozenset({Outcome.ADDRESS_REFUSED, Outcome.BREAKER, Outcome.ROBOTS})
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A look to be written, and the frontier entry that it visits. ``host_wide``: it failed, as all of its host do.

    ``written`` is set when it is committed, or will not be.
    """

    look: Look
    entry: Entry | None = None
    host_wide: bool = False
    written: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def size(self) -> int:
        """Bytes of its page."""
        return len(self.look.page.body) if self.look.page else 0


class Writer:
    """Owns an archive in a thread of its own; ``sites`` are those of this run. Use as an async context manager."""

    def __init__(
        self, config: Config, sites: Iterable[Site], *, command: str, on_saved: Callable[[Deed, Saved], None]
    ) -> None:
        self._config = config
        self._sites = tuple(sites)
        self._command = command
        self._on_saved = on_saved
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="presskeep-writer")
        self._queue: asyncio.Queue[Deed | None] = asyncio.Queue(_BACKLOG)
        self._room = Room(_BYTES)
        self._hurry = asyncio.Event()
        self._archive: Archive
        self._frontier: Frontier
        self._task: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self.run = ""

    async def __aenter__(self) -> Self:
        try:
            await self.call(self._open)
        except BaseException:
            self._thread.shutdown()
            raise
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Commits what waits, closes the run and the archive; also when the crawl was interrupted."""
        assert self._task is not None
        try:
            await asyncio.shield(self._close())
        finally:
            self._thread.shutdown()

    async def call(self, work: Callable[[], Result]) -> Result:
        """Runs something in the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def put(self, deed: Deed, *, kept: bool = False) -> None:
        """Hands a look over; waits while too many wait already, or with ``kept`` until it is committed. Raises what the
        writer failed with."""
        if self._failure is not None:
            raise self._failure
        await self._room.free()
        self._room.take(deed.size)
        await self._queue.put(deed)
        if deed.look.outcome in HOST_WIDE:
            self._hurry.set()
        if kept:
            await deed.written.wait()

    async def robots(self, work: Callable[[RobotsCache], Result]) -> Result:
        """Asks or tells the cache of robots.txt files."""
        return await self.call(lambda: work(RobotsCache(self._archive.db)))

    async def host_file(self, url: str) -> bytes:
        """The body that the last look at a file such as robots.txt found, as far as it is committed; b"" if none."""
        return await self.call(lambda: self._archive.host_file(url)) or b""

    async def rest(self, host: str, until: datetime) -> None:
        """Keeps for later runs that a host asked to be left alone until then; committed at once."""

        def inside() -> None:
            with self._archive.atomic():
                RobotsCache(self._archive.db).rest(host, until)

        await self.call(inside)

    async def frontier(self, work: Callable[[Frontier], Result]) -> Result:
        """Asks the frontier, or tells it something in a transaction of its own."""

        def inside() -> Result:
            with self._archive.atomic():
                return work(self._frontier)

        return await self.call(inside)

    async def stale(self, site: Site, read: Collection[str]) -> list[str]:
        """A line for each source of a site that has gone quiet; ``read`` are those that were read just now."""
        return await self.call(lambda: stale_sources(self._archive.db, site, datetime.now(UTC), read))

    async def discover(self, found: list[Discovery], entries: list[Entry], found_in: str) -> int:
        """Records where URLs were found and makes them known, and those due that are said to have changed; returns how
        many the frontier did not know."""

        def inside() -> int:
            with self._archive.atomic():
                self._archive.discover(found, self.run)
                hasten(self._archive.db, entries, datetime.now(UTC))
                return self._frontier.add(entries, datetime.now(UTC), found_in)

        return await self.call(inside)

    def _open(self) -> None:
        with suppress(FileExistsError, NotADirectoryError):  # a file in the way: the archive says it better
            self._config.archive_path.parent.mkdir(parents=True, exist_ok=True)
        self._archive = Archive(self._config.archive_path, tokenizer=self._config.tokenizer)
        self.run = self._archive.start_run(self._command, config_digest=self._config.digest)
        self._frontier = Frontier(self._archive.db, (site.name for site in self._config.sites))
        with self._archive.atomic():
            for site in self._sites:
                self._archive.site(site.name, site.home)

    async def _close(self) -> None:
        assert self._task is not None
        try:
            await self._queue.put(None)
            await self._task
        finally:
            await self.call(self._finish)
        if self._failure is not None:
            raise self._failure

    def _finish(self) -> None:
        try:
            self._archive.finish_run(self.run)
        finally:
            self._archive.close()

    async def _serve(self) -> None:
        """Commits until the end. After a failure it only empties the queue, so that nobody waits for it in vain."""
        ended = False
        while not ended:
            batch, ended = await self._batch()
            if batch and self._failure is None:
                try:
                    await self._commit(batch)
                except Exception as error:  # noqa: BLE001 - raised again by the next put and by the end
                    self._failure = error
            self._room.take(-sum(deed.size for deed in batch))
            for deed in batch:
                deed.written.set()
            del batch  # its pages would stay in memory until the next one

    async def _commit(self, batch: list[Deed]) -> None:
        for deed, saved in await self.call(lambda: self._written(batch)):
            self._on_saved(deed, saved)

    async def _batch(self) -> tuple[list[Deed], bool]:
        """What is to be committed together: a full batch, or what came within half a second, or before a hurry."""
        first = await self._queue.get()
        if first is None:
            return [], True
        batch, size = [first], first.size
        deadline = asyncio.get_running_loop().time() + SECONDS
        while len(batch) < BATCH and size < _BATCH_BYTES:
            if self._hurry.is_set() and self._queue.empty():
                self._hurry.clear()
                break
            try:
                async with asyncio.timeout_at(deadline):
                    deed = await self._queue.get()
            except TimeoutError:
                break
            if deed is None:
                return batch, True
            batch.append(deed)
            size += deed.size
        return batch, False

    def _written(self, batch: list[Deed]) -> list[tuple[Deed, Saved]]:
        asked: dict[str, datetime] = {}
        for look in (deed.look for deed in batch if deed.look.outcome not in _NOT_ASKED):
            host, at = home_of(look.final_url or look.url), look.started_at + timedelta(milliseconds=look.ms)
            asked[host] = max(at, asked.get(host, at))
        with self._archive.atomic():
            RobotsCache(self._archive.db).asked(asked)
            return [(deed, self._write(deed)) for deed in batch]

    def _write(self, deed: Deed) -> Saved:
        saved = self._archive.add(deed.look, self.run)
        if deed.entry is not None:
            self._frontier.done(_visit(deed.entry, deed, saved))
            if saved.article is not None and saved.outcome in FINE and _own_answer(deed.look):
                self._frontier.retire(deed.entry.url, saved.article)
        return saved


def _own_answer(look: Look) -> bool:
    """Whether a URL answered itself: a redirect may lead elsewhere tomorrow."""
    return look.final_url is None or normalize_url(look.final_url) == normalize_url(look.url)


def _visit(entry: Entry, deed: Deed, saved: Saved) -> Visit:
    look = deed.look
    failed = saved.outcome not in FINE and saved.outcome != Outcome.NO_ARTICLE
    kept = saved.outcome == Outcome.NOT_MODIFIED
    return Visit(
        entry=entry,
        at=look.started_at,
        outcome=saved.outcome,
        attempts=look.attempts,
        failed=failed,
        host_wide=deed.host_wide,
        published=moment_text(look.article.published) if look.article else None,
        changed=saved.outcome == Outcome.CHANGED,
        etag=look.etag or (entry.etag if kept else None),
        last_modified=look.last_modified or (entry.last_modified if kept else None),
    )
