"""RSS and Atom: which articles a feed announces, and since when."""

import calendar
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

import feedparser

from extractors import Page, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One announced URL, absolute; ``published`` in the archive's form, as its finder states it."""

    url: str
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a feed, sitemap or listing gave, why it gave nothing, and further sitemaps to read.

    ``unreadable``: it is something else than it should be, and nothing could be taken from it.
    """

    found: tuple[Found, ...] = ()
    problem: str = ""
    more: tuple[str, ...] = ()
    unreadable: bool = False


def read_feed(page: Page) -> Finding:
    """The entries of an RSS, Atom or RDF feed. Never raises; a feed that is none has a ``problem``."""
    content_type = page.media_type + (f"; charset={page.charset}" if page.charset else "")
    headers = {"content-type": content_type, "content-location": page.final_url}
    try:
        parsed = feedparser.parse(io.BytesIO(page.body), response_headers=headers, sanitize_html=False)
    except Exception as error:  # noqa: BLE001 - a tolerant parser of strange input fails in many ways
        return Finding(problem=f"is not a feed that can be read ({type(error).__name__}: {error})", unreadable=True)
    entries = parsed.get("entries", [])
    if not entries and not parsed.get("version"):
        looks_html = b"<html" in page.body[:4096].lower()
        return Finding(problem="is an HTML page, not a feed" if looks_html else "is not a feed", unreadable=True)
    found = tuple(
        Found(url=absolute(page.final_url, entry["link"]), published=_published(entry))
        for entry in entries
        if entry.get("link")
    )
    return Finding(found=found, problem="" if found else "is a feed without entries")


def absolute(base: str, url: str) -> str:
    """A URL seen from ``base``; one that cannot be read stays as it is."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url


def _published(entry: feedparser.FeedParserDict) -> str | None:
    # feedparser's own get() gives one date for the other, with a warning
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if not stamp:
        return None
    try:
        return moment_text(datetime.fromtimestamp(calendar.timegm(stamp), UTC))
    except (ValueError, OverflowError, OSError):
        return None
