"""What a feed or sitemap says of changes, and when it is believed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, Outcome
from crawler.frontier import Entry, Frontier, Visit
from crawler.hasten import hasten
from tests.crawler.case import Case, play
from tests.crawler.newsstand import Answer, story

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
ENTRIES = [Entry(url=f"https://a.example/{number}", site="s") for number in range(40)]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "a.db") as opened:
        frontier = Frontier(opened.db, ["s"])
        frontier.add(ENTRIES, NOW, "sitemap")
        for entry in ENTRIES[:-1]:
            frontier.done(Visit(entry=entry, at=NOW, outcome=Outcome.NEW))
        yield opened


def said(number: int, modified: str | None) -> list[Entry]:
    """The entries of which the first ones changed at a time."""
    return [replace(entry, modified=modified if index < number else None) for index, entry in enumerate(ENTRIES)]


@pytest.mark.parametrize(
    ("modified", "due"),
    [
        ("2026-11-22T12:05:00.000Z", 2),
        ("2026-11-22T12:30:00.000Z", 2),  # its clock is ahead a little
        ("2026-11-22T11:59:00.000Z", 0),
        ("2026-11-22", 0),  # a day that had begun when it was visited
        ("2026-12-22", 0),
        ("2099-01-01T00:00:00.000Z", 0),
        (None, 0),
    ],
)
def test_what_changed_since_its_visit_is_due(archive: Archive, modified: str | None, due: int) -> None:
    frontier = Frontier(archive.db)
    assert len(frontier.due("s", LATER)) == 1  # the one that was never visited
    assert hasten(archive.db, said(2, modified), LATER) == due
    found = frontier.due("s", LATER)
    assert len(found) == 1 + due
    assert [entry.reason for entry in found[1:]] == [f"its source says that it changed at {modified}"] * due


def test_a_source_that_dates_everything_anew_is_not_believed(archive: Archive) -> None:
    assert hasten(archive.db, said(39, "2026-11-22T12:05:00.000Z"), LATER) == 0
    assert hasten(archive.db, said(5, "2026-11-22T12:05:00.000Z"), LATER) == 5


def test_an_article_that_fails_keeps_its_pause(archive: Archive) -> None:
    frontier = Frontier(archive.db)
    frontier.done(Visit(entry=ENTRIES[0], at=NOW, outcome="http-500", failed=True))
    assert hasten(archive.db, said(1, "2026-11-22T12:05:00.000Z"), LATER) == 0


def test_an_edit_that_the_sitemap_announces_is_fetched_in_the_next_run(tmp_path: Path) -> None:
    def sitemap(changed: str) -> Answer:
        rows = "".join(
            f"<url><loc>{{base}}/story-number-{number}</loc><lastmod>{when}</lastmod></url>"
            for number, when in ((1, "2026-01-01T00:00:00Z"), (2, changed))
        )
        return Answer(body=f"<urlset>{rows}</urlset>".encode(), media_type="application/xml")

    soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    edited = Answer(body=story(2, correction="It was 2.5 million and not 2.4 million, the county said later."))
    scripts = {
        "/sitemap.xml": [sitemap("2026-01-01T00:00:00Z"), sitemap(soon)],
        "/story-number-1": Answer(body=story(1)),
        "/story-number-2": [Answer(body=story(2)), edited],
    }

    async def act(case: Case) -> None:
        assert (await case.crawl()).new_articles == 2
        second = await case.crawl()
        assert (second.fetched, second.new_versions) == (1, 1)
        assert case.stand.count("/story-number-1") == 1

    play(tmp_path, scripts, act, 'sitemaps = ["{base}/sitemap.xml"]')
