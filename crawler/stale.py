"""Sources that have gone quiet: a feed that moved fails silently while the rest of its site goes on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from crawler.config import Site
from extractors import moment_text

QUIET = timedelta(days=7)
"""So long a source may fail, or announce nothing new, before each run says so."""

_READ = """
    SELECT min(started_at),
        max(CASE WHEN status IN (200, 304) AND json_extract(record, '$.unreadable') IS NULL THEN started_at END)
    FROM fetches WHERE url = ? AND kind = ? AND kind <> 'article'
"""
_NEWS = """
    SELECT DISTINCT found_in FROM discoveries WHERE run IN (SELECT id FROM runs WHERE started_at > ?) AND site = ?
    AND kind IN ('feed', 'sitemap', 'listing')
"""
_EVER = "SELECT max(added_at) FROM frontier WHERE site = ? AND found_in = ? AND kind = 'article'"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    url: str
    kind: str


def stale_sources(db: Database, site: Site, now: datetime, read: Collection[str]) -> list[str]:
    """One line for each configured source of a site that was tried for a week and was not read in it, or that
    announced nothing new in a week in which another source of the site did. Lines begin with the source's
    URL. ``read`` are the sources that were read just now, whose looks may not be committed yet.
    """
    sources = [_Source(url=url, kind="feed") for url in site.feeds]
    sources += [_Source(url=url, kind="sitemap") for url in site.sitemaps]
    sources += [_Source(url=url, kind="listing") for url in site.listings]
    since = moment_text(now - QUIET) or ""
    news = {str(row[0]) for row in db.execute(_NEWS, (since, site.name))}
    return [line for source in sources if (line := _trouble(db, site, source, news, since, source.url in read))]


def _trouble(db: Database, site: Site, source: _Source, news: set[str], since: str, read_now: bool) -> str:
    """``news`` are the sources of the site that announced something since then."""
    first, read = db.execute(_READ, (source.url, source.kind)).fetchone()
    if first is None or first > since:
        return ""
    if not read_now and (read is None or read <= since):
        when = f"since {read[:10]}" if read else f"ever, though it is asked since {first[:10]}"
        return f"{source.url} was not read {when}; check the address, or take it out of the configuration"
    if source.url in news or not news:
        return ""
    (last,) = db.execute(_EVER, (site.name, source.url)).fetchone()
    if source.kind == "sitemap" and last is None:
        return ""  # an index announces nothing itself
    when = f"since {last[:10]}" if last else f"since {first[:10]} or before"
    return f"{source.url} announced nothing new {when}, while other sources of the site did; look for its successor"
