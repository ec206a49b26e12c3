"""What an archive costs: bytes and CPU of a first and of a further snapshot, against gzip as in a WARC.

    python -m tests.benchmarks.storage --pages FOLDER --newsroom FOLDER [--articles 150 --crawls 20]

``--pages`` holds sets of real pages (``*/truth.jsonl.gz`` and ``*.html.gz``), ``--newsroom`` the simulator whose
corpus.py chooses pages and whose sidebar.py renders lists of 15 new headlines, as a re-fetched page shows them. Reading
is not measured here: the articles are read beforehand. CPU is all that an archive spends on a look: digests, zstd,
comparing, SQL, full text.

Rows are counted in two ways. ``page_rows_per_cpu_second`` compares with other tables of pages: a row is one new page,
its frame and its text, written in transactions of 100 with full text on, and nothing else is measured.
``…_rows_per_cpu_second`` of looks counts rows of any table, of a full-text index one for each text that it indexes,
against all CPU.
"""

import argparse
import gzip
import io
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, Look
from archive.blobs import Bodies, Kept
from extractors import Page, read, registrable_domain

START = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(slots=True)
class Costs:
    """Of one crawl over all pages."""

    cpu: float = 0.0
    bodies: list[int] = field(default_factory=list)
    body_ms: list[float] = field(default_factory=list)
    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    file_bytes: int = 0
    gzip_bytes: int = 0
    warc_bytes: int = 0


def main() -> None:
    """Archives every page once a crawl, with a new sidebar each time, and prints the costs."""
    arguments = _arguments()
    registrable_domain("https://paper.example/")  # loads the list of public suffixes, once a process
    pages, sidebar = _corpus(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        crawls = [_crawl(path, number, pages, sidebar) for number in range(arguments.crawls)]
        rows = _page_rows_per_second(path, Path(folder) / "rows.db")
        empty = _empty_bytes(Path(folder) / "empty.db")
    more = {"page_rows_per_cpu_second": rows, "empty_file_bytes": empty}
    json.dump(_summary(crawls, len(pages)) | more, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _crawl(path: Path, number: int, pages: list[tuple[str, bytes]], sidebar: Any) -> Costs:
    costs = Costs()
    at = START + timedelta(hours=number)
    looks = []
    for index, (name, raw) in enumerate(pages):
        point = sidebar.cuts(raw, "aside")[1]
        body = raw[:point] + sidebar.sidebar("aside", f"{name} {number}") + raw[point:]
        url = f"https://site{index % 20}.example/2026/11/{name.replace('/', '-')}.html"
        headers = (("content-type", "text/html; charset=utf-8"), ("date", "Sun, 22 Nov 2026 08:00:00 GMT"),
                   ("server", "nginx"), ("etag", f'W/"{number}"'), ("cache-control", "max-age=60"))  # fmt: skip
        page = Page(url=url, body=body, headers=headers, fetched_at=at + timedelta(milliseconds=index))
        costs.gzip_bytes += len(gzip.compress(body, 6))
        costs.warc_bytes += _warc_bytes(page)
        reading = read(page)
        look = Look(url=url, site=f"site{index % 20}", started_at=at + timedelta(milliseconds=index), page=page,
                    article=reading.article, bytes=len(body))  # fmt: skip
        looks.append(look)
    with Archive(path) as archive, _watched(archive, costs.body_ms):
        run = archive.start_run("benchmark")
        rows = _rows(archive)
        for start in range(0, len(looks), 100):
            began = time.process_time()
            with archive.atomic():
                saved = [archive.add(look, run) for look in looks[start : start + 100]]
            costs.cpu += time.process_time() - began
            costs.bodies += [one.stored_bytes for one in saved]
        archive.finish_run(run)
        costs.rows = _rows(archive) - rows
        costs.tables = _bytes(archive)
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    costs.file_bytes = path.stat().st_size
    return costs


def _empty_bytes(path: Path) -> int:
    """What an archive takes without a page, which the whole file of a small one feels."""
    Archive(path).close()
    return path.stat().st_size


def _page_rows_per_second(path: Path, copy: Path) -> int:
    """Writes the whole bodies and the texts of an archive into a new one, in transactions of 100."""
    with Archive(path, read_only=True) as source:
        sql = (
            "SELECT r.key, r.sha256, r.size, r.stored_size, b.body, t.key, t.sha256, t.title, t.text, t.words "
            "FROM versions v JOIN raws r ON r.key = v.raw_key JOIN raw_bodies b ON b.key = r.key "
            "JOIN texts t ON t.key = v.text_key WHERE r.base_key IS NULL GROUP BY t.key"
        )
        rows = source.db.execute(sql).fetchall()
    with Archive(copy) as archive:
        began = time.process_time()
        for start in range(0, len(rows), 100):
            with archive.atomic():
                for row in rows[start : start + 100]:
                    archive.db.execute("INSERT INTO raws VALUES (?, ?, ?, ?, NULL)", row[:4])
                    archive.db.execute("INSERT INTO raw_bodies(key, body) VALUES (?, ?)", (row[0], row[4]))
                    sql = "INSERT INTO texts(key, sha256, title, text, words) VALUES (?, ?, ?, ?, ?)"
                    archive.db.execute(sql, row[5:])
        return round(len(rows) / (time.process_time() - began))


@contextmanager
def _watched(archive: Archive, milliseconds: list[float]) -> Iterator[None]:
    """Notes the CPU of storing each body: digest, finding its base, and the frame."""
    keep = Bodies.keep

    def watched(self: Bodies, body: bytes, base: str | None) -> Kept:
        began = time.process_time()
        try:
            return keep(self, body, base)
        finally:
            milliseconds.append(1000 * (time.process_time() - began))

    Bodies.keep = watched  # type: ignore[method-assign]
    try:
        yield
    finally:
        Bodies.keep = keep  # type: ignore[method-assign]


def _warc_bytes(page: Page) -> int:
    """The size of one response record as warcio writes it, gzip -9 a record; the request is left out."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    headers = StatusAndHeaders("200 OK", list(page.headers), protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(page.url, "response", io.BytesIO(page.body), http_headers=headers))
    return out.tell()


def _rows(archive: Archive) -> int:
    names = [name for name in archive.db.table_names() if "_fts_" not in name and not name.startswith(("_", "sqlite"))]
    return sum(archive.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)


def _bytes(archive: Archive) -> dict[str, int]:
    """Bytes by table, each with its indexes; empty where SQLite was built without dbstat."""
    sql = "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m USING (name) GROUP BY 1"
    try:
        return dict(archive.db.execute(sql).fetchall())
    except sqlite3.OperationalError:
        return {}


def _summary(crawls: list[Costs], pages: int) -> dict[str, Any]:
    first, further = crawls[0], crawls[1:]
    bodies = [size for crawl in further for size in crawl.bodies]
    parts = {name: (size - first.tables.get(name, 0)) / len(bodies) for name, size in further[-1].tables.items()}
    cpu = sum(crawl.cpu for crawl in further)
    growth = (further[-1].file_bytes - first.file_bytes) / (pages * len(further))
    return {
        "pages": pages,
        "crawls": len(crawls),
        "first_body_share_of_gzip6": round(sum(first.bodies) / first.gzip_bytes, 3),
        "first_look_cpu_ms": round(1000 * first.cpu / pages, 2),
        "first_body_cpu_ms_median": round(statistics.median(first.body_ms), 2),
        "first_bytes_by_table": {
            name: each for name, size in sorted(first.tables.items()) if (each := round(size / pages)) > 500
        },
        "first_rows_per_look": round(first.rows / pages, 1),
        "first_rows_per_cpu_second": round(first.rows / first.cpu),
        "further_body_bytes_median": statistics.median(bodies),
        "further_body_bytes_mean": round(statistics.fmean(bodies)),
        "further_body_cpu_ms_median": round(statistics.median(ms for crawl in further for ms in crawl.body_ms), 2),
        "further_look_cpu_ms": round(1000 * cpu / len(bodies), 2),
        "further_rows_per_look": round(sum(crawl.rows for crawl in further) / len(bodies), 1),
        "further_rows_per_cpu_second": round(sum(crawl.rows for crawl in further) / cpu),
        "further_file_growth_bytes": round(growth),
        "further_growth_by_table": {name: round(size) for name, size in sorted(parts.items()) if size >= 1},
        "file_share_of_warc_gz": round(crawls[-1].file_bytes / sum(crawl.warc_bytes for crawl in crawls), 4),
        "file_mb": round(crawls[-1].file_bytes / 1e6, 2),
    }


def _corpus(arguments: argparse.Namespace) -> tuple[list[tuple[str, bytes]], Any]:
    sys.path.insert(0, str(arguments.newsroom))
    import corpus  # type: ignore[import-not-found]
    import sidebar  # type: ignore[import-not-found]

    corpus.PAGES = arguments.pages
    return corpus.load(arguments.articles), sidebar


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--newsroom", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--crawls", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
