"""Pace: few requests in flight to each registrable domain, mostly one, and a pause between two that minds how it is."""

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

_PASSES = 8
"""Passes of the event loop from a socket that can be read to the end of its request, and some to spare."""


@dataclass(slots=True)
class _Lane:
    """``under_way`` has the bound of each request in flight, ``door`` lets those that wait in one by one."""

    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    under_way: list[int] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    free_at: float = 0.0
    ended_at: float = -math.inf
    rests_until: float = 0.0
    crawl_delay: float = 0.0
    health: Health = field(default_factory=Health)

    def most(self, at_once: int) -> int:
        """Requests that may be in flight where ``at_once`` are configured: one alone where robots.txt asks for a pause
        between two, and to a server that just failed."""
        return 1 if self.crawl_delay or not self.health.is_well else at_once

    def is_full(self, at_once: int) -> bool:
        """Whether one more would be too many for it or for one of those in flight."""
        return bool(self.under_way) and len(self.under_way) >= min(self.most(at_once), *self.under_way)


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


async def _read_answers() -> None:
    """Lets answers be heard that have come already: one of them may ask for a rest."""
    for _ in range(_PASSES):
        await asyncio.sleep(0)


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
    async def turn(
        self, url: str, delay: float, *, at_once: int = 1, patience: float = math.inf
    ) -> AsyncIterator[float]:
        """One of ``at_once`` places in the lane of a URL.

        The next turn there begins no sooner than ``delay`` seconds after the end of this one where it is the only one,
        and after its beginning where there are several. Gives 0.0 when the request may go out. Where the domain is to
        be left alone for longer than ``patience`` seconds, gives that time at once, and no request may be made.
        """
        lane = self._lane(url)
        async with lane.door:
            rest = await self._admitted(lane, delay, at_once, patience)
        if rest:
            yield rest
            return
        try:
            yield 0.0
        finally:
            self._all.release()
            lane.under_way.remove(at_once)
            lane.left.set()
            lane.ended_at = self._clock()
            if lane.most(at_once) == 1:  # counted from the end of a request: a server may date it when it arrives
                pause = max(lane.health.pause(delay), lane.crawl_delay)
                lane.free_at = max(lane.free_at, lane.ended_at + pause)

    async def _admitted(self, lane: _Lane, delay: float, at_once: int, patience: float) -> float:
        """Waits for a place and takes it; gives what is left of a rest where that is longer than ``patience``."""
        while True:
            while (wait := self._wait(lane)) > 0 or lane.is_full(at_once):
                if lane.rests_until - self._clock() > patience:
                    return lane.rests_until - self._clock()
                if wait > 0:
                    await self._sleep(wait)
                else:
                    lane.left.clear()
                    await lane.left.wait()
            await self._all.acquire()
            try:
                await self._ready()
                if lane.under_way:
                    await _read_answers()
                if self._wait(lane) <= 0 and not lane.is_full(at_once):
                    lane.under_way.append(at_once)
                    if lane.most(at_once) > 1:
                        lane.free_at = max(lane.free_at, self._clock() + lane.health.pause(delay, at_once))
                    return 0.0
            except BaseException:
                self._all.release()
                raise
            self._all.release()  # an answer in between asked for a rest

    def _wait(self, lane: _Lane) -> float:
        return max(lane.free_at, lane.rests_until) - self._clock()

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

    def failed(self, url: str, seconds: float = 0.0) -> None:
        """Notes a failure that speaks for a server, and how long it took: its domain is slowed down, and left alone
        after many in a row."""
        rest = self._lane(url).health.failed(seconds)
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
