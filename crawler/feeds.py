"""RSS, Atom, RDF and JSON Feed: which articles a feed announces, since when, and where its older entries are."""

import calendar
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import feedparser

from crawler.feedstream import stream
from extractors import Page, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One announced URL, absolute; ``published`` in the archive's form, as its finder states it, and ``modified`` when
    it changed last."""

    url: str
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a feed, sitemap or listing gave, why it gave nothing, and further sitemaps to read, with their ``lastmod``.

    ``unreadable``: it is something else than it should be, and nothing could be taken from it. ``older`` is the page
    with a feed's older entries, "" where it names none.
    """

    found: tuple[Found, ...] = ()
    problem: str = ""
    more: tuple[Found, ...] = ()
    unreadable: bool = False
    older: str = ""


_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_NO_DATE = "-0001"  # the year that PHP makes of a date that is all zeros
_BEFORE_THE_WEB = ("Thu, 01 Jan 1970", "1970-01-01", "0001-", "0000-")
_EARLIEST = "1990"
"""Nothing was on the web before; templates write such years where they know none."""


def read_feed(page: Page) -> Finding:
    """The entries of an RSS, Atom, RDF or JSON feed. Never raises; a feed that is none has a ``problem``."""
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(page)
    if _declares_entities(page.body):
        return Finding(problem="declares entities, which no feed needs", unreadable=True)
    return _read_stream(page) or _read_tolerantly(page)


def _read_stream(page: Page) -> Finding | None:
    """What a well-formed feed with dates of known forms says."""
    read = stream(page.body)
    if read is None:
        return None
    found: list[Found] = []
    for item in read.items:
        published, updated = moment_of(item.published), moment_of(item.updated)
        if not _is_dated(item.published, published) or not _is_dated(item.updated, updated):
            return None
        try:
            url = urljoin(page.final_url, item.link)
        except ValueError:
            continue
        found.append(Found(url=url, published=published or updated, modified=updated))
    return _finding(tuple(found), _older(page.final_url, list(read.links.items()), read.generator))


def _is_dated(text: str, moment: str | None) -> bool:
    return not text or moment is not None or _NO_DATE in text or text.startswith(_BEFORE_THE_WEB)


def _read_tolerantly(page: Page) -> Finding:
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
        Found(url=absolute(page.final_url, link), published=_dated(entry, "published") or updated, modified=updated)
        for entry in entries
        if (link := entry.get("feedburner_origlink") or entry.get("link"))
        for updated in [_dated(entry, "updated")]
    )
    feed = parsed.get("feed", {})
    links = [(link.get("rel", ""), link.get("href", "")) for link in feed.get("links", [])]
    return _finding(found, _older(page.final_url, links, str(feed.get("generator", ""))))


def _declares_entities(body: bytes) -> bool:
    """Whether entities are declared before the root of a feed; after it, that is what a story about XML says."""
    root = _ROOT.search(body)
    prolog = body[: root.start()] if root else body
    return any(declaration in prolog for declaration in _ENTITIES)


def _finding(found: tuple[Found, ...], older: str) -> Finding:
    return Finding(found=found, older=older, problem="" if found else "is a feed without entries")


def _read_json(page: Page) -> Finding:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        feed = json.loads(page.body)
    except (ValueError, RecursionError) as error:
        return Finding(problem=f"is not a feed that can be read ({str(error)[:100]})", unreadable=True)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version/" not in str(feed.get("version")):
        return Finding(problem="is not a feed, but other JSON", unreadable=True)
    found = tuple(
        Found(
            url=absolute(page.final_url, url), published=_json_date(item), modified=moment_of(item.get("date_modified"))
        )
        for item in items
        if isinstance(item, dict) and (url := _json_url(item))
    )
    older = feed.get("next_url")
    return _finding(found, absolute(page.final_url, older) if isinstance(older, str) and older else "")


def _json_url(item: dict[str, Any]) -> str:
    """An item's own address; many feeds give it only as the ``id``. ``external_url`` is another site's story."""
    for key in ("url", "id"):
        value = item.get(key)
        if isinstance(value, str) and (key == "url" or value.startswith(("http://", "https://"))) and value.strip():
            return value
    return ""


def _json_date(item: dict[str, Any]) -> str | None:
    return next((moment for key in ("date_published", "date_modified") if (moment := moment_of(item.get(key)))), None)


def moment_of(text: object) -> str | None:
    """A date of RFC 3339, ISO 8601 or RFC 5322, or seconds since 1970, in the archive's form; one without a zone
    becomes its day. None for anything else, and for a year in which there was no web."""
    if not isinstance(text, str) or not text.strip() or _NO_DATE in text:
        return None
    text = text.strip()
    for parse in (_since_1970, datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
            if (len(text) <= 10 and not text.isdecimal()) or moment.tzinfo is None:
                return _plausible(moment.date().isoformat())
            return _plausible(moment_text(moment.astimezone(UTC)))
        except (ValueError, OverflowError, TypeError, IndexError):  # the calendar's first and last day among them
            continue
    return None


def _since_1970(text: str) -> datetime:
    if len(text) not in (10, 13) or not text.isdecimal():
        raise ValueError(text)
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _plausible(moment: str | None) -> str | None:
    return moment if moment and moment >= _EARLIEST else None


def _older(url: str, links: list[tuple[str, str]], generator: str) -> str:
    """The page with older entries: as RFC 5005 names it, or the next one of WordPress, which pages every feed."""
    for wanted in ("next", "prev-archive"):
        named = next((href for rel, href in links if rel == wanted and href), "")
        if named:
            return absolute(url, named)
    return _next_paged(url) if "wordpress" in generator.lower() else ""


def _next_paged(url: str) -> str:
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    now = next((int(value) for name, value in query if name == "paged" and value.isdecimal()), 1)
    rest = [(name, value) for name, value in query if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*rest, ("paged", str(now + 1))]), fragment=""))


def absolute(base: str, url: str) -> str:
    """A URL seen from ``base``; one that cannot be read stays as it is."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url


def _dated(entry: feedparser.FeedParserDict, name: str) -> str | None:
    # feedparser's own get() gives one date for the other, with a warning
    text, stamp = dict.get(entry, name), dict.get(entry, f"{name}_parsed")
    if isinstance(text, str) and _NO_DATE in text:
        return None
    # feedparser reads a year out of seconds since 1970
    if not stamp or (isinstance(text, str) and text.strip().isdecimal()):
        return moment_of(text)
    try:
        return _plausible(moment_text(datetime.fromtimestamp(calendar.timegm(stamp), UTC)))
    except (ValueError, OverflowError, OSError):
        return None
