"""One URL over the network: a page, a 304, or a failure as a value. Redirects are followed, one gated step each."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import urljoin, urlsplit

import aiohttp
import httpx

from archive import Outcome, http_outcome
from crawler.causes import translated
from crawler.config import Manners
from crawler.cookies import Cookies
from crawler.frontier import Entry
from crawler.guard import ALLOWED, AddressRefusedError, check_literal, check_port
from crawler.hold import LARGE, Hold, Places
from crawler.retry import retry_after
from crawler.transport import Answer, ask
from crawler.wire import ACCEPT_ENCODING, Failure, Unchanged, Wire, unpack, unpacked_size
from extractors import ExtractorError, Page, normalize_url

Gate = Callable[[str], AbstractAsyncContextManager[Failure | None]]
"""Entered before each request, redirects included, and left after it: waits for its turn, or gives a Failure."""

_MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = {
    "article": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "listing": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "feed": "application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.1",
    "sitemap": "application/xml,text/xml;q=0.9,*/*;q=0.1",
    "robots": "text/plain,*/*;q=0.1",
}
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_REMOVED_BY_BROWSERS = str.maketrans("", "", "\t\r\n")  # WHATWG URL, 4.4
_BINARY = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip")


@dataclass(slots=True)
class _Trip:
    """What goes along from redirect to redirect. ``large`` is the file of a body too large to wait in memory, and
    ``started`` when the request that is under way began, on the monotonic clock."""

    cookies: Cookies
    hold: Hold
    large: IO[bytes] | None = None
    started: float = 0.0

    @property
    def ms(self) -> int:
        """How long the request under way has taken so far."""
        return round((time.monotonic() - self.started) * 1000)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """What every request of a site shares."""

    client: httpx.AsyncClient
    manners: Manners
    gate: Gate
    heed: Callable[[str, Wire | Unchanged | Failure], None] | None = None
    places: Places = field(default_factory=Places)

    async def follow(self, entry: Entry, hold: Hold | None = None) -> Wire | Unchanged | Failure:
        """The response to a URL after its redirects. Never raises for anything that a server or network does.

        With ``hold``, the place of a large body stays taken until the caller gives it back.
        """
        if hold is None:
            with Hold(self.places) as hold:
                return await self._followed(entry, hold)
        return await self._followed(entry, hold)

    async def _followed(self, entry: Entry, hold: Hold) -> Wire | Unchanged | Failure:
        url, cookies = entry.url, Cookies()
        seen = {(entry.url, "")}
        for _ in range(_MAX_REDIRECTS + 1):
            got = await self._once(entry, url, _Trip(cookies, hold))
            if not isinstance(got, str):
                return got
            url = got
            hop = (url, cookies.header(url))  # the same URL with a new cookie is another request
            if hop in seen:
                break
            seen.add(hop)
        return Failure(url=entry.url, outcome=Outcome.REDIRECT_LOOP, detail=f"after {len(seen)} URLs: {url[:300]}")

    async def _once(self, entry: Entry, url: str, trip: _Trip) -> Wire | Unchanged | Failure | str:
        """One request: what it gave, or the URL that it redirects to."""
        try:
            normalize_url(url)
            check_literal(url, self.manners.allow_private)
            check_port(url, self.manners.ports)
        except ExtractorError as error:
            return Failure(url=entry.url, outcome=Outcome.ADDRESS_REFUSED, detail=str(error), final_url=url)
        except (AddressRefusedError, ValueError) as error:
            return Failure(url=entry.url, outcome=Outcome.ADDRESS_REFUSED, detail=str(error), final_url=url)
        async with self.gate(url) as refusal:
            if refusal is not None:
                return replace(refusal, url=entry.url)
            got = await self._timed(entry, url, trip)
            if not isinstance(got, str) and self.heed is not None:
                self.heed(url, got)  # while the lane is still ours: nobody slips in before the host's rest begins
            return got

    async def _timed(self, entry: Entry, url: str, trip: _Trip) -> Wire | Unchanged | Failure | str:
        token = ALLOWED.set(self.manners.allow_private)
        trip.started = time.monotonic()
        try:
            async with asyncio.timeout(self.manners.timeout):
                got = await self._request(entry, url, trip)
        except (TimeoutError, aiohttp.ClientError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            got = replace(translated(entry.url, error), ms=trip.ms)
        finally:
            ALLOWED.reset(token)
        return await _with_content(got, trip, self.manners.max_body) if isinstance(got, Wire) else got

    async def _request(self, entry: Entry, url: str, trip: _Trip) -> Wire | Unchanged | Failure | str:
        fetched_at = datetime.now(UTC)
        asked = self._headers(entry, url, trip.cookies.header(url))
        sent = url.translate(_REMOVED_BY_BROWSERS)
        async with ask(self.client, sent, asked) as answer:
            if answer.status == 304 and not _CONDITIONS.isdisjoint(asked):
                return Unchanged(
                    url=entry.url, final_url=url, headers=answer.headers, fetched_at=fetched_at, ms=trip.ms
                )
            location = answer.header("location")
            if answer.status in _REDIRECTS and location:
                trip.cookies.take(url, answer.headers)
                return urljoin(url, location)
            refusal = self._refused(entry, url, answer)
            if refusal is not None:
                return replace(refusal, ms=trip.ms)
            content = await self._content(entry, answer, trip)
            if isinstance(content, Failure):
                return replace(content, url=entry.url, final_url=url, ms=trip.ms)
            return Wire(
                url=entry.url, final_url=url, status=answer.status, headers=answer.headers, content=content,
                fetched_at=fetched_at, ms=trip.ms, tls=answer.secured.get("tls"),
                certificate=answer.secured.get("certificate"),
            )  # fmt: skip

    def _headers(self, entry: Entry, url: str, cookie: str) -> dict[str, str]:
        headers = {
            "User-Agent": self.manners.agent,
            "Accept": _ACCEPT[entry.kind],
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        if cookie:
            headers["Cookie"] = cookie
        if url != entry.url:
            return headers
        conditions = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
        # A validator that is not ASCII cannot be sent back as it came.
        return headers | {name: value for name, value in conditions.items() if value and value.isascii()}

    def _refused(self, entry: Entry, url: str, answer: Answer) -> Failure | None:
        """What the head of a response already says: an error status, a binary type, a body beyond the limit."""
        status = answer.status
        outcome: str | None = None
        detail = ""
        length, media_type = answer.header("content-length"), answer.header("content-type")
        if not 200 <= status < 300 or status in (204, 205, 206):
            outcome, detail = http_outcome(status), f"HTTP {status} {httpx.codes.get_reason_phrase(status)}".strip()
        elif entry.kind == "robots":
            return None  # whatever its type and length: its beginning counts
        elif media_type.lower().startswith(_BINARY):
            outcome, detail = Outcome.NOT_HTML, media_type
        elif length.isdecimal() and int(length) > self.manners.max_body:
            outcome, detail = Outcome.TOO_LARGE, f"{length} bytes announced, the limit is {self.manners.max_body}"
        if outcome is None:
            return None
        wait = retry_after(answer.header("retry-after") or None, datetime.now(UTC))
        return Failure(
            url=entry.url, outcome=outcome, detail=detail, status=status, retry_after=wait, final_url=url,
            headers=answer.headers,
        )  # fmt: skip

    async def _content(self, entry: Entry, answer: Answer, trip: _Trip) -> bytes | Failure:
        """The body as it is sent, b"" for a large one, which waits in a file until there is a place for it.

        It is received all the same: a server that is kept waiting in the middle may think that we are gone.
        """
        parts: list[bytes] = []
        size = 0
        with ExitStack() as stack:
            file: IO[bytes] | None = None
            async for chunk in answer.body:
                size += len(chunk)
                if size > self.manners.max_body:
                    if entry.kind == "robots" and not answer.header("content-encoding"):
                        return b"".join([*parts, chunk])[: self.manners.max_body]
                    detail = f"more than {self.manners.max_body} bytes"
                    return Failure(
                        url="", outcome=Outcome.TOO_LARGE, detail=detail, bytes=size, status=answer.status,
                        headers=answer.headers,
                    )  # fmt: skip
                if size > LARGE and entry.kind != "robots":
                    if file is None:
                        file = stack.enter_context(TemporaryFile())
                    file.writelines([*parts, chunk])
                    parts.clear()
                else:
                    parts.append(chunk)
            trip.large = file
            stack.pop_all()
        return b"".join(parts)


async def _with_content(wire: Wire, trip: _Trip, limit: int) -> Wire:
    """A response with its body in memory, as soon as there is a place for it."""
    file, trip.large = trip.large, None
    if file is None:
        return wire
    with file:
        size = file.tell()
        file.seek(0)
        beginning = file.read(3)
        file.seek(-4, os.SEEK_END)
        unpacked = unpacked_size(wire.header("content-encoding") or "", size, beginning, file.read())
        await trip.hold.take(max(size, min(unpacked, limit)))
        file.seek(0)
        return replace(wire, content=file.read())


async def fetch(
    client: httpx.AsyncClient, entry: Entry, *, manners: Manners | None = None
) -> Page | Unchanged | Failure:
    """One URL, fetched once: its page, a 304, or a Failure. Raises nothing for what servers and networks do.

    ``client`` comes from :func:`open_client`. Neither robots.txt nor the pace is minded here; :func:`crawl` does both.
    """
    manners = manners or Manners()
    got = await Fetcher(client, manners, _open_gate).follow(entry)
    return await asyncio.to_thread(unpack, got, manners.max_body) if isinstance(got, Wire) else got


@asynccontextmanager
async def _open_gate(url: str) -> AsyncIterator[Failure | None]:  # noqa: ARG001 - the shape of a Gate
    yield None


def home_of(url: str) -> str:
    """The scheme and authority of a URL, as ``https://example.org``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
