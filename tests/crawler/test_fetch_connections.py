"""Connections of fetches: used again, lost, refused, and made by any client of httpx."""

import asyncio
import socket
import struct
from dataclasses import replace
from typing import Any

import aiohttp
import httpx
import pytest

from archive import Outcome
from crawler import Entry, fetch, open_client
from crawler.causes import translated
from extractors import Page
from tests.crawler.fetching import MANNERS, answered_by, failed, run
from tests.crawler.newsstand import Answer, newsstand


@pytest.mark.parametrize("raw", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 50_000 + b"\r\n\r\n"])
def test_no_http_at_all_is_a_reset(raw: bytes) -> None:
    assert failed(Answer(raw=raw)).outcome == Outcome.RESET


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"

        async def go(url: str) -> Any:
            async with open_client(in_flight=1) as client:
                return await fetch(client, Entry(url=url, site="s"), manners=MANNERS)

        assert run(go(url)).outcome == Outcome.CONNECT
        assert run(go("http://no-such-host.invalid/")).outcome == Outcome.DNS
        assert run(go(url.replace("http:", "https:"))).outcome == Outcome.CONNECT


def test_no_tls_where_tls_is_asked_for() -> None:
    async def go() -> Any:
        async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
            url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            async with open_client(in_flight=1) as client:
                return await fetch(client, Entry(url=url, site="s"), manners=MANNERS)

    assert run(go()).outcome == Outcome.TLS


def test_connections_are_used_again() -> None:
    async def go() -> int:
        peers = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peers.add(writer.get_extra_info("peername"))
            try:
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except asyncio.IncompleteReadError:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with open_client(in_flight=1) as client:
            for _ in range(5):
                assert isinstance(await fetch(client, Entry(url=url, site="s"), manners=MANNERS), Page)
        server.close()
        await server.wait_closed()
        return len(peers)

    assert run(go()) == 1


def test_the_transport_is_a_seam_of_httpx() -> None:
    async def go() -> Any:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=httpx.ByteStream(b"<p>mock</p>")))
        async with httpx.AsyncClient(transport=transport) as client:
            return await fetch(client, Entry(url="https://news.example/", site="s"))

    assert run(go()).body == b"<p>mock</p>"


@pytest.mark.parametrize("name", [b"Stra\xdfe", "Straße".encode()])
def test_any_client_of_httpx_gets_the_same(name: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Name: " + name
    raw = head + b"\r\nContent-Length: 8\r\n\r\n<p>a</p>"

    async def go() -> list[Any]:
        async with newsstand({"/%7Ea?b=%zz": Answer(raw=raw)}) as stand:
            entry = Entry(url=f"{stand.base}/%7Ea?b=%zz#c", site="s")
            clients = (open_client(in_flight=1), httpx.AsyncClient(trust_env=False))
            found = []
            for client in clients:
                async with client:
                    page = await fetch(client, entry, manners=MANNERS)
                    assert isinstance(page, Page)
                    found.append(replace(page, fetched_at=None))
            assert stand.targets()[0] == "/%7Ea?b=%zz"
            return found

    ours, theirs = run(go())
    assert ours == theirs
    assert ("x-name", "Straße") in ours.headers
    assert ours.headers.count(("x-twice", "1")) == 1


def test_foreign_errors_keep_their_words() -> None:
    failure = translated("http://a/", aiohttp.ClientPayloadError("cut off"))
    assert (failure.outcome, failure.detail) == (Outcome.TRUNCATED, "cut off")
    assert failure.line == "http://a/: truncated (cut off)"


@pytest.mark.parametrize(
    ("head", "outcome"),
    [(b"", Outcome.RESET), (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx", Outcome.TRUNCATED)],
    ids=["before the head", "in the body"],
)
def test_a_connection_that_is_reset(head: bytes, outcome: str) -> None:
    async def slam(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    assert answered_by(slam).outcome == outcome
