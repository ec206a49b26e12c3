"""Damaged and lying WARC files: what is whole is kept, and the rest is named and passed over."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, import_paths
from archive.importing import records as warc_records
from archive.importing.members import Members
from archive.importing.packing import zstd
from archive.importing.records import Record, read_records
from tests.archive.warcs import SITE, Book, damaged, done, imported, plain, rows, story, zst


def test_a_damaged_dictionary_costs_its_frames_only(archive: Archive, tmp_path: Path) -> None:
    content = zst(plain())
    held = int.from_bytes(content[4:8], "little")
    trained = zstd.decompress(content[8 : 8 + held])
    for wrong in (damaged(trained, 8, b"\0" * 25), b"", b"\x28\xb5\x2f\xfd"):
        frame = b"\x5d\x2a\x4d\x18" + len(wrong).to_bytes(4, "little") + wrong
        report = imported(archive, tmp_path, frame + content[8 + held :], "f.warc.zst")
        assert dict(report.new)["fetches"] == 0
        assert "damaged" in report.problems[0].found


@pytest.mark.parametrize("gz", [True, False])
def test_a_cut_file_gives_what_is_whole(archive: Archive, tmp_path: Path, gz: bool) -> None:
    book = Book(gz=gz)
    for number in range(5):
        book.response(f"{SITE}/{number}", story(f"Story {number}."))
    report = imported(archive, tmp_path, book.out.getvalue()[: book.places[4] + 300], "f.warc.gz" if gz else "f.warc")
    assert dict(report.new)["articles"] == 4
    (problem,) = report.problems
    assert problem.file.endswith(f"@{book.places[4]}")
    whole = imported(archive, tmp_path, book.out.getvalue(), "f.warc.gz" if gz else "f.warc")
    assert (whole.skipped, dict(whole.new)["articles"], whole.problems) == (4, 1, ())


def test_damage_in_the_middle_costs_one_record(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    for number in range(5):
        book.response(f"{SITE}/{number}", story(f"Story {number}."))
    content = damaged(book.out.getvalue(), book.places[2] + 60, b"\0\0\0\0")
    report = imported(archive, tmp_path, content)
    assert dict(report.new)["articles"] == 4
    assert [problem.file.rpartition("@")[2] for problem in report.problems] == [str(book.places[2])]
    assert "damaged" in report.problems[0].found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"Content-Length: ", b"Content-Length: 9", "cut short|wrong"),
        (b"Content-Length: ", b"Content-Length: -", "Content-Length is '-"),
        (b"Content-Length: ", b"Content-Length: 99999999999999999999", "Content-Length is"),
        (b"WARC/1.0\r\n", b"WARC/9\r\n", "no WARC record begins here"),
        (b"Content-Length: ", b"X: " + b"y" * 300_000 + b"\r\nContent-Length: ", "header has more than"),
        (b"Story 2", b"Story X", "its block has another digest"),
        (b"WARC-Date: 2020-02-02", b"WARC-Date: yesterday!", "WARC-Date"),
        (b"HTTP/1.1 200", b"GOPHER/1 200", "no HTTP response|another digest"),
        (b"https://paper.example/2", b"https://[paper.example2", "host"),
    ],
)
@pytest.mark.parametrize("name", ["f.warc", "one.warc.gz"])
def test_a_record_that_lies_is_named_and_passed_over(
    archive: Archive, tmp_path: Path, name: str, old: bytes, new: bytes, found: str
) -> None:
    parts = plain().split(b"WARC/1.0\r\n")[1:]
    whole = [b"WARC/1.0\r\n" + part for part in parts]
    place = sum(map(len, whole[:2]))
    whole[2] = whole[2].replace(old, new, 1)
    content = b"".join(whole)
    report = imported(archive, tmp_path, content if name == "f.warc" else gzip.compress(content), name)
    left = {str(row[0])[-1] for row in rows(archive)}
    assert left >= {"0", "1", "4"}
    assert len(left) == dict(report.new)["fetches"]
    assert "2" not in left
    named = report.problems[0].file.rpartition("@")[2]
    assert named == str(place) if name == "f.warc" else named == f"0+{place}"
    assert any(part in report.problems[0].found for part in found.split("|")), report.problems[0].found


def test_a_long_record_is_passed_over(archive: Archive, tmp_path: Path) -> None:
    """65 MB of zeros in a few kilobytes of gzip."""
    book = Book()
    book.response(f"{SITE}/big", bytes(65 * 2**20))
    book.response(f"{SITE}/a", story("After."))
    done(archive, book.save(tmp_path))
    assert [(row[0], row[2]) for row in rows(archive)] == [(f"{SITE}/big", "too-large"), (f"{SITE}/a", "imported")]


def test_a_bomb_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_records, "_BUDGET", 2**20)
    member = gzip.compress(b"WARC/1.0\r\nContent-Length: 900000000000\r\n\r\n" + bytes(8 * 2**20))
    good = gzip.compress(plain())
    found = list(read_records(Members(io.BytesIO(member + good)), 2**20))
    assert "900000000000 bytes" in getattr(found[0], "found", "")
    assert sum(isinstance(one, Record) for one in found) == 5


def test_many_problems_are_counted(archive: Archive, tmp_path: Path) -> None:
    report = imported(archive, tmp_path, b"WARC/1.0\r\nContent-Length: x\r\n\r\n" * 1100, "f.warc")
    assert len(report.problems) == 1000 + 1
    assert report.problems[-1].found.endswith("more problems are not named")


def test_a_file_without_responses_says_so(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    book.add(f"{SITE}/a", "conversion", b"text", warc_content_type="text/plain")
    report = imported(archive, tmp_path, book.out.getvalue())
    assert [problem.found for problem in report.problems] == ["its 1 records hold no response"]
    report = imported(archive, tmp_path, b"no warc", "g.warc")
    assert report.problems[-1].cure == "give a WARC file"
    (tmp_path / "a.wacz").write_bytes(b"PK")
    assert "unzip it" in import_paths(archive, [tmp_path / "a.wacz"]).problems[0].cure


def test_a_row_of_an_archive_is_not_believed(archive: Archive, tmp_path: Path) -> None:
    row = {
        "url": f"{SITE}/a", "site": "paper", "started_at": "2020-01-01T00:00:00.000Z", "outcome": "timeout",
        "kind": "article", "ms": 1, "bytes": 1, "attempts": 1, "status": None, "final_url": None, "etag": None,
        "last_modified": None, "error": None, "raw_key": None, "record": {}, "optouts": [],
    }  # fmt: skip
    wrong: list[dict[str, Any]] = [
        {"outcome": "fine"}, {"kind": "x"}, {"ms": 10**30}, {"ms": "1"}, {"record": []}, {"started_at": "today"},
        {"record": {"headers": [["a", 1]]}}, {"optouts": [["a", "b", "c"]]}, {"started_at": "2020-01-01"},
        {"url": "nowhere"}, {"url": None},
    ]  # fmt: skip
    book = Book()
    for change in [*wrong, {}]:
        block = json.dumps({**row, **change}).encode()
        book.add(f"{SITE}/a", "metadata", block, warc_content_type="application/vnd.presskeep.look+json")
    book.add(f"{SITE}/a", "metadata", b"[" * 100_000, warc_content_type="application/vnd.presskeep.look+json")
    report = imported(archive, tmp_path, book.out.getvalue())
    assert len(report.problems) == len(wrong) + 1, [problem.found for problem in report.problems]
    assert rows(archive) == [(f"{SITE}/a", "article", "timeout", None, "2020-01-01T00:00:00.000Z")]


CONTENT = plain()
PACKED = gzip.compress(CONTENT[: len(CONTENT) // 2]) + gzip.compress(CONTENT[len(CONTENT) // 2 :])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([CONTENT, PACKED, zst(CONTENT)]), st.data())
def test_no_damage_raises(content: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content)))
        change = data.draw(st.binary(max_size=8))
        cut = data.draw(st.integers(0, 40))
        content = content[:place] + change + content[place + cut :]
    for found in read_records(Members(io.BytesIO(content)), 2**20):
        if isinstance(found, Record):
            assert len(found.block) == found.length or found.too_long
