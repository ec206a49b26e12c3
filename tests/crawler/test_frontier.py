"""The frontier table: what is known, what is due, what a visit changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, Outcome
from crawler.frontier import Entry, Frontier, Visit, usable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def frontier(archive: Archive) -> Frontier:
    return Frontier(archive.db, ["s", "t"])


def entry(path: str = "1", site: str = "s") -> Entry:
    return Entry(url=f"https://a.example/{path}", site=site)


def urls(entries: list[Entry]) -> list[str]:
    return [one.url.removeprefix("https://a.example/") for one in entries]


def visit(
    one: Entry, outcome: str = Outcome.NEW, at: datetime = NOW, *, failed: bool = False, etag: str | None = None
) -> Visit:
    return Visit(entry=one, at=at, outcome=outcome, failed=failed, etag=etag)


def test_one_entry_for_all_spellings_fetched_as_first_found(frontier: Frontier) -> None:
    spellings = ["1?b=2&a=%7E", "1?a=~&b=2&utm_source=rss", "1?b=2&a=~#top"]
    assert [frontier.add([entry(path)], NOW, "feed") for path in spellings] == [1, 0, 0]
    assert urls(frontier.due("s", NOW)) == [spellings[0]]


def test_what_was_never_seen_comes_first(frontier: Frontier) -> None:
    frontier.add([entry("1"), entry("2")], NOW, "feed")
    frontier.done(visit(frontier.due("s", NOW)[0]))
    frontier.add([entry("3")], NOW + timedelta(hours=1), "feed")
    assert urls(frontier.due("s", NOW + timedelta(days=1))) == ["2", "3", "1"]
    assert urls(frontier.due("s", NOW + timedelta(days=1), 2)) == ["2", "3"]
    assert frontier.due("t", NOW) == []


def test_a_visit_is_not_due_again_at_once_unless_asked(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    frontier.done(visit(entry(), etag='"1"'))
    assert frontier.due("s", NOW + timedelta(minutes=29)) == []
    (again,) = frontier.due("s", NOW + timedelta(minutes=30))
    assert again.etag == '"1"'
    assert urls(frontier.due("s", None)) == ["1"]


def test_a_failure_keeps_the_validators_and_is_forgiven(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    frontier.done(visit(entry(), etag='"1"'))
    failing = frontier.entry(entry().url, "article", "s")
    frontier.done(visit(failing, "http-500", failed=True))
    failed = frontier.entry(entry().url, "article", "s")
    assert (failed.etag, failed.failures, failed.last_outcome) == ('"1"', 1, "http-500")
    frontier.done(visit(failed, Outcome.SAME))
    assert frontier.entry(entry().url, "article", "s").failures == 0
    assert frontier.entry(entry().url, "article", "s").etag is None


def test_an_article_is_gone_when_two_looks_say_so(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    frontier.done(visit(frontier.entry(entry().url, "article", "s"), "http-404", failed=True))
    assert frontier.due("s", NOW + timedelta(hours=5)) == []
    (again,) = frontier.due("s", NOW + timedelta(hours=6))
    frontier.done(visit(again, "http-410", failed=True))
    assert frontier.due("s", None) == []


def test_age_counts_from_publication(frontier: Frontier) -> None:
    old = Entry(url="https://a.example/old", site="s", published="2026-11-01")
    frontier.add([old], NOW, "sitemap")
    frontier.done(visit(frontier.due("s", NOW)[0]))
    assert frontier.due("s", NOW + timedelta(days=6)) == []
    assert len(frontier.due("s", NOW + timedelta(days=7))) == 1


def test_an_entry_of_a_site_that_is_no_longer_configured_goes_over(archive: Archive, frontier: Frontier) -> None:
    Frontier(archive.db, ["renamed"]).add([entry("1", "renamed"), entry("2", "t")], NOW, "feed")
    frontier.add([entry("1"), entry("2")], NOW, "feed")
    assert urls(frontier.due("s", NOW)) == ["1"]
    assert urls(frontier.due("t", NOW)) == ["2"]


def test_a_feed_and_an_article_may_share_a_name(frontier: Frontier) -> None:
    feed = Entry(url="https://a.example/", site="s", kind="feed")
    frontier.add([feed], NOW, "config")
    frontier.done(visit(feed, Outcome.NEW, etag='"f"'))
    assert frontier.entry(feed.url, "feed", "s").etag == '"f"'
    assert frontier.entry(feed.url, "article", "s").etag is None
    assert frontier.due("s", None) == []


def test_usable() -> None:
    assert usable("https://a.example/x")
    assert not any(map(usable, ["", "/x", "mailto:a@b.c", "http://", "https://me:pw@a.example/"]))


def test_an_etag_that_is_new_each_time_is_no_longer_sent(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    sent = []
    for number in range(8):
        (known,) = frontier.due("s", None)
        sent.append(known.etag)
        seen = visit(known, Outcome.SAME if number else Outcome.NEW, etag=f'"{number}"')
        frontier.done(replace(seen, last_modified="Sun, 22 Nov 2026 08:00:00 GMT"))
    assert sent == [None, '"0"', '"1"', '"2"', '"3"', '"4"', None, None]
    assert frontier.due("s", None)[0].last_modified == "Sun, 22 Nov 2026 08:00:00 GMT"


def test_an_etag_that_sometimes_holds_is_trusted(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    for number in range(20):
        (known,) = frontier.due("s", None)
        kept = number % 3 == 0
        seen = visit(known, Outcome.NOT_MODIFIED if kept else Outcome.SAME, etag=known.etag if kept else f'"{number}"')
        frontier.done(replace(seen, last_modified="Sun, 22 Nov 2026 08:00:00 GMT"))
    assert frontier.due("s", None)[0].etag is not None


def test_the_date_on_the_page_counts_where_its_finder_knew_none_or_a_later_one(frontier: Frontier) -> None:
    told = Entry(url="https://a.example/told", site="s", published="2026-11-22T08:00:00.000Z")
    frontier.add([entry("silent"), entry("dated"), told], NOW, "sitemap")
    for known in frontier.due("s", NOW):
        stated = None if known.url.endswith("silent") else "2026-09-01"
        frontier.done(replace(visit(known), published=stated))
    assert urls(frontier.due("s", NOW + timedelta(days=1))) == ["silent"]
    late = frontier.known("https://a.example/told")
    assert late is not None
    assert late.published == "2026-09-01"
    frontier.done(replace(visit(late, at=NOW + timedelta(days=1)), published="2026-11-22"))
    assert frontier.known("https://a.example/told") is not None
    assert urls(frontier.due("s", NOW + timedelta(days=62))) == ["silent", "dated", "told"]


def test_what_fails_for_its_host_is_asked_for_soon_and_blamed_for_nothing(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    for hours in range(5):
        (known,) = frontier.due("s", NOW + timedelta(hours=hours))
        at = NOW + timedelta(hours=hours)
        frontier.done(replace(visit(known, Outcome.BREAKER, at=at, failed=True), host_wide=True))
    again = frontier.known(entry().url)
    assert again is not None
    assert (again.failures, again.reason) == (0, "its host could not be asked")
    assert again.next_at == "2026-11-22T16:15:00.000Z"


def test_a_clock_that_was_ahead_holds_nothing_up(frontier: Frontier) -> None:
    frontier.add([entry("seen"), entry("found")], NOW + timedelta(days=3000), "feed")
    frontier.done(visit(entry("seen"), at=NOW + timedelta(days=3000)))
    assert urls(frontier.due("s", NOW)) == ["found", "seen"]
    frontier.done(visit(frontier.due("s", NOW)[1], Outcome.SAME))
    assert urls(frontier.due("s", NOW + timedelta(minutes=1))) == ["found"]
    assert frontier.rates("s") == {}


def test_a_clock_that_leaps_teaches_nothing_of_a_site(frontier: Frontier) -> None:
    frontier.add([entry()], NOW, "feed")
    frontier.done(visit(entry()))
    (known,) = frontier.due("s", NOW + timedelta(days=4000))
    frontier.done(visit(known, Outcome.SAME, at=NOW + timedelta(days=4000)))
    assert frontier.rates("s") == {}
