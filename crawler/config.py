"""What a crawl is told to do, as frozen records; configfile.py reads them from TOML."""

import ipaddress
import re
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from crawler.errors import UnknownSite
from crawler.hooks import Hook
from crawler.route import Route
from crawler.wishes import Action

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CONTACT = re.compile(r"https?://|\S+@\S+")


@cache
def _software() -> str:
    """The name that goes out when none is configured; a source tree that is not installed has no version."""
    try:
        return f"presskeep/{metadata.version('presskeep')}"
    except metadata.PackageNotFoundError:
        return "presskeep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The keys of ``[crawler]``, each of which a site may override. Times in seconds, sizes in bytes.

    ``concurrency`` bounds the requests in flight of a run, and in a site's own manners those of that site;
    ``per_domain`` those to one registrable domain. ``max_crawl_delay`` is what a longer Crawl-delay of robots.txt
    counts as.
    ``ports`` are the only ones that are asked; without any, all but those of other protocols (Fetch standard, 2.9).
    ``budget`` bounds the requests to a site in one run, 0 does not. ``optouts`` are pairs of a wish and what is done
    about it; wishes that are not named are kept and marked. ``follow_lists``: stories that pages promote are visited
    too.
    """

    user_agent: str = ""
    concurrency: int = 32
    per_domain: int = 1
    delay: float = 1.0
    max_crawl_delay: float = 60.0
    timeout: float = 20.0
    retries: int = 4
    max_body: int = 10_000_000
    allow_private: tuple[Network, ...] = ()
    ports: tuple[int, ...] = ()
    optouts: tuple[tuple[str, Action], ...] = ()
    budget: int = 0
    follow_lists: bool = True

    @property
    def agent(self) -> str:
        """The User-Agent that goes out."""
        return self.user_agent or _software()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One ``[[sites]]`` block with its manners resolved. A URL list is as written; patterns apply to article URLs."""

    name: str
    home: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    allow: tuple[re.Pattern[str], ...] = ()
    deny: tuple[re.Pattern[str], ...] = ()
    manners: Manners = field(default_factory=Manners)

    def wants(self, url: str) -> bool:
        """Whether an article URL passes ``allow`` and ``deny``."""
        allowed = not self.allow or any(pattern.search(url) for pattern in self.allow)
        return allowed and not any(pattern.search(url) for pattern in self.deny)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every URL that the configuration gives for this site."""
        home = (self.home,) if self.home else ()
        return (*home, *self.feeds, *self.sitemaps, *self.listings, *self.urls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A whole configuration. ``source`` is its file; ``warnings`` are lines that each run should say."""

    archive_path: Path = Path("archive.db")
    tokenizer: str | None = None
    manners: Manners = field(default_factory=Manners)
    sites: tuple[Site, ...] = ()
    notify: tuple[Hook, ...] = ()
    route: Route = field(default_factory=Route)
    source: Path | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed and unwise."""
        where = f"{self.source}: " if self.source else ""
        lines: list[str] = []
        if self.sites and not _CONTACT.search(self.manners.user_agent):
            cure = "add a URL or a mail address, so that sites can reach you"
            lines.append(f"{where}[crawler] user_agent names no contact; {cure}")
        if self.route.proxy:
            rest = "the proxy resolves names, so let it refuse private addresses"
            lines.append(f"{where}[crawler] proxy is set: only addresses written in URLs are checked; {rest}")
        return tuple(lines)

    @property
    def digest(self) -> str:
        """16 hex digits that change when anything that steers a crawl changes."""
        return sha256(repr((self.manners, self.sites, self.route)).encode()).hexdigest()[:16]

    def site(self, name: str) -> Site:
        """The site of that name; raises UnknownSite."""
        for site in self.sites:
            if site.name == name:
                return site
        known = ", ".join(site.name for site in self.sites) or "none"
        raise UnknownSite(f"no site is called {name!r}; the configuration names: {known}")
