"""Whole crawls of a scripted site: what is found and fetched, and what the archive holds afterwards."""

import gzip
import json
from pathlib import Path

import pytest

from archive import Archive
from crawler import UnknownSite
from crawler.events import Planned, SiteFinished
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, Script, feed, robots, story


def test_a_first_crawl_and_a_second(tmp_path: Path) -> None:
    edited = Answer(body=story(2, correction="It was 2.5 million and not 2.4 million, the county said later."))
    scripts: dict[str, Script] = {
        "/robots.txt": robots("User-agent: *", "Disallow: /secret/"),
        "/feed": feed("/a/one-story-here", "/a/two-story-here", "/a/three-story-here", "/secret/four-story"),
        "/a/one-story-here": Answer(body=story(1), headers=(("ETag", '"1"'),)),
        "/a/two-story-here": [page(2), edited],
        "/a/three-story-here": [page(3), Answer(status=410)],
    }

    async def act(case: Case) -> None:
        first = await case.crawl()
        assert case.stand.targets()[0] == "/robots.txt"
        assert (first.sites, first.fetched, first.new_articles, first.unchanged) == (1, 3, 3, 0)
        assert first.failed == {"robots": 1}
        assert first.list_items == 6
        assert first.failed_sites == ()
        assert first.bytes > 0 < first.stored_bytes
        assert case.stand.count("/secret/four-story") == 0
        quiet = await case.crawl()
        assert (quiet.fetched, quiet.failed) == (0, {})
        assert case.stand.count("/robots.txt") == 1
        second = await case.crawl(now=True)
        assert (second.fetched, second.unchanged, second.new_versions, second.new_articles) == (2, 1, 1, 0)
        assert second.failed == {"http-410": 1, "robots": 1}
        with Archive(case.path, read_only=True) as archive:
            counts = {row.url.removeprefix(case.stand.base): row.version_count for row in archive.articles()}
            lists = archive.lists(case.stand.base + "/a/one-story-here")
        assert counts == {"/a/one-story-here": 1, "/a/two-story-here": 2, "/a/three-story-here": 1}
        assert [item.heading for item in lists] == ["Recent Posts", "Recent Posts"]
        finished = [event for event in case.events if isinstance(event, SiteFinished)]
        assert [event.failed for event in finished] == ["", "", ""]
        assert case.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
        json.dumps(second.as_json())

    play(tmp_path, scripts, act)


def test_home_alone_finds_feeds_sitemaps_and_links(tmp_path: Path) -> None:
    home = (
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" '
        b'type="application/rss+xml" href="/comments/feed"></head><body><a href="/2026/linked-from-the-home">A story '
        b'linked from the home page</a><a href="/about">About</a><a href="https://elsewhere.example/2026/their-own-story">'
        b"A story of somebody else entirely</a></body></html>"
    )
    index = Answer(
        body=b"<sitemapindex><sitemap><loc>{base}/index.xml</loc></sitemap><sitemap><loc>{base}/news.xml</loc>"
        b"</sitemap></sitemapindex>",
        headers=(("ETag", '"index"'),),
    )
    news = gzip.compress(b"<urlset><url><loc>{base}/2026/from-the-sitemap</loc></url></urlset>")

    async def act(case: Case) -> None:
        case.stand.scripts["/news.xml"] = Answer(
            body=gzip.compress(gzip.decompress(news).replace(b"{base}", case.stand.base.encode()))
        )
        await case.crawl()
        assert case.paths() == ["/2026/from-the-feed-today", "/2026/from-the-sitemap", "/2026/linked-from-the-home"]
        assert case.stand.count("/index.xml") == 1
        assert case.stand.count("/comments/feed") == case.stand.count("/about") == 0
        await case.crawl()
        assert case.stand.count("/news.xml") == 2  # an index that stays the same hides no sitemap that changed
        kinds = case.rows("SELECT DISTINCT kind FROM discoveries ORDER BY kind")
        assert kinds == [("feed",), ("listing",), ("sitemap",)]

    scripts: dict[str, Script] = {
        "/robots.txt": robots("Sitemap: {base}/index.xml"),
        "/": Answer(body=home),
        "/rss": feed("/2026/from-the-feed-today"),
        "/index.xml": index,
        **{
            f"/2026/{name}": page(n)
            for n, name in enumerate(("from-the-feed-today", "from-the-sitemap", "linked-from-the-home"))
        },
    }
    play(tmp_path, scripts, act, 'home = "{base}/"')


def test_allow_deny_listings_and_urls(tmp_path: Path) -> None:
    links = b"".join(b'<a href="/%s">A link with a few words</a>' % name for name in (b"news/1", b"news/2", b"video/3"))
    scripts: dict[str, Script] = {
        "/list": Answer(body=b"<html><body>" + links + b"</body></html>"),
        "/news/1": page(1),
        "/news/2": page(2),
        "/watched": page(4),
    }

    async def act(case: Case) -> None:
        await case.crawl()
        assert case.paths() == ["/news/2", "/watched"]

    keys = "listings = ['{base}/list']\nurls = ['{base}/watched']\nallow = ['/news/', '/watched']\ndeny = ['/1$']"
    play(tmp_path, scripts, act, keys)


def test_limit_url_and_dry_run(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(5)]
    scripts: dict[str, Script] = {
        "/feed": feed(*paths), "/elsewhere": page(9), **{path: page(n) for n, path in enumerate(paths)},
    }  # fmt: skip

    async def act(case: Case) -> None:
        assert (await case.crawl(limit=2)).fetched == 2
        assert (await case.crawl(limit=2)).fetched == 2
        before = len(case.stand.asked)
        plan = await case.crawl(dry_run=True, now=True)
        assert (len(case.stand.asked), plan.fetched, plan.run) == (before, 0, "")
        assert len({event.url for event in case.events if isinstance(event, Planned)}) == 5
        url = case.stand.base + "/elsewhere"
        only = await case.crawl(urls=(url, url))
        assert case.stand.targets()[before:] == ["/elsewhere"]
        assert (only.sites, only.fetched) == (1, 1)
        with pytest.raises(UnknownSite):
            await case.crawl(sites=("nobody",))

    play(tmp_path, scripts, act)


def test_a_stranger_named_by_url_is_a_site_of_its_own_until_it_is_configured(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        url = case.stand.base + "/story-number-1"
        report = await case.crawl('home = "http://127.0.0.1:1/"', urls=(url,))
        assert (report.sites, report.new_articles) == (1, 1)
        assert case.rows("SELECT site FROM frontier WHERE kind = 'article'") == [(case.stand.base[7:],)]
        assert (await case.crawl(now=True)).unchanged == 1
        assert case.rows("SELECT DISTINCT site FROM frontier") == [("paper",)]

    play(tmp_path, {"/feed": feed("/story-number-1"), "/story-number-1": page(1)}, act)


def test_feeds_are_asked_conditionally_and_lose_nothing(tmp_path: Path) -> None:
    tagged = Answer(body=feed("/one", "/two").body, media_type="application/rss+xml", headers=(("ETag", '"f"'),))

    async def act(case: Case) -> None:
        await case.crawl(limit=1)
        report = await case.crawl()
        assert case.outcomes()["/feed"] == "not-modified"
        assert report.new_articles == 1

    play(tmp_path, {"/feed": tagged, "/one": page(1), "/two": page(2)}, act)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        await case.crawl(dry_run=True)
        assert (case.path.exists(), case.stand.asked) == (False, [])
        await case.crawl()
        before, asked = case.path.read_bytes(), len(case.stand.asked)
        await case.crawl(dry_run=True, now=True)
        assert case.path.read_bytes() == before
        assert len(case.stand.asked) == asked

    play(tmp_path, {"/feed": feed("/one"), "/one": page(1)}, act)
