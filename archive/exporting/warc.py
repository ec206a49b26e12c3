"""Looks as a WARC file that other tools read, and from which ``presskeep import`` makes the same archive again."""

import os
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError, DamagedBody
from archive.exporting.records import LOOK_TYPE, Look, body_record, info_record, look_record, revisit_record
from archive.look import Outcome
from archive.roots import FACT_COLUMNS

_COLUMNS = FACT_COLUMNS["fetches"].split(", ")
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # no time, no name, no system (RFC 1952): the same bytes everywhere
_LEVEL = 6
_ABOUT = (
    ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
    ("description", f"metadata records of the type {LOOK_TYPE} hold rows of the table fetches of a presskeep archive"),
)


def write_warc(db: Database, read: Callable[[str], bytes], path: Path, fetches: Iterable[int], software: str) -> int:
    """Writes looks, given by their row ids, to a WARC of one gzip member a record; returns the records written.

    The same looks in the same order give the same bytes: no clock is asked and no machine named. Memory holds one
    body. ``read`` raises DamagedBody for a body that was removed or is broken, whose look is then written without it.
    Raises ArchiveError when the file cannot be written; it appears whole or not at all.
    """
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("wb") as out, closing(_First()) as first:
            written = 0
            for record in _records(db, read, fetches, software, first):
                out.write(_member(record))
                written += 1
        os.replace(partial, path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written ({error.strerror}); check the folder and the disk") from error
    finally:
        partial.unlink(missing_ok=True)
    return written


class _First:
    """The look whose record holds a body, for each body written; on disk, since a WARC may hold millions."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE first(key TEXT PRIMARY KEY, fetch INTEGER NOT NULL) WITHOUT ROWID")

    def close(self) -> None:
        self._db.close()

    def get(self, key: str) -> int | None:
        row = self._db.execute("SELECT fetch FROM first WHERE key = ?", (key,)).fetchone()
        return None if row is None else int(row[0])

    def put(self, key: str, fetch: int) -> None:
        self._db.execute("INSERT INTO first VALUES (?, ?)", (key, fetch))


def _records(
    db: Database, read: Callable[[str], bytes], fetches: Iterable[int], software: str, first: _First
) -> Iterator[bytes]:
    begun = False
    for fetch in fetches:
        look = _look(db, fetch)
        if not begun:
            begun = True
            yield info_record(str(look["started_at"]), software, _ABOUT)
        held = _body_record(db, read, look, fetch, first)
        yield look_record(look, _optouts(db, look), has_body=held is not None)
        if held is not None:
            yield held
    if not begun:
        yield info_record("1970-01-01T00:00:00Z", software, _ABOUT)


def _look(db: Database, fetch: int) -> Look:
    row = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM fetches WHERE id = ?", (fetch,)).fetchone()  # noqa: S608
    if row is None:
        raise ArchiveError(f"the archive has no look {fetch}; give ids of its table fetches")
    return dict(zip(_COLUMNS, row, strict=True))


def _body_record(db: Database, read: Callable[[str], bytes], look: Look, fetch: int, first: _First) -> bytes | None:
    """The record of what a look brought or confirmed; None when that is not there."""
    if look["raw_key"] is None:
        return None
    key = str(look["raw_key"])
    sha256 = str(db.execute("SELECT sha256 FROM raws WHERE key = ?", (key,)).fetchone()[0])
    before = first.get(key)
    if before is not None or look["outcome"] == Outcome.NOT_MODIFIED:
        return revisit_record(look, sha256, None if before is None else _look(db, before))
    try:
        body = read(key)
    except DamagedBody:
        return None
    first.put(key, fetch)
    return body_record(look, body, sha256)


def _optouts(db: Database, look: Look) -> list[tuple[str, str, str]]:
    sql = "SELECT signal, value, action FROM optouts WHERE url = ? AND run = ? AND at = ? ORDER BY seq"
    return db.execute(sql, (look["url"], look["run"], look["started_at"])).fetchall()


def _member(record: bytes) -> bytes:
    """One gzip member."""
    stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    packed = stream.compress(record) + stream.flush()
    return _GZIP_HEADER + packed + struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF)
