"""Large bodies: how much of them is under way at once, and until when."""

import asyncio
import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, Look
from crawler import Config, Site
from crawler.hold import Hold, Places
from crawler.wire import Wire
from crawler.writing import Deed, Writer
from extractors import Page, read
from tests.crawler.newsstand import story

LINES = b"".join(b"The council met on day %d of the long year.\n" % day for day in range(100_000))


def test_so_many_bytes_go_together_and_a_larger_body_alone() -> None:
    async def work() -> None:
        places = Places(10)
        with Hold(places) as first, Hold(places) as second, Hold(places) as third:
            await first.take(6)
            await second.take(4)
            waiting = asyncio.create_task(third.take(50))
            await asyncio.sleep(0)
            second.give()
            for _ in range(9):
                await asyncio.sleep(0)
            assert not waiting.done()
            first.give()
            await asyncio.wait_for(waiting, 1)
            assert (first.is_taken, third.is_taken) == (False, True)
            await third.take(1)  # has its place already
        with Hold(places) as fourth:
            await asyncio.wait_for(fourth.take(10), 1)

    asyncio.run(work())


def test_who_asks_first_gets_first_and_who_leaves_the_queue_takes_nothing() -> None:
    async def work() -> None:
        places, order = Places(10), []

        async def take(size: int) -> None:
            await places.take(size)
            order.append(size)

        await places.take(5)
        large, small = (asyncio.create_task(take(size)) for size in (9, 2))
        await asyncio.sleep(0)
        assert order == []
        large.cancel()
        await asyncio.wait_for(small, 1)
        assert order == [2]
        await asyncio.wait_for(places.take(3), 1)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b"x" * 1000, None, 1000),
        (b"x" * 1000, "identity", 1000),
        (gzip.compress(LINES), "gzip", len(LINES)),
        (gzip.compress(LINES), "X-GZIP ", len(LINES)),
        (gzip.compress(LINES)[:-4] + b"\xff" * 4, "gzip", 100 * len(gzip.compress(LINES))),  # it says 4 GB
        (b"<p>The council met.</p></html>\n", "gzip", 31),  # named, and not applied
        (zlib.compress(b"x" * 5000), "deflate", 5 * len(zlib.compress(b"x" * 5000))),
        (b"", "gzip", 0),
    ],
)
def test_what_a_body_comes_to_is_known_before_it_is_decoded(
    content: bytes, encoding: str | None, expected: int
) -> None:
    headers = (("content-encoding", encoding),) if encoding else ()
    wire = Wire(
        url="u", final_url="u", status=200, headers=headers, content=content, fetched_at=datetime.now(UTC), ms=0
    )
    assert wire.unpacked_size == expected


def test_a_writer_that_is_asked_to_says_when_a_look_is_committed(tmp_path: Path) -> None:
    config = Config(archive_path=tmp_path / "a.db", sites=(Site(name="a", home="https://a.example/"),))

    async def work() -> None:
        async with Writer(config, config.sites, command="crawl", on_saved=lambda deed, saved: None) as writer:
            await asyncio.wait_for(writer.put(Deed(look=_look(1)), kept=True), 10)
            with Archive(config.archive_path, read_only=True) as archive:
                assert [article.url for article in archive.articles()] == ["https://a.example/news/1"]
            await writer.put(Deed(look=_look(2)))

    asyncio.run(work())


def test_a_writer_that_failed_keeps_nobody_waiting(tmp_path: Path) -> None:
    config = Config(archive_path=tmp_path / "a.db", sites=(Site(name="a", home="https://a.example/"),))

    def fails(_deed: Deed, _saved: object) -> None:
        raise ValueError("mine")

    async def work() -> None:
        async with Writer(config, config.sites, command="crawl", on_saved=fails) as writer:
            await asyncio.wait_for(writer.put(Deed(look=_look(1)), kept=True), 10)

    with pytest.raises(ValueError, match="mine"):
        asyncio.run(work())


def _look(number: int) -> Look:
    url, now = f"https://a.example/news/{number}", datetime.now(UTC)
    page = Page(
        url=url, final_url=url, status=200, headers=(), body=story(number), media_type="text/html", charset=None,
        fetched_at=now,
    )  # fmt: skip
    return Look(url=url, site="a", started_at=now, status=200, final_url=url, page=page, article=read(page).article)
