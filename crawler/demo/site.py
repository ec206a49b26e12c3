"""One demo paper as a website: a request in, a response out, no sockets."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.demo import courier, gazette, listing, review
from crawler.demo.story import Paper, Story, paper
from crawler.demo.style import View

HTML, XML = "text/html", "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the site answers."""

    status: int = 200
    media_type: str = HTML
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How one paper is published: its pages, and where its feed, sitemap and closed folder are."""

    path: Callable[[Story], str]
    page: Callable[[View, Story], str]
    home: Callable[[View], str]
    feed: tuple[str, Callable[[View], str]]
    sitemap: str
    disallow: str
    crawl_delay: str = "0"
    etags: bool = False


STYLES: Mapping[str, Style] = {
    "courier": Style(
        path=courier.path,
        page=courier.page,
        home=courier.home,
        feed=("/feed/", listing.rss),
        sitemap="/news-sitemap.xml",
        disallow="/partner-content/",
    ),
    "review": Style(
        path=review.path,
        page=review.page,
        home=review.home,
        feed=("/atom.xml", listing.atom),
        sitemap="/sitemaps/news.xml",
        disallow="/subscribe",
        etags=True,
    ),
    "gazette": Style(
        path=gazette.path,
        page=gazette.page,
        home=gazette.home,
        feed=("/headlines.rss", listing.rss),
        sitemap="/sitemap.xml",
        disallow="/cgi-bin/",
        crawl_delay="0.1",
    ),
}


@dataclass(slots=True)
class DemoSite:
    """A paper that answers requests; ``edit()`` turns it into its second act."""

    name: str
    base: str
    opened: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    requests: int = 0
    _paper: Paper = field(init=False)
    _busy: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._paper = paper(self.name)
        self._busy = {story.slug for story in self._paper.stories if story.busy}

    @property
    def title(self) -> str:
        """The name of the paper for people."""
        return self._paper.title

    def edit(self) -> None:
        """Edit and retract what the stories' ``edit`` tables say."""
        self._paper = self._paper.revised()

    def answer(self, target: str, headers: Mapping[str, str] | None = None) -> Response:
        """The response to ``GET target``; ``headers`` with lower-case names."""
        style = STYLES[self.name]
        self.requests += 1
        now = datetime.now(UTC)
        view = View(paper=self._paper, base=self.base, opened=self.opened, now=now, turn=self.requests, path=style.path)
        fixed = self._fixed(view, style).get(target)
        if fixed is not None:
            media_type, write = fixed
            return Response(media_type=media_type, body=write().encode())
        story = next((story for story in self._paper.stories if style.path(story) == target), None)
        return (
            Response(status=404, body=b"<h1>Not found</h1>")
            if story is None
            else self._story(view, style, story, headers or {})
        )

    def _fixed(self, view: View, style: Style) -> dict[str, tuple[str, Callable[[], str]]]:
        feed, write = style.feed
        rules = {"disallow": style.disallow, "crawl_delay": style.crawl_delay, "sitemap": style.sitemap}
        return {
            "/": (HTML, lambda: style.home(view)),
            "/robots.txt": ("text/plain", lambda: listing.robots(view, **rules)),
            feed: (XML, lambda: write(view)),
            style.sitemap: (XML, lambda: listing.news_sitemap(view)),
        }

    def _story(self, view: View, style: Style, story: Story, headers: Mapping[str, str]) -> Response:
        if story.slug in self._busy:
            self._busy.remove(story.slug)
            return Response(status=503, body=b"<h1>Back in a second</h1>", headers=(("Retry-After", "1"),))
        if story.gone:
            return Response(status=410, body=b"<h1>This story has been withdrawn</h1>")
        etag = _etag(story)
        if style.etags and headers.get("if-none-match") == etag:
            return Response(status=304, headers=(("ETag", etag),))
        # A page in an old encoding names it in its meta element only, as such pages do.
        media_type = f"{HTML}; charset=utf-8" if story.encoding == "utf-8" else HTML
        extra = (("ETag", etag),) if style.etags else ()
        return Response(media_type=media_type, body=style.page(view, story).encode(story.encoding), headers=extra)


def _etag(story: Story) -> str:
    """A weak validator of the story alone: like a page cache that does not count its sidebar."""
    text = "\n".join((story.title, *story.paragraphs))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
