"""The folder of an export: its card, what may stand there before, and nothing left when it fails."""

import re
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, ExportFormat, ExportRequest, Selection
from tests.archive.exported import FORMATS, card_of, files_of, fill, jsonl, opt_out
from tests.archive.looks import look


def test_the_card_tells_what_is_missing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    opt_out(archive)
    query = "SELECT url FROM articles -- ``` and | pipes"
    jsonl(archive, tmp_path / "out", site="paper", query=query)
    card = card_of(tmp_path / "out")
    assert card["selection"] == {"site": "paper", "since": None, "until": None, "query": query, "opted_out": False}
    assert card["by_site"] == [{"site": "paper", "articles": 2, "versions": 6}]
    assert card["by_day"] == [
        {"day": "2026-11-01", "site": "paper", "versions": 4},
        {"day": "2026-11-02", "site": "paper", "versions": 1},
        {"day": "2026-11-03", "site": "paper", "versions": 1},
    ]
    assert card["rules"] == [{"rules": "fake/1", "versions": 6}]
    assert card["gaps"] == [
        {"day": "2026-11-02", "site": "paper", "outcome": "http-503", "looks": 1},
        {"day": "2026-11-03", "site": "paper", "outcome": "timeout", "looks": 1},
    ]
    readme = (tmp_path / "out" / "README.md").read_text("utf-8")
    for said in ("| 2026-11-02 | paper | http-503 | 1 |", f"````sql\n{query}\n````", "belong to their publishers"):
        assert said in readme
    assert "sha256sum -c SHA256SUMS" in readme


def test_a_hostile_name_stays_in_its_cell(archive: Archive, tmp_path: Path) -> None:
    archive.add(replace(look(), site="a|b\n# <x>\u202e"), archive.start_run("test"))
    jsonl(archive, tmp_path / "out")
    assert "| a\\|b # \\<x\\>  | 1 | 1 |" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_a_folder_with_something_in_it_is_refused(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    out = tmp_path / "out"
    out.mkdir()
    jsonl(archive, out)
    before = files_of(out)
    with pytest.raises(ArchiveError, match=r"not empty.*--force"):
        jsonl(archive, out)
    again = ExportRequest(format="jsonl", force=True)
    archive.add(look("Text 9 here.", hour=90), archive.start_run("test"))
    assert archive.export(out, again).versions == 7
    assert files_of(out) != before
    with pytest.raises(ArchiveError, match="another 'selection'"):
        archive.export(out, replace(again, selection=Selection(site="paper")))
    with pytest.raises(ArchiveError, match="another 'format'"):
        archive.export(out, replace(again, format="csv"))
    (out / "notes.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"notes\.txt is not part of the export"):
        archive.export(out, again)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="no whole export of presskeep"):
        archive.export(tmp_path / "mine", again)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ArchiveError, match="is a file"):
        jsonl(archive, tmp_path / "file")
    with pytest.raises(ArchiveError, match="is no folder"):
        jsonl(archive, tmp_path / "nowhere" / "out")
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_interrupted_export_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)

    def stop(done: int, every: int) -> None:
        assert every == 6
        if done == 4:
            raise KeyboardInterrupt

    before = sorted(path.name for path in tmp_path.iterdir())
    for form in FORMATS:
        with pytest.raises(KeyboardInterrupt):
            archive.export(tmp_path / "out", ExportRequest(format=form), on_progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_disk_error_names_the_file(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    place = tmp_path / "out"

    def full(done: int, every: int) -> None:
        (part,) = tmp_path.glob(".out.*.part")
        with_number = next(part.glob("clean/000_*"))
        with_number.rename(part / "clean" / "moved")
        (part / "raw").rename(part / "elsewhere")
        (part / "raw").write_text("in the way")

    with pytest.raises(ArchiveError, match=re.escape(str(place / "raw" / "001_")) + ".*cannot be written"):
        archive.export(place, ExportRequest(format="text"), on_progress=full)
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    ("form", "name"), [("jsonl", "versions.jsonl"), ("csv", "versions.csv"), ("text", r"clean/000_[0-9a-f]{16}\.txt")]
)
def test_a_full_disk_names_the_file(archive: Archive, tmp_path: Path, form: ExportFormat, name: str) -> None:
    archive.add(look("Many words. " * 20_000), archive.start_run("test"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, limits[1]))
    try:
        with pytest.raises(ArchiveError, match=rf"out/{name} cannot be written \(File too large\); check"):
            archive.export(tmp_path / "out", ExportRequest(format=form))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.glob("*out*"))
