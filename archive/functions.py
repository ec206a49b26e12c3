"""SQL functions that read an archive, on the connection that asks: ``presskeep_text``, ``_raw``, ``_diff``, ``_lists``.

Each gives NULL for a key that is unknown, removed or no key at all, and for content that is damaged or beyond the
limits here; none raises. All that one call reads is bounded. Between two calls a connection gets the chance to end its
statement, so that a time limit of its host (Datasette's ``sql_time_limit_ms``) also holds for what happens in Python.

This module is also the plugin of sqlite-utils (entry point group ``sqlite_utils``).
"""

import json
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path

from sqlite_utils import hookimpl

from archive.blobs import Bodies
from archive.diff import TextDiff, WordRun, diff_texts
from archive.errors import DamagedBody
from archive.schema import APPLICATION_ID
from extractors import decode_body

Value = str | bytes | None

LONGEST_DIFF = 4 * 2**20
"""Characters of two texts together that are compared at most; the time of a comparison grows with them."""

_BETWEEN_TICKS = 0.002
"""Seconds. A tick takes 0.15 ms, which would double the time of a short text."""

# A progress handler is asked every so many instructions of SQLite; our work in Python is none. This statement is long
# enough (8 instructions a row) for the 1,000 of Datasette.
_TICK = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) SELECT count(*) FROM n"

_TEXT = """
SELECT title, text FROM texts WHERE key = ?1
UNION ALL
SELECT t.title, t.text FROM articles a JOIN versions v ON v.id = a.latest_version JOIN texts t ON t.key = v.text_key
WHERE a.key = ?1 LIMIT 1
"""
_RECORD = "SELECT record FROM fetches WHERE raw_key = ? ORDER BY id LIMIT 1"

_LISTS = """
SELECT heading, kind, position, title, url, teaser, section, when_text, when_at, when_until, first_seen, last_seen,
       sightings FROM list_items
WHERE article IN (SELECT id FROM articles WHERE key = ?1 UNION SELECT article FROM versions WHERE text_key = ?1)
      AND (EXISTS(SELECT 1 FROM articles WHERE key = ?1) OR EXISTS(
           SELECT 1 FROM versions v WHERE v.text_key = ?1 AND v.article = list_items.article
           AND list_items.first_seen <= v.last_seen AND v.first_seen <= list_items.last_seen))
ORDER BY heading, kind, position, first_seen, title
"""
_ITEM = (
    "position", "title", "url", "teaser", "section", "when_text", "when_at", "when_until", "first_seen", "last_seen",
    "sightings",
)  # fmt: skip


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Called by sqlite-utils for each connection that it opens; one to anything but an archive is left alone."""
    try:
        path = next((row[2] for row in conn.execute("PRAGMA database_list") if row[1] == "main"), "")
        if path and not (Path(path).is_file() and Path(path).stat().st_size):
            return  # asking an absent file for its id would create it
        ours = conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    except (sqlite3.Error, OSError):
        return
    if ours:
        register(conn)


def register(conn: sqlite3.Connection) -> None:
    """Adds the functions to a connection; a second time changes nothing.

    SQLite keeps the functions, and they keep the connection: close it, since it is not closed by being forgotten.
    """
    functions: tuple[tuple[str, int, Callable[..., Value]], ...] = (
        ("presskeep_text", 1, _text),
        ("presskeep_raw", 1, _raw),
        ("presskeep_diff", 2, _diff),
        ("presskeep_lists", 1, _lists),
    )
    ticker = _Ticker(conn)
    for name, arguments, function in functions:
        conn.create_function(name, arguments, partial(_answer, function, conn, ticker))


class _Ticker:
    """Lets the owner of a connection end a statement that spends its time in our functions."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._last = 0.0

    def is_ended(self) -> bool:
        """Whether the statement is to end, which it does with the error of any other one that takes too long."""
        now = time.monotonic()
        if now - self._last < _BETWEEN_TICKS:
            return False
        try:
            self._conn.execute(_TICK).fetchone()
        except sqlite3.OperationalError:
            self._conn.interrupt()
            return True
        self._last = time.monotonic()
        return False


def _answer(function: Callable[..., Value], conn: sqlite3.Connection, ticker: _Ticker, *arguments: object) -> Value:
    """What a function gives for keys, within the time that the connection's owner allows."""
    if not all(isinstance(key, str) for key in arguments) or ticker.is_ended():
        return None
    try:
        return function(conn, *arguments)
    except (sqlite3.Error, DamagedBody, ValueError, TypeError, AttributeError):  # values that no archive holds
        return None


def _text(conn: sqlite3.Connection, key: str) -> Value:
    """The clean text of a text's key, or the newest one of an article's key."""
    found = _titled(conn, key)
    return None if found is None else found[1]


def _titled(conn: sqlite3.Connection, key: str) -> tuple[str, str] | None:
    row: tuple[str, str] | None = conn.execute(_TEXT, (key,)).fetchone()
    return row


def _raw(conn: sqlite3.Connection, key: str) -> Value:
    """The body of a raw's key: text where its charset, as recorded or stated, gives every byte of it, else a blob."""
    body = Bodies(conn).read(key)
    row = conn.execute(_RECORD, (key,)).fetchone()
    record = json.loads(row[0]) if row else {}
    media_type = record.get("media_type") or "text/html"
    text, _ = decode_body(body, record.get("charset"), media_type)
    return body if "\ufffd" in text or "\0" in text else text


def _diff(conn: sqlite3.Connection, old_key: str, new_key: str) -> Value:
    """The word diff of two texts, as a JSON object."""
    old, new = _titled(conn, old_key), _titled(conn, new_key)
    if old is None or new is None or sum(map(len, (*old, *new))) > LONGEST_DIFF:
        return None
    return json.dumps(_diff_shape(diff_texts(old, new)), ensure_ascii=False, separators=(",", ":"))


def _diff_shape(diff: TextDiff) -> dict[str, object]:
    return {
        "words_added": diff.words_added,
        "words_removed": diff.words_removed,
        "complete": diff.complete,
        "title": [_run_shape(run) for run in diff.title],
        "blocks": [{"kind": block.kind, "runs": [_run_shape(run) for run in block.runs]} for block in diff.blocks],
    }


def _run_shape(run: WordRun) -> dict[str, str]:
    return {"kind": run.kind, "text": run.text}


def _lists(conn: sqlite3.Connection, key: str) -> Value:
    """The lists of a page as a JSON array: all of an article's key, those beside a version of a text's key."""
    known = "SELECT 1 FROM articles WHERE key = ?1 UNION ALL SELECT 1 FROM versions WHERE text_key = ?1"
    if conn.execute(known, (key,)).fetchone() is None:
        return None
    rows = conn.execute(_LISTS, (key,)).fetchall()
    lists = [
        {"heading": heading, "kind": kind, "items": [dict(zip(_ITEM, row[2:], strict=True)) for row in items]}
        for (heading, kind), items in groupby(rows, key=lambda row: (row[0], row[1]))
    ]
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":"))
