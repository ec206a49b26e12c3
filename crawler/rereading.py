"""Reading stored pages again on all cores, in their order.

A page that crashes its process or takes too long costs that page alone: its batch is read again one page at a time.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from types import FrameType, TracebackType
from typing import Self

from crawler.pool import BATCH, PAGE_SECONDS
from extractors import Page, Reading, read

_AHEAD = 4
"""Batches that wait for each process, so that none of them is idle while the archive derives."""

_GRACE = 5.0  # seconds after which a process that a signal cannot interrupt is ended

Reader = Callable[[Page], Reading]
_Batch = tuple[list[Page], "Future[list[Reading | None]]"]


class _TooSlowError(BaseException):
    """Raised inside a reader by the alarm; no Exception, so that no reader swallows it."""


_LOST = (BrokenProcessPool, TimeoutError, _TooSlowError)
"""What a batch can end with instead of readings; an alarm may ring just after its page was read."""


class Rereaders:
    """Processes that read pages; ``reader`` must be importable by name. A context manager."""

    def __init__(
        self, *, workers: int | None = None, reader: Reader = read, page_seconds: float = PAGE_SECONDS
    ) -> None:
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._reader = reader
        self._seconds = page_seconds
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawler.pool"])
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def __call__(self, pages: Iterable[Page]) -> Iterator[Reading | None]:
        """The readings of pages in their order; None for a page that cannot be read."""
        waiting: deque[_Batch] = deque()
        rest = iter(pages)
        while batch := list(islice(rest, BATCH)):
            waiting.append((batch, self._submit(batch)))
            if len(waiting) >= _AHEAD * self._workers:
                yield from self._result(waiting)
        while waiting:
            yield from self._result(waiting)

    def _submit(self, batch: list[Page]) -> "Future[list[Reading | None]]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=self._context, initializer=_quiet)
        try:
            return self._pool.submit(_work, batch, self._reader, self._seconds)
        except BrokenProcessPool as error:
            failed: Future[list[Reading | None]] = Future()
            failed.set_exception(error)
            return failed

    def _result(self, waiting: deque[_Batch]) -> list[Reading | None]:
        batch, future = waiting.popleft()
        try:
            return future.result(len(batch) * self._seconds + _GRACE)
        except _LOST:
            self._end()
        readings = [self._alone(page) for page in batch]
        lost = [pages for pages, _ in waiting]  # their processes ended with the pool
        waiting.clear()
        waiting.extend((pages, self._submit(pages)) for pages in lost)
        return readings

    def _alone(self, page: Page) -> Reading | None:
        try:
            return self._submit([page]).result(self._seconds + _GRACE)[0]
        except _LOST:
            self._end()
            return None

    def _end(self) -> None:
        """Ends the processes, the stuck ones by force."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


def _quiet() -> None:
    """Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _alarm)


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise _TooSlowError


def _work(pages: list[Page], reader: Reader, seconds: float) -> list[Reading | None]:
    return [_read_one(page, reader, seconds) for page in pages]


def _read_one(page: Page, reader: Reader, seconds: float) -> Reading | None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return reader(page)
    except _TooSlowError:
        return None
    except Exception:  # noqa: BLE001 - a fault in a plug-in costs one page, never the work of hours
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
