"""Which of the due articles of a site are visited in a run: until its requests or its time are spent."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from crawler.fetch import home_of
from crawler.frontier import Entry
from crawler.visit import Visitor


class Itinerary:
    """Hands out entries one by one. ``budget`` 0 bounds no requests; after ``until``, an aware time, nothing is begun.

    Of a host that cannot be asked for the time being one article says so in the archive; the others stay due as they
    are, so that an outage leaves neither a row for each of them nor a longer pause.
    """

    def __init__(self, visitor: Visitor, *, budget: int, until: datetime | None, stop: asyncio.Event) -> None:
        self._visitor = visitor
        self._budget = budget
        self._until = until
        self._stop = stop
        self._under_way = 0
        self._left = 0
        self._closed = 0
        self._told: set[str] = set()

    def next(self, waiting: Iterator[Entry]) -> Entry | None:
        """The next entry to visit; None at the end, and when the run may begin nothing more."""
        while self._may_go_on():
            entry = next(waiting, None)
            if entry is None or not self._is_passed_over(entry):
                return entry
            self._closed += 1
        return None

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Counts a visit against the budget before its requests are counted."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def leave(self, waiting: Iterator[Entry]) -> None:
        """What is left of the entries waits for the next run."""
        self._left += sum(1 for _ in waiting)

    def lines(self) -> Iterator[str]:
        """What was not visited, and why."""
        if self._left and not self._stop.is_set():
            spent = self._budget and self._visitor.requests >= self._budget
            why = "the budget of requests is spent" if spent else "the time is up"
            yield f"{why}; {self._left:,} due articles wait for the next run"
        if self._closed:
            yield f"{self._closed:,} due articles wait for a later run, since their host cannot be asked now"

    def _may_go_on(self) -> bool:
        spent = self._budget and self._visitor.requests + self._under_way >= self._budget
        late = self._until is not None and datetime.now(UTC) >= self._until
        return not (spent or late or self._stop.is_set())

    def _is_passed_over(self, entry: Entry) -> bool:
        if not self._visitor.is_closed(entry.url):
            return False
        host = home_of(entry.url)
        known = host in self._told
        self._told.add(host)
        return known
