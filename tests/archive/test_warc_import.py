"""WARC files of other tools: what of them becomes a look."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders

from archive import Archive, import_paths, raw_key
from archive.importing.packing import zstd
from tests.archive.looks import read
from tests.archive.warcs import DATE, SITE, Book, done, plain, rows, story, zst


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
