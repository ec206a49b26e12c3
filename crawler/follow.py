"""Where an article leads: to the stories that its page promotes, and to its own canonical URL."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from archive import Discovery, Look
from crawler.config import Site
from crawler.frontier import Entry, Frontier, usable
from crawler.is_article import is_article_link, is_article_url
from crawler.writing import Writer
from extractors import Article, ListItem, Moment, moment_text, normalize_url, registrable_domain

MAX_DEPTH = 2
"""Lists are followed on articles that the site announces and on those that they promote, and no further."""

MAX_OF_PAGE = 20
MAX_OF_RUN = 200
"""New stories of one site."""

PROBES = 10
"""So many stories of a site are tried first in a run; where hardly one of them is an article, no more are."""

_WORTH = 0.2  # the share of articles among them

YOUNG = timedelta(days=30)
"""Older articles promote what they promoted long ago; their lists are kept and not followed."""


class Follower:
    """Takes the stories that articles of a site promote; ``take`` hands out those that were not known before."""

    def __init__(self, site: Site, writer: Writer) -> None:
        self._site = site
        self._writer = writer
        self._domains = {registrable_domain(address) for address in site.addresses}
        self._waiting: list[Entry] = []
        self._surplus: dict[str, tuple[Entry, str]] = {}
        self._probed: set[str] = set()
        self._tried = self._articles_found = 0
        self._left = MAX_OF_RUN if site.manners.follow_lists else 0

    async def take(self) -> list[Entry]:
        """The new stories since the last time, in the order in which they were found."""
        if self._tried >= PROBES:
            await self._release()
        waiting, self._waiting = self._waiting, []
        return waiting

    async def leave(self) -> None:
        """At the end of a run that did not come to try: what was found is due in the next one."""
        await self._release()

    async def _release(self) -> None:
        surplus, self._surplus = self._surplus, {}
        for entry, found_in in surplus.values() if self._is_worth_it() else ():
            await self._make_known([entry], "list-item", found_in)

    def came_to(self, entry: Entry, *, article: bool) -> None:
        """Notes what a visit found, for the stories that were tried first."""
        if entry.url in self._probed:
            self._probed.discard(entry.url)
            self._tried += 1
            self._articles_found += article

    def _is_worth_it(self) -> bool:
        return self._articles_found >= _WORTH * self._tried

    async def promoted(self, entry: Entry, look: Look) -> None:
        """Makes known what the article of a look promotes, as far as that is on this site and looks like an article.

        Only a young article leads anywhere; one without a date, neither on its page nor where it was announced, is old.
        """
        article = look.article
        if not self._left or article is None or look.optout_action == "skip":
            return
        if not _is_young(article.published or _stated(entry.published), look.started_at):
            return
        items = self._articles(article, entry.url, look.started_at)
        if not items:
            return

        def unknown(frontier: Frontier) -> list[Entry]:
            if frontier.depth(entry.url, MAX_DEPTH) >= MAX_DEPTH:
                return []
            return [item for item in items if not frontier.knows(item.url)]

        found = [one for one in await self._writer.frontier(unknown) if normalize_url(one.url) not in self._surplus]
        new = found[: min(MAX_OF_PAGE, self._left)]
        self._left -= len(new)
        room = len(new) if self._tried >= PROBES else max(0, PROBES - self._tried - len(self._probed))
        if self._tried >= PROBES and not self._is_worth_it():
            return
        self._probed.update(one.url for one in new[:room] if self._tried < PROBES)
        self._surplus |= {normalize_url(one.url): (one, entry.url) for one in new[room:]}
        await self._make_known(new[:room], "list-item", entry.url)

    async def canonical(self, entry: Entry, look: Look) -> None:
        """Makes known the URL under which a page wants to be known, where it is another one of this site: that of an
        AMP or print page. Once it was visited, and names itself, the first URL is visited no more."""
        claim = look.article.canonical_url if look.article else None
        if claim is None or look.optout_action == "skip" or not (self._is_own(claim) and is_article_url(claim)):
            return
        answered = look.final_url or entry.url
        if normalize_url(claim) in (normalize_url(entry.url), normalize_url(answered)):
            return
        if registrable_domain(claim) == registrable_domain(answered) and not await self._writer.frontier(
            lambda frontier: frontier.knows(claim)
        ):
            new = Entry(url=claim, site=self._site.name, published=entry.published)
            await self._make_known([new], "canonical", entry.url)

    async def _make_known(self, new: list[Entry], kind: Literal["list-item", "canonical"], found_in: str) -> None:
        """Two pages may promote the same story at the same time: it is visited once."""
        waiting = {normalize_url(one.url) for one in self._waiting}
        new = [one for one in new if normalize_url(one.url) not in waiting]
        if new:
            self._waiting += new
            found = [
                Discovery(url=one.url, site=one.site, kind=kind, found_in=found_in, published=one.published)
                for one in new
            ]
            await self._writer.discover(found, new, found_in)

    def _articles(self, article: Article, page: str, now: datetime) -> list[Entry]:
        """The promoted stories of this site, each once."""
        found: dict[str, Entry] = {}
        for item in (item for promoted in article.lists for item in promoted.items):
            url = item.url
            if url is None or not self._is_own(url) or not is_article_link(url, item.title) or not _is_news(item, now):
                continue
            key = normalize_url(url)
            if key != normalize_url(page):
                found.setdefault(key, Entry(url=url, site=self._site.name, published=moment_text(item.when_at)))
        return list(found.values())

    def _is_own(self, url: str) -> bool:
        return usable(url) and registrable_domain(url) in self._domains and self._site.wants(url)


def _is_news(item: ListItem, now: datetime) -> bool:
    return item.when_until is None or item.when_until >= now - YOUNG


def _is_young(published: Moment | None, now: datetime) -> bool:
    if published is None:
        return False
    if not isinstance(published, datetime):
        return published >= (now - YOUNG).date()
    return published >= now - YOUNG


def _stated(text: str | None) -> Moment | None:
    """A date as a finder stated it."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        return None
