"""``reextract`` and the filters of ``history`` as commands, and a crawl under other rules than the one before."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Look, event_weights
from crawler import CrawlOptions, crawl, load_config
from crawler.__main__ import run
from crawler.pool import Pool
from extractors import Article, Page, Reading, read
from tests.crawler.papers import papers, write_config


def read_as_before(page: Page) -> Reading:
    """An older rule, which took the kicker of a paper for a part of its titles and lost the last paragraph."""
    reading = read(page)
    if reading.article is None:
        return reading
    text = reading.article.text.rpartition("\n\n")[0] or reading.article.text
    return replace(reading, article=replace(reading.article, title="Paper: it says", text=text, rules="older/1"))


@pytest.fixture
def crawled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The config of papers that were crawled under older rules; they stay open and as they are."""
    with papers() as sites:
        config = write_config(tmp_path, sites)
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["crawler.crawl"], "Pool", partial(Pool, reader=read_as_before))
            asyncio.run(crawl(load_config(config)))
        yield config


def out(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_rule_that_changed_between_two_crawls_is_no_edit(crawled: Path) -> None:
    archive = crawled.parent / "archive.db"
    with Archive(archive, read_only=True) as before:
        ids = {row.url: row.id for row in before.articles()}
        assert {row.rules for row in before.articles()} == {"older/1"}
    with Archive(archive) as writing:
        writing.db.execute("UPDATE frontier SET etag = NULL, last_modified = NULL")  # so that every page comes whole
    report = asyncio.run(crawl(load_config(crawled), options=CrawlOptions(now=True)))
    assert (report.new_articles, report.new_versions) == (0, 0)
    with Archive(archive, read_only=True) as after:
        assert list(after.events(kinds=tuple(event_weights()))) == []
        assert {row.url: row.id for row in after.articles()} == ids
        assert {row.version_count for row in after.articles()} == {1}
        assert "older/1" not in {row.rules for row in after.articles()}
        assert "Paper: it says" not in {row.title for row in after.articles()}


def test_reextract_reports_changes_and_keeps_ids(crawled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ("--config", str(crawled))
    told = out(capsys, "reextract", "--dry-run", *config)
    promised = "dry_run articles looks changed sites largest failed"
    assert list(told) == promised.split()
    assert (told["dry_run"], told["articles"], told["changed"], told["failed"]) == (True, 18, 18, [])
    assert len(told["sites"]) == 3
    assert all(site["words_gained"] > 0 for site in told["sites"])
    assert run(["reextract", *config]) == 0
    printed = capsys.readouterr()
    assert "Changed 18 of 18 articles" in printed.out
    assert "{+" in printed.out
    assert printed.err == ""
    again = out(capsys, "reextract", *config)
    assert (again["changed"], again["largest"]) == (0, [])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("reextract", "--site", "nobody"), "'nobody' is no site of this archive"),
        (("reextract", "--since", "yesterday"), "'yesterday' is no date; write it like 2026-11-22"),
        (("history", "https://a.example/", "--kinds", "quote,typo"), "'typo' is no kind of event; there are all, "),
    ],
)
def test_wrong_use_is_one_line(
    words: tuple[str, ...], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Archive(tmp_path / "archive.db").close()
    assert run([*words, "--archive", str(tmp_path / "archive.db")]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_reextract_makes_no_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["reextract", "--archive", str(tmp_path / "none.db")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_history_is_filtered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, file = "https://paper.example/story", str(tmp_path / "archive.db")
    bodies = ("The wall costs 1.5 million.", "The wall costs 1.8 million.", "The wall costs 1.8 million. It will hold.")
    with Archive(file) as archive:
        for text in bodies:
            page = Page(url=url, body=f"<article><h1>Wall</h1><p>{text}</p></article>".encode())
            archive.save(page, Article(title="Wall", text=text, rules="fake/1"))
    assert [row["number"] for row in out(capsys, "history", url, "--archive", file)] == [1, 2, 3]
    assert [row["number"] for row in out(capsys, "history", url, "--kinds", "number", "--archive", file)] == [2]
    assert [row["number"] for row in out(capsys, "history", url, "--min-words", "3", "--archive", file)] == [3]
    assert len(out(capsys, "history", url, "--kinds", "all", "--archive", file)) == 3
    assert run(["history", url, "--kinds", "number", "--archive", file]) == 0
    printed = capsys.readouterr().out
    assert "removed 1.5; added 1.8" in printed
    assert "body" not in printed.partition("event")[2]


def test_history_says_when_the_last_look_did_not_show_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, file = "https://paper.example/story", str(tmp_path / "archive.db")
    page = Page(url=url, body=b"<h1>Wall</h1>", fetched_at=datetime(2026, 11, 1, 12, tzinfo=UTC))
    with Archive(file) as archive:
        archive.save(page, Article(title="Wall", text="The wall holds.", rules="fake/1"))
        assert run(["history", url, "--archive", file]) == 0
        assert "last look" not in capsys.readouterr().out
        at = datetime(2026, 11, 2, 8, tzinfo=UTC)
        gone = Look(url=url, site="paper.example", started_at=at, outcome="http-410", error="HTTP 410 Gone")
        archive.add(gone, archive.start_run("test"))
    assert run(["history", url, "--archive", file]) == 0
    said = "The last look, at 2026-11-02 08:00:00, did not show it: http-410 (HTTP 410 Gone)"
    assert said in capsys.readouterr().out
