"""A few pages by hand: robots.txt obeyed, paced and retried as in a crawl, and nothing kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from archive import FetchKind
from crawler.config import Manners
from crawler.fetch import Fetcher, home_of
from crawler.frontier import Entry
from crawler.pace import Pace
from crawler.politeness import Politeness
from crawler.retry import persistently
from crawler.robots import Robots
from crawler.route import Route
from crawler.transport import open_client
from crawler.wire import Failure, Wire, unpack
from extractors import Page

_RETRIES = 1
"""A person is waiting: one more attempt, whatever the configuration says of crawls."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Fetches single pages with the manners of a crawl."""

    client: httpx.AsyncClient
    manners: Manners
    pace: Pace
    rules: dict[str, Robots] = field(default_factory=dict)

    async def get(self, url: str, kind: FetchKind = "article") -> Page | Failure:
        """The page at a URL, or why there is none."""
        return await self._got(
            Fetcher(self.client, self.manners, self._polite.permission, self._polite.heed), url, kind
        )

    async def robots(self, url: str) -> Robots:
        """The rules of a URL's host."""
        host = home_of(url)
        if host not in self.rules:
            fetcher = Fetcher(self.client, self.manners, self._polite.turn, self._polite.heed)
            got = await self._got(fetcher, f"{host}/robots.txt", "robots")
            self.rules[host] = Robots.after(got) if isinstance(got, Failure) else Robots.parse(got.status, got.body)
            self.pace.crawl_delay(url, self.rules[host].crawl_delay(self.manners.agent))
        return self.rules[host]

    @property
    def _polite(self) -> Politeness:
        return Politeness(self.pace, self.manners, self.robots)

    async def _got(self, fetcher: Fetcher, url: str, kind: FetchKind) -> Page | Failure:
        entry = Entry(url=url, site="", kind=kind)
        retries = min(self.manners.retries, _RETRIES)
        got, _ = await persistently(lambda: fetcher.follow(entry), retries=retries, sleep=asyncio.sleep)
        page = await asyncio.to_thread(unpack, got, self.manners.max_body) if isinstance(got, Wire) else got
        assert isinstance(page, Page | Failure)  # no validators were sent, so no 304 can have come
        return page


@asynccontextmanager
async def caller(manners: Manners, route: Route | None = None) -> AsyncIterator[Caller]:
    """A Caller with a connection pool of its own."""
    async with open_client(in_flight=1, route=route) as client:
        yield Caller(client, manners, Pace(1))


async def get_page(url: str, manners: Manners, route: Route | None = None) -> Page | Failure:
    """One page by itself."""
    async with caller(manners, route) as call:
        return await call.get(url)
