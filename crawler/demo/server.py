"""The demo papers on loopback ports, in the caller's event loop."""

import asyncio
import contextlib
import gzip
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus

from crawler.demo.site import DemoSite, Response
from crawler.demo.story import PAPERS

FIRST_PORT = 8761
"""The papers take this port and the next ones, or any free port where one is taken."""

_HEAD_LIMIT = 16 * 1024
_WORTH_PACKING = 512


@contextlib.asynccontextmanager
async def demo_sites(*, first_port: int = FIRST_PORT) -> AsyncIterator[tuple[DemoSite, ...]]:
    """Serve the three papers while the context is open. ``first_port`` 0 takes free ports."""
    async with contextlib.AsyncExitStack() as stack:
        sites = []
        for offset, name in enumerate(PAPERS):
            sock = _listen(first_port + offset if first_port else 0)
            site = DemoSite(name, f"http://127.0.0.1:{sock.getsockname()[1]}")
            await stack.enter_async_context(_serving(site, sock))
            sites.append(site)
        yield tuple(sites)


def _listen(port: int) -> socket.socket:
    for choice in (port, 0):
        sock = socket.socket()
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", choice))
        except OSError:
            sock.close()
            if not choice:
                raise
        else:
            return sock
    raise AssertionError("unreachable: port 0 either binds or raises")


@contextlib.asynccontextmanager
async def _serving(site: DemoSite, sock: socket.socket) -> AsyncIterator[None]:
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            await _converse(site, reader, writer)
        finally:
            writers.discard(writer)
            writer.close()

    server = await asyncio.start_server(connected, sock=sock, limit=_HEAD_LIMIT)
    try:
        yield
    finally:
        server.close()
        for writer in tuple(writers):
            writer.close()
        await server.wait_closed()


async def _converse(site: DemoSite, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection until it closes or sends something that is not one."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            request, *lines = head.split("\r\n")
            method, _, rest = request.partition(" ")
            target = rest.rpartition(" ")[0]
            if method not in {"GET", "HEAD"}:
                writer.write(_wire(Response(status=405), {}, method))
                return
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            writer.write(_wire(site.answer(target, headers), headers, method))
            await writer.drain()


def _wire(response: Response, headers: dict[str, str], method: str) -> bytes:
    """The response as bytes, packed when the client takes gzip."""
    body, extra = response.body, list(response.headers)
    if "gzip" in headers.get("accept-encoding", "") and len(body) > _WORTH_PACKING:
        body = gzip.compress(body, mtime=0)
        extra.append(("Content-Encoding", "gzip"))
    if response.status != HTTPStatus.NOT_MODIFIED:
        extra += [("Content-Type", response.media_type), ("Content-Length", str(len(body)))]
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in extra]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return head if method == "HEAD" else head + body
