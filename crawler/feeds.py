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
    """What a feed, sitemap or listing gave, why it gave nothing, and further sitemaps to read."""

    found: tuple[Found, ...] = ()
    problem: str = ""
    more: tuple[str, ...] = ()


def read_feed(page: Page) -> Finding:
    """The entries of an RSS, Atom or RDF feed. Never raises; a feed that is none has a ``problem``."""
    content_type = page.media_type + (f"; charset={page.charset}" if page.charset else "")
    headers = {"content-type": content_type, "content-location": page.final_url}
    parsed = feedparser.parse(io.BytesIO(page.body), response_headers=headers, sanitize_html=False)
    entries = parsed.get("entries", [])
    if not entries and not parsed.get("version"):
        looks_html = b"<html" in page.body[:4096].lower()
        return Finding(problem="is an HTML page, not a feed" if looks_html else "is not a feed")
    found = tuple(
        Found(url=urljoin(page.final_url, entry["link"].strip()), published=_published(entry))
        for entry in entries
        if entry.get("link")
    )
    return Finding(found=found, problem="" if found else "is a feed without entries")


def _published(entry: feedparser.FeedParserDict) -> str | None:
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    if not stamp:
        return None
    try:
        return moment_text(datetime.fromtimestamp(calendar.timegm(stamp), UTC))
    except (ValueError, OverflowError, OSError):
        return None
