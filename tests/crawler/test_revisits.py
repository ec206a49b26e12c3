"""Runs that are bounded by requests or by time, and URLs that are explained."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from crawler import load_config
from crawler.__main__ import run
from crawler.cli.moments import end_time
from crawler.events import Planned
from crawler.why import why
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, feed, robots

PATHS = [f"/story-number-{number}" for number in range(12)]
PAGES = {path: page(number) for number, path in enumerate(PATHS)}
ALONE = 'feeds = ["{base}/feed"]\nfollow_lists = false'


def test_a_budget_bounds_the_requests_and_says_what_waits(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl(budget=8)
        assert len(case.stand.asked) <= 8
        assert 0 < report.new_articles < len(PATHS)
        waiting = len(PATHS) - report.new_articles
        assert case.problems() == [f"the budget of requests is spent; {waiting} due articles wait for the next run"]
        await case.crawl(f"{ALONE}\nbudget = 4")
        await case.crawl()
        assert len(case.paths()) == len(PATHS)

    play(tmp_path, {"/feed": feed(*PATHS), **PAGES}, act, ALONE)


def test_no_page_is_begun_after_the_end(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl(until=datetime.now(UTC))
        assert (report.fetched, case.paths()) == (0, [])
        assert case.problems() == ["the time is up; 12 due articles wait for the next run"]
        await case.crawl(until=datetime.now(UTC) + timedelta(minutes=5))
        assert len(case.paths()) == len(PATHS)

    play(tmp_path, {"/feed": feed(*PATHS), **PAGES}, act, ALONE)


def test_a_url_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scripts = {
        "/robots.txt": robots("User-agent: *", "Disallow: /closed", "Crawl-delay: 0.01"),
        "/feed": feed("/story-number-1", "/closed-story-here", "/gone-story-is-here"),
        "/story-number-1": page(1, headers=(("X-Robots-Tag", "noai"),)),
        "/gone-story-is-here": Answer(status=410),
    }

    async def act(case: Case) -> None:
        await case.crawl()
        config = load_config(case.folder / "config.toml")
        with Archive(case.path, read_only=True) as archive:
            told = why(archive, case.stand.base + "/story-number-1", config)
            assert [(found.kind, found.found_in) for found in told.found] == [("feed", case.stand.base + "/feed")]
            assert (told.site, told.state, told.visits) == ("paper", "due", 1)
            assert told.robots.startswith("allowed for")
            assert told.wishes == ("x-robots-tag: noai (keep)",)
            assert told.next_at is not None
            assert told.reason == "30 min at an age below 3 h"
            assert told.rules is not None
            assert told.rules.startswith("generic/")
            closed = why(archive, case.stand.base + "/closed-story-here", config)
            assert closed.robots.startswith("robots.txt disallows it")
            assert [attempt.outcome for attempt in closed.attempts] == ["robots"]
            gone = why(archive, case.stand.base + "/gone-story-is-here", config)
            assert gone.reason == "to see whether it is really gone"
        arguments = ["why", case.stand.base + "/story-number-1", "--config", str(case.folder / "config.toml")]
        assert run([*arguments, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["reason"] == "30 min at an age below 3 h"
        assert run(arguments) == 0
        assert "30 min at an age below 3 h" in capsys.readouterr().out
        assert run(["why", case.stand.base + "/never", *arguments[2:]]) == 2
        assert "never found" in capsys.readouterr().err

    play(tmp_path, scripts, act)


def test_a_plan_says_why(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        await case.crawl(limit=1)
        with Archive(case.path) as archive, archive.atomic():
            archive.db.execute("UPDATE frontier SET next_at = '2026-01-01T00:00:00.000Z' WHERE kind = 'article'")
        await case.crawl(dry_run=True)
        reasons = [event.reason for event in case.events if isinstance(event, Planned)]
        assert sorted(reasons) == [""] * (len(PATHS) - 1) + ["30 min at an age below 3 h"]

    play(tmp_path, {"/feed": feed(*PATHS), **PAGES}, act, ALONE)


@pytest.mark.parametrize(("text", "least", "most"), [("45m", 44, 46), ("2h", 119, 121), ("90s", 1, 2)])
def test_an_end_may_be_a_span(text: str, least: int, most: int) -> None:
    end = end_time(None, None, text)  # type: ignore[arg-type]
    assert end is not None
    assert least < (end - datetime.now(UTC)) / timedelta(minutes=1) < most


def test_an_end_may_be_a_time_of_day() -> None:
    end = end_time(None, None, "06:30")  # type: ignore[arg-type]
    assert end is not None
    assert (end.hour, end.minute) == (6, 30)
    assert timedelta(0) < end - datetime.now(UTC) <= timedelta(hours=25)


@pytest.mark.parametrize("text", ["soon", "2020-01-01", "25:00", "-3m"])
def test_an_end_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["crawl", "--until", text]) == 2
    assert text in capsys.readouterr().err
