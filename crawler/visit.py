"""A polite visit: robots.txt first, then this URL in its lane, again if it is worth it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from archive import Outcome
from crawler.config import Site
from crawler.fetch import Fetcher, home_of
from crawler.frontier import Entry
from crawler.health import BREAKING
from crawler.hold import Hold, Places
from crawler.looks import failure_look, page_look
from crawler.pace import Pace
from crawler.politeness import Politeness
from crawler.pool import Read
from crawler.retry import HOST_WIDE, PATIENCE, persistently, rest_after
from crawler.robots import Robots
from crawler.tdmrep import PATH, Reservations
from crawler.wire import Failure, Unchanged, Wire, unpack
from crawler.writing import Deed, Writer
from extractors import OptOut, Page, Reading


@dataclass(slots=True)
class Hosts:
    """What the hosts of a run state for all their pages; each file is fetched once, whoever asks first.

    ``places`` are those of large bodies.
    """

    rules: dict[str, Robots] = field(default_factory=dict)
    reservations: dict[str, Reservations] = field(default_factory=dict)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    places: Places = field(default_factory=Places)


class Visitor:
    """Fetches for one site. ``trouble`` is the line of its latest failure, "" while there is none."""

    def __init__(
        self,
        *,
        client: httpx.AsyncClient,
        site: Site,
        pace: Pace,
        writer: Writer,
        hosts: Hosts,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.trouble = ""
        self._site = site
        self._pace = pace
        self._writer = writer
        self._hosts = hosts
        self._sleep = sleep
        self._polite = polite = Politeness(pace, site.manners, self.robots)
        self._fetcher = Fetcher(client, site.manners, polite.permission, polite.heed, hosts.places)
        self._robots_fetcher = Fetcher(client, site.manners, polite.turn, polite.heed, hosts.places)

    @property
    def requests(self) -> int:
        """Requests that went out for this site in this run."""
        return self._polite.requests

    def hold(self) -> Hold:
        """The place of one body, if it should be large, until it is kept."""
        return Hold(self._hosts.places)

    async def get(self, entry: Entry, hold: Hold) -> tuple[Wire | Unchanged | Failure, int]:
        """The response to an entry and how many attempts it took; robots.txt, pace and Retry-After are minded."""
        got, attempts = await self._persistently(self._fetcher, entry, hold)
        if isinstance(got, Failure):
            self.note(got)
        return got, attempts

    def is_closed(self, url: str) -> bool:
        """Whether nothing of a URL's host can be asked for the time being: it rests for long, or its robots.txt could
        not be read in this run."""
        robots = self._hosts.rules.get(home_of(url))
        return self._pace.held(url) > PATIENCE or (robots is not None and robots.is_unreachable)

    def note(self, failure: Failure) -> None:
        """Notes a trouble; that robots.txt forbids a URL says less than why robots.txt could not be read."""
        if failure.outcome != Outcome.ROBOTS or not self.trouble:
            self.trouble = failure.line

    async def robots(self, url: str) -> Robots:
        """The rules of a URL's host, fetched if the cache is older than a day."""
        host = home_of(url)
        async with self._hosts.locks.setdefault(host, asyncio.Lock()):
            if host not in self._hosts.rules:
                now = datetime.now(UTC)
                run, manners = self._writer.run, self._site.manners
                known, rest, ago = await self._writer.robots(
                    lambda cache: (cache.get(host, now), cache.rests(host, now), cache.asked_ago(host, now, run))
                )
                self._pace.hold(url, rest)
                if ago is not None:
                    self._pace.asked_before(url, ago, manners.delay)
                robots = known or await self._fetch_robots(host)
                self._pace.crawl_delay(url, robots.crawl_delay(manners.agent), most=manners.max_crawl_delay)
                self._hosts.reservations[host] = await self._reservations(host, robots, known is not None)
                self._hosts.rules[host] = robots
            return self._hosts.rules[host]

    def reserved(self, url: str) -> tuple[OptOut, ...]:
        """The wish of a host whose tdmrep.json reserves the rights on a URL."""
        if not self._hosts.reservations.get(home_of(url), Reservations()).reserves(url):
            return ()
        return (OptOut(signal="tdm-reservation-file", value="1"),)

    async def _reservations(self, host: str, robots: Robots, known: bool) -> Reservations:
        """Asked for as often as robots.txt and right after it; in between, what the archive keeps of it counts."""
        url = host + PATH
        if known:
            return Reservations.parse(await self._writer.host_file(url))
        if not robots.allows(url, self._site.manners.agent):
            return Reservations()
        entry = Entry(url=url, site=self._site.name, kind="robots")
        got, attempts = await self._persistently(self._robots_fetcher, entry)
        page = await asyncio.to_thread(unpack, got, self._site.manners.max_body) if isinstance(got, Wire) else got
        if isinstance(got, Wire) and isinstance(page, Page):
            read = Read(page=page, reading=Reading(article=None))
            await self._writer.put(Deed(look=page_look(entry, got, read, attempts)))
            return Reservations.parse(page.body)
        if isinstance(page, Failure):
            await self._writer.put(Deed(look=failure_look(entry, page, attempts)))
        return Reservations()

    async def _fetch_robots(self, host: str) -> Robots:
        entry = Entry(url=f"{host}/robots.txt", site=self._site.name, kind="robots")
        got, attempts = await self._persistently(self._robots_fetcher, entry)
        page = await asyncio.to_thread(unpack, got, self._site.manners.max_body) if isinstance(got, Wire) else None
        if isinstance(got, Wire) and isinstance(page, Page):
            robots = Robots.parse(page.status, page.body)
            read = Read(page=page, reading=Reading(article=None))
            await self._writer.put(Deed(look=page_look(entry, got, read, attempts)))
        else:
            failure = page if isinstance(page, Failure) else got
            assert isinstance(failure, Failure)  # no validators were sent, so no 304 can have come
            self.note(failure)
            robots = Robots.after(failure)
            await self._writer.put(Deed(look=failure_look(entry, failure, attempts)))
        agent, now = self._site.manners.agent, datetime.now(UTC)
        await self._writer.robots(lambda cache: cache.put(host, robots, agent, now))
        return robots

    async def _persistently(
        self, fetcher: Fetcher, entry: Entry, hold: Hold | None = None
    ) -> tuple[Wire | Unchanged | Failure, int]:
        async def attempt() -> Wire | Unchanged | Failure:
            got = await fetcher.follow(entry, hold)
            if isinstance(got, Failure) and got.outcome in HOST_WIDE:
                await self._writer.rest(
                    home_of(got.final_url or entry.url), got.at + timedelta(seconds=rest_after(got))
                )
            elif isinstance(got, Failure) and got.outcome in BREAKING:
                await self._keep_away(got.final_url or entry.url)
            return got

        return await persistently(attempt, retries=self._site.manners.retries, sleep=self._sleep)

    async def _keep_away(self, url: str) -> None:
        """Later runs too leave a host alone whose breaker opened for longer than this run waits."""
        rest = self._pace.held(url)
        if rest > PATIENCE:
            await self._writer.rest(home_of(url), datetime.now(UTC) + timedelta(seconds=rest))
