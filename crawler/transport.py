"""httpx's interface over aiohttp's connections: httpx's own pool costs a scan of all connections at each request.

URLs go out byte for byte as they were found and bodies come in as they were sent, not decompressed. Cookies, and
proxies of the environment, are ignored.
"""

import asyncio
from collections.abc import AsyncIterator
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

_CHUNK = 65_536
_HEADER_LIMIT = 32_768  # bytes of one header line; real ones stay under 8 kB
_HEADERS = 256  # of one response; real ones stay under 60
_KEEP_ALIVE = 75.0  # seconds; the usual value of servers


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
        session = self._session or self._open()
        response = await session.request(
            request.method,
            _address(request),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            data=await request.aread() or None,
            allow_redirects=False,
        )
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response),
            request=request,
            extensions=dict(response.secured) if isinstance(response, _Response) else {},
        )

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


def _address(request: httpx.Request) -> URL:
    """Where a request goes. The target is that of the extension ``url``, which httpx has not rewritten.

    All of it stands for the path, since yarl too would mend a query.
    """
    found = request.extensions.get("url") or str(request.url)
    rest = found.partition("#")[0].partition("://")[2]
    start = min((rest.find(mark) for mark in "/?\\" if mark in rest), default=len(rest))
    target = "".join(c if "!" <= c <= "~" else quote(c) for c in rest[start:])
    return URL.build(
        scheme=request.url.scheme,
        authority=request.url.netloc.decode("ascii"),
        path=target if target.startswith("/") else f"/{target}",
        encoded=True,
    )


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
        async for chunk in self._response.content.iter_chunked(_CHUNK):
            yield chunk

    async def aclose(self) -> None:
        """Gives a connection back that was read to its end, and closes any other."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()
        await asyncio.sleep(0)


def open_client(*, in_flight: int, route: Route | None = None) -> httpx.AsyncClient:
    """A client for :func:`crawler.fetch`; close it with ``await client.aclose()`` or ``async with``."""
    transport = GuardedTransport(connections=max(100, 2 * in_flight), route=route)
    cookies = NoCookies()
    return httpx.AsyncClient(transport=transport, timeout=None, trust_env=False, cookies=cookies)  # noqa: S113
