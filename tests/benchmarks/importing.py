"""What an import of a WARC costs: pages a second of CPU time, with and without reading the pages.

    python -m tests.benchmarks.importing --pages FOLDER [--count 1000]

``--pages`` holds folders of real pages (``*/*.html.gz``). They are written as one WARC of foreign looks, without
presskeep's own records, as another crawler leaves it. CPU time is that of one process; workers' is not counted.
"""

import argparse
import gzip
import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, import_paths
from archive.exporting.records import body_record, info_record
from crawler.rereading import Rereaders
from extractors import moment_text

START = datetime(2026, 11, 1, tzinfo=UTC)
SITES = 50


def main() -> None:
    """Writes the WARC, imports it in each way, and prints the costs as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder of folders of *.html.gz")
    parser.add_argument("--count", type=int, default=1000, help="how many pages")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count, size = _write(folder / "pages.warc.gz", sorted(arguments.pages.glob("*/*.html.gz"))[: arguments.count])
        summary = {
            "pages": count,
            "mean_bytes": size // count,
            "warc_gz_bytes": (folder / "pages.warc.gz").stat().st_size,
            "no_extract": _measured(folder / "stored.db", count, _store),
            "no_extract_again": _measured(folder / "stored.db", count, _store),
            "extract": _measured(folder / "read.db", count, _read),
            "extract_on_all_cores": _measured(folder / "pool.db", count, _read_on_all_cores),
        }
    json.dump(summary, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _store(archive: Archive, warc: Path) -> None:
    import_paths(archive, [warc], extract=False)


def _read(archive: Archive, warc: Path) -> None:
    import_paths(archive, [warc])


def _read_on_all_cores(archive: Archive, warc: Path) -> None:
    with Rereaders() as readers:
        import_paths(archive, [warc], read_pages=readers)


def _measured(path: Path, count: int, work: Callable[[Archive, Path], None]) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    with Archive(path) as archive:
        work(archive, path.with_name("pages.warc.gz"))
        (articles,) = archive.db.execute("SELECT count(*) FROM articles").fetchone()
        (looks,) = archive.db.execute("SELECT count(*) FROM fetches").fetchone()
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    costs = {
        "pages_per_second": round(count / seconds, 1),
        "looks": looks,
        "articles": articles,
        "archive_bytes": path.stat().st_size,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    return costs if work is _read_on_all_cores else {"pages_per_cpu_second": round(count / cpu, 1), **costs}


def _write(path: Path, files: list[Path]) -> tuple[int, int]:
    size = 0
    with path.open("wb") as out:
        out.write(gzip.compress(info_record("2026-11-01T00:00:00Z", "presskeep benchmark"), mtime=0))
        for number, body in enumerate(_bodies(files)):
            size += len(body)
            look = {
                "run": "benchmark", "seq": number, "status": 200, "outcome": "new", "final_url": None,
                "url": f"https://site{number % SITES}.example/{number}",
                "started_at": moment_text(START + timedelta(seconds=number)),
                "record": {"headers": [["content-type", "text/html; charset=utf-8"], ["server", "nginx"]]},
            }  # fmt: skip
            out.write(gzip.compress(body_record(look, body, hashlib.sha256(body).hexdigest()), mtime=0))
    return len(files), size


def _bodies(files: list[Path]) -> Iterator[bytes]:
    for file in files:
        yield gzip.decompress(file.read_bytes())


if __name__ == "__main__":
    main()
