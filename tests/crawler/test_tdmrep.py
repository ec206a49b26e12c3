"""Reservations of a whole host: read as their protocol says, recorded with each page, and acted on as configured."""

import json
from pathlib import Path

import pytest

from crawler.tdmrep import PATH, Reservations
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, feed


def reservations(*rules: object) -> Reservations:
    return Reservations.parse(json.dumps(rules).encode())


@pytest.mark.parametrize(
    ("location", "url", "fits"),
    [
        ("/", "https://a.example/x/y", True),
        ("/news/", "https://a.example/news/1", True),
        ("/news/", "https://a.example/sport/1", False),
        ("/*.html$", "https://a.example/a/b.html", True),
        ("/*.html$", "https://a.example/a/b.html?x=1", False),
        ("/a?id=*", "https://a.example/a?id=3", True),
        ("/(", "https://a.example/(", True),
        ("/one$", "https://a.example/one", True),
        ("/one$", "https://a.example/one/two", False),
        ("/a*b*b$", "https://a.example/ab", False),
        ("/a*b*b$", "https://a.example/acbbb", True),
        ("/**x", "https://a.example/x", True),
        ("/" + "*a" * 900 + "*b", "https://a.example/" + "a" * 2000, False),
    ],
)
def test_locations_are_those_of_robots_txt(location: str, url: str, fits: bool) -> None:
    assert reservations({"location": location, "tdm-reservation": 1}).reserves(url) is fits


def test_the_first_location_that_fits_decides() -> None:
    found = reservations({"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1})
    assert not found.reserves("https://a.example/free/1")
    assert found.reserves("https://a.example/news/1")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1, null]", b"<html>", b"[" * 100_000, b'[{"location": 3}]', b"\xff"])
def test_what_is_no_such_file_states_nothing(body: bytes) -> None:
    assert Reservations.parse(body) == Reservations()


def test_a_reservation_is_recorded_once_and_its_file_asked_for_once_a_day(tmp_path: Path) -> None:
    rules = json.dumps([{"location": "/story-number-one", "tdm-reservation": 1}]).encode()
    scripts = {
        "/feed": feed("/story-number-one", "/story-number-two"),
        PATH: Answer(body=rules, media_type="application/json"),
        "/story-number-one": page(1),
        "/story-number-two": page(2),
    }
    digest = 'feeds = ["{base}/feed"]\noptouts = { tdm-reservation = "digest" }'

    async def act(case: Case) -> None:
        await case.crawl(digest)
        await case.crawl(digest, now=True)
        assert case.stand.count(PATH) == 1
        assert case.rows("SELECT signal, value, action FROM optouts") == [("tdm-reservation-file", "1", "digest")]
        assert case.outcomes()["/story-number-one"] == "digest-only"
        assert case.paths() == ["/story-number-two"]

    play(tmp_path, scripts, act)
