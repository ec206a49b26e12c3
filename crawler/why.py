"""One URL explained: how it was found, what robots.txt says, how the last visits went, when the next one is and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive import Archive, UnknownArticle
from crawler.config import Config, Site
from crawler.fetch import home_of
from crawler.frontier import Entry, Frontier
from crawler.robots import RobotsCache
from extractors import moment_text, normalize_url, registrable_domain

_LAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIn:
    """One place that announced a URL; ``published`` as it says."""

    kind: str
    found_in: str
    at: str
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One visit."""

    at: str
    outcome: str
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What is known of a URL. ``robots`` is a sentence; ``next_at`` None means that no visit is planned, ``reason``
    says why then or why not; ``rules`` read its newest version; ``wishes`` are its opt-outs with what was done."""

    url: str
    site: str | None
    state: str
    found: tuple[FoundIn, ...]
    robots: str
    attempts: tuple[Attempt, ...]
    visits: int
    next_at: str | None
    reason: str
    rules: str | None
    wishes: tuple[str, ...]


def why(archive: Archive, url: str, config: Config | None) -> Why:
    """Explains a URL; raises UnknownArticle when the archive knows nothing of it, URLError when it is none."""
    key = normalize_url(url)
    frontier = Frontier(archive.db)
    entry = frontier.known(url)
    looks = archive.looks(url)
    found = tuple(_found(archive, {url, key, *((entry.url,) if entry else ())}))
    if entry is None and not looks and not found:
        raise UnknownArticle(f"{url} was never found and never visited; add it under `urls` of a site, or crawl --url")
    site = _site(url, entry, config)
    next_at, reason = _next(entry, site)
    return Why(
        url=entry.url if entry else url,
        site=entry.site if entry else None,
        state=entry.state if entry else "not planned",
        found=found,
        robots=_robots(archive, url, config, site),
        attempts=tuple(
            Attempt(at=moment_text(look.started_at) or "", outcome=look.outcome, status=look.status,
                    error=look.error)
            for look in looks[-_LAST:]
        ),
        visits=len(looks),
        next_at=next_at,
        reason=reason,
        rules=_rules(archive, url),
        wishes=tuple(_wishes(archive, {url, key})),
    )  # fmt: skip


def _found(archive: Archive, urls: set[str]) -> Iterator[FoundIn]:
    marks = ", ".join("?" * len(urls))
    sql = f"SELECT DISTINCT kind, found_in, min(at), published FROM discoveries WHERE url IN ({marks}) GROUP BY 1, 2, 4"  # noqa: S608
    for kind, found_in, at, published in archive.db.execute(f"{sql} ORDER BY 3", tuple(urls)):
        yield FoundIn(kind=kind, found_in=found_in, at=at, published=published)


def _site(url: str, entry: Entry | None, config: Config | None) -> Site | None:
    if config is None:
        return None
    domain = registrable_domain(url)
    for site in config.sites:
        if (entry and entry.site == site.name) or domain in {registrable_domain(one) for one in site.addresses}:
            return site
    return None


def _robots(archive: Archive, url: str, config: Config | None, site: Site | None) -> str:
    host = home_of(url)
    robots = RobotsCache(archive.db).last(host)
    if robots is None:
        return f"{host}/robots.txt was not read yet"
    agent = (site.manners if site else config.manners if config else None) or None
    if agent is None:
        return f"{host}/robots.txt is known, but there is no config that says who asks"
    if not robots.allows(url, agent.agent):
        return f"{robots.reason} for {agent.agent}"
    delay = robots.crawl_delay(agent.agent)
    return f"allowed for {agent.agent}" + (f", with {delay:g} s between requests" if delay else "")


def _next(entry: Entry | None, site: Site | None) -> tuple[str | None, str]:
    if entry is None:
        return None, "it is not in the frontier: it was named on the command line or imported"
    if site is None:
        return None, f"its site {entry.site!r} is not in the config"
    if not site.wants(entry.url):
        return None, f"allow and deny of {site.name!r} leave it out"
    if entry.state != "due":
        return None, entry.reason or entry.state
    return entry.next_at, entry.reason or "never visited: due at once"


def _rules(archive: Archive, url: str) -> str | None:
    try:
        return archive.versions(url)[-1].rules
    except (UnknownArticle, IndexError):
        return None


def _wishes(archive: Archive, urls: set[str]) -> Iterator[str]:
    marks = ", ".join("?" * len(urls))
    sql = f"SELECT DISTINCT signal, value, action FROM optouts WHERE url IN ({marks}) ORDER BY 1, 2"  # noqa: S608
    for signal, value, action in archive.db.execute(sql, tuple(urls)):
        yield f"{signal}: {value} ({action})"
