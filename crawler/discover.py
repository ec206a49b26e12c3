"""Discovery: from a site's feeds, sitemaps and pages of links to the URLs of its articles."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from archive import Discovery, Look
from crawler.config import Site
from crawler.events import Event, Problem
from crawler.feeds import Finding, Found, read_feed
from crawler.frontier import Entry, Frontier, usable
from crawler.looks import failure_look, page_look, unchanged_look
from crawler.pool import Read
from crawler.sitemaps import read_sitemap
from crawler.visit import Visitor
from crawler.wire import Failure, Unchanged, Wire, unpack
from crawler.writing import Deed, Writer
from extractors import Page, Reading, head_links, links, registrable_domain, same_site

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
SourceKind = Literal["feed", "sitemap", "listing"]

_MAX_SITEMAPS = 50  # of one site in one run, nested ones included
_MAX_LINKS = 1000  # of one page of links
_RECENT = timedelta(days=30)
_SLUG = re.compile(r"[^\W\d_]+(?:[-_][^\W_]+){2,}|\d{4,}")
"""What paths of articles hold and paths of sections do not: a slug of three words, or a number of four digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where articles of a site are announced. ``recent_only``: found by ourselves, so only news is taken from them."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    recent_only: bool = False


class Discoverer:
    """Reads what announces a site's articles. ``readable`` tells whether any of it could be read."""

    def __init__(self, visitor: Visitor, site: Site, writer: Writer, tell: Callable[[Event], None]) -> None:
        self.readable = False
        self._visitor = visitor
        self._site = site
        self._writer = writer
        self._tell = tell

    async def run(self) -> None:
        """Makes every announced article known to the frontier."""
        await self._known([Found(url=url) for url in self._site.urls], "url", "config")
        sources = await self.sources()
        for url in sources.feeds:
            await self._read(url, "feed", read_feed)
        await self._sitemaps(sources)
        for url in sources.listings:
            await self._read(url, "listing", self._listed)

    async def sources(self) -> Sources:
        """What the configuration names; from the home page and robots.txt when it names nothing but a home."""
        site = self._site
        if site.feeds or site.sitemaps or site.listings or site.urls or not site.home:
            return Sources(feeds=site.feeds, sitemaps=site.sitemaps, listings=site.listings)
        page, _ = await self._read(site.home, "listing", self._listed)
        if not isinstance(page, Page):
            return Sources()
        feeds = announced_feeds(page)
        sitemaps = (await self._visitor.robots(site.home)).sitemaps
        return Sources(feeds=feeds, sitemaps=sitemaps, recent_only=True)

    async def _sitemaps(self, sources: Sources) -> None:
        """Sitemaps and those that they name, each once."""
        waiting, seen = list(sources.sitemaps), set(sources.sitemaps)
        read = 0
        while waiting and read < _MAX_SITEMAPS:
            url = waiting.pop(0)
            read += 1
            _, finding = await self._read(url, "sitemap", read_sitemap, recent_only=sources.recent_only)
            more = [child for child in finding.more if child not in seen and usable(child) and same_site(child, url)]
            again = len(finding.more) - len(more)
            if again and not more and not finding.found:
                self._tell(Problem(site=self._site.name, line=f"{url} names only sitemaps that were read already"))
            seen.update(more)
            waiting[:0] = more
        if waiting:
            line = f"{len(waiting)} sitemaps beyond the first {_MAX_SITEMAPS} were not read"
            self._tell(Problem(site=self._site.name, line=line))

    async def _read(
        self, url: str, kind: SourceKind, reader: Callable[[Page], Finding], *, recent_only: bool = False
    ) -> tuple[Page | Unchanged | Failure, Finding]:
        """Fetches and reads one source. What it announces is kept before the look at it, and its validators with it:
        a run that is killed in between reads the source again."""
        entry = await self._entry(url, kind)
        got, attempts = await self._visitor.get(entry)
        page = await asyncio.to_thread(unpack, got, self._site.manners.max_body) if isinstance(got, Wire) else got
        finding = Finding()
        if isinstance(page, Page):
            finding = await asyncio.to_thread(reader, page)
            finding = _recent(finding) if recent_only else finding
            await self._take(url, kind, finding)
        elif isinstance(page, Failure):
            self._visitor.note(page)
        await self._writer.put(Deed(look=_look(entry, got, page, finding, attempts), entry=entry))
        self.readable = self.readable or not (isinstance(page, Failure) or finding.unreadable)
        return page, finding

    async def _take(self, url: str, kind: SourceKind, finding: Finding) -> None:
        if finding.problem:
            self._tell(Problem(site=self._site.name, line=f"{url} {finding.problem}"))
        if finding.unreadable:
            self._visitor.trouble = f"{url} {finding.problem}"
        await self._known(list(finding.found), kind, url)

    async def _entry(self, url: str, kind: SourceKind) -> Entry:
        """The source as an entry of the frontier, with its validators. A home page is always read whole: its links
        and the feeds that it names are not kept."""
        fresh = Entry(url=url, site=self._site.name, kind=kind)

        def known(frontier: Frontier) -> Entry:
            frontier.add([fresh], datetime.now(UTC), "config")
            entry = frontier.entry(url, kind, self._site.name)
            return replace(entry, etag=None, last_modified=None) if url == self._site.home else entry

        return await self._writer.frontier(known)

    async def _known(self, found: list[Found], kind: SourceKind | Literal["url"], found_in: str) -> None:
        """Records finds that are articles of this site, and makes them entries of the frontier."""
        wanted = [item for item in found if usable(item.url) and (kind == "url" or self._site.wants(item.url))]
        if kind == "sitemap":  # a sitemap may speak for its own site only (sitemaps.org)
            wanted = [item for item in wanted if self._is_own(item.url) or same_site(item.url, found_in)]
        if not wanted:
            return
        name = self._site.name
        discoveries = [
            Discovery(url=item.url, site=name, kind=kind, found_in=found_in, published=item.published)
            for item in wanted
        ]
        entries = [Entry(url=item.url, site=name, published=item.published) for item in wanted]
        await self._writer.discover(discoveries, entries, found_in)

    def _listed(self, page: Page) -> Finding:
        """The article links of a page: on this site, and with an address and a text that articles have."""
        found = [
            Found(url=url)
            for url, text in links(page)
            if usable(url) and self._is_own(url) and (self._site.allow or _is_article_link(url, text))
        ]
        unique = tuple(dict.fromkeys(found))[:_MAX_LINKS]
        return Finding(found=unique, problem="" if unique else "links to no articles")

    def _is_own(self, url: str) -> bool:
        return registrable_domain(url) in {registrable_domain(address) for address in self._site.addresses}


def _look(
    entry: Entry, got: Wire | Unchanged | Failure, page: Page | Unchanged | Failure, finding: Finding, attempts: int
) -> Look:
    """The look at a source. An index is asked for without validators: its sitemaps change while it stays the same."""
    if isinstance(page, Unchanged):
        return unchanged_look(entry, page, attempts)
    if isinstance(page, Failure):
        return failure_look(entry, page, attempts)
    assert isinstance(got, Wire)
    look = page_look(entry, got, Read(page=page, reading=Reading(article=None)), attempts, note=finding.problem)
    return replace(look, etag=None, last_modified=None) if finding.more else look


def announced_feeds(page: Page) -> tuple[str, ...]:
    """The feeds that the head of a page names, without those of comments; no more than five."""
    named = [link for link in head_links(page) if _is_feed(link.rel, link.type)]
    return tuple(dict.fromkeys(link.href for link in named if "comment" not in link.href + link.title.lower()))[:5]


def _is_feed(rel: str, media_type: str) -> bool:
    return "alternate" in rel.split() and media_type in FEED_TYPES


def _is_article_link(url: str, text: str) -> bool:
    parts = urlsplit(url)
    return bool(_SLUG.search(parts.path) or _SLUG.search(parts.query)) and len(text.split()) >= 3


def _recent(finding: Finding) -> Finding:
    """Without what is dated and older than a month."""
    since = (datetime.now(UTC) - _RECENT).date().isoformat()
    found = tuple(item for item in finding.found if item.published is None or item.published >= since)
    return Finding(found=found, problem=finding.problem, more=finding.more)
