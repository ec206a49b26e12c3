"""Sitemaps, text sitemaps and sitemap indexes (sitemaps.org, news extension), as bounded streams without entities."""

import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from crawler.feeds import Finding, Found, absolute, moment_of
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
    found = _newest_first(reader.urls, page.final_url)
    more = _newest_first(reader.indexes, page.final_url)
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
    into: Callable[[bytes, bool], object] = parser.Parse
    for step in _begun(_steps(page.body)):
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
                self._reader.urls.append((url, None))
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


def _newest_first(named: list[tuple[str, str | None]], base: str) -> tuple[Found, ...]:
    """By date where there is one, otherwise as written."""
    found = (Found(url=absolute(base, url), published=moment_of(when)) for url, when in named)
    return tuple(sorted(found, key=lambda item: item.published or "", reverse=True))
