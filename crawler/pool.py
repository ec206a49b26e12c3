"""The extraction pool: processes that unpack and read pages, so that the event loop only moves bytes.

A page that crashes a worker or takes too long costs that page alone: its batch is read again one page at a time.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from archive import Outcome
from crawler.is_article import is_article_link
from crawler.wire import Failure, Wire, unpack
from crawler.workers import (
    BATCH,
    GRACE,
    LOST,
    PAGE_SECONDS,
    Reader,
    Result,
    Workers,
    in_time,
    read_in_time,
)
from extractors import Article, Page, Reading, links, read, soft_block

IDLE = 5.0
"""Seconds after which the worker that reads feeds is ended: it takes 50 MB, and is needed when a run begins."""

_MANY_LINKS = 12
"""Links to articles on a page that is none and that is therefore a list of them; menus have few that look so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page and its reading; ``crash`` says what went wrong in place of one, ``block`` what stands in its place.

    ``is_list``: it is no article, and links to many.
    """

    page: Page
    reading: Reading
    crash: str = ""
    block: str = ""
    is_list: bool = False


class Pool:
    """Workers for one run; ``reader`` must be importable by name. Use as an async context manager."""

    def __init__(
        self, *, workers: int | None = None, reader: Reader = read, page_seconds: float = PAGE_SECONDS
    ) -> None:
        self._workers = Workers(workers)
        self._other = Workers(1)
        self._alone = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._reader = reader
        self._seconds = page_seconds
        self._waiting: asyncio.Queue[tuple[Wire, int, asyncio.Future[Read | Failure]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Pool":
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(self._workers.count)]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._workers.end()
        self._rest(None)
        self._other.end()

    async def read(self, wire: Wire, limit: int) -> Read | Failure:
        """The page of a response and its reading; ``limit`` bounds the decoded body."""
        future: asyncio.Future[Read | Failure] = asyncio.get_running_loop().create_future()
        await self._waiting.put((wire, limit, future))
        return await future

    async def run(self, work: Callable[[Page], Result], page: Page) -> Result | str:
        """What some other work makes of a page, such as reading a feed; or one line that says why it made nothing.

        ``work`` must be importable by name and gets as long as a page. One at a time in a worker of its own, so that
        whatever ends that worker costs this work alone.
        """
        async with self._alone:
            try:
                return await self._in_other(work, page)
            except BrokenProcessPool:  # somebody else may have ended it: only a second time is this page's own
                with suppress(BrokenProcessPool):
                    return await self._in_other(work, page)
                return "it ended the process that read it"

    async def _in_other(self, work: Callable[[Page], Result], page: Page) -> Result | str:
        self._rest(None)
        pool, job = self._other.submit(in_time, work, page, self._seconds)
        try:
            async with asyncio.timeout(self._seconds + GRACE):
                return await asyncio.wrap_future(job)
        except LOST as error:
            self._other.end(pool)
            if isinstance(error, BrokenProcessPool):
                raise
            return str(error) or f"not done within {self._seconds + GRACE:g} s"
        finally:
            self._rest(asyncio.get_running_loop().call_later(IDLE, self._other.end, pool))

    def _rest(self, idle: asyncio.TimerHandle | None) -> None:
        """When the worker of other work is to be ended, in place of what was planned."""
        if self._idle is not None:
            self._idle.cancel()
        self._idle = idle

    async def _serve(self) -> None:
        """Takes what waits, up to a batch, and answers it."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                results = await self._batch([(wire, limit) for wire, limit, _ in batch])
            except BaseException:
                for *_, future in batch:
                    future.cancel()
                raise
            for (*_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)
            del batch, results, future, result  # they would stay in memory until the next page comes

    async def _batch(self, jobs: list[tuple[Wire, int]]) -> list[Read | Failure]:
        try:
            return await self._submit(jobs)
        except LOST as error:
            if len(jobs) == 1:
                # another worker's crash breaks the pool too: only a second failure is this page's own
                return [await self._last_chance(*jobs[0], error)]
        return [result for job in jobs for result in await self._batch([job])]

    async def _last_chance(self, wire: Wire, limit: int, first: BaseException) -> Read | Failure:
        try:
            return (await self._submit([(wire, limit)]))[0]
        except LOST as error:
            page = await asyncio.to_thread(_unpacked, wire, limit)
            if isinstance(page, Failure):
                return page
            crash = str(error) or str(first) or type(error).__name__
            return Read(page=page, reading=Reading(article=None), crash=crash)

    async def _submit(self, jobs: list[tuple[Wire, int]]) -> list[Read | Failure]:
        pool, job = self._workers.submit(_work, jobs, self._reader, self._seconds)
        try:
            async with asyncio.timeout(len(jobs) * self._seconds + GRACE):  # wait_for of 3.11 loses cancellations
                return await asyncio.wrap_future(job)
        except (BrokenProcessPool, TimeoutError):  # a late alarm leaves its worker well
            self._workers.end(pool)
            raise


def outcome_of(read_: Read) -> str | None:
    """The outcome that a reading decides by itself; None leaves it to the archive."""
    if read_.crash:
        return Outcome.EXTRACT_CRASH
    if read_.block:
        return Outcome.QUARANTINED
    if read_.reading.reason == "not-html":
        return Outcome.NOT_HTML
    return None


def _work(jobs: list[tuple[Wire, int]], reader: Reader, seconds: float) -> list[Read | Failure]:
    return [_read_one(wire, limit, reader, seconds) for wire, limit in jobs]


def _read_one(wire: Wire, limit: int, reader: Reader, seconds: float) -> Read | Failure:
    page = _unpacked(wire, limit)
    if isinstance(page, Failure):
        return page
    reading = read_in_time(page, reader, seconds)
    if isinstance(reading, str):
        return Read(page=page, reading=Reading(article=None), crash=reading)
    judged = in_time(partial(_judged, article=reading.article), page, seconds)
    if isinstance(judged, str):
        return Read(page=page, reading=Reading(article=None), crash=judged)
    block, is_list = judged
    return Read(page=page, reading=reading, block=block, is_list=is_list)


def _unpacked(wire: Wire, limit: int) -> Page | Failure:
    try:
        return unpack(wire, limit)
    except Exception as error:  # noqa: BLE001 - whatever a server makes of a response, it costs this one alone
        return Failure(
            url=wire.url, outcome=Outcome.EXTRACT_CRASH, detail=f"{type(error).__name__}: {error}", status=wire.status,
            final_url=wire.final_url, ms=wire.ms, bytes=len(wire.content), headers=wire.headers,
        )  # fmt: skip


def _judged(page: Page, article: Article | None) -> tuple[str, bool]:
    """What stands in place of an article, if anything does, and whether a page that has none is a list of them."""
    block = soft_block(page, article.text if article else "")
    return block, not (article or block) and _is_list(page)


def _is_list(page: Page) -> bool:
    return len({url for url, text in links(page) if is_article_link(url, text)}) >= _MANY_LINKS
