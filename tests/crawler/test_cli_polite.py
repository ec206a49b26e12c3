"""Single pages by hand keep the manners of a crawl."""

import asyncio
from ipaddress import ip_network

import pytest

from archive import Outcome
from crawler import Failure, Manners
from crawler.cli.polite import get_page
from extractors import Page
from tests.crawler.newsstand import Answer, newsstand, robots, story

MANNERS = Manners(delay=0, timeout=5, retries=0, allow_private=(ip_network("127.0.0.0/8"),))
PAGE = Answer(body=story(1))


def _asked_for(file: Answer) -> tuple[Page | Failure, int]:
    """What a page gives beside this robots.txt, and how often the page itself was asked for."""

    async def ask() -> tuple[Page | Failure, int]:
        async with newsstand({"/robots.txt": file, "/story": PAGE}) as stand:
            return await get_page(f"{stand.base}/story", MANNERS), stand.count("/story")

    return asyncio.run(ask())


def test_what_robots_txt_allows_is_fetched() -> None:
    got, times = _asked_for(robots("User-agent: *", "Disallow: /private/"))
    assert isinstance(got, Page)
    assert times == 1


@pytest.mark.parametrize(
    "file",
    [
        robots("User-agent: *", "Disallow: /"),
        Answer(body=b"User-agent: *\nAllow: /\n", media_type="text/plain", length=5000),
        Answer(body=b"no gzip", headers=(("Content-Encoding", "gzip"),), media_type="text/plain"),
        Answer(status=503),
    ],
    ids=["disallowed", "cut short", "damaged", "unavailable"],
)
def test_nothing_is_fetched_that_robots_txt_does_not_allow(file: Answer) -> None:
    got, times = _asked_for(file)
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.ROBOTS
    assert times == 0
