"""Sitemaps and sitemap indexes (sitemaps.org, news extension), read as a stream: no entities, bounded in every way."""

import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.parsers import expat

from crawler.feeds import Finding, Found, absolute
from extractors import Page, moment_text

MAX_URLS = 50_000
"""Of one sitemap (sitemaps.org)."""

MAX_BYTES = 52_428_800
"""Of one sitemap after decompression (sitemaps.org)."""

_STEP = 1 << 16
_MAX_TEXT = 8192
_MAX_DEPTH = 32
_MAX_MEMBERS = 100  # of one .gz file; real ones have one, and each costs a copy of the rest
_GZIP = b"\x1f\x8b"


class _RefusedError(Exception):
    """A sitemap that is not read on; the message says why."""


@dataclass(slots=True)
class _Reader:
    """Collects ``<url>`` and ``<sitemap>`` elements. Namespaces are cut off: sites get them wrong."""

    urls: list[tuple[str, str | None]] = field(default_factory=list)
    indexes: list[tuple[str, str | None]] = field(default_factory=list)
    root: str = ""
    _path: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _size: int = 0
    _now: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2]
        self.root = self.root or local
        if len(self._path) >= _MAX_DEPTH:
            raise _RefusedError(f"nests deeper than {_MAX_DEPTH} elements")
        self._path.append(local)
        self._text.clear()
        self._size = 0
        if local in ("url", "sitemap"):
            self._now = {}

    def data(self, text: str) -> None:
        self._size += len(text)
        if self._size <= _MAX_TEXT:
            self._text.append(text)

    def end(self, _name: str) -> None:
        local = self._path.pop()
        parent = self._path[-1] if self._path else ""
        text = "".join(self._text).strip()
        if text and (local in ("lastmod", "publication_date") or (local == "loc" and parent in ("url", "sitemap"))):
            self._now.setdefault(local, text)
        if local in ("url", "sitemap") and "loc" in self._now:
            into = self.urls if local == "url" else self.indexes
            into.append((self._now["loc"], self._now.get("publication_date") or self._now.get("lastmod")))
            if len(into) > MAX_URLS:
                raise _RefusedError(f"names more than {MAX_URLS} URLs; the rest is not read")
        self._text.clear()


def read_sitemap(page: Page) -> Finding:
    """The URLs of a sitemap, or the sitemaps of an index, the newest first. Never raises; what was read is kept."""
    reader = _Reader()
    problem = ""
    try:
        _feed(reader, page)
    except _RefusedError as error:
        problem = str(error)
    except expat.ExpatError as error:
        html = b"<html" in page.body[:4096].lower()
        problem = "is an HTML page, not a sitemap" if html else f"is no well-formed XML ({error})"
    except zlib.error as error:
        problem = f"is no readable gzip file ({error})"
    except (LookupError, ValueError) as error:  # Python's codecs on an encoding that the file names
        problem = f"is in no encoding that can be read ({str(error)[:100]})"
    found = tuple(
        Found(url=absolute(page.final_url, url), published=_moment(when)) for url, when in _newest_first(reader.urls)
    )
    more = tuple(absolute(page.final_url, url) for url, _ in _newest_first(reader.indexes))
    unreadable = not (found or more) and (bool(problem) or reader.root not in ("urlset", "sitemapindex"))
    if not (found or more or problem):
        problem = "is not a sitemap" if unreadable else "names no URLs"
    return Finding(found=found, more=more, problem=problem, unreadable=unreadable)


def _feed(reader: _Reader, page: Page) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    size = 0
    for step in _begun(_steps(page.body)):
        size += len(step)
        if size > MAX_BYTES:
            raise _RefusedError(f"is larger than {MAX_BYTES} bytes; the rest is not read")
        parser.Parse(step, False)
    parser.Parse(b"", True)


def _steps(body: bytes) -> Iterator[bytes]:
    """The content of a sitemap, a .gz file in bounded steps."""
    if body[:2] != _GZIP:
        yield body
        return
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(31)
        while body and not stream.eof:
            yield stream.decompress(body, _STEP)
            body = stream.unconsumed_tail
        if not stream.eof:
            raise _RefusedError("is a gzip file cut short; what came is kept")
        body = stream.unused_data
        if body[:2] != _GZIP:
            return
    raise _RefusedError(f"is a gzip file of more than {_MAX_MEMBERS} members; the rest is not read")


def _begun(steps: Iterator[bytes]) -> Iterator[bytes]:
    """The steps without blank lines before the XML declaration, which many sites put there and XML forbids."""
    begun = False
    for step in steps:
        rest = step if begun else step.removeprefix(BOM_UTF8).lstrip()
        begun = begun or bool(rest)
        yield rest


def _refuse_doctype(*_arguments: object) -> None:
    raise _RefusedError("declares a document type or entities, which no sitemap needs")


def _newest_first(found: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """By date where there is one, otherwise as written."""
    return sorted(found, key=lambda item: _moment(item[1]) or "", reverse=True)


def _moment(text: str | None) -> str | None:
    """A W3C date or time in the archive's form; a time without zone becomes its date."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= 10 or moment.tzinfo is None:
            return moment.date().isoformat()
        return moment_text(moment.astimezone(UTC))
    except (ValueError, OverflowError):  # the first and the last day of the calendar lie outside it in other zones
        return None
