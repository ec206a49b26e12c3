"""Pages of links: the articles that one links, and the feeds that its head names."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.feeds import Finding, Found
from crawler.frontier import usable
from crawler.is_article import is_article_link, refusal
from extractors import HeadLink, Page, head_links, links, registrable_domain

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})

_MAX_LINKS = 1000  # of one page
_MAX_FEEDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Reads the article links of a page: on one of ``domains``, and with an address and a text that articles have.

    ``chosen``: the site's ``allow`` chooses them in place of their shape. An object, so that a worker can be sent it.
    """

    domains: frozenset[str]
    chosen: bool = False

    def __call__(self, page: Page) -> Finding:
        """The links, each once; never raises."""
        found = (Found(url=url) for url, text in links(page) if self._takes(url, text))
        unique = tuple(dict.fromkeys(found))[:_MAX_LINKS]
        return Finding(found=unique, problem="" if unique else "links to no articles")

    def _takes(self, url: str, text: str) -> bool:
        if not usable(url) or registrable_domain(url) not in self.domains:
            return False
        return self.chosen or is_article_link(url, text)


def announced_feeds(page: Page) -> tuple[str, ...]:
    """The feeds that the head of a page names, without those of comments; no more than five."""
    named = [link for link in head_links(page) if _is_feed(link)]
    return tuple(dict.fromkeys(link.href for link in named if "comment" not in link.href + link.title.lower()))[
        :_MAX_FEEDS
    ]


def without_refused(finding: Finding) -> Finding:
    """A finding without URLs that cannot be articles; a general sitemap lists sections, tags and authors too."""
    found = tuple(item for item in finding.found if not refusal(item.url))
    return replace(finding, found=found)


def _is_feed(link: HeadLink) -> bool:
    """``application/json`` was JSON Feed's type at first; WordPress names its programming interface with it too."""
    kind = link.type.partition(";")[0].strip()
    is_json = kind == "application/json" and "feed" in urlsplit(link.href).path.lower()
    return "alternate" in link.rel.split() and (kind in FEED_TYPES or is_json)
