"""Pace: one request in flight for each registrable domain, and a pause between two of them that minds how it is."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from crawler.health import Health
from extractors import registrable_domain

MAX_CRAWL_DELAY = 60.0
"""Seconds. A longer Crawl-delay in robots.txt counts as this long, unless the configuration says otherwise."""


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    ended_at: float = -math.inf
    rests_until: float = 0.0
    crawl_delay: float = 0.0
    health: Health = field(default_factory=Health)


class Room:
    """Bounds the bytes of what was fetched and is not yet kept: where reading or writing is slow, fetching waits.

    What is let in may be larger than what is left, so that nothing is too large for ever.
    """

    def __init__(self, size: int) -> None:
        self._left = size
        self._free = asyncio.Event()
        self._free.set()

    async def free(self) -> None:
        """Waits until there is room for one more page."""
        await self._free.wait()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """One page under way."""
        self.take(size)
        try:
            yield
        finally:
            self.take(-size)

    def take(self, size: int) -> None:
        """Takes so many bytes, or gives them back where ``size`` is negative."""
        self._left -= size
        if self._left > 0:
            self._free.set()
        else:
            self._free.clear()


async def _at_once() -> None:
    """Waits for nothing."""


class Pace:
    """The lanes of one run. ``in_flight`` bounds all lanes together, and ``ready`` may hold up each request.

    ``clock`` gives monotonic seconds.
    """

    def __init__(
        self,
        in_flight: int,
        *,
        ready: Callable[[], Awaitable[None]] = _at_once,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._all = asyncio.Semaphore(in_flight)
        self._ready = ready
        self._clock = clock
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, url: str, delay: float, *, patience: float = math.inf) -> AsyncIterator[float]:
        """Holds the lane of a URL; the next turn there begins no sooner than ``delay`` seconds after this one.

        Gives 0.0 when the request may go out. Where the domain is to be left alone for longer than ``patience``
        seconds, gives that time at once, and no request may be made.
        """
        lane = self._lane(url)
        async with lane.lock:
            while (wait := max(lane.free_at, lane.rests_until) - self._clock()) > 0:
                if self.held(url) > patience:
                    yield self.held(url)
                    return
                await self._sleep(wait)
            async with self._all:
                await self._ready()
                try:
                    yield 0.0
                finally:
                    # counted from the end of a request: a server may date it when it arrives
                    lane.ended_at = self._clock()
                    pause = max(lane.health.pause(delay), lane.crawl_delay)
                    lane.free_at = max(lane.free_at, lane.ended_at + pause)

    def crawl_delay(self, url: str, seconds: float | None, *, most: float = MAX_CRAWL_DELAY) -> None:
        """Notes what robots.txt asks for, ``most`` of it; the strictest host of a domain sets its pace. It counts from
        the request for robots.txt on."""
        lane = self._lane(url)
        lane.crawl_delay = max(lane.crawl_delay, min(seconds or 0.0, most))
        lane.free_at = max(lane.free_at, lane.ended_at + lane.crawl_delay)

    def asked_before(self, url: str, seconds: float, delay: float) -> None:
        """Notes that another run made a request to the domain so many seconds ago, which counts as one of this run."""
        lane = self._lane(url)
        lane.ended_at = max(lane.ended_at, self._clock() - seconds)
        lane.free_at = max(lane.free_at, lane.ended_at + max(delay, lane.crawl_delay))

    def hold(self, url: str, seconds: float) -> None:
        """No request to the domain of a URL for so long: what a 429 or 503 asks for."""
        lane = self._lane(url)
        lane.rests_until = max(lane.rests_until, self._clock() + seconds)

    def answered(self, url: str, seconds: float) -> None:
        """Notes that a server answered, and how long it took; its domain is asked no faster than it answers."""
        self._lane(url).health.answered(seconds)

    def failed(self, url: str) -> None:
        """Notes a failure that speaks for a server: its domain is slowed down, and left alone after many in a row."""
        rest = self._lane(url).health.failed()
        if rest:
            self.hold(url, rest)

    def held(self, url: str) -> float:
        """Seconds for which the domain of a URL is still to be left alone."""
        return max(0.0, self._lane(url).rests_until - self._clock())

    def _lane(self, url: str) -> _Lane:
        domain = registrable_domain(url)
        if domain not in self._lanes:
            self._lanes[domain] = _Lane(health=Health(self._clock))
        return self._lanes[domain]
