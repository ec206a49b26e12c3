"""One fetch of a scripted answer, for tests of what it becomes."""

import asyncio
import contextlib
import gzip
import ipaddress
import zlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from crawler import Entry, Failure, Manners, Unchanged, fetch, open_client
from crawler.config import Network
from extractors import Page
from extractors.encodings import zstd
from tests.crawler.newsstand import Newsstand, Script, newsstand

LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"),)
MANNERS = Manners(allow_private=LOOPBACK, timeout=5, max_body=100_000, user_agent="test (a@b.c)")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def got_from(
    stand: Newsstand, target: str, manners: Manners = MANNERS, **entry: Any
) -> Page | Unchanged | Failure:
    async with open_client(in_flight=1) as client:
        return await fetch(client, Entry(url=stand.base + target, site="s", **entry), manners=manners)


def fetched(script: Script, manners: Manners = MANNERS, **entry: Any) -> Page | Unchanged | Failure:
    async def go() -> Page | Unchanged | Failure:
        async with newsstand({"/": script}) as stand:
            return await got_from(stand, "/", manners, **entry)

    found = run(go())
    assert isinstance(found, Page | Unchanged | Failure)
    return found


def failed(script: Script, manners: Manners = MANNERS) -> Failure:
    found = fetched(script, manners)
    assert isinstance(found, Failure), found
    return found


def pack(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstd.compress(body)
    return gzip.compress(body) if encoding == "gzip" else zlib.compress(body)


def answered_by(write: Callable[[asyncio.StreamWriter], Awaitable[None]], manners: Manners = MANNERS) -> Any:
    """What becomes of a response that is written piece by piece."""

    async def go() -> Any:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with contextlib.suppress(ConnectionError):
                    await reader.readuntil(b"\r\n\r\n")
                    await write(writer)
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with open_client(in_flight=1) as client:
            got = await fetch(client, Entry(url=url, site="s"), manners=manners)
        server.close()
        await server.wait_closed()
        return got

    return run(go())
