"""Sitemaps, text sitemaps and sitemap indexes (sitemaps.org, news extension), as bounded streams without entities."""

import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from xml.parsers import expat

from crawler.feeds import Finding, Found, absolute, moment_of, read_feed
from extractors import Page

MAX_URLS = 50_000
"""Of one sitemap (sitemaps.org)."""

MAX_BYTES = 52_428_800
"""Of one sitemap after decompression (sitemaps.org)."""

_STEP = 1 << 16
_MAX_TEXT = 8192
_MAX_DEPTH = 32
_MAX_MEMBERS = 100  # of one .gz file; real ones have one, and each costs a copy of the rest
_GZIP = b"\x1f\x8b"
_FEEDS = ("rss", "feed", "rdf")  # the roots of RSS, Atom and RDF
_ILL_FORMED = "is no well-formed XML"
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


class _RefusedError(Exception):
    """A sitemap that is not read on; the message says why."""


_Named = tuple[str, str | None, str | None]
"""A URL, when it was published and when it changed last, as written."""


@dataclass(slots=True)
class _Reader:
    """Collects ``<url>`` and ``<sitemap>`` elements. Namespaces are cut off: sites get them wrong."""

    urls: list[_Named] = field(default_factory=list)
    indexes: list[_Named] = field(default_factory=list)
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
            into.append((self._now["loc"], self._now.get("publication_date"), self._now.get("lastmod")))
            if len(into) > MAX_URLS:
                raise _RefusedError(f"names more than {MAX_URLS} URLs; the rest is not read")
        self._text.clear()


def read_sitemap(page: Page) -> Finding:
    """The URLs of a sitemap, or the sitemaps of an index, the newest first; a feed may be a sitemap too (sitemaps.org).

    Never raises; what was read is kept.
    """
    reader, problem = _read(page.body)
    if reader.root.lower() in _FEEDS:
        return read_feed(page)
    if problem.startswith(_ILL_FORMED) and (mended := _mended(page.body)) != page.body:
        again, still = _read(mended)
        if len(again.urls) + len(again.indexes) > len(reader.urls) + len(reader.indexes):
            reader, problem = again, still
    if problem and b"<html" in page.body[:4096].lower():
        problem = "is an HTML page, not a sitemap"
    found = _newest_first(reader.urls, page.final_url)
    more = _newest_first(reader.indexes, page.final_url)
    unreadable = not (found or more) and (bool(problem) or reader.root not in ("urlset", "sitemapindex"))
    if not (found or more or problem):
        problem = "is not a sitemap" if unreadable else "names no URLs"
    return Finding(found=found, more=more, problem=problem, unreadable=unreadable)


def _read(body: bytes) -> tuple[_Reader, str]:
    """What could be read, and what was wrong, "" for nothing."""
    reader = _Reader()
    try:
        _feed(reader, body)
    except _RefusedError as error:
        return reader, str(error)
    except expat.ExpatError as error:
        return reader, f"{_ILL_FORMED} ({error})"
    except zlib.error as error:
        return reader, f"is no readable gzip file ({error})"
    except (LookupError, ValueError) as error:  # Python's codecs on an encoding that the file names
        return reader, f"is in no encoding that can be read ({str(error)[:100]})"
    return reader, ""


def _mended(body: bytes) -> bytes:
    """A sitemap whose ampersands are written as XML wants them; many are made by hand of URLs with queries."""
    try:
        whole = b"".join(islice(_steps(body), MAX_BYTES // _STEP)) if body[:2] == _GZIP else body
    except (_RefusedError, zlib.error):
        return body
    return _AMPERSAND.sub(b"&amp;", whole)


def _feed(reader: _Reader, body: bytes) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    size = 0
    into: Callable[[bytes, bool], object] = parser.Parse
    for step in _begun(_steps(body)):
        if size == 0 and step[:4].lower() == b"http":
            into = _Lines(reader).take
        size += len(step)
        if size > MAX_BYTES:
            raise _RefusedError(f"is larger than {MAX_BYTES} bytes; the rest is not read")
        into(step, False)
    into(b"", True)


class _Lines:
    """A text sitemap: one URL a line, and nothing else (sitemaps.org)."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._rest = b""
        reader.root = "urlset"

    def take(self, step: bytes, last: bool) -> None:
        *whole, self._rest = (self._rest + step).split(b"\n")
        if len(self._rest) > _MAX_TEXT:
            raise _RefusedError("is a text whose lines are no URLs")
        for line in [*whole, self._rest] if last else whole:
            url = line.decode("utf-8", "replace").strip()
            if url.startswith(("http://", "https://")) and len(url.split()) == 1:
                self._reader.urls.append((url, None, None))
            elif url:
                raise _RefusedError("is a text with lines that are no URLs; what came before is kept")
            if len(self._reader.urls) > MAX_URLS:
                raise _RefusedError(f"names more than {MAX_URLS} URLs; the rest is not read")


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


def _newest_first(named: list[_Named], base: str) -> tuple[Found, ...]:
    """By date where there is one, otherwise as written."""
    found = (_found(absolute(base, url), moment_of(published), moment_of(changed)) for url, published, changed in named)
    return tuple(sorted(found, key=lambda item: item.published or "", reverse=True))


def _found(url: str, published: str | None, modified: str | None) -> Found:
    return Found(url=url, published=published or modified, modified=modified)
