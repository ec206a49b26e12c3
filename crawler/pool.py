"""The extraction pool: processes that unpack and read pages, so that the event loop only moves bytes.

A page that crashes a worker or takes too long costs that page alone: its batch is read again one page at a time.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import FrameType

from archive import Outcome
from crawler.wire import Failure, Wire, unpack
from extractors import Page, Reading, read

BATCH = 8
PAGE_SECONDS = 10.0
_GRACE = 5.0  # a worker that a signal cannot interrupt is ended so much later

Reader = Callable[[Page], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page and its reading; ``crash`` says what went wrong in place of one."""

    page: Page
    reading: Reading
    crash: str = ""


class _TooSlowError(BaseException):
    """Raised inside a reader by the alarm; no Exception, so that no reader swallows it."""


_LOST = (BrokenProcessPool, TimeoutError, _TooSlowError)
"""What a batch can end with instead of results; an alarm may ring just after its page was read."""


class Pool:
    """Workers for one run; ``reader`` must be importable by name. Use as an async context manager."""

    def __init__(
        self, *, workers: int | None = None, reader: Reader = read, page_seconds: float = PAGE_SECONDS
    ) -> None:
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._reader = reader
        self._seconds = page_seconds
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawler.pool"])
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: asyncio.Queue[tuple[Wire, int, asyncio.Future[Read | Failure]]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Pool":
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(self._workers)]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end()

    async def read(self, wire: Wire, limit: int) -> Read | Failure:
        """The page of a response and its reading; ``limit`` bounds the decoded body."""
        future: asyncio.Future[Read | Failure] = asyncio.get_running_loop().create_future()
        await self._waiting.put((wire, limit, future))
        return await future

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

    async def _batch(self, jobs: list[tuple[Wire, int]]) -> list[Read | Failure]:
        try:
            return await self._submit(jobs)
        except _LOST as error:
            if len(jobs) == 1:
                # another worker's crash breaks the pool too: only a second failure is this page's own
                return [await self._last_chance(*jobs[0], error)]
        return [result for job in jobs for result in await self._batch([job])]

    async def _last_chance(self, wire: Wire, limit: int, first: BaseException) -> Read | Failure:
        try:
            return (await self._submit([(wire, limit)]))[0]
        except _LOST as error:
            page = await asyncio.to_thread(unpack, wire, limit)
            if isinstance(page, Failure):
                return page
            crash = str(error) or str(first) or type(error).__name__
            return Read(page=page, reading=Reading(article=None), crash=crash)

    async def _submit(self, jobs: list[tuple[Wire, int]]) -> list[Read | Failure]:
        pool = self._running()
        job = asyncio.get_running_loop().run_in_executor(pool, _work, jobs, self._reader, self._seconds)
        try:
            return await asyncio.wait_for(job, len(jobs) * self._seconds + _GRACE)
        except (BrokenProcessPool, TimeoutError):  # a late alarm leaves its worker well
            if pool is self._pool:
                self._end()
            raise

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=self._context, initializer=_start)
        return self._pool

    def _end(self) -> None:
        """Ends the workers, the stuck ones by force."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


def outcome_of(read_: Read) -> str | None:
    """The outcome that a reading decides by itself; None leaves it to the archive."""
    if read_.crash:
        return Outcome.EXTRACT_CRASH
    if read_.reading.reason == "not-html":
        return Outcome.NOT_HTML
    return None


def _start() -> None:
    """Prepares a worker. Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _alarm)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends a worker whose crawl was killed; it would wait for its next page for ever, and the fork server for it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise _TooSlowError


def _work(jobs: list[tuple[Wire, int]], reader: Reader, seconds: float) -> list[Read | Failure]:
    return [_read_one(wire, limit, reader, seconds) for wire, limit in jobs]


def _read_one(wire: Wire, limit: int, reader: Reader, seconds: float) -> Read | Failure:
    page = unpack(wire, limit)
    if isinstance(page, Failure):
        return page
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return Read(page=page, reading=reader(page))
    except _TooSlowError:
        return Read(page=page, reading=Reading(article=None), crash=f"not read within {seconds:g} s")
    except Exception as error:  # noqa: BLE001 - a fault in a plug-in or of ours costs one page, never a crawl
        return Read(page=page, reading=Reading(article=None), crash=f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
