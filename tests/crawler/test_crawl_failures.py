"""Whole crawls of a scripted site: what fails is recorded, told, and costs itself alone."""

import gzip
from pathlib import Path

import pytest

from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, Script, feed, story


def test_every_failure_is_recorded_and_none_stops_the_rest(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    scripts: dict[str, Script] = {
        "/404": Answer(status=404),
        "/500": Answer(status=500),
        "/loop": Answer(status=302, headers=(("Location", "/loop"),)),
        "/inside": Answer(status=302, headers=(("Location", "http://10.0.0.1/"),)),
        "/cut": Answer(body=b"<p>half", length=5000),
        "/cut-gzip": Answer(body=gzip.compress(story(1))[:200], headers=(("Content-Encoding", "gzip"),)),
        "/bomb": Answer(body=bomb, headers=(("Content-Encoding", "gzip"),)),
        "/image": Answer(body=b"\x89PNG", media_type="image/png"),
        "/noise": Answer(body=bytes(range(256)) * 20),
        "/empty": Answer(),
        "/lone-surrogate": Answer(body=story(3).replace(b"council", b"coun\\ud800cil&#xD800;")),
        "/fine": page(7),
    }
    expected = {
        "/404": "http-404", "/500": "http-500", "/loop": "redirect-loop", "/inside": "address-refused",
        "/cut": "truncated", "/cut-gzip": "truncated", "/bomb": "decompression-bomb", "/image": "not-html",
        "/noise": "not-html", "/empty": "quarantined", "/lone-surrogate": "new", "/fine": "new",
    }  # fmt: skip

    async def act(case: Case) -> None:
        case.stand.scripts["/feed"] = feed(*expected, "/a b", "/line\nbreak", "/x" + "y" * 70_000)
        report = await case.crawl()
        outcomes = case.outcomes()
        assert {path: outcomes[path] for path in expected} == expected
        assert report.new_articles == 2
        assert report.failed_sites == ()

    play(tmp_path, scripts, act)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=500), "http-500"),
        (Answer(body=b"<html><body>Please log in</body></html>"), "HTML page, not a feed"),
        (Answer(raw=b""), "reset"),
    ],
)
def test_a_site_of_which_nothing_can_be_read_has_failed(tmp_path: Path, answer: Answer, words: str) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        ((name, line),) = report.failed_sites
        assert name == "paper"
        assert words in line
        assert "\n" not in line

    play(tmp_path, {"/feed": answer}, act)


def test_an_answer_to_a_question_not_asked_is_no_answer(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        assert report.failed == {"http-304": 1}
        assert case.outcomes()["/robots.txt"] == "http-304"

    play(tmp_path, {"/robots.txt": Answer(status=304), "/feed": feed("/one"), "/one": Answer(status=304)}, act)


def test_empty_and_self_referring_sources_are_told_and_no_failure(tmp_path: Path) -> None:
    itself = Answer(body=b"<sitemapindex><sitemap><loc>{base}/map.xml</loc></sitemap></sitemapindex>")

    async def act(case: Case) -> None:
        report = await case.crawl()
        assert report.failed_sites == ()
        assert any("without entries" in line for line in case.problems())
        assert any("read already" in line for line in case.problems())
        assert [line for _, line in report.problems] == case.problems()
        assert case.stand.count("/map.xml") == 1
        notes = case.rows("SELECT kind, error FROM fetches WHERE kind IN ('feed', 'sitemap') ORDER BY kind")
        assert notes == [
            ("feed", "is a feed without entries"),
            ("sitemap", "names only sitemaps that were read already"),
        ]

    keys = 'feeds = ["{base}/feed"]\nsitemaps = ["{base}/map.xml"]'
    play(tmp_path, {"/feed": feed(), "/map.xml": itself}, act, keys)


def test_a_page_that_is_missing_twice_is_gone(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        await case.crawl()
        for looks in (2, 3, 3, 3):
            await case.crawl(now=True)
            assert case.stand.count("/one") == looks
        assert case.rows("SELECT state FROM frontier WHERE kind = 'article'") == [("gone",)]
        assert case.rows("SELECT version_count FROM articles") == [(1,)]

    scripts: dict[str, Script] = {"/feed": feed("/one"), "/one": [page(1), Answer(status=404)]}
    play(tmp_path, scripts, act)


def test_a_hostile_sitemap_costs_itself(tmp_path: Path) -> None:
    hostile = {
        "/encoding.xml": b'<?xml version="1.0" encoding="x-none"?><urlset/>',
        "/date.xml": b"<urlset><url><loc>{base}/one</loc><lastmod>0001-01-01T00:00:00+14:00</lastmod></url></urlset>",
        "/entities.xml": b'<!DOCTYPE u [<!ENTITY a "b">]><urlset/>',
        "/noise.xml": bytes(range(256)),
        "/empty.xml": b"",
    }

    async def act(case: Case) -> None:
        report = await case.crawl()
        assert (report.new_articles, report.failed_sites) == (1, ())
        assert len(case.problems()) == 4

    names = ", ".join(f'"{{base}}{path}"' for path in hostile)
    scripts: dict[str, Script] = {"/one": page(1), **{path: Answer(body=body) for path, body in hostile.items()}}
    play(tmp_path, scripts, act, f"sitemaps = [{names}]")
