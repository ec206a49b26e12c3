"""Exporting: a selection of an archive as files, with a card that says what they are."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.exporting import selection as choice
from archive.exporting.card import identity, write_card
from archive.exporting.folder import folder
from archive.exporting.job import Job, Written
from archive.exporting.jsonl import write_jsonl
from archive.exporting.selection import Selection
from archive.exporting.tables import pyarrow_or_cure, write_csv, write_parquet
from archive.exporting.text import write_text
from archive.exporting.warc import write_warc
from archive.snapshot import snapshot

ExportFormat = Literal["text", "jsonl", "csv", "parquet", "warc"]
QUERY_SECONDS = 60.0
"""How long a query may run by default."""

WARC = "looks.warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What to write: a selection and a format.

    ``raw`` False leaves the page bodies out of the format text. ``force`` replaces an earlier export of the same
    selection and format. ``query_seconds`` bounds the selection's query.
    """

    format: ExportFormat = "text"
    selection: Selection = Selection()  # noqa: RUF009 - frozen
    raw: bool = True
    force: bool = False
    query_seconds: float = QUERY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written. ``removed`` and ``damaged`` count page bodies, ``opted_out`` articles.

    ``unmatched`` are answers of the query that name nothing in the archive; ``records`` is for WARC alone.
    """

    path: Path
    format: ExportFormat
    files: int
    bytes: int
    versions: int
    articles: int
    opted_out: int
    removed: int
    damaged: int
    unmatched: int
    records: int | None

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep export --json`` prints."""
        left_out = {"opted_out": self.opted_out, "removed": self.removed, "damaged": self.damaged}
        return {
            "path": str(self.path), "format": self.format, "files": self.files, "bytes": self.bytes,
            "articles": self.articles, "versions": self.versions, "records": self.records, "left_out": left_out,
            "query_unmatched": self.unmatched,
        }  # fmt: skip


def _unseen(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


def export(
    db: Database,
    read: Callable[[str], bytes],
    path: Path,
    request: ExportRequest,
    *,
    software: str,
    on_progress: Callable[[int, int], object] = _unseen,
) -> ExportReport:
    """Writes the folder ``path``, whole or not at all, from one snapshot of the archive.

    Raises QueryError for a query that cannot be used, ArchiveError for a place that cannot be written.
    """
    write = _writer(request)
    selection = request.selection
    same = identity(request.format, selection.as_json())
    with folder(path, force=request.force, same=same) as out, snapshot(db):
        try:
            chosen = choice.choose(db, selection, query_seconds=request.query_seconds)
            job = Job(
                db, read, out, selection, chosen, software, request.raw, lambda done: on_progress(done, chosen.versions)
            )
            written = write(job)
            write_card(job, request.format, written)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
                raise
            cure = "make room, or name a folder with more in SQLITE_TMPDIR"
            raise ArchiveError(f"the disk is full of SQLite's temporary files; {cure}") from error
        finally:
            choice.drop(db)
    return ExportReport(
        path=path, format=request.format, files=out.files, bytes=out.bytes, versions=chosen.versions,
        articles=chosen.articles, opted_out=chosen.opted_out, removed=chosen.removed, damaged=len(set(job.damaged)),
        unmatched=chosen.unmatched, records=written.records,
    )  # fmt: skip


def _writer(request: ExportRequest) -> Callable[[Job], Written]:
    """The writer of a format, once all that it needs is known to be there."""
    writers: dict[str, Callable[[Job], Written]] = {
        "text": write_text,
        "jsonl": write_jsonl,
        "csv": write_csv,
        "parquet": write_parquet,
        "warc": _write_warc,
    }
    if request.format not in writers:
        raise ArchiveError(f"{request.format!r} is no format; use one of {', '.join(get_args(ExportFormat))}")
    if not request.raw and request.format != "text":
        raise ArchiveError(f"page bodies can be left out of the format text alone, not of {request.format}")
    if request.format == "parquet":
        pyarrow_or_cure()
    return writers[request.format]


def _write_warc(job: Job) -> Written:
    """The looks at what was chosen, as they came over the wire."""
    with job.out.written(WARC) as path:
        records = write_warc(job.db, job.read, path, choice.fetches(job.db, job.selection), job.software)
    job.seen(job.chosen.versions)
    return Written(((WARC, "every look at these articles, failures included, as WARC/1.1", None),), records)
