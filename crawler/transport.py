"""httpx's interface over aiohttp's connections: httpx's own pool costs a scan of all connections at each request.

The many requests of a crawl go past httpx's models of a request and a response as well, which take as much time as all
else together. URLs go out byte for byte as they were found and bodies come in as they were sent, not decompressed.
Cookies, and proxies of the environment, are ignored.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http.cookiejar import CookieJar
from typing import Self
from urllib.parse import quote

import aiohttp
import httpx
from aiohttp.connector import Connection
from yarl import URL

from crawler.guard import guarded_socket
from crawler.route import Route

_LONGEST_URL = 65_536  # characters; this limit and the next are httpx's
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_URL = re.compile(r"([^:/?#]+)://([^/?#]*)([^#]*)")
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PLAIN = re.compile(
    rf"(https?)://((?:(?:[a-z0-9-]+\.)+[a-z]{{2,}}|{_BYTE}(?:\.{_BYTE}){{3}})(?::[1-9]\d{{3}})?)", re.ASCII
)
_CLEAN = re.compile(r"[!-~]*")
_HEADER_LIMIT = 32_768  # bytes of one header line; real ones stay under 8 kB
_HEADERS = 256  # of one response; real ones stay under 60
_KEEP_ALIVE = 75.0  # seconds; the usual value of servers


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of a response, names of headers in lower case, and its body as it comes in, not decompressed.

    ``secured`` has ``tls`` and ``certificate`` as in :class:`crawler.wire.Wire`, where there are such.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: AsyncIterator[bytes]
    secured: Mapping[str, str]

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        return next((value for key, value in self.headers if key == name), "")


class GuardedTransport(httpx.AsyncBaseTransport):
    """One connector for all hosts of a run. ``connections`` bounds the open ones (at least twice those in flight).

    Behind a proxy the sockets lead to the proxy, so only addresses written in URLs can be checked, by the caller.
    """

    def __init__(self, *, connections: int, route: Route | None = None) -> None:
        self._connections = connections
        self._route = route or Route()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and one response, redirects included as they are. Errors are aiohttp's own."""
        response = await self._asked(
            request.method,
            request.extensions.get("url") or str(request.url),
            {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw},
            await request.aread() or None,
        )
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response),
            request=request,
            extensions=_secured(response),
        )

    @asynccontextmanager
    async def ask(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """The answer to a GET, redirects included as they are. Errors are aiohttp's own, or InvalidURL."""
        response = await self._asked("GET", url, headers, None)
        try:
            yield Answer(
                response.status, _decoded(response.raw_headers), response.content.iter_any(), _secured(response)
            )
        finally:
            await _give_back(response)

    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> aiohttp.ClientResponse:
        session = self._session or self._open()
        return await session.request(method, _address(url), headers=headers, data=data, allow_redirects=False)

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=self._connections,
            keepalive_timeout=_KEEP_ALIVE,
            ssl=self._route.tls(),
            socket_factory=None if self._route.proxy else guarded_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            proxy=str(self._route.proxy) or None,
            response_class=_Response,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
            max_headers=_HEADERS,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )
        return self._session


class NoCookies(CookieJar):
    """Keeps none: httpx's client would send a site's cookies back."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leaves them in the response."""


def _address(url: str) -> URL:
    """Where a request goes, its target byte for byte as it was found: httpx would rewrite it.

    All of the target stands for the path, since yarl too would mend a query.
    """
    if len(url) > _LONGEST_URL or _CONTROLS.search(url):
        raise httpx.InvalidURL(f"{url[:80]!r} is too long for a URL or holds control characters")
    match = _URL.match(url)
    if match is None:
        raise httpx.InvalidURL(f"{url[:80]!r} is no URL")
    scheme, authority, target = match.groups()
    if "\\" in authority:
        target = authority[authority.index("\\") :] + target
    if not _CLEAN.fullmatch(target):
        target = "".join(c if "!" <= c <= "~" else quote(c) for c in target)
    scheme, netloc = _origin(f"{scheme}://{authority}")
    return URL.build(
        scheme=scheme, authority=netloc, path=target if target.startswith("/") else f"/{target}", encoded=True
    )


@lru_cache(maxsize=4096)
def _origin(url: str) -> tuple[str, str]:
    """Scheme and authority of a URL, the host in ASCII; raises InvalidURL."""
    if match := _PLAIN.fullmatch(url):
        return match[1], match[2]
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.netloc.decode("ascii")


def _decoded(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    joined = b"\0".join([part for header in headers for part in header])  # no header holds a NUL (RFC 9110, 5.5)
    try:
        parts = joined.decode().split("\0")
    except UnicodeDecodeError:  # one in another encoding spoils no Location beside it
        parts = [_text(part) for part in joined.split(b"\0")]
    return tuple(zip(map(str.lower, parts[::2]), parts[1::2], strict=False))


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _secured(response: aiohttp.ClientResponse) -> dict[str, str]:
    return dict(response.secured) if isinstance(response, _Response) else {}


async def _give_back(response: aiohttp.ClientResponse) -> None:
    """Gives a connection back that was read to its end, and closes any other."""
    if response.content.at_eof():
        response.release()
        return
    response.close()
    await asyncio.sleep(0)


class _Response(aiohttp.ClientResponse):
    """Knows how its connection was secured also when a short body has given the connection back already."""

    secured: tuple[tuple[str, str], ...] = ()

    async def start(self, connection: Connection) -> Self:
        tls = connection.transport.get_extra_info("ssl_object") if connection.transport else None
        if tls is not None:
            digest = sha256(tls.getpeercert(binary_form=True)).hexdigest()
            self.secured = (("tls", tls.version()), ("certificate", digest))
        await super().start(connection)
        return self


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.content.iter_any():
            yield chunk

    async def aclose(self) -> None:
        """Ends the response."""
        await _give_back(self._response)


class Client(httpx.AsyncClient):
    """httpx's client over :class:`GuardedTransport`; :meth:`ask` is the short way for a GET."""

    def __init__(self, transport: GuardedTransport) -> None:
        super().__init__(transport=transport, timeout=None, trust_env=False, cookies=NoCookies())
        self.guarded = transport


def ask(client: httpx.AsyncClient, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
    """The answer to a GET, of a client from :func:`open_client` or any other of httpx; no redirect is followed."""
    return client.guarded.ask(url, headers) if isinstance(client, Client) else _ask(client, url, headers)


@asynccontextmanager
async def _ask(client: httpx.AsyncClient, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
    async with client.stream("GET", url, headers=dict(headers), extensions={"url": url}) as response:
        yield Answer(response.status_code, _decoded(response.headers.raw), response.aiter_raw(), response.extensions)


def open_client(*, in_flight: int, route: Route | None = None) -> httpx.AsyncClient:
    """A client for :func:`crawler.fetch`; close it with ``await client.aclose()`` or ``async with``."""
    return Client(GuardedTransport(connections=max(100, 2 * in_flight), route=route))
