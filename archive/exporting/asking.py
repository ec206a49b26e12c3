"""A person's own SQL as a filter: one SELECT, which can neither write nor run for ever."""

import sqlite3
import time

from sqlite_utils import Database

from archive.errors import QueryError
from archive.schema import FTS_TABLES

COLUMNS = ("url", "article", "text_key")
"""What a query may give: the URL of an article or one that led to it, articles.id, or versions.text_key."""

_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_FTS_ASKS = "data_version"  # the one pragma that FTS5 needs of its own accord
_BATCH = 1000
_STEPS = 10_000
_STOPPED = "interrupted"


class _Gate:
    """An authorizer (sqlite.org/c3ref/set_authorizer.html) that lets reading alone through while it is closed."""

    def __init__(self) -> None:
        self.closed = False

    def __call__(self, action: int, first: str | None, second: str | None, _base: str | None, _by: str | None) -> int:
        if not self.closed or (action == sqlite3.SQLITE_PRAGMA and first == _FTS_ASKS):
            return sqlite3.SQLITE_OK
        allowed = action in _READS and second != "load_extension"
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def ask(db: Database, query: str, *, seconds: float) -> str:
    """Puts the answers of a query into ``temp.export_asked(value)`` and returns the column that they came from.

    Raises QueryError for anything but one SELECT with exactly one of COLUMNS as its only column, and when it has not
    ended after so many seconds.
    """
    db.execute("CREATE TEMP TABLE export_asked(value PRIMARY KEY)")
    for table in FTS_TABLES:  # an index is opened once, by statements that are not part of the query
        db.execute(f"SELECT 1 FROM {table}_fts LIMIT 0").fetchall()  # noqa: S608 - our own names
    gate, end = _Gate(), time.monotonic() + seconds
    db.conn.set_authorizer(gate)
    db.conn.set_progress_handler(lambda: gate.closed and time.monotonic() > end, _STEPS)
    try:
        column = _ask(db, query, gate)
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        if str(error) == _STOPPED and time.monotonic() <= end:
            raise KeyboardInterrupt from error  # a signal came while SQLite asked for the time, and was swallowed
        raise QueryError(f"the query cannot be used ({_why(error, seconds)}): {query}") from error
    finally:
        db.conn.set_progress_handler(None, 0)
        db.conn.set_authorizer(None)
    db.execute("DELETE FROM export_asked WHERE value IS NULL")
    return column


def _ask(db: Database, query: str, gate: _Gate) -> str:
    gate.closed = True
    cursor = db.conn.execute(query)
    try:
        column = _column(query, [name for name, *_ in cursor.description or ()])
        while answers := cursor.fetchmany(_BATCH):
            gate.closed = False
            db.conn.executemany("INSERT OR IGNORE INTO export_asked VALUES (?)", answers)
            gate.closed = True
    finally:
        cursor.close()
    return column


def _column(query: str, names: list[str]) -> str:
    if len(names) == 1 and names[0] in COLUMNS:
        return names[0]
    found = f"its columns are {', '.join(names)}" if names else "it gives no rows"
    cure = "write for example SELECT id AS article FROM articles"
    raise QueryError(f"the query is to give one column called url, article or text_key, and {found}; {cure}: {query}")


def _why(error: Exception, seconds: float) -> str:
    text = str(error)
    if text == _STOPPED:
        return f"it ran for more than {seconds:g} seconds; ask for less, or of columns that have an index"
    if "not authorized" in text or "prohibited" in text:
        return f"{text}; a query may only read"
    if "one statement at a time" in text:
        return "it is more than one statement; give one SELECT"
    return text
