"""What one fetch may take: bytes on the wire and decoded, seconds, and memory."""

import asyncio
import gzip
from dataclasses import replace

import pytest

from archive import Outcome
from crawler import Entry, Failure, Manners, open_client
from crawler.fetch import Fetcher, _open_gate
from crawler.hold import Hold, Places
from crawler.wire import Wire
from extractors import Page
from tests.crawler.fetching import LOOPBACK, MANNERS, answered_by, failed, fetched, pack, run
from tests.crawler.newsstand import Answer, newsstand


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


def test_a_body_that_drips_is_given_up() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):  # 20 s, and the body is whole
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert answered_by(drip, Manners(allow_private=LOOPBACK, timeout=0.3)).outcome == Outcome.TIMEOUT


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
            places = Places(2_000_000)
            await places.take(1_500_000)
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
            places.give(1_500_000)
            assert await large == "whole"
            with Hold(places) as hold:
                assert [await got("/large", hold), await got("/large", hold)] == ["whole", "whole"]
                large = asyncio.create_task(got("/large"))
                assert await is_waiting(large)
            assert await large == "whole"

    run(go())
