"""The tables of an export as CSV (RFC 4180) and as Parquet.

A spreadsheet takes a cell that begins with one of FORMULA for a formula, and runs it. Such a text gets an apostrophe in
front, and so does one that begins with an apostrophe: take one away from every text that begins with one, and you have
the text again (:func:`unguarded`).
"""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from archive.errors import ArchiveError
from archive.exporting.columns import TABLES, VERSIONS, Kind, Table
from archive.exporting.folder import Out
from archive.exporting.job import Job, Written

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""OWASP, "CSV Injection"; the wide forms are taken for the others by spreadsheets in East Asian locales."""

_GUARD = "'"
_GROUP = 2000
"""Rows of a Parquet row group: some 10 MB of news texts."""


def guarded(value: object) -> object:
    """A value as a cell that no spreadsheet runs."""
    if isinstance(value, str) and value.startswith((*FORMULA, _GUARD)):
        return _GUARD + value
    return value


def unguarded(cell: str) -> str:
    """The text of a cell that :func:`guarded` made."""
    return cell.removeprefix(_GUARD)


class CsvFile:
    """Rows as lines that end in CRLF, each written when it is given; None is an empty cell."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self._line = io.StringIO(newline="")
        self._csv = csv.writer(self._line)

    def row(self, values: Iterable[object]) -> None:
        """Appends one line."""
        self._csv.writerow([guarded(value) for value in values])
        self._out.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()


def write_csv(job: Job) -> Written:
    """A file for each of TABLES; lists are JSON arrays, truth values 0 and 1."""
    for table in TABLES:
        with job.out.open(f"{table.name}.csv") as out:
            file = CsvFile(out)
            file.row(column.name for column in table.columns)
            for number, row in enumerate(table.rows(job.db, job.chosen.window), 1):
                file.row(row)
                if table is VERSIONS:
                    job.seen(number)
    return Written(tuple((f"{table.name}.csv", f"the table {table.name}", table) for table in TABLES))


def write_parquet(job: Job) -> Written:
    """A file for each of TABLES with typed columns. Raises ArchiveError when pyarrow is not installed."""
    pa = pyarrow_or_cure()
    for table in TABLES:
        schema = pa.schema([(one.name, _types(pa)[one.kind]) for one in table.columns])
        rows, done = table.records(job.db, job.chosen.window), 0
        with job.out.written(f"{table.name}.parquet") as path:
            writer = pa.parquet.ParquetWriter(str(path), schema, compression="zstd")
            with writer:
                while group := [_timed(table, row) for row in islice(rows, _GROUP)]:
                    writer.write_table(pa.Table.from_pylist(group, schema))
                    done += len(group)
                    if table is VERSIONS:
                        job.seen(done)
    return Written(tuple((f"{table.name}.parquet", f"the table {table.name}", table) for table in TABLES))


def pyarrow_or_cure() -> Any:
    """The module, or an ArchiveError that tells how to get it."""
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError as error:
        raise ArchiveError(
            f"Parquet needs pyarrow, which is not installed ({error}); pip install 'presskeep[parquet]', "
            "or export as csv or jsonl"
        ) from error
    return pa


def _timed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        if column.kind == "time" and row[column.name] is not None:
            row[column.name] = datetime.fromisoformat(row[column.name])
    return row


def _types(pa: Any) -> dict[Kind, Any]:
    return {
        "text": pa.string(),
        "int": pa.int64(),
        "bool": pa.bool_(),
        "time": pa.timestamp("ms", tz="UTC"),
        "list": pa.list_(pa.string()),
    }
