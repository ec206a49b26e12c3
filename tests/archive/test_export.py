"""Exports: whole, in one order, the same each time, and nothing in them that should not leave."""

import hashlib
import os
import re
import subprocess
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, ExportFormat, ExportRequest, import_paths
from tests.archive.exported import FORMATS, OTHER, card_of, files_of, fill, jsonl, lines_of, opt_out, table_of
from tests.archive.looks import URL, derived, look, read


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_archive_gives_the_same_bytes(path: Path, tmp_path: Path, form: ExportFormat) -> None:
    with Archive(path, reader=read) as archive:
        fill(archive)
        opt_out(archive)
        first = archive.export(tmp_path / "one", ExportRequest(format=form))
    with Archive(path, read_only=True) as archive:
        second = archive.export(tmp_path / "two", ExportRequest(format=form))
    files = files_of(tmp_path / "one")
    assert files == files_of(tmp_path / "two")
    assert replace(first, path=second.path) == second
    assert (first.files, first.bytes) == (len(files), sum(map(len, files.values())))
    assert (first.articles, first.versions) == (2, 6)
    checked = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path / "two", capture_output=True)
    assert checked.returncode == 0
    assert len(checked.stdout.splitlines()) == len(files) - 1
    told = b"".join(files.values()).decode()
    assert str(tmp_path) not in told
    assert os.uname().nodename not in told
    assert not re.search(rf"\b{datetime.now(UTC):%Y-%m-%d}", told)


def test_the_order_does_not_depend_on_when_things_came(path: Path, tmp_path: Path) -> None:
    looks = [look(f"Text {hour}.", url=url, hour=hour) for hour in range(3) for url in (URL, OTHER)]
    for name, order in (("a", looks), ("b", looks[::-1])):
        with Archive(tmp_path / f"{name}.db", reader=read) as archive:
            run = archive.start_run("test")
            for one in order:
                archive.add(one, run)
            jsonl(archive, tmp_path / name)
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b")
    assert [(one["url"], one["number"]) for one in lines_of(tmp_path / "a")] == [
        (url, number) for url in (OTHER, URL) for number in (1, 2, 3)
    ]


def test_text_files_are_named_by_their_digest_and_import_again(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest(format="text"))
    for part, suffix in (("clean", "txt"), ("raw", "html")):
        folder = tmp_path / "out" / part
        rows = table_of(folder / "urls.csv")
        names = sorted(path.name for path in folder.iterdir() if path.name != "urls.csv")
        assert names == [row["file"] for row in rows]
        assert [name[:4] for name in names] == [f"{number:03}_" for number in range(6)]
        for row in rows:
            digest = hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest()
            assert row["file"][4:] == f"{digest[:16]}.{suffix}"
            assert row["sha256"] == digest
    with Archive(tmp_path / "again.db", reader=read) as again:
        report = import_paths(again, [tmp_path / "out" / "raw"])
        assert report.problems == ()
        assert {one.url for one in again.articles()} == {URL, OTHER}
        for url in (URL, OTHER):
            assert {one.text_key for one in again.versions(url)} == {one.text_key for one in archive.versions(url)}


def test_bodies_can_stay_at_home(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest(format="text", raw=False))
    assert not (tmp_path / "out" / "raw").exists()
    assert card_of(tmp_path / "out")["raw"] is False
    with pytest.raises(ArchiveError, match="text alone"):
        archive.export(tmp_path / "no", ExportRequest(format="csv", raw=False))


def test_a_body_in_any_encoding_leaves_as_it_came(archive: Archive, tmp_path: Path) -> None:
    run = archive.start_run("test")
    bodies = (b"\xff\xfe\x00\xd8", b"caf\xe9 \x80\x81", bytes(range(256)))
    for hour, (body, media) in enumerate(zip(bodies, ("text/html", "image/png", "text/plain"), strict=True)):
        seen = look(f"Text {hour}.", hour=hour)
        assert seen.page is not None
        archive.add(replace(seen, page=replace(seen.page, body=body, media_type=media)), run)
    archive.export(tmp_path / "out", ExportRequest(format="text"))
    found = sorted(path for path in (tmp_path / "out" / "raw").iterdir() if path.name != "urls.csv")
    assert [path.suffix for path in found] == [".html", ".bin", ".txt"]
    assert [path.read_bytes() for path in found] == list(bodies)


def test_an_empty_archive_gives_an_export_of_nothing(archive: Archive, tmp_path: Path) -> None:
    for form in FORMATS:
        report = archive.export(tmp_path / form, ExportRequest(format=form))
        assert (report.versions, report.articles) == (0, 0)
        assert (tmp_path / form / "README.md").exists()


def test_a_crawl_that_goes_on_does_not_show(path: Path, tmp_path: Path) -> None:
    with Archive(path, reader=read) as writer:
        fill(writer)
        run = writer.start_run("test")
        added: list[int] = []

        def more(done: int, _every: int) -> None:
            writer.add(look(f"Added {done}.", url=f"https://paper.example/more{done}", hour=done), run)
            added.append(done)

        with Archive(path, read_only=True) as reader:
            report = reader.export(tmp_path / "out", ExportRequest(format="csv"), on_progress=more)
            assert (report.versions, added) == (6, [1, 2, 3, 4, 5, 6])
            assert len(table_of(tmp_path / "out" / "articles.csv")) == 2
            assert jsonl(reader, tmp_path / "later").versions == 12


def test_memory_stays_flat(path: Path, tmp_path: Path) -> None:
    """Peak Python memory for 4,000 versions of 10 kB is far below their 40 MB."""
    with Archive(path, reader=read) as archive:
        run = archive.start_run("test")
        archive.add(look("x"), run)
        with archive.atomic():
            archive.db.execute("DROP TRIGGER texts_fts_insert")
            rows = [(f"{number:016x}", "0" * 64, "t", "word " * 2000, 2000) for number in range(4000)]
            archive.db.conn.executemany(
                "INSERT INTO texts(key, sha256, title, text, words) VALUES (?, ?, ?, ?, ?)", rows
            )
            archive.db.execute(
                "INSERT INTO versions SELECT t.id + 10, v.article, t.id + 10, t.key, v.raw_key, v.first_seen, "
                "v.last_seen, 1, 0, 0, '[]', v.rules, '' FROM texts t, versions v WHERE v.number = 1 AND t.words = 2000"
            )
        for form in ("jsonl", "csv"):
            tracemalloc.start()
            report = archive.export(tmp_path / form, ExportRequest(format=form))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert report.versions == 4001
            assert peak < 4_000_000


def test_an_unknown_format_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="'xml' is no format; use one of text, jsonl"):
        archive.export(tmp_path / "out", ExportRequest(format="xml"))  # type: ignore[arg-type]


def test_an_exported_folder_imported_again_invents_no_edit(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.export(tmp_path / "out", ExportRequest())
    before = derived(archive)
    for folder in ("clean", "raw"):
        report = import_paths(archive, [tmp_path / "out" / folder])
        assert (dict(report.new)["fetches"], report.problems) == (0, ())
    assert derived(archive) == before


def test_times_in_a_list_of_urls_are_those_of_the_looks(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>Words.</p>")
    (tmp_path / "urls.csv").write_text(f"file,url,first_seen\na.html,{URL},2020-02-03T04:05:06Z\n")
    assert import_paths(archive, [tmp_path]).problems == ()
    assert [look.started_at for look in archive.looks(URL)] == [datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)]
    (tmp_path / "urls.csv").write_text(f"file,url,first_seen\na.html,{URL},yesterday\n")
    (problem,) = import_paths(archive, [tmp_path]).problems
    assert "first_seen of a.html is 'yesterday'" in problem.found
