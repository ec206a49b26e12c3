"""Whole crawls of a scripted site: hosts that are busy, slow or down, and what robots.txt says."""

import asyncio
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from archive import Archive
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, Script, feed, robots


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


def test_an_unreachable_robots_file_forbids_all_and_is_the_reason(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        assert case.stand.count("/feed") == 0
        assert "robots.txt" in report.failed_sites[0][1]
        assert "http-500" in report.failed_sites[0][1]
        case.stand.scripts["/robots.txt"] = robots("")
        assert (await case.crawl()).new_articles == 1

    play(tmp_path, {"/robots.txt": Answer(status=500), "/feed": feed("/one"), "/one": page(1)}, act)


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
