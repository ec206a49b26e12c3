"""WARC files of other tools: what of them becomes a look, and what is damaged is named and passed over."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, ImportReport, import_paths, raw_key
from archive.importing import records as warc_records
from archive.importing.members import Members
from archive.importing.packing import zstd
from archive.importing.records import Record, read_records
from tests.archive.looks import read

SITE = "https://paper.example"
DATE = "2020-02-02T10:00:00Z"


def story(text: str) -> bytes:
    return json.dumps({"text": text}).encode()


class Book:
    """A WARC written by warcio."""

    def __init__(self, *, gz: bool = True) -> None:
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=gz)
        self.places: list[int] = []

    def response(
        self,
        url: str,
        body: bytes,
        *,
        status: str = "200 OK",
        headers: Any = (),
        date: str = DATE,
        kind: str = "response",
    ) -> Any:
        head = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        return self.add(url, "response", body, http_headers=head, warc_headers_dict={"WARC-Date": date})

    def add(self, url: str, kind: str, body: bytes, **more: Any) -> Any:
        return self.write(self.writer.create_warc_record(url, kind, payload=io.BytesIO(body), **more))

    def revisit(self, url: str, digest: str, first: str, date: str, **more: Any) -> Any:
        dated = {"WARC-Date": date}
        return self.write(self.writer.create_revisit_record(url, digest, first, DATE, warc_headers_dict=dated, **more))

    def write(self, record: Any) -> Any:
        self.places.append(self.out.tell())
        self.writer.write_record(record)
        record.raw_stream.close()
        return record

    def save(self, folder: Path, name: str = "f.warc.gz") -> Path:
        (folder / name).write_bytes(self.out.getvalue())
        return folder / name


def rows(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT url, kind, outcome, status, started_at FROM fetches ORDER BY id").fetchall()


def done(archive: Archive, path: Path) -> dict[str, int]:
    """Imports without any problem; returns what is new."""
    report = import_paths(archive, [path])
    assert report.problems == ()
    return dict(report.new)


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"


def test_a_response_is_a_look_at_its_time(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    book.response(f"{SITE}/a", story("Old news."), headers=[("ETag", '"1"'), ("X-Robots-Tag", "noai")])
    book.response(f"{SITE}/a", story("New news."), date="2021-02-02T10:00:00.5Z")
    assert done(archive, book.save(tmp_path))["versions"] == 2
    first, second = archive.looks(f"{SITE}/a")
    assert (first.outcome, first.source) == ("imported", "f.warc.gz@0")
    assert second.source == f"f.warc.gz@{book.places[1]}"
    versions = archive.versions(f"{SITE}/a")
    assert [f"{version.first_seen:%Y}" for version in versions] == ["2020", "2021"]
    assert archive.db.execute("SELECT etag FROM fetches").fetchone() == ('"1"',)


def test_what_is_no_page_has_an_outcome(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    book.add(f"{SITE}/", "warcinfo", b"software: x\r\n", warc_content_type="application/warc-fields")
    book.response(f"{SITE}/robots.txt", b"User-agent: *\n", headers=[("Content-Type", "text/plain")])
    book.response(f"{SITE}/moved", b"", status="301 Moved", headers=[("Location", "/a")])
    book.response(f"{SITE}/gone", b"<p>gone", status="410 Gone")
    head = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.0")
    book.add(f"{SITE}/i.png", "response", b"\x89PNG", http_headers=head, warc_headers_dict={"WARC-Date": DATE})
    get = StatusAndHeaders("GET / HTTP/1.1", [("Host", "paper.example")], is_http_request=True)
    book.add(f"{SITE}/", "request", b"", http_headers=get)
    book.add("dns:paper.example", "response", b"1.2.3.4", warc_content_type="text/dns")
    book.add(f"{SITE}/a", "metadata", b"a: b\r\n", warc_content_type="application/warc-fields")
    book.add(f"{SITE}/a", "conversion", b"text", warc_content_type="text/plain")
    book.add(f"{SITE}/saved", "resource", story("Saved."), warc_content_type="text/html; charset=utf-8")
    done(archive, book.save(tmp_path))
    assert [row[:4] for row in rows(archive)] == [
        (f"{SITE}/robots.txt", "robots", "imported", 200),
        (f"{SITE}/moved", "article", "http-301", 301),
        (f"{SITE}/gone", "article", "http-410", 410),
        (f"{SITE}/i.png", "article", "not-html", 200),
        (f"{SITE}/saved", "article", "imported", 200),
    ]
    assert archive.article(f"{SITE}/saved").title


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        ([("Transfer-Encoding", "chunked")], chunked),
        ([("Content-Encoding", "gzip")], gzip.compress),
        ([("Content-Encoding", "deflate")], zlib.compress),
        ([("Content-Encoding", "zstd")], zstd.compress),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], lambda body: chunked(gzip.compress(body))),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], bytes),  # undone, and the headers left
    ],
)
def test_encodings_are_undone(
    archive: Archive, tmp_path: Path, headers: list[tuple[str, str]], pack: Callable[[bytes], bytes]
) -> None:
    book = Book()
    book.response(f"{SITE}/a", pack(story("Packed.")), headers=headers)
    done(archive, book.save(tmp_path))
    assert archive.last_raw_key(f"{SITE}/a") == raw_key(story("Packed."))


def test_a_body_that_cannot_be_unpacked_has_an_outcome(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    packed = [("Content-Encoding", "gzip")]
    book.response(f"{SITE}/cut", gzip.compress(story("x" * 5000))[:-20], headers=packed)
    book.response(f"{SITE}/bomb", gzip.compress(bytes(70 * 2**20), 1), headers=packed)
    book.response(f"{SITE}/br", b"\x1b\x00", headers=[("Content-Encoding", "br")])
    report = import_paths(archive, [book.save(tmp_path)])
    assert [row[2] for row in rows(archive)] == ["truncated", "decompression-bomb"]
    assert [problem.found for problem in report.problems] == ["its Content-Encoding is 'br'"]


def test_revisits_repeat_a_body(archive: Archive, tmp_path: Path) -> None:
    book = Book()
    first = book.response(f"{SITE}/a", story("Same."))
    digest = first.rec_headers.get_header("WARC-Payload-Digest")
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    for hour, url in ((11, f"{SITE}/a"), (12, f"{SITE}/b")):
        book.revisit(url, digest, f"{SITE}/a", f"2020-02-02T{hour}:00:00Z", http_headers=head)
    book.revisit(f"{SITE}/c", "sha1:" + "A" * 32, f"{SITE}/elsewhere", DATE)
    book.response(f"{SITE}/d", story("After."))
    report = import_paths(archive, [book.save(tmp_path)])
    assert [row[0] for row in rows(archive)] == [f"{SITE}/{name}" for name in "aabd"]
    assert [version.sightings for version in archive.versions(f"{SITE}/a")] == [2]
    assert archive.article(f"{SITE}/b").title == archive.article(f"{SITE}/a").title
    (problem,) = report.problems
    assert "elsewhere, is not in the archive" in problem.found
    assert "import the WARC that holds it first" in problem.cure


def test_a_revisit_finds_its_body_in_an_earlier_file(archive: Archive, tmp_path: Path) -> None:
    one, two = Book(), Book()
    digest = one.response(f"{SITE}/a", story("Same.")).rec_headers.get_header("WARC-Payload-Digest")
    two.revisit(f"{SITE}/a", digest, f"{SITE}/a", "2020-02-03T10:00:00Z")
    done(archive, one.save(tmp_path, "1.warc.gz"))
    done(archive, two.save(tmp_path, "2.warc.gz"))
    assert [version.sightings for version in archive.versions(f"{SITE}/a")] == [2]


def plain() -> bytes:
    book = Book(gz=False)
    for number in range(5):
        book.response(f"{SITE}/{number}", story(f"Story {number}."))
    return book.out.getvalue()


def zst(content: bytes) -> bytes:
    """One frame a record, against a dictionary in a frame in front."""
    samples = [json.dumps({"a": "WARC-Type: response", "n": n, "m": "x" * (n % 90)}).encode() for n in range(2000)]
    trained = zstd.train_dict(samples, 2048)
    parts = content.split(b"WARC/1.0\r\n")[1:]
    frames = [zstd.compress(b"WARC/1.0\r\n" + part, zstd_dict=trained) for part in parts]
    held = zstd.compress(trained.dict_content)
    return b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held + b"".join(frames)


@pytest.mark.parametrize(
    ("name", "pack"),
    [("p.warc", bytes), ("one.warc.gz", gzip.compress), ("one.warc.zst", zstd.compress), ("many.warc.zst", zst)],
)
def test_the_packing_does_not_matter(
    archive: Archive, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(plain()))
    assert done(archive, tmp_path)["articles"] == 5
    again = import_paths(archive, [tmp_path / name])
    assert (again.skipped, dict(again.new)["fetches"]) == (5, 0)
    places = [row[0] for row in archive.db.execute("SELECT source FROM fetches")]
    assert len(set(places)) == 5
    assert places[0].startswith(f"{name}@")


def test_a_damaged_dictionary_costs_its_frames_only(archive: Archive, tmp_path: Path) -> None:
    content = zst(plain())
    held = int.from_bytes(content[4:8], "little")
    trained = zstd.decompress(content[8 : 8 + held])
    for wrong in (damaged(trained, 8, b"\0" * 25), b"", b"\x28\xb5\x2f\xfd"):
        frame = b"\x5d\x2a\x4d\x18" + len(wrong).to_bytes(4, "little") + wrong
        report = imported(archive, tmp_path, frame + content[8 + held :], "f.warc.zst")
        assert dict(report.new)["fetches"] == 0
        assert "damaged" in report.problems[0].found


def damaged(content: bytes, where: int, change: bytes) -> bytes:
    return content[:where] + change + content[where + len(change) :]


def imported(archive: Archive, tmp_path: Path, content: bytes, name: str = "f.warc.gz") -> ImportReport:
    (tmp_path / name).write_bytes(content)
    return import_paths(archive, [tmp_path / name])


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


def test_a_killed_import_goes_on(path: Path, tmp_path: Path) -> None:
    book = Book()
    for number in range(250):
        book.response(f"{SITE}/{number}", story(f"Story {number}."))
    warc = book.save(tmp_path)

    class KilledError(Exception):
        pass

    def kill(_path: Path, done: int) -> None:
        if done >= book.places[150]:
            raise KilledError

    with Archive(path, reader=read) as archive, pytest.raises(KilledError):
        import_paths(archive, [warc], on_progress=kill)
    with Archive(path, reader=read) as archive:
        report = import_paths(archive, [warc])
        assert (report.skipped, dict(report.new)["fetches"]) == (200, 50)
        assert len(list(archive.articles())) == 250
