"""What a disk does to an archive: SQLite's errors as one line that names the file and the cure."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ArchiveUnwritable

_PRIMARY = 0xFF  # the low byte of an extended result code (sqlite.org/rescode.html)
_CURES = {
    sqlite3.SQLITE_FULL: "free space on its disk (a takedown needs as much as the archive takes)",
    sqlite3.SQLITE_IOERR: "see whether its disk is full, over its quota or failing, and free space",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable (chmod u+w)",
    sqlite3.SQLITE_CANTOPEN: "see whether the file and its folder are there and writable",
    sqlite3.SQLITE_BUSY: "another program holds it locked; close that one",
    sqlite3.SQLITE_LOCKED: "another connection holds it locked; close that one",
}


def cure_of(error: sqlite3.Error) -> str | None:
    """What helps when the disk, its permissions or another program are the cause; None when they are not."""
    return _CURES.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Raises ArchiveUnwritable for what the disk refuses; every other error passes as it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        cure = cure_of(error)
        if cure is None:
            raise
        again = "what was committed is kept, and the same command goes on from there"
        raise ArchiveUnwritable(f"{path} cannot be written (SQLite says {error}); {cure}; {again}") from error
