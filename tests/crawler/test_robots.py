"""robots.txt: what each answer means, and for how long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from crawler.robots import MAX_AGE, MAX_BODY, Robots, RobotsCache

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AGENT = "presskeep/1 (a@b.c)"
URL = "http://a.example/private/x"
FILE = b"""
User-agent: *
Disallow: /private/
Allow: /private/open
Crawl-delay: 3
Sitemap: http://a.example/news.xml
"""


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[RobotsCache]:
    with Archive(tmp_path / "a.db") as archive:
        yield RobotsCache(archive.db)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, False), (400, True), (401, True), (403, True), (404, True), (410, True), (429, False), (500, False),
     (503, False), (None, False)],
)  # fmt: skip
def test_what_a_status_means(status: int | None, allowed: bool) -> None:
    robots = Robots.parse(status, FILE)
    assert robots.allows(URL, AGENT) is allowed
    assert robots.reason


def test_rules_delay_and_sitemaps() -> None:
    robots = Robots.parse(200, b"\xef\xbb\xbf" + FILE)
    assert not robots.allows(URL, AGENT)
    assert robots.allows("http://a.example/private/open", AGENT)
    assert robots.allows("http://a.example/", AGENT)
    assert robots.crawl_delay(AGENT) == 3.0
    assert robots.sitemaps == ("http://a.example/news.xml",)


def test_the_group_of_our_own_name_wins() -> None:
    robots = Robots.parse(200, b"User-agent: presskeep\nDisallow:\n\nUser-agent: *\nDisallow: /\n")
    assert robots.allows(URL, AGENT)
    assert not robots.allows(URL, "other/1")


@pytest.mark.parametrize("name", ["presskeep", "PressKeep", "presskeep/2.0", "presskeep/1.0 (news archive)"])
def test_of_a_name_the_product_token_counts(name: str) -> None:
    robots = Robots.parse(200, f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nAllow: /\n".encode())
    assert not robots.allows(URL, AGENT)
    assert robots.allows(URL, "other/1")


def test_a_file_in_utf_16_is_read() -> None:
    assert not Robots.parse(200, FILE.decode().encode("utf-16")).allows(URL, AGENT)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"<html>404</html>", b"Disallow: /", b"User-agent\nDisallow /x\n"]
)
def test_a_file_that_is_none_forbids_nothing(body: bytes) -> None:
    assert Robots.parse(200, body).allows(URL, AGENT)


def test_only_the_beginning_of_an_endless_file_is_read() -> None:
    body = b"User-agent: *\n" + b"# comment\n" * (MAX_BODY // 10 + 1) + b"Disallow: /\n"
    assert Robots.parse(200, body).allows(URL, AGENT)


def test_the_cache_lasts_a_day(cache: RobotsCache) -> None:
    assert cache.get("http://a.example", NOW) is None
    cache.put("http://a.example", Robots.parse(200, FILE), AGENT, NOW)
    cached = cache.get("http://a.example", NOW + MAX_AGE - timedelta(seconds=1))
    assert cached is not None
    assert not cached.allows(URL, AGENT)
    assert cached.crawl_delay(AGENT) == 3.0
    assert cache.get("http://a.example", NOW + MAX_AGE) is None
    assert cache.get("https://a.example", NOW) is None


@pytest.mark.parametrize("status", [None, 429, 500])
def test_an_unreachable_file_is_asked_for_again(cache: RobotsCache, status: int | None) -> None:
    cache.put("http://a.example", Robots.parse(status, b""), AGENT, NOW)
    assert cache.get("http://a.example", NOW) is None


def test_a_missing_file_is_remembered(cache: RobotsCache) -> None:
    cache.put("http://a.example", Robots.parse(404, b""), AGENT, NOW)
    cached = cache.get("http://a.example", NOW)
    assert cached is not None
    assert cached.allows(URL, AGENT)


def test_a_rest_is_remembered_and_ends(cache: RobotsCache) -> None:
    assert cache.rests("http://a.example", NOW) == 0
    cache.rest("http://a.example", NOW + timedelta(minutes=5))
    cache.put("http://a.example", Robots.parse(200, FILE), AGENT, NOW)
    assert cache.rests("http://a.example", NOW) == 300.0
    assert cache.rests("http://a.example", NOW + timedelta(minutes=6)) == 0
    assert cache.get("http://a.example", NOW) is not None


def test_what_a_clock_that_was_ahead_noted_counts_for_nothing(cache: RobotsCache) -> None:
    cache.put("http://a.example", Robots.parse(200, FILE), AGENT, NOW + timedelta(days=900))
    cache.rest("http://a.example", NOW + timedelta(days=900))
    assert cache.get("http://a.example", NOW) is None
    assert cache.last("http://a.example") is not None
    assert cache.rests("http://a.example", NOW) == 0
