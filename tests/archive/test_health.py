"""How sites have been doing, on archives whose every look is known."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, DeadSource, FetchKind, KindHealth, Look, SiteHealth
from archive import health as module
from archive.health import health
from extractors import Page
from tests.archive.looks import START, bare, look, page, read

NOW = START + timedelta(days=40)
FEED = "https://paper.example/feed"


def _hours_ago(hours: float) -> float:
    return 40 * 24 - hours


def _source(outcome: str, hours: float, *, url: str = FEED, kind: FetchKind = "feed", error: str | None = None) -> Look:
    return replace(bare(outcome, url=url, hour=_hours_ago(hours)), kind=kind, error=error, ms=5)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive.db", reader=read)


def _of(archive: Archive, *looks: Look) -> SiteHealth:
    with archive:
        run = archive.start_run("crawl")
        for one in looks:
            archive.add(one, run)
        [site] = health(archive.db, NOW)
    return site


def test_a_site_that_does_well(archive: Archive) -> None:
    new = replace(look("One two.", hour=_hours_ago(48)), ms=100, attempts=2)
    edit = replace(look("One two three.", hour=_hours_ago(24)), ms=300, error="paper/1: body 'x' finds nothing")
    site = _of(archive, new, edit, _source("same", 12), _source("http-404", 11, kind="robots"))
    assert site.kinds == (
        KindHealth(kind="article", looks=2, failures=0),
        KindHealth(kind="feed", looks=1, failures=0),
        KindHealth(kind="robots", looks=1, failures=0),
    )
    assert (site.looks, site.failed, site.failures) == (4, 0, ())
    assert site.last_success == "2026-12-11T00:00:00.000Z"
    assert site.median_ms == 5
    assert site.requests_per_day == 2.5
    assert site.drift == 0.5
    assert site.dead_sources == ()


def test_failures_are_counted_by_outcome_and_old_ones_are_not(archive: Archive) -> None:
    failed = [bare("timeout", url=f"https://paper.example/{n}", hour=_hours_ago(n)) for n in (1, 2, 3)]
    gone = [bare("http-404", hour=_hours_ago(5)), bare("dns", hour=_hours_ago(24 * 8))]
    imported = replace(bare("http-500", hour=_hours_ago(4)), source="old.warc.gz@0")
    empty = _source("same", 6, error="links to no articles")
    site = _of(archive, *failed, *gone, imported, empty)
    assert site.failures == (("timeout", 3), ("http-404", 1), ("unreadable", 1))
    assert (site.looks, site.failed, site.last_success) == (5, 5, None)


def test_the_last_success_is_found_however_old(archive: Archive) -> None:
    site = _of(archive, look(hour=0), bare("timeout", hour=_hours_ago(2)))
    assert site.last_success == "2026-11-01T12:00:00.000Z"
    assert site.drift is None


def test_a_source_without_a_read_in_a_week_is_dead(archive: Archive) -> None:
    other = "https://paper.example/other"
    site = _of(
        archive,
        _source("new", 24 * 9),
        _source("http-500", 30, error="HTTP 500"),
        _source("same", 20, error="is no feed"),
        _source("http-404", 3, url=other),
        _source("same", 24 * 6, url="https://paper.example/fine"),
        _source("timeout", 1, url="https://paper.example/fine"),
    )
    assert site.dead_sources == (
        DeadSource(url=FEED, kind="feed", reason="is no feed", last_read="2026-12-02T12:00:00.000Z"),
        DeadSource(url=other, kind="feed", reason="http-404", last_read=None),
    )


def test_growth_counts_each_new_body_once(archive: Archive) -> None:
    def again(found: Page, hour: float) -> Look:
        return replace(look("Old.", hour=hour), page=replace(found, fetched_at=START + timedelta(hours=hour)))

    old = page("Old.")
    first, second = look("Old.", hour=0), look("Fresh.", hour=_hours_ago(24 * 20))
    site = _of(archive, first, again(old, _hours_ago(24 * 25)), second, again(old, _hours_ago(3)))
    with Archive(archive.path, read_only=True) as kept:
        sizes = dict(kept.db.execute("SELECT key, stored_size FROM raws").fetchall())
        fresh = kept.db.execute("SELECT raw_key FROM fetches WHERE outcome = 'changed'").fetchone()[0]
    assert len(sizes) == 2
    assert site.grown_bytes == sizes[fresh]


def test_quarantined_pages_are_those_that_still_are(archive: Archive) -> None:
    urls = [f"https://paper.example/{number}" for number in range(3)]
    with archive, archive.atomic():
        run = archive.start_run("crawl")
        for url in (*urls, urls[0]):
            archive.add(bare("quarantined", url=url, hour=_hours_ago(30)), run)
        for number, url in enumerate(urls):
            archive.db.execute(
                "INSERT INTO frontier(url, key, site, kind, added_at, next_at, last_outcome) "
                "VALUES (?1, ?1, 'paper', 'article', '', '', ?2)",
                (url, "new" if number == 2 else "quarantined"),
            )
        [site] = archive.health()
    assert site.quarantined == 2


@pytest.mark.parametrize("name", ["LOOKS", "PACE", "DEAD", "LAST_READ", "LAST_SUCCESS", "QUARANTINED", "GROWTH"])
def test_no_question_reads_a_whole_table(archive: Archive, name: str) -> None:
    values = {"since": "2026-01-01", "site": "paper", "url": FEED, "kind": "feed"}
    with archive:
        plan = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {getattr(module, name)}", values)]
    assert any(step.startswith("SEARCH") for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN n"], plan
