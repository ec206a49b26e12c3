"""httpx's interface over aiohttp's connections: httpx's own pool costs a scan of all connections at each request.

URLs go out byte for byte as they were found and bodies come in as they were sent, not decompressed. Cookies, and
proxies of the environment, are ignored.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator

import aiohttp
import httpx
from yarl import URL

from crawler.guard import guarded_socket

_CHUNK = 65_536
_HEADER_LIMIT = 32_768  # bytes of one header line; real ones stay under 8 kB
_KEEP_ALIVE = 75.0  # seconds; the usual value of servers


class GuardedTransport(httpx.AsyncBaseTransport):
    """One connector for all hosts of a run. ``connections`` bounds the open ones (at least twice those in flight)."""

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and one response, redirects included as they are. Errors are aiohttp's own."""
        session = self._session or self._open()
        response = await session.request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            data=await request.aread() or None,
            allow_redirects=False,
        )
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response),
            request=request,
            extensions={"tls": _tls(response)},
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
            ssl=ssl.create_default_context(),
            socket_factory=guarded_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_HEADER_LIMIT,
            max_field_size=_HEADER_LIMIT,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )
        return self._session


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


def _tls(response: aiohttp.ClientResponse) -> str | None:
    """The TLS version of the connection, as ``TLSv1.3``."""
    connection = response.connection
    tls = connection.transport.get_extra_info("ssl_object") if connection and connection.transport else None
    return tls.version() if tls else None


def open_client(*, in_flight: int) -> httpx.AsyncClient:
    """A client for :func:`crawler.fetch`; close it with ``await client.aclose()`` or ``async with``."""
    transport = GuardedTransport(connections=max(100, 2 * in_flight))
    return httpx.AsyncClient(transport=transport, timeout=None, trust_env=False, follow_redirects=False)  # noqa: S113
