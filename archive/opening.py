"""Opening an archive file: is it one, may we write it, can this machine hold it."""

import fcntl
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from archive.errors import ArchiveBusy, ArchiveError, ArchiveUnwritable, NewerArchive, NotAnArchive
from archive.published import mark_of
from archive.schema import APPLICATION_ID, SCHEMA_VERSION, TOKENIZERS, migrations, tokenizer_of
from archive.trouble import cure_of

DEFAULT_TOKENIZER = "unicode61"

_MAGIC = b"SQLite format 3\0"
_HEADER = ("application_id", "user_version")
_BUSY_MS = 10_000
_CHECKPOINT = 4000  # pages of the WAL, 16 MB: at SQLite's own 1,000 nearly every commit of 100 looks has one to pay for


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection and, for a writer, the file descriptor that holds the lock."""

    db: Database
    lock: int | None

    def close(self) -> None:
        """Closes the connection and gives the lock back; harmless when repeated."""
        self.db.close()
        if self.lock is not None:
            os.close(self.lock)


def open_archive(path: Path, *, read_only: bool, tokenizer: str | None) -> Opened:
    """Opens an archive; creates it when it is missing or empty and may be written.

    A file of an older schema is upgraded first, each step in one transaction, also when it is opened to be read.
    ``tokenizer`` None means the one that the file has, unicode61 in a new file. Raises the family of ArchiveError.
    """
    if tokenizer is not None and tokenizer not in TOKENIZERS:
        raise ArchiveError(f"{tokenizer!r} is no tokenizer; use one of {', '.join(sorted(TOKENIZERS))}")
    _check_file(path, read_only=read_only)
    try:
        opened = _open_to_read(path) if read_only else _open_to_write(path, tokenizer or DEFAULT_TOKENIZER)
    except sqlite3.Error as error:
        raise _translated(path, error) from error
    try:
        _check_tokenizer(path, opened.db, tokenizer)
    except BaseException:
        opened.close()
        raise
    return opened


def _check_file(path: Path, *, read_only: bool) -> None:
    """Judges the file by its first bytes, before anything is written beside it."""
    if path.is_dir():
        raise NotAnArchive(f"{path} is a folder; name a file in it, such as {path / 'archive.db'}")
    if not path.exists():
        if read_only:
            raise ArchiveError(f"{path} does not exist; make it with a first crawl or import, or name another archive")
        if not path.parent.is_dir():
            raise ArchiveError(f"{path.parent} is no folder; make it, or name another place for the archive")
        return
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    if head and head != _MAGIC:
        raise NotAnArchive(f"{path} is not an SQLite file; name another file for the archive")
    if read_only and not head:
        raise NotAnArchive(f"{path} is empty; make it with a first crawl or import, or name another archive")


def _open_to_read(path: Path) -> Opened:
    """A WAL file on a medium that cannot be written has no place for its index: then it is read as unchanging."""
    _upgrade(path)
    conn = _connect(path, "mode=ro")
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        conn.close()
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists() and wal.stat().st_size:
            raise ArchiveError(
                f"{path} cannot be read without a place for the index of {wal.name}, which holds its last commits "
                f"(SQLite says {error}); copy both to a folder that can be written, or open it for writing once"
            ) from error
        conn = _connect(path, "immutable=1")
    except sqlite3.DatabaseError:
        conn.close()
        raise
    return Opened(_checked(path, conn, may_be_new=False), None)


def _upgrade(path: Path) -> None:
    """Upgrades an archive of an older schema; leaves all other files to the checks that follow."""
    with suppress(sqlite3.Error), closing(_connect(path, "mode=ro")) as conn:
        application, version = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in _HEADER)
        if application == APPLICATION_ID and version < SCHEMA_VERSION:
            _upgrade_from(path, version)


def _upgrade_from(path: Path, version: int) -> None:
    try:
        _open_to_write(path, DEFAULT_TOKENIZER).close()
    except (ArchiveError, sqlite3.Error) as error:
        raise ArchiveError(
            f"{path} has schema {version} and cannot be upgraded to {SCHEMA_VERSION} ({error}); "
            "copy it to where it can be written and open the copy"
        ) from error


def _open_to_write(path: Path, tokenizer: str) -> Opened:
    if path.exists() and path.stat().st_size:
        # who was killed while making the file left a journal, and only who may write can take that back
        unfinished = path.with_name(f"{path.name}-journal").exists()
        with closing(_connect(path, "mode=rw" if unfinished else "mode=ro")) as reading:
            _check_header(path, reading, may_be_new=True)
            refuse_published(path, Database(reading), "write into")
    if path.exists() and not os.access(path, os.W_OK):
        raise ArchiveError(f"{path} is read-only; make it writable (chmod u+w) or name another archive")
    lock = _lock(path)
    conn: sqlite3.Connection | None = None
    try:
        conn = _connect(path, "mode=rwc")
        db = _checked(path, conn, may_be_new=True)
        _prepare(path, conn)
        check_features(conn)
        migrations(tokenizer).apply(db)
    except BaseException:
        if conn is not None:
            conn.close()
        os.close(lock)
        raise
    return Opened(db, lock)


def refuse_published(path: Path, db: Database, verb: str) -> None:
    """Raises ArchiveError for a published copy: other facts may have the place of those that it leaves out."""
    if mark_of(db) is not None:
        raise ArchiveError(f"{path} is a published copy and is only read; {verb} the archive that it was made of")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    conn = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, isolation_level=None)
    conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    return conn


def _checked(path: Path, conn: sqlite3.Connection, *, may_be_new: bool) -> Database:
    try:
        _check_header(path, conn, may_be_new=may_be_new)
    except BaseException:
        conn.close()
        raise
    return Database(conn)


def _check_header(path: Path, conn: sqlite3.Connection, *, may_be_new: bool) -> None:
    application, version, tables = (
        conn.execute(sql).fetchone()[0]
        for sql in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if not (application == APPLICATION_ID or (may_be_new and application == 0 and tables == 0)):
        raise NotAnArchive(f"{path} is an SQLite file of another program; name another file for the archive")
    if version > SCHEMA_VERSION:
        raise NewerArchive(
            f"{path} has schema {version} and this presskeep knows {SCHEMA_VERSION}; install a newer presskeep"
        )


def _lock(path: Path) -> int:
    """The exclusive lock of a writer, held on a file of its own: SQLite's locks on the archive stay untouched."""
    name = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ArchiveError(f"{name} cannot be made ({error.strerror}); check the permissions of its folder") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise ArchiveBusy(f"{path}: another presskeep process writes this archive; wait for it or stop it") from error
    except OSError as error:
        os.close(handle)
        raise ArchiveError(f"{name} cannot be locked ({error.strerror}); keep the archive on a local disk") from error
    return handle


def _prepare(path: Path, conn: sqlite3.Connection) -> None:
    mode = conn.execute("PRAGMA journal_mode = wal").fetchone()[0]
    if mode != "wal":
        raise ArchiveError(
            f"{path}: this file system gives SQLite journal mode {mode!r} in place of WAL; "
            "keep the archive on a local disk"
        )
    conn.execute("PRAGMA synchronous = NORMAL")
    conn.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")


def check_features(conn: sqlite3.Connection) -> None:
    """Refuses an SQLite library that lacks what the schema needs, before a crawl finds out."""
    try:
        for name, options in TOKENIZERS.items():
            quoted = options.replace("'", "''")
            conn.execute(f"CREATE VIRTUAL TABLE temp.feature_{name} USING fts5(a, tokenize='{quoted}')")
            conn.execute(f"DROP TABLE temp.feature_{name}")
        conn.execute("SELECT '[1]' ->> 0, (1, 2) > (1, 1)").fetchone()
    except sqlite3.OperationalError as error:
        raise ArchiveError(
            f"SQLite {sqlite3.sqlite_version} of this Python lacks a feature ({error}); "
            "use a Python with SQLite 3.38 or later and FTS5"
        ) from error


def _check_tokenizer(path: Path, db: Database, wanted: str | None) -> None:
    if wanted is None:
        return
    has = tokenizer_of(db)
    if has != wanted:
        raise ArchiveError(f"{path} is indexed with the tokenizer {has!r}, not {wanted!r}; set tokenizer = {has!r}")


def _translated(path: Path, error: sqlite3.Error) -> ArchiveError:
    if isinstance(error, sqlite3.OperationalError):
        cure = cure_of(error) or "check the disk, the permissions and other programs using it"
        return ArchiveUnwritable(f"{path} cannot be opened (SQLite says {error}); {cure}")
    return NotAnArchive(f"{path}: SQLite says {error}; restore it from a copy or name another archive")
