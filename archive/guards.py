"""Triggers that keep facts append-only, whoever holds the connection.

INSERT OR REPLACE deletes the old row without its delete trigger unless recursive_triggers is on, which is the choice
of each connection; so an insert over an existing key is refused before it happens. How a body is stored
(``raws.stored_size``, ``raws.base_key``, ``raw_bodies.body``) is no fact and stays writable.
"""

from collections.abc import Iterator

_KEYS = {
    "runs": ("id = NEW.id",),
    "fetches": ("id = NEW.id", "run = NEW.run AND seq = NEW.seq"),
    "raws": ("key = NEW.key",),
    "raw_bodies": ("key = NEW.key", "rowid = NEW.rowid"),
    "discoveries": ("run = NEW.run AND seq = NEW.seq",),
    "optouts": ("run = NEW.run AND seq = NEW.seq",),
    "removals": ("key = NEW.key",),
}
"""What makes a row the same row, table by table."""

_FROZEN = {
    "runs": "id, command, started_at, software, config_digest, machine",
    "raws": "key, sha256, size",
    "raw_bodies": "key",
}
"""The columns that never change; every column where a table is not named."""

_ONCE = ("finished_at", "root")
"""Columns of ``runs`` that are filled in later, once."""


def guard_statements() -> Iterator[str]:
    """The CREATE TRIGGER statements for all fact tables."""
    for table, keys in _KEYS.items():
        yield from _inserts(table, keys)
        columns = f" OF {_FROZEN[table]}" if table in _FROZEN else ""
        yield _trigger(f"{table}_no_update", f"UPDATE{columns} ON {table}", f"{table} holds facts: no row may change")
        yield _deletes(table)
    for column in _ONCE:
        yield _trigger(
            f"runs_{column}_once",
            f"UPDATE OF {column} ON runs WHEN OLD.{column} IS NOT NULL AND NEW.{column} IS NOT OLD.{column}",
            f"runs.{column} is set once",
        )


def _inserts(table: str, keys: tuple[str, ...]) -> Iterator[str]:
    for number, key in enumerate(keys, 1):
        exists = f"EXISTS(SELECT 1 FROM {table} WHERE {key})"  # noqa: S608 - our own names
        message = f"{table} holds facts: this row exists already"
        yield _trigger(f"{table}_no_replace_{number}", f"INSERT ON {table} WHEN {exists}", message)


def _deletes(table: str) -> str:
    """A body may go when a removal names it; nothing else may."""
    when = " WHEN NOT EXISTS(SELECT 1 FROM removals WHERE key = OLD.key)" if table == "raw_bodies" else ""
    return _trigger(f"{table}_no_delete", f"DELETE ON {table}{when}", f"{table} holds facts: no row may go")


def _trigger(name: str, event: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{message}'); END"
