"""The generator of large archives, in small: what it writes must be an archive like any other."""

from pathlib import Path

import pytest

from archive import Archive
from tests.benchmarks.archive_at_scale import Size, generate
from tests.benchmarks.pages_at_scale import TABLES, paths


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scale") / "large.db"
    generate(path, Size(articles=60, versions=70, fetches=2300, days=20, items=6, words=60))
    return path


def test_it_has_the_numbers_that_were_asked_for_and_nothing_is_wrong_with_it(made: Path) -> None:
    with Archive(made, read_only=True) as archive:
        stats = archive.stats()
        report = archive.verify()
    assert (stats.articles, stats.versions, stats.fetches) == (60, 70, 2300)
    assert report.problems == ()


def test_its_bodies_its_edits_and_its_lists_can_be_read(made: Path) -> None:
    with Archive(made, read_only=True) as archive:
        edited = next(row for row in archive.articles() if row.version_count > 1)
        diff = archive.diff(edited.url)
        assert diff.words.words_added > 0
        assert diff.words.words_removed > 0
        assert b"<article>" in archive.raw(diff.new.raw_key)
        assert len(archive.lists(edited.url)) == min(6, stats_of_site(archive, edited.site))
        assert {day.state for day in archive.coverage()} >= {"normal", "quiet", "outage"}


def stats_of_site(archive: Archive, site: str) -> int:
    return next(one.articles for one in archive.stats().sites if one.site == site)


def test_every_page_to_be_measured_has_an_address(made: Path) -> None:
    found = [page for _, page in paths(made)]
    assert not [page for page in found if "{" in page]
    assert len(found) > len(TABLES)
