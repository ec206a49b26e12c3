"""Whole crawls of sites with old feed pages, changing sitemaps, JSON feeds and sources that go quiet."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import discover, pool, stale
from crawler.feeds import Finding
from extractors import Page
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, Script, feed, robots

WORDPRESS = b"<channel><generator>https://wordpress.org/?v=6.7</generator>"


def wordpress(*names: str) -> Answer:
    plain = feed(*(f"/story-number-{name}" for name in names))
    return Answer(body=plain.body.replace(b"<channel>", WORDPRESS), media_type="application/rss+xml")


def test_older_pages_of_a_feed_are_read_while_all_is_new(tmp_path: Path) -> None:
    scripts: dict[str, Script] = {
        "/feed": [wordpress("one", "two"), wordpress("zero", "one"), wordpress("new", "newer")],
        "/feed?paged=2": [wordpress("three", "four"), wordpress("zero", "one")],
        "/feed?paged=3": [wordpress("four", "five"), Answer(status=404)],
        "/feed?paged=4": wordpress("five"),
    }

    async def act(case: Case) -> None:
        await case.crawl(limit=0)
        asked = [target for target in case.stand.targets() if target.startswith("/feed")]
        assert asked == ["/feed", "/feed?paged=2", "/feed?paged=3", "/feed?paged=4"]
        assert case.rows("SELECT count(*) FROM frontier WHERE kind = 'article'") == [(5,)]
        await case.crawl(limit=0)  # one of the two is known: what is older is known too
        assert len(case.stand.targets()) == len(set(case.stand.targets())) + 1
        report = await case.crawl(limit=0)
        assert case.stand.count("/feed?paged=2") == 2
        assert case.stand.count("/feed?paged=3") == 1
        assert report.failed_sites == ()

    play(tmp_path, scripts, act)


def test_a_feed_has_so_many_pages_and_its_end_is_no_failure(tmp_path: Path) -> None:
    scripts: dict[str, Script] = {"/feed": wordpress("0")}
    scripts |= {f"/feed?paged={n}": wordpress(str(n)) for n in range(2, 20)}
    scripts |= {"/short": wordpress("short")}

    async def act(case: Case) -> None:
        report = await case.crawl('feeds = ["{base}/feed", "{base}/short"]', limit=0)
        assert len([target for target in case.stand.targets() if target.startswith("/feed")]) == 5
        assert case.outcomes()["/short?paged=2"] == "http-404"
        assert report.failed_sites == ()
        assert report.problems == ()

    play(tmp_path, scripts, act)


def test_a_json_feed_is_found_and_read(tmp_path: Path) -> None:
    items = [{"id": "1", "url": "{base}/story-number-1", "date_published": "2026-11-22T10:00:00Z"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "n", "items": items}).encode()
    head = (
        b'<html><head><link rel="alternate" type="application/feed+json" href="/feed.json">'
        b'<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7"></head><body></body></html>'
    )
    scripts: dict[str, Script] = {
        "/": Answer(body=head),
        "/feed.json": Answer(body=body, media_type="application/feed+json"),
        "/story-number-1": page(1),
    }

    async def act(case: Case) -> None:
        await case.crawl('home = "{base}/"')
        assert case.paths() == ["/story-number-1"]
        assert case.rows("SELECT kind, published FROM discoveries WHERE kind <> 'list-item'") == [
            ("feed", "2026-11-22T10:00:00.000Z")
        ]
        assert case.stand.count("/wp-json/wp/v2/pages/7") == 0

    keys = 'home = "{base}/"'
    play(tmp_path, scripts, act, keys)


def test_only_sitemaps_that_changed_since_are_read_again(tmp_path: Path) -> None:
    def index(new: str) -> Answer:
        named = {"old": "2026-01-01", "new": new, "undated": "", "odd": "2026-01-01"}
        dates = {name: f"<lastmod>{date}</lastmod>" if date else "" for name, date in named.items()}
        entries = "".join(f"<sitemap><loc>{{base}}/{name}.xml</loc>{date}</sitemap>" for name, date in dates.items())
        return Answer(body=f"<sitemapindex>{entries}</sitemapindex>".encode())

    def sitemap(name: str, more: str = "") -> Answer:
        return Answer(body=f"<urlset><url><loc>{{base}}/story-number-{name}</loc></url>{more}</urlset>".encode())

    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    scripts: dict[str, Script] = {"/index.xml": [index("2026-01-02"), index("2026-01-02"), index(soon)]}
    scripts |= {f"/{name}.xml": sitemap(name) for name in ("old", "new", "undated")}
    scripts["/odd.xml"] = sitemap("odd", "<broken")

    async def act(case: Case) -> None:
        for _ in range(3):
            await case.crawl('sitemaps = ["{base}/index.xml"]', limit=0)
        counts = {name: case.stand.count(f"/{name}.xml") for name in ("index", "old", "new", "undated", "odd")}
        assert counts == {"index": 3, "old": 1, "new": 2, "undated": 3, "odd": 3}

    play(tmp_path, scripts, act)


def test_sitemaps_beyond_the_limit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "_MAX_SITEMAPS", 2)
    entries = "".join(f"<sitemap><loc>{{base}}/{n}.xml</loc></sitemap>" for n in range(4))

    async def act(case: Case) -> None:
        report = await case.crawl('sitemaps = ["{base}/index.xml"]')
        assert ("paper", "3 sitemaps beyond the first 2 were not read") in report.problems

    play(tmp_path, {"/index.xml": Answer(body=f"<sitemapindex>{entries}</sitemapindex>".encode())}, act)


def test_sections_and_tags_of_a_sitemap_are_no_articles_unless_they_are_allowed(tmp_path: Path) -> None:
    paths = ("/", "/tag/the-long-flood", "/author/jane-doe", "/floods", "/clip.mp4")
    body = "".join(f"<url><loc>{{base}}{path}</loc></url>" for path in paths)
    scripts: dict[str, Script] = {
        "/robots.txt": robots("Sitemap: {base}/map.xml"),
        "/": Answer(body=b"<html><body></body></html>"),
        "/map.xml": Answer(body=f"<urlset>{body}</urlset>".encode()),
    }

    async def act(case: Case) -> None:
        await case.crawl('home = "{base}/"', limit=0)
        assert case.paths("SELECT url FROM frontier WHERE kind = 'article'") == ["/floods"]
        await case.crawl('sitemaps = ["{base}/map.xml"]', limit=0)
        assert case.rows("SELECT count(*) FROM frontier WHERE kind = 'article'") == [(1,)]
        await case.crawl('sitemaps = ["{base}/map.xml"]\nallow = ["/author/", "floods"]', limit=0)
        assert case.rows("SELECT count(*) FROM frontier WHERE kind = 'article'") == [(2,)]

    play(tmp_path, scripts, act)


class _Since:
    """In place of a length of time: it began at one moment, however long a crawl takes."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def __rsub__(self, _now: datetime) -> datetime:
        return self._moment


def test_sources_that_go_quiet_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale, "QUIET", timedelta(0))
    scripts: dict[str, Script] = {
        "/live": [feed("/story-number-1"), feed("/story-number-2"), feed("/story-number-3")],
        "/dead": [feed("/story-number-8"), Answer(status=404)],
        "/never": Answer(status=404),
        "/silent": feed("/story-number-9"),
        "/moved": Answer(body=b"<html><body><p>Our feeds have moved.</p></body></html>"),
    }
    keys = 'feeds = ["{base}/live", "{base}/dead", "{base}/never", "{base}/silent", "{base}/moved"]'

    async def act(case: Case) -> None:
        await case.crawl(keys, limit=0)
        time.sleep(0.01)  # noqa: ASYNC251 - nothing else runs
        monkeypatch.setattr(stale, "QUIET", _Since(datetime.now(UTC)))
        time.sleep(0.01)  # noqa: ASYNC251 - times are kept in milliseconds
        report = await case.crawl(keys, limit=0)
        lines = [line.removeprefix(case.stand.base) for _, line in report.problems if ";" in line]
        today = datetime.now(UTC).date()
        assert [line.partition(";")[0] for line in lines] == [
            f"/dead was not read since {today}",
            f"/never was not read ever, though it is asked since {today}",
            f"/silent announced nothing new since {today}, while other sources of the site did",
            f"/moved was not read ever, though it is asked since {today}",
        ]
        document = report.as_json()["problems"]
        assert document == [{"site": "paper", "line": line} for _, line in report.problems]

    play(tmp_path, scripts, act)


def stuck(page: Page) -> Finding:
    """A reader that a hostile feed holds up."""
    while page.body:
        pass
    return Finding()


def test_a_feed_that_takes_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "read_feed", stuck)
    monkeypatch.setattr(
        pool.Pool.__init__, "__kwdefaults__", {**(pool.Pool.__init__.__kwdefaults__ or {}), "page_seconds": 0.5}
    )

    async def act(case: Case) -> None:
        report = await case.crawl('feeds = ["{base}/feed"]\nurls = ["{base}/story-number-1"]')
        assert report.new_articles == 1
        assert [line for _, line in report.problems] == [
            f"{case.stand.base}/feed could not be read: not read within 0.5 s"
        ]

    play(tmp_path, {"/feed": feed("/story-number-2"), "/story-number-1": page(1)}, act)


def test_a_section_that_looks_like_an_article_becomes_none(tmp_path: Path) -> None:
    """Its URL is followed once; its page tells."""
    teasers = "".join(
        f"<li><a href='/2026/11/22/story-number-{n}'>Council votes to repair bridge number {n} before the winter</a>"
        f"<p>Engineers had warned {n} times.</p></li>"
        for n in range(40)
    )
    front = f"<html><head><meta property='og:type' content='website'></head><body><ul>{teasers}</ul></body></html>"
    links = b"<html><body><a href='/news-from-the-valley-and-the-hills'>News from the valley and the hills</a>"
    scripts: dict[str, Script] = {
        "/list": Answer(body=links),
        "/news-from-the-valley-and-the-hills": Answer(body=front.encode()),
    }

    async def act(case: Case) -> None:
        report = await case.crawl('listings = ["{base}/list"]')
        assert case.outcomes()["/news-from-the-valley-and-the-hills"] == "no-article"
        assert (report.new_articles, case.paths()) == (0, [])

    play(tmp_path, scripts, act)
