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

YOUNG = timedelta(days=30)
"""Older articles promote what they promoted long ago; their lists are kept and not followed."""


class Follower:
    """Takes the stories that articles of a site promote; ``take`` hands out those that were not known before."""

    def __init__(self, site: Site, writer: Writer) -> None:
        self._site = site
        self._writer = writer
        self._domains = {registrable_domain(address) for address in site.addresses}
        self._waiting: list[Entry] = []
        self._left = MAX_OF_RUN if site.manners.follow_lists else 0

    def take(self) -> list[Entry]:
        """The new stories since the last time, in the order in which they were found."""
        waiting, self._waiting = self._waiting, []
        return waiting

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

        new = (await self._writer.frontier(unknown))[: min(MAX_OF_PAGE, self._left)]
        self._left -= len(new)
        await self._make_known(new, "list-item", entry.url)

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
