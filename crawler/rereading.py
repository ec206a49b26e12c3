"""Reading stored pages again on all cores, in their order.

A page that crashes its process or takes too long costs that page alone: its batch is read again one page at a time.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from types import TracebackType
from typing import Self

from crawler.workers import BATCH, GRACE, LOST, PAGE_SECONDS, Reader, Workers, read_in_time
from extractors import Page, Reading, read

_AHEAD = 4
"""Batches that wait for each process, so that none of them is idle while the archive derives."""

_Batch = tuple[list[Page], "Future[list[Reading | None]]"]


class Rereaders:
    """Processes that read pages; ``reader`` must be importable by name. A context manager."""

    def __init__(
        self, *, workers: int | None = None, reader: Reader = read, page_seconds: float = PAGE_SECONDS
    ) -> None:
        self._workers = Workers(workers)
        self._reader = reader
        self._seconds = page_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._workers.end()

    def __call__(self, pages: Iterable[Page]) -> Iterator[Reading | None]:
        """The readings of pages in their order; None for a page that cannot be read."""
        waiting: deque[_Batch] = deque()
        rest = iter(pages)
        while batch := list(islice(rest, BATCH)):
            waiting.append((batch, self._submit(batch)))
            if len(waiting) >= _AHEAD * self._workers.count:
                yield from self._result(waiting)
        while waiting:
            yield from self._result(waiting)

    def _submit(self, batch: list[Page]) -> "Future[list[Reading | None]]":
        try:
            return self._workers.submit(_work, batch, self._reader, self._seconds)[1]
        except BrokenProcessPool as error:
            failed: Future[list[Reading | None]] = Future()
            failed.set_exception(error)
            return failed

    def _result(self, waiting: deque[_Batch]) -> list[Reading | None]:
        batch, future = waiting.popleft()
        try:
            return future.result(len(batch) * self._seconds + GRACE)
        except LOST:
            self._workers.end()
        readings = [self._alone(page) for page in batch]
        lost = [pages for pages, _ in waiting]  # their processes ended with the pool
        waiting.clear()
        waiting.extend((pages, self._submit(pages)) for pages in lost)
        return readings

    def _alone(self, page: Page) -> Reading | None:
        try:
            return self._submit([page]).result(self._seconds + GRACE)[0]
        except LOST:
            self._workers.end()
            return None


def _work(pages: list[Page], reader: Reader, seconds: float) -> list[Reading | None]:
    return [_read_one(page, reader, seconds) for page in pages]


def _read_one(page: Page, reader: Reader, seconds: float) -> Reading | None:
    reading = read_in_time(page, reader, seconds)
    return None if isinstance(reading, str) else reading
