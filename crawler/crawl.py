"""A crawl: find what each site announces, fetch what is due, keep what was seen.

One event loop does the network, a pool of processes reads pages, one thread writes. A site's tasks share the lane of
its domain, so many sites go side by side and each of them is asked calmly.
"""

import asyncio
import time
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from archive import Archive, Outcome, Saved
from crawler.config import Config, Site
from crawler.discover import Discoverer
from crawler.events import Event, Fetched, Observer, Planned, Problem, Silent, SiteFinished, SiteStarted
from crawler.follow import Follower
from crawler.frontier import Entry, Frontier
from crawler.heap import give_back_large_blocks
from crawler.hold import LARGE
from crawler.itinerary import Itinerary
from crawler.looks import article_look, failure_look, unchanged_look
from crawler.notify import notifying
from crawler.pace import Pace, Room
from crawler.pool import Pool
from crawler.report import CrawlReport, Tally
from crawler.transport import open_client
from crawler.visit import Hosts, Visitor
from crawler.wire import Failure, Unchanged, Wire
from crawler.writing import Deed, Writer
from extractors import registrable_domain

_UNDER_WAY = 32_000_000
"""Bytes of decoded pages that may be under way before fetching pauses: some 150 pages, or a few of the largest."""

_SITE_TASKS = 8
"""Articles of one site under way at once where one request may be in flight, so that one that waits for its next
attempt holds up no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """What this run is for: only some sites, only some URLs, all that is known, at most so many articles, or a plan.

    ``retry_quarantined`` visits only what was quarantined, at once. ``budget`` bounds the requests to each site, in
    place of the configured one; after ``until``, an aware time, no further article is begun.
    """

    sites: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    now: bool = False
    retry_quarantined: bool = False
    limit: int | None = None
    budget: int | None = None
    until: datetime | None = None
    dry_run: bool = False


async def crawl(
    config: Config,
    *,
    options: CrawlOptions | None = None,
    observer: Observer | None = None,
    stop: asyncio.Event | None = None,
) -> CrawlReport:
    """Crawl the sites of a configuration once and report; the archive is made when it is missing.

    Raises UnknownSite, ConfigError for a hook without its variables, the family of ArchiveError and URLError; what
    happens to single URLs is in the report. When ``stop`` is set, those articles that are under way are finished and no
    further one is begun. When the task is cancelled, what was fetched is committed before CancelledError goes on.
    """
    options = options or CrawlOptions()
    if options.dry_run:
        return _Crawl(config, options, observer or Silent()).plan()
    async with notifying(config, observer or Silent()) as told:
        return await _Crawl(config, options, told, stop).go()


class _Crawl:
    def __init__(
        self, config: Config, options: CrawlOptions, observer: Observer, stop: asyncio.Event | None = None
    ) -> None:
        self.stop = stop or asyncio.Event()
        self.config = config
        self.options = options
        self.observer = observer
        self.sites = _sites(config, options)
        self.tally = Tally()
        self.room = Room(_UNDER_WAY)
        self.left = options.limit
        self.failed: list[tuple[str, str]] = []
        self.problems: list[tuple[str, str]] = []

    async def go(self) -> CrawlReport:
        started = time.monotonic()
        give_back_large_blocks()
        async with AsyncExitStack() as stack:
            writer = Writer(self.config, self.sites, command="crawl", on_saved=self._saved)
            await stack.enter_async_context(writer)
            pool = await stack.enter_async_context(Pool())
            client = await stack.enter_async_context(
                open_client(in_flight=self.config.manners.concurrency, route=self.config.route)
            )
            pace, hosts = Pace(self.config.manners.concurrency, ready=self.room.free), Hosts()
            await _together(
                self._site(site, Visitor(client=client, site=site, pace=pace, writer=writer, hosts=hosts), pool, writer)
                for site in self.sites
            )
        return self.tally.report(
            run=writer.run,
            sites=len(self.sites),
            seconds=time.monotonic() - started,
            failed_sites=tuple(sorted(self.failed)),
            problems=tuple(self.problems),
        )

    def plan(self) -> CrawlReport:
        """Says what is due, from the archive as it is; nothing is fetched and nothing is written."""
        known: dict[str, list[Entry]] = {}
        if self.config.archive_path.exists():
            with Archive(self.config.archive_path, read_only=True) as archive:
                frontier = Frontier(archive.db)
                known = {site.name: self._due(site, frontier) for site in self.sites}
        for site in self.sites:
            for entry in known.get(site.name, []):
                self._tell(
                    Planned(site=site.name, url=entry.url, due_at=entry.next_at or "", reason=entry.reason or "")
                )
            if not known.get(site.name):
                line = f"no article is known to be due; a crawl reads {', '.join(site.addresses)} first"
                self._tell(Problem(site=site.name, line=line))
        return self.tally.report(run="", sites=len(self.sites), seconds=0.0, failed_sites=())

    async def _site(self, site: Site, visitor: Visitor, pool: Pool, writer: Writer) -> None:
        """One site from its feeds to its last due article."""
        discoverer = Discoverer(visitor, site, writer, pool, self._tell)
        if self.options.retry_quarantined:
            discoverer.readable = True
        elif self.options.urls:
            named = [Entry(url=url, site=site.name) for url in self._named(site)]
            await writer.discover([], named, "--url")
        else:
            await discoverer.run()
        entries = await writer.frontier(lambda frontier: self._due(site, frontier))
        self._tell(SiteStarted(site=site.name, due=len(entries)))
        follower = Follower(site, writer)
        follows = not (self.options.urls or self.options.retry_quarantined)
        budget = self.options.budget if self.options.budget is not None else site.manners.budget
        itinerary = Itinerary(visitor, budget=budget, until=self.options.until, stop=self.stop)
        readable = 0

        async def work(waiting: Iterator[Entry]) -> None:
            nonlocal readable
            while (entry := itinerary.next(waiting)) is not None:
                with itinerary.under_way():
                    readable += await self._visit(entry, site, visitor, pool, writer, follower if follows else None)

        while entries:
            waiting = iter(entries)
            await _together(work(waiting) for _ in range(min(self._tasks(site), len(entries))))
            itinerary.leave(waiting)
            entries = self._within_limit(await follower.take())
        await follower.leave()
        for line in itinerary.lines():
            self._tell(Problem(site=site.name, line=line))
        reason = "" if readable or discoverer.readable else visitor.trouble
        if reason:
            self.failed.append((site.name, reason))
        self._tell(SiteFinished(site=site.name, failed=reason))

    async def _visit(
        self, entry: Entry, site: Site, visitor: Visitor, pool: Pool, writer: Writer, follower: Follower | None
    ) -> bool:
        """Fetches, reads and hands over one article; whether there was an answer to read."""
        with visitor.hold() as hold:
            got, attempts = await visitor.get(entry, hold)
            if isinstance(got, Wire):
                size = min(got.unpacked_size, max(len(got.content), site.manners.max_body))
                if size > LARGE:
                    await hold.take(size)
                with self.room.taken(size):
                    read = await pool.read(got, site.manners.max_body)
                    if not isinstance(read, Failure):
                        wishes = visitor.reserved(got.final_url)
                        look = article_look(entry, got, read, attempts, site.manners, wishes)
                        if follower is not None:
                            follower.came_to(entry, article=look.article is not None)
                            await follower.promoted(entry, look)
                            await follower.canonical(entry, look)
                        await writer.put(Deed(look=look, entry=entry), kept=hold.is_taken)
                        return True
                got = read
                visitor.note(got)
        if follower is not None:
            follower.came_to(entry, article=False)
        if isinstance(got, Unchanged):
            await writer.put(Deed(look=unchanged_look(entry, got, attempts), entry=entry))
            return True
        closed = got.outcome in (Outcome.BREAKER, Outcome.ROBOTS) and visitor.is_closed(got.final_url or entry.url)
        await writer.put(Deed(look=failure_look(entry, got, attempts), entry=entry, host_wide=closed))
        return got.status is not None and got.status < 500

    def _tasks(self, site: Site) -> int:
        """Articles of a site under way at once, each with a request in flight; its own ``concurrency`` bounds them."""
        own, all_together = site.manners.concurrency, self.config.manners.concurrency
        tasks = max(_SITE_TASKS, 2 * site.manners.per_domain)
        return min(tasks, own) if own < all_together else tasks

    def _due(self, site: Site, frontier: Frontier) -> list[Entry]:
        """What this run visits of a site, within the limit of the run."""
        if self.options.urls:
            found = [frontier.entry(url, "article", site.name) for url in self._named(site)]
        elif self.options.retry_quarantined:
            found = frontier.quarantined(site.name)
        else:
            due = frontier.due(
                site.name, None if self.options.now else datetime.now(UTC), ranked=self._is_bounded(site)
            )
            found = [entry for entry in due if site.wants(entry.url)]
        return self._within_limit(found)

    def _within_limit(self, found: list[Entry]) -> list[Entry]:
        found = found[: self.left]
        if self.left is not None:
            self.left -= len(found)
        return found

    def _is_bounded(self, site: Site) -> bool:
        """Whether this run may end before all that is due at a site was visited."""
        options = self.options
        return any((self.left is not None, options.budget, options.until, site.manners.budget))

    def _named(self, site: Site) -> list[str]:
        """The URLs of this run that a site visits: each goes to the first site that it belongs to."""
        owners = {url: next((one.name for one in self.sites if _belongs(url, one)), "") for url in self.options.urls}
        return [url for url, owner in owners.items() if owner == site.name]

    def _saved(self, deed: Deed, saved: Saved) -> None:
        look = deed.look
        self.tally.add(look.kind, look.bytes, saved)
        self._tell(
            Fetched(
                site=look.site,
                url=look.url,
                kind=look.kind,
                outcome=saved.outcome,
                bytes=look.bytes,
                detail=look.error or "",
                fetch=saved.fetch,
                ms=look.ms,
                stored_bytes=saved.stored_bytes,
            )
        )

    def _tell(self, event: Event) -> None:
        if isinstance(event, Problem):
            self.problems.append((event.site, event.line))
        self.observer.event(event)


def _sites(config: Config, options: CrawlOptions) -> tuple[Site, ...]:
    """The sites of this run. A URL that belongs to no configured site makes one of its own, named by its domain."""
    chosen = tuple(config.site(name) for name in options.sites) or config.sites
    if not options.urls:
        return chosen
    strangers = {
        registrable_domain(url): url for url in options.urls if not any(_belongs(url, site) for site in chosen)
    }
    own = tuple(site for site in chosen if any(_belongs(url, site) for url in options.urls))
    return own + tuple(Site(name=name, urls=(url,), manners=config.manners) for name, url in strangers.items())


def _belongs(url: str, site: Site) -> bool:
    return registrable_domain(url) in {registrable_domain(address) for address in site.addresses}


async def _together(work: Iterable[Coroutine[None, None, None]]) -> None:
    """Runs all at once; the first error ends the others and goes on as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
