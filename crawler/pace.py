"""Pace: one request in flight for each registrable domain, and a pause between two of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from extractors import registrable_domain

MAX_CRAWL_DELAY = 60.0
"""Seconds. A longer Crawl-delay in robots.txt counts as this long."""


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    crawl_delay: float = 0.0


class Pace:
    """The lanes of one run. ``clock`` gives monotonic seconds, ``in_flight`` bounds all lanes together."""

    def __init__(
        self,
        in_flight: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._all = asyncio.Semaphore(in_flight)
        self._clock = clock
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, url: str, delay: float) -> AsyncIterator[None]:
        """Holds the lane of a URL; the next turn there begins no sooner than ``delay`` seconds after this one."""
        lane = self._lane(url)
        async with lane.lock:
            while (wait := lane.free_at - self._clock()) > 0:
                await self._sleep(wait)
            async with self._all:
                try:
                    yield
                finally:
                    # counted from the end of a request: a server may date it when it arrives
                    lane.free_at = max(lane.free_at, self._clock() + max(delay, lane.crawl_delay))

    def crawl_delay(self, url: str, seconds: float | None) -> None:
        """Notes what robots.txt asks for; the strictest host of a domain sets its pace."""
        lane = self._lane(url)
        lane.crawl_delay = max(lane.crawl_delay, min(seconds or 0.0, MAX_CRAWL_DELAY))

    def hold(self, url: str, seconds: float) -> None:
        """No request to the domain of a URL for so long: what a 429 or 503 asks for."""
        lane = self._lane(url)
        lane.free_at = max(lane.free_at, self._clock() + seconds)

    def held(self, url: str) -> float:
        """Seconds until the domain of a URL may be asked again."""
        return max(0.0, self._lane(url).free_at - self._clock())

    def _lane(self, url: str) -> _Lane:
        return self._lanes.setdefault(registrable_domain(url), _Lane())
