"""An archive as WARC and back: others read it, and an import gives the same archive again."""

import gzip
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import Archive, ArchiveError, Look, import_paths
from archive.exporting.records import LOOK_TYPE
from archive.exporting.warc import write_warc
from extractors import OptOut, Page
from tests.archive.looks import START, URL, bare, derived, look, page, read, settle

HEADERS = (
    ("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("transfer-encoding", "chunked"),
    ("content-length", "7"), ("x-note", "a\udce9b"),
)  # fmt: skip
FACTS = (
    "SELECT url, kind, site, started_at, outcome, status, final_url, ms, bytes, attempts, raw_key, etag, "
    "last_modified, error, record FROM fetches ORDER BY id"
)


def with_headers(text: str, hour: float) -> Look:
    found = replace(page(text, hour=hour, items=["first", f"at {hour}"]), headers=HEADERS, charset="utf-8")
    return Look(
        url=URL, site="paper", started_at=found.fetched_at or START, page=found, article=read(found).article, ms=12,
        bytes=99, attempts=2, etag='"e"', last_modified="Sun, 01 Nov 2026 12:00:00 GMT", record=(("tls", "TLSv1.3"),),
        optouts=(OptOut(signal="x-robots-tag", value="noai"),),
    )  # fmt: skip


def other(kind: Any, url: str, body: bytes) -> Look:
    found = Page(url=url, body=body, media_type="text/plain", fetched_at=START)
    return Look(url=url, site="paper", kind=kind, started_at=START, page=found)


def looks() -> list[Look]:
    """Edits, a flip-flop, the same body again, 304s, failures, opt-outs, a page that moved, and what is no article."""
    return [
        other("robots", "https://paper.example/robots.txt", b"User-agent: *\n"),
        other("feed", "https://paper.example/feed", b"<rss/>"),
        with_headers("One two three.", 0),
        with_headers("One two four.", 1),
        bare("not-modified", hour=2),
        with_headers("One two three.", 3),
        bare("timeout", hour=4),
        replace(bare("http-404", hour=5), status=404, error="gone", record=(("headers", [["server", "x"]]),)),
        look("Another story.", url=f"{URL}/2", title="Café 'news'", final_url="https://paper.example/two"),
        look("Same bytes."),
        look("Same bytes.", hour=1),
        look(None, url=f"{URL}/3"),
        bare("not-modified", url=f"{URL}/4"),
        replace(look("Broken.", url=f"{URL}/5"), outcome="extract-crash", article=None, error="it broke"),
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warc") / "archive.db"
    with Archive(path, reader=read) as archive:
        run = archive.start_run("crawl")
        for one in looks():
            archive.add(one, run)
    return path


def export(archive: Archive, path: Path) -> int:
    fetches = [row[0] for row in archive.db.execute("SELECT id FROM fetches ORDER BY id")]
    return write_warc(archive.db, archive.raw, path, fetches, "presskeep/test")


@pytest.fixture(scope="module")
def warc(path: Path) -> Path:
    out = path.with_name("out.warc.gz")
    with Archive(path, reader=read) as archive:
        export(archive, out)
    return out


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What ``warcio check`` says, and that it is content."""
    code = Checker(type("Arguments", (), {"inputs": [str(path)], "verbose": True})()).process_all()
    said = capsys.readouterr().out
    assert code == 0, said
    return said


def test_warcio_checks_it(warc: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = checked(warc, capsys)
    assert "digest failed" not in said
    assert said.count("digest pass") >= len(looks())


def test_warcio_reads_what_the_pages_were(warc: Path) -> None:
    kinds, bodies = [], []
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            kinds.append(record.rec_type)
            if record.rec_type == "response":
                bodies.append(record.content_stream().read())
                assert record.http_headers.get_header("Content-Length") == str(len(bodies[-1]))
                assert record.http_headers.get_header("Content-Encoding") is None
                assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert kinds[0] == "warcinfo"
    assert kinds.count("metadata") == len(looks())
    assert "request" not in kinds
    assert [json.loads(body)["text"] for body in bodies] == ["One two three.", "One two four.", "One two three."]


def test_an_evidence_zip_is_content_too(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(path, read_only=True, reader=read) as archive:
        archive.evidence(URL, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as zipped:
        zipped.extract("records.warc", tmp_path)
    assert "digest failed" not in checked(tmp_path / "records.warc", capsys)
    with Archive(tmp_path / "b.db", reader=read) as archive:
        report = import_paths(archive, [tmp_path / "records.warc"])
        assert report.problems == ()
        with Archive(path, read_only=True, reader=read) as before:
            keys = [version.text_key for version in before.versions(URL)]
        assert [version.text_key for version in archive.versions(URL)] == keys


def test_each_record_is_a_member_of_its_own_and_the_same_bytes_come_again(path: Path, warc: Path) -> None:
    again = warc.with_name("again.warc.gz")
    with Archive(path, read_only=True, reader=read) as archive:
        assert export(archive, again) == gzip.decompress(warc.read_bytes()).count(b"WARC/1.1\r\n")
    assert again.read_bytes() == warc.read_bytes()
    with Archive(path.with_name("at.db"), reader=read) as archive:
        import_paths(archive, [warc])
        (source,) = archive.db.execute("SELECT source FROM fetches WHERE outcome = 'changed' LIMIT 1").fetchone()
    place = int(source.removeprefix("out.warc.gz@"))
    record = next(iter(ArchiveIterator(io.BytesIO(warc.read_bytes()[place:]))))
    assert record.rec_type == "response"
    assert b"One two four." in record.content_stream().read()


def test_an_import_gives_the_same_archive(path: Path, warc: Path, tmp_path: Path) -> None:
    with Archive(path, read_only=True, reader=read) as before, Archive(tmp_path / "b.db", reader=read) as after:
        report = import_paths(after, [warc])
        assert report.problems == ()
        assert dict(derived(after)) == dict(derived(before))
        for sql in (FACTS, "SELECT key, sha256, size FROM raws ORDER BY key", "SELECT signal, value, at FROM optouts"):
            assert after.db.execute(sql).fetchall() == before.db.execute(sql).fetchall(), sql
        assert after.verify().ok
        again = import_paths(after, [warc])
        assert (again.skipped, dict(again.new)["fetches"]) == (len(looks()), 0)


def test_pages_that_were_not_read_are_read_later(path: Path, warc: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with Archive(copy, reader=read) as before, Archive(tmp_path / "b.db", reader=read) as after:
        assert dict(import_paths(after, [warc], extract=False).new)["articles"] == 0
        assert after.reextract().failed == ()
        settle(before)  # reads the page again that crashed its reader
        assert dict(derived(after)) == dict(derived(before))


def test_a_body_that_was_removed_does_not_travel(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with Archive(copy, reader=read) as archive:
        archive.forget(URL, "asked")
        export(archive, tmp_path / "out.warc.gz")
    assert b"One two" not in gzip.decompress((tmp_path / "out.warc.gz").read_bytes())
    with Archive(copy, reader=read) as before, Archive(tmp_path / "b.db", reader=read) as after:
        assert import_paths(after, [tmp_path / "out.warc.gz"]).problems == ()
        sql = "SELECT url, started_at, outcome FROM fetches ORDER BY id"
        assert after.db.execute(sql).fetchall() == before.db.execute(sql).fetchall()
        assert (
            after.db.execute("SELECT text FROM texts").fetchall()
            == before.db.execute("SELECT text FROM texts").fetchall()
        )


def test_it_is_written_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    with Archive(path, read_only=True, reader=read) as archive:
        with pytest.raises(ArchiveError, match="no look 999"):
            write_warc(archive.db, archive.raw, tmp_path / "a.warc.gz", [1, 999], "x")
        with pytest.raises(ArchiveError, match="cannot be written"):
            export(archive, tmp_path / "no" / "a.warc.gz")
    assert list(tmp_path.iterdir()) == []


def test_metadata_holds_the_row(warc: Path) -> None:
    with warc.open("rb") as file:
        rows = [
            json.loads(record.content_stream().read())
            for record in ArchiveIterator(file)
            if record.rec_headers.get_header("Content-Type") == LOOK_TYPE
        ]
    assert [row["outcome"] for row in rows][2:5] == ["new", "changed", "not-modified"]
    assert rows[2]["record"]["tls"] == "TLSv1.3"
    assert rows[2]["optouts"] == [["x-robots-tag", "noai", "keep"]]


TEXTS = st.sampled_from(["One two three.", "One two four.", "“One” two three.", "A new beginning.", None])
SEEN = st.tuples(TEXTS, st.sampled_from(["", "x", "y"]), st.sampled_from([(), ("a",), ("a", "b")]))
WHAT = st.one_of(SEEN, st.sampled_from(["not-modified", "http-404", "timeout", "http-410"]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([URL, f"{URL}/2"]), WHAT), min_size=1, max_size=8), st.booleans())
def test_any_history_comes_back(tmp_path: Path, seen: list[tuple[str, Any]], late: bool) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    with Archive(tmp_path / "a.db", reader=read) as before, Archive(tmp_path / "b.db", reader=read) as after:
        run = before.start_run("crawl")
        hours = range(len(seen), 0, -1) if late else range(len(seen))
        for hour, (url, what) in zip(hours, seen, strict=True):
            one = bare(what, url=url, hour=hour) if isinstance(what, str) else _seen(url, hour, *what)
            before.add(one, run)
        export(before, tmp_path / "out.warc.gz")
        assert import_paths(after, [tmp_path / "out.warc.gz"]).problems == ()
        assert dict(derived(after)) == dict(derived(before))
        assert after.db.execute(FACTS).fetchall() == before.db.execute(FACTS).fetchall()


def _seen(url: str, hour: float, text: str | None, noise: str, items: tuple[str, ...]) -> Look:
    return replace(
        look(text, url=url, hour=hour, noise=noise, items=list(items)), started_at=START + timedelta(hours=hour)
    )
