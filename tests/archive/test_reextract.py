"""Old looks read again under new rules: the report, the dry run, and what stays."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, Reread
from extractors import Page, Reading
from tests.archive.conftest import Clock
from tests.archive.looks import START, URL, bare, derived, look, read, read_in_capitals

OTHER = "https://paper.example/other"
LATE = "https://paper.example/late"


def read_first_word(page: Page) -> Reading:
    """A rule that sees less: the first word of each text, and no text that begins with a digit."""
    article = read(page, "fake/3").article
    if article is None or article.text[0].isdigit():
        return Reading(article=None)
    return Reading(article=replace(article, text=article.text.split()[0]))


@pytest.fixture
def filled(path: Path) -> Path:
    looks = [
        look(noise="a"),
        look("One two four.", noise="b", hour=1, items=["x"]),
        bare("http-404", hour=2),
        look("Other words.", url=OTHER),
        look("3 of them.", url=OTHER, hour=1),
        look("7 late words.", url=LATE, hour=30),
    ]
    with Archive(path, reader=read, clock=Clock()) as archive:
        run = archive.start_run("test")
        for one in looks:
            archive.add(one, run)
    return path


def contents(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_wider_rule_changes_readings_and_never_the_history(filled: Path) -> None:
    with Archive(filled, reader=read_in_capitals, clock=Clock()) as archive:
        ids = {row.url: row.id for row in archive.articles()}
        events = [(event.at, event.kind) for event in archive.events()]
        report = archive.reextract()
        assert (report.articles, report.looks, report.changed, report.failed) == (3, 6, 3, ())
        assert {row.url: row.id for row in archive.articles()} == ids
        assert {row.title for row in archive.articles()} == {"A TITLE"}
        assert [(event.at, event.kind) for event in archive.events()] == events
        again = archive.reextract()
        assert (again.changed, again.largest) == (0, ())


def test_the_rows_are_those_of_an_archive_that_was_read_so_from_the_start(filled: Path, tmp_path: Path) -> None:
    with Archive(filled, reader=read_first_word, clock=Clock()) as archive:
        archive.reextract()
        rows = derived(archive)
        archive.rebuild({row[0] for row in archive.db.execute("SELECT DISTINCT target FROM sightings")})
        assert derived(archive) == rows


def test_merged_split_words_and_largest(filled: Path) -> None:
    with Archive(filled, reader=read_first_word, clock=Clock()) as archive:
        report = archive.reextract()
        (site,) = report.sites
        assert (site.site, site.articles, site.changed, site.disappeared) == ("paper", 3, 3, 1)
        assert (site.versions_merged, site.versions_split) == (1, 0)
        assert (site.words_gained, site.words_lost) == (1, 2 + 3 + 5)
        assert [one.article for one in report.largest] == [LATE, OTHER, URL]
        first: Reread = report.largest[0]
        assert (first.versions_before, first.versions_after, first.diff.words_removed) == (1, 0, 5)
    with Archive(filled, reader=read, clock=Clock()) as archive:
        (site,) = archive.reextract().sites
        assert (site.appeared, site.disappeared, site.versions_merged, site.versions_split) == (1, 0, 0, 1)
        assert archive.article(LATE).version_count == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(filled: Path) -> None:
    before = contents(filled)
    with Archive(filled, reader=read_first_word, clock=Clock()) as archive:
        rows = derived(archive)
        told = archive.reextract(dry_run=True)
        assert derived(archive) == rows
    assert contents(filled) == before
    with Archive(filled, reader=read_first_word, clock=Clock()) as archive:
        assert replace(archive.reextract(), dry_run=True) == told
        assert derived(archive) != rows


def test_site_and_since_choose(filled: Path) -> None:
    with Archive(filled, reader=read_in_capitals, clock=Clock()) as archive:
        assert archive.reextract(since=START + timedelta(hours=29)).articles == 1
        assert {row.url for row in archive.articles() if row.title == "A TITLE"} == {LATE}
        with pytest.raises(ArchiveError, match="'papers' is no site of this archive; its sites: paper"):
            archive.reextract(site="papers")
        assert archive.reextract(site="paper").changed == 2


def test_a_page_that_cannot_be_read_leaves_its_article_alone(filled: Path) -> None:
    def read_pages(pages: Iterable[Page]) -> Iterator[Reading | None]:
        for page in pages:
            yield None if page.url == OTHER else read_in_capitals(page)

    with Archive(filled, reader=read_in_capitals, clock=Clock()) as archive:
        steps: list[tuple[int, int]] = []
        report = archive.reextract(read_pages=read_pages, on_progress=lambda done, every: steps.append((done, every)))
        assert (report.failed, report.changed, steps) == ((OTHER,), 2, [(6, 6)])
        assert archive.article(OTHER).title == "A title"


def test_steps_and_pages_read_ahead_stay_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.reextract._STEP", 2)
    with Archive(path, reader=read, clock=Clock()) as archive:
        run = archive.start_run("test")
        for number in range(9):
            text = None if number == 4 else f"Text {number}."
            archive.add(look(text, url=f"https://paper.example/{number}", hour=number), run)
    with Archive(path, reader=read_in_capitals, clock=Clock()) as archive:
        report = archive.reextract(read_pages=lambda pages: iter([read_in_capitals(page) for page in list(pages)]))
        assert (report.articles, report.changed, report.looks) == (8, 8, 9)
        assert {row.title for row in archive.articles()} == {"A TITLE"}
