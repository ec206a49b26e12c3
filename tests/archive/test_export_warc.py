"""Exports as WARC: every look in order, or those of the chosen articles."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import Archive, ExportRequest, Selection, import_paths
from archive.exporting import export
from archive.exporting.warc import write_warc
from extractors import OptOut
from tests.archive.exported import SECRET, card_of, fill, opt_out
from tests.archive.looks import START, URL, bare, derived, look, read


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of looks that the WARC writer was given."""
    given: list[int] = []

    def spy(db: Database, read_body: Callable[[str], bytes], path: Path, fetches: Iterable[int], software: str) -> int:
        given.extend(fetches)
        return write_warc(db, read_body, path, given, software)

    monkeypatch.setattr(export, "write_warc", spy)
    return given


def test_warc_gets_every_look_in_order(archive: Archive, tmp_path: Path, handed: list[int]) -> None:
    fill(archive)
    report = archive.export(tmp_path / "out", ExportRequest(format="warc"))
    order = archive.db.execute("SELECT id FROM fetches ORDER BY started_at, run, seq").fetchall()
    assert handed == [row[0] for row in order]
    assert len(order) == 8
    assert report.records == card_of(tmp_path / "out")["records"] > 8
    with Archive(tmp_path / "again.db", reader=read) as again:
        report = import_paths(again, [tmp_path / "out" / "looks.warc.gz"])
        assert (dict(report.new)["fetches"], report.problems) == (8, ())
        assert derived(again) == derived(archive)


def test_warc_gets_the_chosen_looks_and_the_failures_of_their_urls(
    archive: Archive, tmp_path: Path, handed: list[int]
) -> None:
    fill(archive)
    chosen = Selection(query=f"SELECT '{URL}' AS url")
    archive.export(tmp_path / "out", ExportRequest(format="warc", selection=chosen))
    looks = [(one.fetch, one.outcome) for one in archive.looks(URL)]
    assert handed == [fetch for fetch, _ in looks]
    assert looks[-1][1] == "http-503"
    handed.clear()
    archive.export(
        tmp_path / "late", ExportRequest(format="warc", selection=replace(chosen, since=START + timedelta(hours=2)))
    )
    assert handed == [fetch for fetch, _ in looks[2:]]


def test_warc_leaves_opted_out_pages_at_home(archive: Archive, tmp_path: Path, handed: list[int]) -> None:
    fill(archive)
    opt_out(archive)
    run = archive.start_run("test")
    archive.add(bare("http-404", url=SECRET, hour=9), run)
    silent = look(None, url="https://paper.example/silent", hour=9)
    archive.add(replace(silent, optouts=(OptOut(signal="x-robots-tag", value="noarchive"),)), run)
    archive.export(tmp_path / "out", ExportRequest(format="warc"))
    assert len(handed) == 8
    handed.clear()
    archive.export(tmp_path / "all", ExportRequest(format="warc", selection=Selection(opted_out=True)))
    assert len(handed) == 11
