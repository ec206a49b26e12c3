"""Worker processes that read pages: started on need, each page against a clock, gone when their parent is gone."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import TypeVar

from crawler.heap import give_back_large_blocks
from extractors import Page, Reading, read

BATCH = 8
"""Pages that go to a worker together."""

PAGE_SECONDS = 10.0
"""What one page may take."""

GRACE = 5.0
"""Seconds after which a worker that a signal cannot interrupt is ended."""

_YOUNG = 20_000
"""New objects after which the collector looks for cycles. A page makes as many in a moment, and few of them cycles."""

Result = TypeVar("Result")
Reader = Callable[[Page], Reading]
"""Reads a page; must be importable by name, since workers import it."""


class TooSlowError(BaseException):
    """Raised inside a reader by the alarm; no Exception, so that no reader swallows it."""


LOST = (Exception, TooSlowError)
"""What a batch can end with instead of results: its worker ended, or was too slow, or gave what no process can hand
to another; an alarm may ring just after its page was read."""


class Workers:
    """A process pool that comes back after a crash; ``count`` None takes all cores but one."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(1, (os.cpu_count() or 2) - 1)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawler.pool"])
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[..., Result], *arguments: object) -> tuple[ProcessPoolExecutor, Future[Result]]:
        """Hands over some work, and says to which pool: a new one where workers ended while they had nothing to do."""
        pool = self._running()
        try:
            return pool, pool.submit(work, *arguments)
        except BrokenProcessPool:
            self.end(pool)
        pool = self._running()
        return pool, pool.submit(work, *arguments)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.count, mp_context=self._context, initializer=_start)
        return self._pool

    def end(self, pool: ProcessPoolExecutor | None = None) -> None:
        """Ends the workers, the stuck ones by force; with ``pool`` only if it is still the one that runs."""
        if self._pool is None or (pool is not None and pool is not self._pool):
            return
        pool, self._pool = self._pool, None
        processes, results = list((pool._processes or {}).values()), pool._result_queue
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        # else the pool's thread would wait for the rest of half a result, and the interpreter for that thread
        results._writer.close()  # type: ignore[attr-defined]


def read_in_time(page: Page, reader: Reader = read, seconds: float = PAGE_SECONDS) -> Reading | str:
    """The reading of a page, or what went wrong in place of one."""
    return in_time(reader, page, seconds)


def in_time(work: Callable[[Page], Result], page: Page, seconds: float = PAGE_SECONDS) -> Result | str:
    """What some work makes of a page, or what went wrong in place of one. Runs in a worker, in its main thread."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work(page)
    except TooSlowError:
        return f"not read within {seconds:g} s"
    except Exception as error:  # noqa: BLE001 - a fault in a plug-in or of ours costs one page, never a crawl
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _start() -> None:
    """Prepares a worker. Ctrl-C is the parent's affair."""
    gc.freeze()  # what was imported stays: nothing of it is looked through again
    gc.set_threshold(_YOUNG)
    give_back_large_blocks()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _alarm)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for its next page for ever, and the fork server for it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError
