"""One fetch against a real server: what every kind of answer becomes."""

import asyncio
import contextlib
import gzip
import ipaddress
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import httpx
import pytest

from archive import Outcome
from crawler import Entry, Failure, Manners, Unchanged, fetch, open_client
from crawler.causes import translated
from crawler.config import Network
from crawler.fetch import Fetcher, _open_gate
from crawler.hold import Hold
from crawler.wire import Wire
from extractors import Page
from extractors.encodings import zstd
from tests.crawler.newsstand import Answer, Newsstand, Script, newsstand

LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"),)
MANNERS = Manners(allow_private=LOOPBACK, timeout=5, max_body=100_000, user_agent="test (a@b.c)")


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def _got(stand: Newsstand, target: str, manners: Manners = MANNERS, **entry: Any) -> Page | Unchanged | Failure:
    async with open_client(in_flight=1) as client:
        return await fetch(client, Entry(url=stand.base + target, site="s", **entry), manners=manners)


def fetched(script: Script, manners: Manners = MANNERS, **entry: Any) -> Page | Unchanged | Failure:
    async def go() -> Page | Unchanged | Failure:
        async with newsstand({"/": script}) as stand:
            return await _got(stand, "/", manners, **entry)

    found = run(go())
    assert isinstance(found, Page | Unchanged | Failure)
    return found


def failed(script: Script, manners: Manners = MANNERS) -> Failure:
    found = fetched(script, manners)
    assert isinstance(found, Failure), found
    return found


def test_a_page_carries_everything_its_reader_needs() -> None:
    body = "<p>Grüße</p>".encode("windows-1252")
    page = fetched(
        Answer(body=body, media_type="Text/HTML; Charset=windows-1252", headers=(("X-A", "1"), ("X-A", "2")))
    )
    assert isinstance(page, Page)
    assert (page.body, page.media_type, page.charset, page.status) == (body, "text/html", "windows-1252", 200)
    assert [value for name, value in page.headers if name == "x-a"] == ["1", "2"]
    assert page.fetched_at is not None
    assert page.fetched_at.tzinfo is not None


def test_what_is_sent() -> None:
    async def go() -> Newsstand:
        async with newsstand({"/": Answer()}) as stand:
            await _got(stand, "/", etag='"7"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
            await _got(stand, "/", etag='"é"')
            return stand

    first, second = run(go()).asked
    assert first.headers["user-agent"] == "test (a@b.c)"
    assert first.headers["accept-encoding"] == "gzip, deflate, zstd"
    assert first.headers["if-none-match"] == '"7"'
    assert first.headers["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert "cookie" not in first.headers
    assert "if-none-match" not in second.headers


@pytest.mark.parametrize(
    "target",
    ["/a%7Eb", "/a~b", "/%zz", "/%e4%E4", "/?u=http%3A%2F%2Fe.com%2F", "/a+b?c=%20&&d", "/a;b=1/c", "/a|b", "/'(x)'"],
)
def test_urls_go_out_byte_for_byte(target: str) -> None:
    async def go() -> list[str]:
        async with newsstand() as stand:
            await _got(stand, target)
            return stand.targets()

    assert run(go()) == [target]


def test_line_breaks_in_a_url_are_removed_as_browsers_do() -> None:
    async def go() -> list[str]:
        async with newsstand() as stand:
            await _got(stand, "/a\n\tb")
            return stand.targets()

    assert run(go()) == ["/ab"]


@pytest.mark.parametrize(
    "url", ["http://a.example/\x01", "http://a.example/" + "x" * 70_000, "http://[::1", "ftp://a/"]
)
def test_an_impossible_url_is_a_failure(url: str) -> None:
    async def go() -> Page | Unchanged | Failure:
        async with open_client(in_flight=1) as client:
            return await fetch(client, Entry(url=url, site="s"))

    got = run(go())
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.ADDRESS_REFUSED


def test_304_only_where_it_was_asked_for() -> None:
    script = Answer(body=b"x", headers=(("ETag", '"1"'),))
    assert isinstance(fetched(script, etag='"1"'), Unchanged)
    assert isinstance(fetched(script, etag='"0"'), Page)
    assert failed(Answer(status=304)).outcome == "http-304"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_compressed_bodies(encoding: str) -> None:
    page = fetched(Answer(body=pack(b"<p>text</p>" * 500, encoding), headers=(("Content-Encoding", encoding),)))
    assert isinstance(page, Page)
    assert page.body == b"<p>text</p>" * 500


def pack(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstd.compress(body)
    return gzip.compress(body) if encoding == "gzip" else zlib.compress(body)


@pytest.mark.parametrize("status", [204, 206, 300, 404, 410, 418, 429, 500, 503])
def test_statuses(status: int) -> None:
    failure = failed(Answer(status=status, headers=(("Retry-After", "7"),)))
    assert (failure.outcome, failure.status, failure.retry_after) == (f"http-{status}", status, 7.0)


def test_a_page_behind_a_cookie_is_reached_and_the_cookie_forgotten() -> None:
    """Some sites redirect to the same URL until their cookie comes back."""

    def wall(*cookies: str) -> Answer:
        return Answer(status=302, headers=(("Location", "/story"), *(("Set-Cookie", cookie) for cookie in cookies)))

    many = [f"c{n}=1" for n in range(50)]

    async def go() -> None:
        first = wall("seen=1; Path=/; HttpOnly", "no equals", "big=" + "x" * 5000, *many)
        async with newsstand({"/story": [first, wall("seen=; Max-Age=0"), Answer(body=b"<p>in</p>")]}) as stand:
            assert isinstance(await _got(stand, "/story"), Page)
            sent = [request.headers.get("cookie") for request in stand.asked]
            kept = [f"c{n}=1" for n in range(19)]
            assert sent == [None, "; ".join(["seen=1", *kept]), "; ".join(kept)]
            assert isinstance(await _got(stand, "/story"), Page)
            assert stand.asked[-1].headers.get("cookie") is None

    run(go())


def test_a_cookie_goes_to_no_other_site() -> None:
    async def go() -> list[str | None]:
        async with newsstand() as other, newsstand() as stand:
            other.scripts["/"] = Answer(body=b"<p>in</p>")
            stand.scripts["/"] = Answer(status=302, headers=(("Location", other.base + "/"), ("Set-Cookie", "a=1")))
            assert isinstance(await _got(stand, "/"), Page)
            return [request.headers.get("cookie") for request in other.asked]

    assert run(go()) == [None]


def test_redirects_are_followed_and_told() -> None:
    async def go() -> Page | Unchanged | Failure:
        scripts = {
            "/": Answer(status=301, headers=(("Location", "/a"),)),
            "/a": Answer(status=307, headers=(("Location", "{base}/b?c"),)),
            "/b?c": Answer(body=b"there"),
        }
        async with newsstand(scripts) as stand:
            got = await _got(stand, "/", etag='"1"')
            assert "if-none-match" in stand.asked[0].headers
            assert "if-none-match" not in stand.asked[2].headers
            assert isinstance(got, Page)
            assert (got.url, got.final_url) == (stand.base + "/", stand.base + "/b?c")
            return got

    assert run(go()).body == b"there"


def to(location: str) -> Answer:
    return Answer(status=302, headers=(("Location", location),))


@pytest.mark.parametrize(
    ("scripts", "most"),
    [({"/0": to("/1"), "/1": to("/0")}, 2), ({f"/{n}": to(f"/{n + 1}") for n in range(30)}, 11), ({"/0": to("/0")}, 1)],
    ids=["circle", "spiral", "self"],
)
def test_redirects_that_never_end(scripts: dict[str, Script], most: int) -> None:
    async def go() -> tuple[Any, int]:
        async with newsstand(scripts) as stand:
            return await _got(stand, "/0"), len(stand.asked)

    failure, requests = run(go())
    assert failure.outcome == Outcome.REDIRECT_LOOP
    assert requests == most


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/",
        "http://user:pass@example.org/", "file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "http://[::1]/",
        "http://192.168.1.1:8080/x", "http://224.0.0.1/", "http://[fd00:ec2::254]/", "http://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
def test_redirects_into_the_dark_are_refused(location: str) -> None:
    failure = failed(Answer(status=302, headers=(("Location", location),)))
    assert failure.outcome == Outcome.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_unless_allowed(host: str) -> None:
    async def go() -> tuple[Any, int]:
        async with newsstand({"/": Answer()}) as stand:
            url = stand.base.replace("127.0.0.1", host) + "/"
            async with open_client(in_flight=1) as client:
                return await fetch(client, Entry(url=url, site="s")), len(stand.asked)

    failure, requests = run(go())
    assert failure.outcome == Outcome.ADDRESS_REFUSED
    assert requests == 0


def test_a_body_cut_short_is_no_page() -> None:
    assert failed(Answer(body=b"half", length=1000)).outcome == Outcome.TRUNCATED
    half = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nhalf"
    assert failed(Answer(raw=half)).outcome == Outcome.TRUNCATED
    packed = gzip.compress(b"<p>text</p>" * 500)[:-20]
    assert failed(Answer(body=packed, headers=(("Content-Encoding", "gzip"),))).outcome == Outcome.TRUNCATED


def test_a_body_without_length_or_in_chunks_is_whole() -> None:
    plain = fetched(Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nall of it"))
    chunks = fetched(
        Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nall\r\n6\r\n of it\r\n0\r\n\r\n")
    )
    assert isinstance(plain, Page)
    assert isinstance(chunks, Page)
    assert plain.body == chunks.body == b"all of it"


def test_sizes_are_bounded() -> None:
    assert failed(Answer(body=b"x" * 100_001)).outcome == Outcome.TOO_LARGE
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000
    assert failed(Answer(raw=endless)).outcome == Outcome.TOO_LARGE
    bomb = gzip.compress(bytes(5_000_000))
    assert failed(Answer(body=bomb, headers=(("Content-Encoding", "gzip"),))).outcome == Outcome.DECOMPRESSION_BOMB
    assert isinstance(fetched(Answer(body=b"x" * 100_000)), Page)


def test_time_is_bounded_with_the_body() -> None:
    hasty = Manners(allow_private=LOOPBACK, timeout=0.2)
    assert failed(Answer(pause=3), hasty).outcome == Outcome.TIMEOUT


def test_a_binary_type_is_not_read() -> None:
    assert failed(Answer(body=b"x", media_type="image/png")).outcome == Outcome.NOT_HTML


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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["../there", "/there", "?there", "//{host}/there", "{base}/there"])
def test_every_redirect_in_every_form(status: int, location: str) -> None:
    async def go() -> tuple[Any, list[str]]:
        async with newsstand() as stand:
            there = location.replace("{host}", stand.base.removeprefix("http://"))
            stand.scripts["/a/b"] = Answer(status=status, headers=(("Location", there),))
            stand.scripts |= dict.fromkeys(("/there", "/a/b?there"), Answer(body=b"there"))
            return await _got(stand, "/a/b"), stand.targets()

    page, targets = run(go())
    assert isinstance(page, Page)
    assert page.body == b"there"
    assert page.final_url.endswith(targets[1])
    assert len(targets) == 2


def test_a_header_in_another_encoding_spoils_none_beside_it() -> None:
    raw = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Utf-8: \u00e9\r\n".encode()
        + b"X-Latin-1: \xe9\r\nContent-Length: 1\r\n\r\nx"
    )
    found = fetched(Answer(raw=raw))
    assert isinstance(found, Page)
    assert {("x-utf-8", "\u00e9"), ("x-latin-1", "\u00e9")} <= set(found.headers)


def test_a_redirect_without_a_location_is_an_answer() -> None:
    assert failed(Answer(status=302)).outcome == "http-302"


def test_retry_after_as_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    wait = failed(Answer(status=503, headers=(("Retry-After", when),))).retry_after
    assert wait is not None
    assert 90 < wait <= 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_a_bomb_of_every_kind(encoding: str) -> None:
    bomb = pack(bytes(20_000_000), encoding)
    failure = failed(Answer(body=bomb, headers=(("Content-Encoding", encoding),)))
    assert failure.outcome == Outcome.DECOMPRESSION_BOMB


def test_what_is_announced_as_too_large_is_not_waited_for() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    failure = failed(Answer(raw=head))
    assert (failure.outcome, failure.bytes) == (Outcome.TOO_LARGE, 0)
    assert "999999999" in failure.detail


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


def test_a_body_that_drips_is_given_up() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):  # 20 s, and the body is whole
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert answered_by(drip, Manners(allow_private=LOOPBACK, timeout=0.3)).outcome == Outcome.TIMEOUT


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


def test_an_empty_body_is_a_page() -> None:
    page = fetched(Answer())
    assert isinstance(page, Page)
    assert page.body == b""


def test_of_a_robots_file_the_beginning_counts_whatever_its_type_and_length() -> None:
    file = b"User-agent: *\nDisallow: /private/\n"
    for answer in (
        Answer(body=file, media_type="image/png"),
        Answer(body=file + b"#" * 200_000),
        Answer(raw=b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + file + b"#" * 200_000),
    ):
        page = fetched(answer, kind="robots")
        assert isinstance(page, Page)
        assert page.body.startswith(file)
        assert len(page.body) <= MANNERS.max_body


def test_a_large_body_waits_for_a_place_in_memory() -> None:
    """Else as many of them as requests in flight would be in memory at once."""
    scripts = {
        "/small": Answer(body=b"<p>" * 300_000),
        "/large": Answer(body=b"<p>large</p>" * 150_000),
        "/huge": Answer(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_500_000),
    }

    async def go() -> None:
        async with newsstand(scripts) as stand, open_client(in_flight=8) as client:
            places = asyncio.Semaphore(0)
            fetcher = Fetcher(client, replace(MANNERS, max_body=3_000_000), _open_gate, places=places)

            async def got(path: str, hold: Hold | None = None) -> str:
                found = await fetcher.follow(Entry(url=stand.base + path, site="s"), hold)
                if isinstance(found, Wire):
                    assert found.content == scripts[path].body
                return found.outcome if isinstance(found, Failure) else "whole"

            async def is_waiting(task: "asyncio.Task[str]") -> bool:
                return not (await asyncio.wait({task}, timeout=0.2))[0]

            assert [await got("/small"), await got("/huge")] == ["whole", "too-large"]
            large = asyncio.create_task(got("/large"))
            assert await is_waiting(large)
            places.release()
            assert await large == "whole"
            with Hold(places) as hold:
                assert [await got("/large", hold), await got("/large", hold)] == ["whole", "whole"]
                large = asyncio.create_task(got("/large"))
                assert await is_waiting(large)
            assert await large == "whole"

    run(go())
