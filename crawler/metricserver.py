"""``GET /metrics`` over HTTP/1.1: one small request, one answer, and the connection ends."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import ConfigError
from crawler.metrics import CONTENT_TYPE

_SECONDS = 5.0  # for a request and its answer
_HEAD = 8192  # bytes of a request
_AT_ONCE = 16  # connections; a scraper needs one
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens. Port 0 takes any that is free."""

    host: str
    port: int

    @property
    def shown(self) -> str:
        """As in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def place(text: str) -> Address | Path:
    """Where ``--metrics`` wants them: a file that ends in .prom, or an address with a port; raises ConfigError.

    ``:9464`` and ``9464`` are ports of 127.0.0.1.
    """
    if text.endswith(".prom"):
        return Path(text)
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or _LOOPBACK
    with suppress(ValueError):
        ipaddress.ip_address(_LOOPBACK if host == "localhost" else host)
        if port.isascii() and port.isdecimal() and int(port) <= 65535:
            return Address(_LOOPBACK if host == "localhost" else host, int(port))
    cure = "give an IP address with a port such as 127.0.0.1:9464, or a file that ends in .prom"
    raise ConfigError(f"--metrics: found {text!r}; {cure}")


@asynccontextmanager
async def serving(address: Address, text: Callable[[], str]) -> AsyncIterator[Address]:
    """Serves ``text()`` while the context is open; gives the address with its port. Raises ConfigError if it is taken.

    A connection beyond the sixteenth is closed at once; one that asks slowly or much, after 5 s or 8 kB.
    """
    free = asyncio.Semaphore(_AT_ONCE)
    open_ones: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        try:
            if not free.locked():
                async with free:
                    with suppress(
                        TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
                    ):
                        async with asyncio.timeout(_SECONDS):
                            await _answer(reader, writer, text)
        finally:
            open_ones.discard(task)
            writer.close()

    try:
        server = await asyncio.start_server(connected, address.host, address.port, limit=_HEAD)
    except OSError as error:
        raise ConfigError(f"--metrics: {address.shown} cannot be used ({error.strerror}); name another port") from error
    try:
        yield Address(address.host, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: Callable[[], str]) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    method, _, rest = head.split(b"\r\n", 1)[0].partition(b" ")
    path = rest.split(b" ")[0].split(b"?")[0]
    if method not in {b"GET", b"HEAD"}:
        status, media_type, body = "405 Method Not Allowed", "text/plain", b"Use GET.\n"
    elif path != b"/metrics":
        status, media_type, body = "404 Not Found", "text/plain", b"The metrics are at /metrics.\n"
    else:
        status, media_type, body = "200 OK", CONTENT_TYPE, text().encode()
    allow = "Allow: GET, HEAD\r\n" if status.startswith("405") else ""
    writer.write(
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{allow}"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode()
    )
    writer.write(b"" if method == b"HEAD" else body)
    await writer.drain()
