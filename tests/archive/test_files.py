"""Importing folders of dumps and saved pages."""

import gzip
import json
from pathlib import Path

import pytest

from archive import Archive, import_paths, raw_key
from extractors import Page, Reading
from tests.archive.looks import read

STORY = {"title": "Bridge opens", "text": "The bridge opened on Monday.", "items": ["Flood", "Fire"]}
DUMP = json.dumps(STORY).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "dumps"
    (place / "deeper").mkdir(parents=True)
    (place / "000_0123456789abcdef.txt").write_bytes(DUMP)
    (place / "deeper" / "page.html").write_bytes(DUMP.replace(b"Monday", b"Friday"))
    (place / "notes.pdf").write_bytes(b"%PDF")
    return place


def rows(archive: Archive) -> dict[str, int]:
    names = (
        *(
            "runs",
            "fetches",
            "raws",
            "raw_bodies",
            "articles",
            "texts",
            "versions",
            "events",
            "labels",
            "phrases",
            "links",
            "spots",
            "placements",
        ),
        *("sightings", "urls", "sites", "discoveries", "optouts", "daily"),
    )
    return {name: archive.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_a_dump_without_a_url_is_named_by_its_bytes(archive: Archive, folder: Path) -> None:
    report = import_paths(archive, [folder])
    new = dict(report.new)
    assert (new["fetches"], new["raws"], new["articles"], new["headlines"]) == (2, 2, 2, 2)
    assert report.as_json() == {"new": new, "skipped": 0, "errors": []}
    row = archive.article(f"import:{raw_key(DUMP)}")
    assert (row.site, row.title) == ("import", "Bridge opens")
    (one,) = archive.looks(row.url)
    assert (one.source, one.outcome) == ("000_0123456789abcdef.txt", "imported")
    record = archive.db.execute("SELECT record FROM fetches ORDER BY id").fetchone()[0]
    assert json.loads(record) == {"media_type": "text/plain", "headers": [], "fetched_at": None}


def test_packed_files_are_unpacked(archive: Archive, folder: Path) -> None:
    import_paths(archive, [folder])
    packed = folder.parent / "packed"
    packed.mkdir()
    (packed / "002.html.gz").write_bytes(gzip.compress(DUMP.replace(b"Monday", b"Sunday")))
    (packed / "003.TXT.GZ").write_bytes(gzip.compress(DUMP.replace(b"Monday", b"Tuesday")))
    (packed / "004.html.gz").write_bytes(gzip.compress(DUMP)[:-12])
    (packed / "005.html.gz").write_bytes(b"no gzip")
    (packed / "006.pdf.gz").write_bytes(gzip.compress(b"%PDF"))
    report = import_paths(archive, [packed])
    assert dict(report.new)["articles"] == 2
    assert [Path(one.file).name for one in report.problems] == ["004.html.gz", "005.html.gz"]
    assert all("its gzip is damaged" in one.found for one in report.problems)
    assert import_paths(archive, [packed]).skipped == 2
    sql = "SELECT record ->> '$.media_type' FROM fetches WHERE source = ?"
    assert archive.db.execute(sql, ("003.TXT.GZ",)).fetchone() == ("text/plain",)


def test_a_packed_file_that_would_fill_the_memory_is_refused(archive: Archive, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.html.gz", "wb") as file:
        for _ in range(65):
            file.write(b" x" * 2**19)
    (problem,) = import_paths(archive, [tmp_path / "bomb.html.gz"]).problems
    assert problem.found == f"it unpacks to more than {64 * 2**20} bytes"


def test_older_pages_that_were_seen_at_their_url_are_no_new_looks(archive: Archive, tmp_path: Path) -> None:
    add = [(f"{number}.html", DUMP.replace(b"Monday", day)) for number, day in enumerate((b"Monday", b"Friday"))]
    for place in ("crawled", "exported"):
        (tmp_path / place).mkdir()
        for name, body in add:
            (tmp_path / place / f"{place}-{name}").write_bytes(body)
        lines = [f"{place}-{name},https://paper.example/bridge" for name, _ in add]
        (tmp_path / place / "urls.csv").write_text("\n".join(["file,url", *lines]) + "\n")
    import_paths(archive, [tmp_path / "crawled"])
    before = rows(archive)
    assert import_paths(archive, [tmp_path / "exported"]).skipped == 2
    assert rows(archive) == {**before, "runs": before["runs"] + 1}
    assert archive.article("https://paper.example/bridge").version_count == 2


def test_a_second_import_adds_one_run_only(archive: Archive, folder: Path) -> None:
    import_paths(archive, [folder])
    before = rows(archive)
    report = import_paths(archive, [folder / "000_0123456789abcdef.txt", folder])
    assert report.skipped == 3
    assert not any(count for _, count in report.new)
    assert rows(archive) == {**before, "runs": before["runs"] + 1}


def test_urls_come_from_a_table(archive: Archive, folder: Path) -> None:
    (folder / "urls.csv").write_text("file,url\n000_0123456789abcdef.txt,https://paper.example/bridge?utm_source=x\n")
    import_paths(archive, [folder])
    assert archive.article("https://paper.example/bridge").site == "paper.example"


def test_bad_files_are_named_with_a_cure(archive: Archive, tmp_path: Path) -> None:
    for name, body in {"empty.txt": b" \n", "photo.txt": b"\x89PNG\0\0", "fine.txt": DUMP}.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "urls.csv").write_text("name;address\n")
    (tmp_path / "bad" / "a.txt").write_bytes(DUMP + b" ")
    (tmp_path / "urls.csv").write_text("file,url\nfine.txt,no-scheme/page\n")
    report = import_paths(archive, [tmp_path, tmp_path / "missing.txt", Path(__file__)])
    found = {Path(one.file).name: one.found for one in report.problems}
    assert found["empty.txt"] == "it is empty"
    assert "binary" in found["photo.txt"]
    assert "columns file and url" in found["urls.csv"]
    assert "left alone" in found["urls.csv"]
    assert "scheme" in found["fine.txt"]
    assert "does not exist" in found["missing.txt"]
    assert "suffix" in found[Path(__file__).name]
    assert all(one.cure for one in report.problems)
    assert dict(report.new)["fetches"] == 0


def test_an_unreadable_file_is_a_problem(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    report = import_paths(archive, [tmp_path / "loop.txt"])
    assert len(report.problems) == 1


def test_reading_can_wait(path: Path, folder: Path) -> None:
    def never(page: Page) -> Reading:
        raise AssertionError(page.url)

    with Archive(path, reader=never) as archive:
        report = dict(import_paths(archive, [folder], extract=False).new)
        assert (report["fetches"], report["raws"], report["articles"]) == (2, 2, 0)
    with Archive(path, reader=read) as archive:
        archive.rebuild(row[0] for row in archive.db.execute("SELECT id FROM urls").fetchall())
        assert len(list(archive.articles())) == 2


def test_each_file_is_reported_when_done(archive: Archive, folder: Path) -> None:
    names: list[str] = []
    import_paths(archive, [folder], seen=lambda path: names.append(path.name))
    assert names == ["000_0123456789abcdef.txt", "page.html"]
