"""Discovery: from a site's feeds, sitemaps and pages of links to the URLs of its articles."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from archive import Discovery, Look
from crawler.config import Site
from crawler.events import Event, Problem
from crawler.feeds import Finding, Found, read_feed
from crawler.frontier import Entry, Frontier, usable
from crawler.listing import Listing, announced_feeds, without_refused
from crawler.looks import failure_look, page_look, unchanged_look
from crawler.pool import Pool, Read
from crawler.sitemaps import read_sitemap
from crawler.visit import Visitor
from crawler.wire import Failure, Unchanged, Wire, unpack
from crawler.writing import Deed, Writer
from extractors import Page, Reading, normalize_url, registrable_domain, same_site

SourceKind = Literal["feed", "sitemap", "listing"]

_MAX_SITEMAPS = 50  # of one site in one run, nested ones included
_MAX_FEED_PAGES = 5  # of one feed in one run, the first one included
_RECENT = timedelta(days=30)
_MARGIN = timedelta(hours=1)
"""By how much a clock may be wrong that says when a sitemap changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where articles of a site are announced. ``recent_only``: found by ourselves, so only news is taken from them."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    recent_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What reading one source came to; ``wanted`` counts the articles that it announces, ``new`` the unknown ones."""

    page: Page | Unchanged | Failure
    finding: Finding
    wanted: int
    new: int


class Discoverer:
    """Reads what announces a site's articles. ``readable`` tells whether any of it could be read."""

    def __init__(self, visitor: Visitor, site: Site, writer: Writer, pool: Pool, tell: Callable[[Event], None]) -> None:
        self.readable = False
        self._read_now: set[str] = set()
        self._pool = pool
        self._visitor = visitor
        self._site = site
        self._writer = writer
        self._tell = tell
        domains = frozenset(registrable_domain(address) for address in site.addresses)
        self._listing = Listing(domains=domains, chosen=bool(site.allow))

    async def run(self) -> None:
        """Makes every announced article known to the frontier."""
        await self._known([Found(url=url) for url in self._site.urls], "url", "config")
        sources = await self.sources()
        for url in sources.feeds:
            await self._feed(url)
        await self._sitemaps(sources)
        for url in sources.listings:
            await self._read(url, "listing", self._listing)
        for line in await self._writer.stale(self._site, self._read_now):
            self._tell(Problem(site=self._site.name, line=line))

    async def sources(self) -> Sources:
        """What the configuration names; from the home page and robots.txt when it names nothing but a home."""
        site = self._site
        if site.feeds or site.sitemaps or site.listings or site.urls or not site.home:
            return Sources(feeds=site.feeds, sitemaps=site.sitemaps, listings=site.listings)
        page = (await self._read(site.home, "listing", self._listing)).page
        if not isinstance(page, Page):
            return Sources()
        named = await self._pool.run(announced_feeds, page)
        feeds = named if isinstance(named, tuple) else ()
        sitemaps = (await self._visitor.robots(site.home)).sitemaps
        return Sources(feeds=feeds, sitemaps=sitemaps, recent_only=True)

    async def _feed(self, url: str) -> None:
        """A feed, and its pages with older entries while nothing on them is known: those of a new site, or all that
        was published since the last run where that fills more than one page."""
        seen = {url}
        for number in range(_MAX_FEED_PAGES):
            source = await self._read(url, "feed", read_feed)
            news = source.new if number else source.new >= source.wanted
            url = source.finding.older
            if not source.new or not news or url in seen or not usable(url) or not self._is_own(url):
                return
            seen.add(url)

    async def _sitemaps(self, sources: Sources) -> None:
        """Sitemaps and those that they name, each once; not those that say that they are as they were."""
        waiting, seen = list(sources.sitemaps), set(sources.sitemaps)
        read = 0

        async def judged(url: str, finding: Finding) -> Finding:
            more = [one for one in finding.more if one.url not in seen and usable(one.url) and same_site(one.url, url)]
            if finding.more and not more and not finding.found:
                finding = replace(finding, problem="names only sitemaps that were read already")
            seen.update(one.url for one in more)
            changed = [one.url for one in more if not await self._is_as_it_was(one)]
            waiting[:0] = changed
            finding = finding if self._site.allow else without_refused(finding)
            return _recent(finding) if sources.recent_only else finding

        while waiting and read < _MAX_SITEMAPS:
            read += 1
            await self._read(waiting.pop(0), "sitemap", read_sitemap, judged)
        if waiting:
            line = f"{len(waiting)} sitemaps beyond the first {_MAX_SITEMAPS} were not read"
            self._tell(Problem(site=self._site.name, line=line))

    async def _is_as_it_was(self, sitemap: Found) -> bool:
        """Whether a sitemap of an index was read whole since it changed last, as the index says."""
        if sitemap.published is None:
            return False
        changed = datetime.fromisoformat(sitemap.published)
        if changed.tzinfo is None:  # a day: it may end twelve hours later than in UTC
            changed = changed.replace(tzinfo=UTC) + timedelta(days=1, hours=12)
        read_at = await self._writer.frontier(lambda frontier: frontier.read_whole_at(sitemap.url, "sitemap"))
        return read_at is not None and datetime.fromisoformat(read_at) > changed + _MARGIN

    async def _read(
        self,
        url: str,
        kind: SourceKind,
        reader: Callable[[Page], Finding],
        judged: Callable[[str, Finding], Awaitable[Finding]] | None = None,
    ) -> Source:
        """Fetches and reads one source. What it announces is kept before the look at it, and its validators with it:
        a run that is killed in between reads the source again. It is read in a worker, against a clock."""
        entry = await self._entry(url, kind)
        with self._visitor.hold() as hold:
            got, attempts = await self._visitor.get(entry, hold)
            page = await asyncio.to_thread(unpack, got, self._site.manners.max_body) if isinstance(got, Wire) else got
            finding, wanted, new = Finding(), 0, 0
            if isinstance(page, Page):
                read = await self._pool.run(reader, page)
                if isinstance(read, str):
                    read = Finding(problem=f"could not be read: {read}", unreadable=True)
                finding = await judged(url, read) if judged else read
                wanted, new = await self._take(url, kind, finding)
            elif isinstance(page, Failure):
                self._visitor.note(page)
            await self._writer.put(Deed(look=_look(entry, got, page, finding, attempts), entry=entry))
        if not (isinstance(page, Failure) or finding.unreadable):
            self.readable = True
            self._read_now.add(url)
        return Source(page=page, finding=finding, wanted=wanted, new=new)

    async def _take(self, url: str, kind: SourceKind, finding: Finding) -> tuple[int, int]:
        """How many articles a source announces, and how many of them were not known."""
        if finding.problem:
            self._tell(Problem(site=self._site.name, line=f"{url} {finding.problem}"))
        if finding.unreadable:
            self._visitor.trouble = f"{url} {finding.problem}"
        return await self._known(list(finding.found), kind, url)

    async def _entry(self, url: str, kind: SourceKind) -> Entry:
        """The source as an entry of the frontier, with its validators. A home page is always read whole: its links
        and the feeds that it names are not kept."""
        fresh = Entry(url=url, site=self._site.name, kind=kind)

        def known(frontier: Frontier) -> Entry:
            frontier.add([fresh], datetime.now(UTC), "config")
            entry = frontier.entry(url, kind, self._site.name)
            return replace(entry, etag=None, last_modified=None) if url == self._site.home else entry

        return await self._writer.frontier(known)

    async def _known(self, found: list[Found], kind: SourceKind | Literal["url"], found_in: str) -> tuple[int, int]:
        """Records finds that are articles of this site, and makes them entries of the frontier. How many there are,
        and how many of them were not known."""
        wanted = [item for item in found if usable(item.url) and (kind == "url" or self._site.wants(item.url))]
        if kind == "sitemap":  # a sitemap may speak for its own site only (sitemaps.org)
            wanted = [item for item in wanted if self._is_own(item.url) or same_site(item.url, found_in)]
        if not wanted:
            return 0, 0
        name = self._site.name
        discoveries = [
            Discovery(url=item.url, site=name, kind=kind, found_in=found_in, published=item.published)
            for item in wanted
        ]
        entries = [Entry(url=item.url, site=name, published=item.published, modified=item.modified) for item in wanted]
        new = await self._writer.discover(discoveries, entries, found_in)
        return len({normalize_url(item.url) for item in wanted}), new

    def _is_own(self, url: str) -> bool:
        return registrable_domain(url) in self._listing.domains


def _look(
    entry: Entry, got: Wire | Unchanged | Failure, page: Page | Unchanged | Failure, finding: Finding, attempts: int
) -> Look:
    """The look at a source. An index is asked for without validators: its sitemaps change while it stays the same. And
    what could not be read is read again."""
    if isinstance(page, Unchanged):
        return unchanged_look(entry, page, attempts)
    if isinstance(page, Failure):
        return failure_look(entry, page, attempts)
    assert isinstance(got, Wire)
    look = page_look(entry, got, Read(page=page, reading=Reading(article=None)), attempts, note=finding.problem)
    if finding.unreadable:
        look = replace(look, record=(*look.record, ("unreadable", True)))
    return replace(look, etag=None, last_modified=None) if finding.more or finding.unreadable else look


def _recent(finding: Finding) -> Finding:
    """Without what is dated and older than a month."""
    since = (datetime.now(UTC) - _RECENT).date().isoformat()
    found = tuple(item for item in finding.found if item.published is None or item.published >= since)
    return replace(finding, found=found)
