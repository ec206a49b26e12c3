"""Looks whose page crashed its reader: they are tried again, in a process of their own."""

import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from archive import Archive, Look, Outcome
from archive.apart import read_apart
from extractors import Page, Reading
from tests.archive.conftest import Clock
from tests.archive.looks import URL, bare, derived, look, page, read
from tests.archive.test_merge import fake_rules, merged


def die(page: Page) -> Reading:
    if b"deadly" in page.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(page)


def stumble(page: Page) -> Reading:
    raise RecursionError(page.url)


def shout(page: Page) -> Reading:
    print("noise on stdout")
    return read(page)


def crashed(text: str, hour: int, **told: object) -> Look:
    return replace(look(text, hour=hour, **told), article=None, outcome=Outcome.EXTRACT_CRASH, error="killed")


LOOKS = [look("One.", noise="1"), crashed("Two.", 1, noise="deadly", items=["a"]), look("Three.", hour=2, noise="3")]


def written(path: Path, looks: list[Look] = LOOKS) -> Path:
    with Archive(path, reader=die, clock=Clock()) as archive:
        run = archive.start_run("test")
        for one in looks:
            archive.add(one, run)
    return path


def test_a_page_is_read_in_a_process_of_its_own() -> None:
    calm, deadly = page("Calm."), page("Deadly.", noise="deadly")
    for reader in (die, shout, lambda one: read(one)):
        assert read_apart(calm, reader) == read(calm)
    assert read_apart(deadly, die) is None
    assert read_apart(calm, stumble) is None
    assert read_apart(calm, lambda one: stumble(one)) is None


def test_reextract_derives_it_as_if_it_had_been_read_the_first_time(path: Path) -> None:
    written(path)
    with Archive(path, reader=read, clock=Clock()) as archive:
        assert [one.version for one in archive.looks(URL)] == [1, None, 2]
        assert [one.kind for one in archive.verify(deep=True).problems] == ["older rules"]
        report = archive.reextract()
        assert (report.changed, report.failed) == (1, ())
        assert [(one.outcome, one.version) for one in archive.looks(URL)] == [
            ("new", 1), ("extract-crash", 2), ("changed", 3),
        ]  # fmt: skip
        assert archive.reextract().changed == 0
        assert archive.verify(deep=True).problems == ()
        mended = derived(archive)
    smooth = [replace(one, article=read(one.page).article, outcome=None) for one in LOOKS if one.page]
    with Archive(written(path.with_name("smooth.db"), smooth), reader=read) as archive:
        assert derived(archive) == mended


def test_one_that_crashes_again_is_named_and_costs_nothing_else(path: Path) -> None:
    written(path)
    with Archive(path, reader=die, clock=Clock()) as archive:
        before = derived(archive)
        assert archive.reextract().failed == (URL,)
        assert derived(archive) == before

        def lose(pages: Iterable[Page]) -> Iterator[Reading | None]:
            return (None if b"deadly" in one.body else read(one) for one in pages)

        assert archive.reextract(read_pages=lose).failed == (URL,)
        assert derived(archive) == before
        archive.add(replace(look("Four.", hour=-1), article=read(page("Four.")).article), archive.start_run("late"))
        assert [one.version for one in archive.looks(URL)] == [1, 2, None, 3]


def test_an_article_that_was_never_read_appears(path: Path) -> None:
    written(path, [crashed("Only.", 0, noise="deadly"), bare("not-modified", hour=1)])
    with Archive(path, reader=die) as archive:
        assert list(archive.articles()) == []
    with Archive(path, reader=read) as archive:
        archive.reextract()
        (version,) = archive.versions(URL)
        assert (version.sightings, [one.version for one in archive.looks(URL)]) == (2, [1, 1])


def test_a_merge_tries_it_again_too(path: Path) -> None:
    rows = merged(path.with_name("into.db"), [written(path)], rules=fake_rules)[1]
    assert [row[1] for row in rows["derived versions"]] == [1, 2, 3]
