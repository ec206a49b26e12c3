"""Whole crawls of a scripted site: discovery, manners, failures, and what the archive holds afterwards."""

import asyncio
import gzip
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from archive import Archive, ArchiveBusy
from crawler import CrawlOptions, CrawlReport, UnknownSite, crawl, load_config
from crawler.events import Event, Planned, Problem, SiteFinished
from tests.crawler.newsstand import LOOPBACK, Answer, Newsstand, Script, feed, newsstand, robots, story

Act = Callable[["Case"], Awaitable[None]]


@dataclass(slots=True)
class Case:
    """One site, its config and its archive."""

    stand: Newsstand
    folder: Path
    keys: str
    events: list[Event] = field(default_factory=list)

    def event(self, event: Event) -> None:
        self.events.append(event)

    @property
    def path(self) -> Path:
        return self.folder / "archive.db"

    async def crawl(self, keys: str | None = None, *, retries: int = 0, **options: object) -> CrawlReport:
        """Crawls the site with these keys of ``[[sites]]``; ``{base}`` is its address."""
        config = self.folder / "config.toml"
        config.write_text(
            f'[archive]\npath = "{self.path}"\n[crawler]\nuser_agent = "test (a@example.org)"\ndelay = 0\n'
            f"retries = {retries}\ntimeout = 5\nallow_private = {LOOPBACK}\n"
            f'[[sites]]\nname = "paper"\n{(keys or self.keys).replace("{base}", self.stand.base)}\n'
        )
        return await crawl(load_config(config), options=CrawlOptions(**options), observer=self)  # type: ignore[arg-type]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as db:
            return list(db.execute(sql))

    def paths(self, sql: str = "SELECT url FROM articles ORDER BY url") -> list[str]:
        return [str(url).removeprefix(self.stand.base) for (url, *_) in self.rows(sql)]

    def outcomes(self) -> dict[str, str]:
        """The latest outcome of each path."""
        looks = self.rows("SELECT url, outcome FROM fetches ORDER BY id")
        return {str(url).removeprefix(self.stand.base): str(outcome) for url, outcome in looks}

    def problems(self) -> list[str]:
        return [event.line for event in self.events if isinstance(event, Problem)]


def play(folder: Path, scripts: Mapping[str, Script], act: Act, keys: str = 'feeds = ["{base}/feed"]') -> None:
    async def go() -> None:
        async with newsstand(scripts) as stand:
            await act(Case(stand, folder, keys))

    asyncio.run(go())


def page(number: int, **more: object) -> Answer:
    return Answer(body=story(number), **more)  # type: ignore[arg-type]


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


def test_a_busy_host_is_left_alone_and_asked_again(tmp_path: Path) -> None:
    busy = Answer(status=503, headers=(("Retry-After", "1"),))
    scripts: dict[str, Script] = {
        "/feed": feed(*(f"/story-number-{n}" for n in range(4))),
        "/story-number-0": [busy, page(0)],
        **{f"/story-number-{n}": page(n) for n in range(1, 4)},
    }

    async def act(case: Case) -> None:
        report = await case.crawl(retries=2)
        assert (report.new_articles, report.failed) == (4, {})
        asked = [(request.target, request.at) for request in case.stand.asked]
        refused = next(at for target, at in asked if target == "/story-number-0")
        after = [at - refused for _, at in asked if at > refused]
        assert len(after) == 4
        assert min(after) >= 1.0
        assert case.rows("SELECT attempts FROM fetches WHERE url LIKE '%number-0'") == [(2,)]

    play(tmp_path, scripts, act)


def test_a_host_that_asks_for_hours_costs_one_request_even_in_later_runs(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(6)]
    busy = Answer(status=429, headers=(("Retry-After", "7200"),))
    scripts: dict[str, Script] = {"/feed": feed(*paths), **dict.fromkeys(paths, busy)}

    async def act(case: Case) -> None:
        report = await case.crawl(retries=3)
        assert report.failed == {"breaker": 5, "http-429": 1}
        asked = len(case.stand.asked)
        again = await case.crawl(now=True)
        assert len(case.stand.asked) == asked
        assert again.failed == {"breaker": 1}
        assert case.problems()[-1] == "5 due articles wait for a later run, since their host cannot be asked now"
        blamed = "SELECT sum(failures) FROM frontier WHERE kind = 'article'"
        assert case.rows(blamed) == [(1,)]  # the one that was asked for and got the 429
        assert "left alone for another 7" in again.failed_sites[0][1]

    play(tmp_path, scripts, act)


def test_a_crawl_delay_is_kept_from_the_first_request_on_and_from_run_to_run(tmp_path: Path) -> None:
    paths = ["/story-number-1", "/story-number-2"]
    scripts: dict[str, Script] = {"/robots.txt": robots("User-agent: *", "Crawl-delay: 0.4"), "/feed": feed(*paths)}
    scripts |= {path: page(n) for n, path in enumerate(paths)}

    async def act(case: Case) -> None:
        await case.crawl()
        await case.crawl(now=True)
        with closing(sqlite3.connect(case.path)) as db, db:  # as if the run before had been killed, long ago
            db.execute("INSERT INTO runs(id, command, started_at, software, config_digest, machine) "
                       "SELECT substr(id, 1, 25) || 'Z', command, started_at, software, config_digest, machine "
                       "FROM runs ORDER BY id DESC LIMIT 1")  # fmt: skip
            db.execute("UPDATE hosts SET last_request_at = '2026-01-01T00:00:00.000Z'")
        began = asyncio.get_running_loop().time()
        await case.crawl(now=True)
        times = [request.at for request in case.stand.asked]
        assert min(later - earlier for earlier, later in pairwise(times)) >= 0.4 * 0.95
        assert next(at for at in times if at > began) - began >= 0.4 * 0.95

    play(tmp_path, scripts, act)


def test_an_outage_leaves_neither_rows_nor_longer_pauses(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(40)]
    scripts: dict[str, Script] = {"/feed": feed(*paths), **{path: page(n) for n, path in enumerate(paths)}}
    down = Answer(status=503, headers=(("Retry-After", "0"),))
    scripts["/robots.txt"] = [robots("User-agent: *"), down, down, robots("User-agent: *")]

    async def act(case: Case) -> None:
        assert (await case.crawl(limit=20)).new_articles == 20
        for _ in range(2):
            with Archive(case.path) as archive, archive.atomic():
                archive.db.execute("UPDATE hosts SET robots_at = '2026-01-01T00:00:00.000Z'")
                archive.db.execute("UPDATE frontier SET next_at = '2026-01-01T00:00:00.000Z'")
            report = await case.crawl()
            assert 0 < sum(report.failed.values()) < 10, report.failed
            assert set(report.failed) == {"robots"}
            assert report.failed_sites
        assert case.rows("SELECT max(failures) FROM frontier WHERE kind = 'article'") == [(0,)]
        assert (await case.crawl(now=True)).failed == {}
        assert len(case.paths()) == 40

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


def test_an_unreachable_robots_file_forbids_all_and_is_the_reason(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        assert case.stand.count("/feed") == 0
        assert "robots.txt" in report.failed_sites[0][1]
        assert "http-500" in report.failed_sites[0][1]
        case.stand.scripts["/robots.txt"] = robots("")
        assert (await case.crawl()).new_articles == 1

    play(tmp_path, {"/robots.txt": Answer(status=500), "/feed": feed("/one"), "/one": page(1)}, act)


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


def test_cancelling_saves_what_was_fetched(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(30)]
    scripts: dict[str, Script] = {
        "/feed": feed(*paths), **{path: page(n, pause=0.03) for n, path in enumerate(paths)},
    }  # fmt: skip

    async def act(case: Case) -> None:
        task = asyncio.create_task(case.crawl())
        await case.stand.has_been_asked(14)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ((kept,),) = case.rows("SELECT count(*) FROM articles")
        assert isinstance(kept, int)
        assert 2 <= kept < 30
        assert case.rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]
        await case.crawl()
        assert case.rows("SELECT count(*), sum(version_count) FROM articles") == [(30, 30)]
        assert sum(case.stand.count(path) for path in paths) <= 30 + 14

    play(tmp_path, scripts, act)


def test_a_killed_crawl_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    paths = [f"/story-number-{n}" for n in range(40)]
    scripts: dict[str, Script] = {
        "/feed": feed(*paths), **{path: page(n, pause=0.03) for n, path in enumerate(paths)},
    }  # fmt: skip

    async def act(case: Case) -> None:
        await case.crawl(dry_run=True)  # writes the config
        arguments = ("-m", "crawler", "crawl", "--config", str(case.folder / "config.toml"))
        child = await asyncio.create_subprocess_exec(sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL)
        await case.stand.has_been_asked(25)
        child.kill()
        await child.wait()
        ((kept,),) = case.rows("SELECT count(*) FROM articles")
        before = len(case.stand.asked)
        report = await case.crawl()
        assert report.new_articles == 40 - int(str(kept))
        assert case.rows("SELECT count(*), max(version_count) FROM articles") == [(40, 1)]
        assert len(case.stand.asked) - before <= 40 - int(str(kept)) + 1  # the feed, and what was not committed

    play(tmp_path, scripts, act)


def test_a_writer_that_fails_ends_the_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    paths = [f"/story-number-{n}" for n in range(20)]

    async def act(case: Case) -> None:
        monkeypatch.setattr(Archive, "add", full)
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            await asyncio.wait_for(case.crawl(), 20)

    play(tmp_path, {"/feed": feed(*paths), **{path: page(1) for path in paths}}, act)


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


def test_a_robots_file_elsewhere_is_followed_and_obeyed(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        assert (report.new_articles, report.failed) == (1, {"robots": 1})
        assert case.stand.count("/closed/two") == 0

    scripts: dict[str, Script] = {
        "/robots.txt": Answer(status=301, headers=(("Location", "/static/robots.txt"),)),
        "/static/robots.txt": robots("User-agent: *", "Disallow: /closed/"),
        "/feed": feed("/one", "/closed/two"),
        "/one": page(1),
        "/closed/two": page(2),
    }
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


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        with Archive(case.path), pytest.raises(ArchiveBusy):
            await case.crawl()

    play(tmp_path, {}, act)
