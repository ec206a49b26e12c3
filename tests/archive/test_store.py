"""The archive as a library."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import archive as package
from archive import Archive, Discovery, FetchKind, Look, UnknownArticle, raw_key, text_key, url_key
from archive.keys import new_ulid
from archive.shown import FETCH_COLUMNS, FetchRow, replay_page
from extractors import Article, OptOut, Page
from tests.archive.looks import START, URL, bare, look, page


def test_public_names_are_sorted_and_there() -> None:
    assert list(package.__all__) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_keys_are_the_digests_of_exported_bytes() -> None:
    assert raw_key(b"") == "e3b0c44298fc1c14"
    assert text_key("Title", "Text") == raw_key(b"Title\n\nText")
    assert text_key("", "Text") == raw_key(b"\n\nText")
    assert url_key(URL) == raw_key(URL.encode())


def test_runs_sort_by_their_start() -> None:
    ids = [new_ulid(START + timedelta(milliseconds=number)) for number in range(50)]
    assert ids == sorted(ids)
    assert all(len(one) == 26 for one in ids)


def test_a_page_in_hand_is_saved(path: Path) -> None:
    with Archive(path) as archive:
        kept = page("Some words.", hour=3)
        saved = archive.save(kept, Article(title="T", text="Some words.", rules="mine/1"))
        assert (saved.outcome, saved.raw_key, saved.text_key) == (
            "new",
            raw_key(kept.body),
            text_key("T", "Some words."),
        )
        assert archive.save(page(None, url=URL + "-2"), None).outcome == "no-article"
        row = archive.article(URL)
        assert (row.site, row.first_seen) == ("paper.example", START + timedelta(hours=3))
        assert archive.raw(raw_key(kept.body)) == kept.body
    with Archive(path) as archive:
        runs = archive.db.execute("SELECT command, finished_at IS NOT NULL FROM runs").fetchall()
        assert runs == [("library", 1)]


def test_a_run_that_was_taken_back_is_begun_anew(archive: Archive) -> None:
    def save_in_vain() -> None:
        with archive.atomic():
            archive.save(page("Some words."), None)
            raise KeyError

    with pytest.raises(KeyError):
        save_in_vain()
    archive.save(page("Some words."), None)
    assert archive.verify().ok


def test_an_article_is_found_by_any_of_its_names(archive: Archive, run: str) -> None:
    saved = archive.add(look(url=URL + "?utm_source=x"), run)
    names = (URL, URL + "#top", url_key(URL), saved.raw_key, saved.text_key)
    assert {archive.article(str(name)).url for name in names} == {URL}


def test_an_unknown_name_is_an_error_with_a_cure(archive: Archive, run: str) -> None:
    archive.add(look(), run)
    with pytest.raises(UnknownArticle, match=r"near it: https://paper\.example/story"):
        archive.article(URL.replace("story", "stori"))
    for call in (archive.text, archive.raw, archive.versions, archive.lists, archive.diff):
        with pytest.raises(UnknownArticle, match="0123456789abcdef"):
            call("0123456789abcdef")


def test_any_two_versions_are_compared(archive: Archive, run: str) -> None:
    for hour, text in enumerate(("One two.", "One three.", "One four.")):
        archive.add(look(text, hour=hour), run)
    numbers = [
        (diff.old.number, diff.new.number)
        for diff in (archive.diff(URL), archive.diff(URL, 1), archive.diff(URL, 1, 2))
    ]
    assert numbers == [(2, 3), (1, 3), (1, 2)]
    assert archive.diff(URL).words.words_added == 1
    with pytest.raises(UnknownArticle, match="no version 4; it has 1 to 3"):
        archive.diff(URL, 1, 4)


def test_lists_at_one_time(archive: Archive, run: str) -> None:
    archive.add(look(items=["a", "b"]), run)
    archive.add(look(items=["b", "c"], hour=2), run)
    assert [item.title for item in archive.lists(URL, at=START)] == ["a", "b"]
    assert [item.title for item in archive.lists(URL, at=START + timedelta(hours=2))] == ["b", "c"]
    assert len(archive.lists(URL)) == 3


def test_headlines_of_all_pages_are_chosen(archive: Archive, run: str) -> None:
    other = "https://paper.example/other"
    archive.add(look(items=["first", "second"]), run)
    archive.add(replace(look("Other.", url=other, items=["second"], hour=1), site="weekly"), run)
    every = list(archive.headlines())
    assert [(one.page, one.title) for one in every] == [(URL, "first"), (URL, "second"), (other, "second")]
    assert every[2].url == "https://paper.example/second"
    assert [one.page for one in archive.headlines(site="weekly")] == [other]
    assert [one.page for one in archive.headlines(since=START + timedelta(hours=1))] == [other]
    assert list(archive.headlines(kinds=("most-read",))) == []
    assert len(list(archive.headlines(kinds=("recent", "top")))) == 3


def test_headlines_come_before_all_are_read(archive: Archive, run: str) -> None:
    for number in range(30):
        archive.add(look(items=[f"item {number}"], url=f"https://paper.example/{number}", hour=number), run)
    steps = [0, 0]

    def counted(which: int) -> int:
        steps[which] += 1
        return 0

    archive.db.conn.set_progress_handler(lambda: counted(0), 1)
    first = next(found := archive.headlines())
    archive.db.conn.set_progress_handler(lambda: counted(1), 1)
    assert [one.title for one in (first, *found)] == [f"item {number}" for number in range(30)]
    archive.db.conn.set_progress_handler(None, 0)
    assert steps[0] * 5 < steps[1]


def test_events_are_chosen(archive: Archive, run: str) -> None:
    for hour, text in enumerate(("One.", "Two.", "One.")):
        archive.add(look(text, hour=hour), run)
    assert [event.kind for event in archive.events(url=URL)] == ["body", "body", "flip-flop"]
    assert [event.version for event in archive.events(kinds=("flip-flop",))] == [3]
    assert len(list(archive.events(since=START + timedelta(hours=2)))) == 2


def test_discoveries_are_recorded_once(archive: Archive, run: str) -> None:
    found = Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed")
    later = Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/feed", published="2026-11-01")
    assert archive.discover([found, found], run) == 1
    assert archive.discover([found, later], archive.start_run("again")) == 1
    assert archive.discover([], run) == 0


def test_wishes_are_recorded_when_they_change(archive: Archive, run: str) -> None:
    for hour, values in enumerate((["noai"], ["noai"], ["all"], *[["noai", "noarchive"]] * 3)):
        one = look(hour=hour)
        wishes = tuple(OptOut(signal="meta-robots", value=value) for value in values)
        archive.add(
            Look(
                url=one.url, site="paper", started_at=one.started_at, page=one.page, article=one.article, optouts=wishes
            ),
            run,
        )
    values = [row[0] for row in archive.db.execute("SELECT value FROM optouts ORDER BY seq")]
    assert values == ["noai", "all", "noai", "noarchive"]


def test_a_page_is_replayed_as_it_was(archive: Archive, run: str) -> None:
    kept = Page(
        url=URL + "?b=2&utm_source=x", final_url=URL, status=203, body="Grüße".encode("cp1252"), charset="windows-1252",
        headers=(("content-type", "text/html"), ("x-robots-tag", "noai")), media_type="application/xhtml+xml",
        fetched_at=datetime(2026, 11, 1, 12, 0, 0, 123000, tzinfo=UTC),
    )  # fmt: skip
    assert kept.fetched_at is not None
    archive.add(Look(url=kept.url, site="paper", started_at=kept.fetched_at, page=kept, record=(("tls", "1.3"),)), run)
    row = archive.db.execute(f"SELECT {FETCH_COLUMNS} FROM fetches f").fetchone()
    stored = FetchRow(**dict(zip(FetchRow.__slots__, row, strict=True)))
    assert replay_page(stored, archive.raw(str(stored.raw_key))) == kept
    assert '"tls":"1.3"' in stored.record


def test_feeds_leave_a_digest_and_robots_their_body(archive: Archive, run: str) -> None:
    def other(kind: FetchKind, body: bytes, hour: int) -> str:
        found = Page(url=f"https://paper.example/{kind}", body=body, media_type="text/xml")
        saved = archive.add(
            Look(url=found.url, site="paper", kind=kind, started_at=START + timedelta(hours=hour), page=found),
            run,
        )
        assert (saved.raw_key is not None) == (kind == "robots")
        return saved.outcome

    assert [other("feed", body, hour) for hour, body in enumerate((b"a", b"a", b"b"))] == ["new", "same", "changed"]
    assert other("robots", b"User-agent: *", 4) == "new"
    assert archive.stats().raws == 1
    assert list(archive.articles()) == []


def test_counts(archive: Archive, run: str) -> None:
    archive.site("paper", "https://paper.example/")
    archive.add(look(items=["a", "b"]), run)
    archive.add(bare("timeout", url=URL + "-2", hour=1), run)
    stats = archive.stats()
    assert (stats.articles, stats.versions, stats.fetches, stats.raws) == (1, 1, 2, 1)
    assert stats.outcomes == (("new", 1), ("timeout", 1))
    (site,) = stats.sites
    assert (site.articles, site.fetches, site.failures, site.list_items) == (1, 2, 1, 2)
    assert archive.db.execute("SELECT home FROM sites").fetchone()[0] == "https://paper.example/"
    assert archive.db.execute("SELECT url, outcome FROM failures").fetchall() == [(URL + "-2", "timeout")]


def test_views_for_sql(archive: Archive, run: str) -> None:
    archive.add(look("One."), run)
    archive.add(look("Two.", hour=1), run)
    assert archive.db.execute("SELECT url, number, text FROM latest").fetchall() == [(URL, 2, "Two.")]
    before, after = archive.db.execute("SELECT before_key, text_key FROM changes").fetchone()
    assert [before, after] == [version.text_key for version in archive.versions(URL)]


def test_a_look_at_another_page_is_refused(archive: Archive, run: str) -> None:
    with pytest.raises(ValueError, match="same URL"):
        archive.add(Look(url=URL, site="paper", started_at=START, page=page(url=URL + "-2")), run)


def test_the_last_raw_of_a_url(archive: Archive, run: str) -> None:
    assert archive.last_raw_key(URL) is None
    keys = [archive.add(look(noise=hour, hour=hour), run).raw_key for hour in range(2)]
    archive.add(bare("timeout", hour=2), run)
    assert archive.last_raw_key(URL) == keys[1]
