"""WARC files to be imported, and what became of them."""

import io
import json
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, ImportReport, import_paths
from archive.importing.packing import zstd

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


def damaged(content: bytes, where: int, change: bytes) -> bytes:
    return content[:where] + change + content[where + len(change) :]


def imported(archive: Archive, tmp_path: Path, content: bytes, name: str = "f.warc.gz") -> ImportReport:
    (tmp_path / name).write_bytes(content)
    return import_paths(archive, [tmp_path / name])
