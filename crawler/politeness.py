"""What every request passes: robots.txt and the pace of its domain, for a crawl and for a single page alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from archive import Outcome
from crawler.config import Manners
from crawler.health import BREAKING
from crawler.pace import Pace
from crawler.retry import HOST_WIDE, PATIENCE, rest_after
from crawler.robots import Robots
from crawler.wire import Failure, Unchanged, Wire


@dataclass(slots=True)
class Politeness:
    """``robots`` gives the rules of a URL's host, fetching them through :meth:`turn` when they are not known.

    ``requests`` counts those that went out, robots.txt and redirects included.
    """

    pace: Pace
    manners: Manners
    robots: Callable[[str], Awaitable[Robots]]
    requests: int = 0

    @asynccontextmanager
    async def permission(self, url: str) -> AsyncIterator[Failure | None]:
        """The turn of a URL that robots.txt allows, or the Failure in its place."""
        robots = await self.robots(url)
        if not robots.allows(url, self.manners.agent):
            yield Failure(url=url, outcome=Outcome.ROBOTS, detail=robots.reason, final_url=url)
            return
        async with self.turn(url) as refusal:
            yield refusal

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Failure | None]:
        """The turn of a URL in the lane of its domain, or a Failure where the domain rests for long."""
        manners = self.manners
        async with self.pace.turn(url, manners.delay, at_once=manners.per_domain, patience=PATIENCE) as rest:
            self.requests += not rest
            detail = f"the host is left alone for another {rest:.0f} s: it asked for it, or failed too often"
            yield Failure(url=url, outcome=Outcome.BREAKER, detail=detail, final_url=url) if rest else None

    def heed(self, url: str, got: Wire | Unchanged | Failure) -> None:
        """Minds an answer before anyone else's turn there: how the server is doing, and whether it asks for a rest."""
        if isinstance(got, Failure) and got.outcome in HOST_WIDE:
            self.pace.hold(url, rest_after(got))
        if isinstance(got, Failure) and got.outcome in BREAKING:
            self.pace.failed(url, got.ms / 1000)
        else:
            self.pace.answered(url, got.ms / 1000)
