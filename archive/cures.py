"""What helps against damage: a command of presskeep, SQL for the sqlite3 shell, or a copy."""

import re

from archive.roots import FACT_COLUMNS

RESTORE = "restore the file from a copy, or unite it with a copy by a merge"
READ_AGAIN = "presskeep reextract"
FINISH_REMOVAL = "run `presskeep forget` again with the same URL or key; any command that writes finishes it too"


def cure_of(place: str) -> str:
    """An index can be made anew, wherever SQLite names it; anything else must come from a copy."""
    index = re.search(r"\b(\w+_fts)\b", place)
    return RESTORE if index is None else f"INSERT INTO {index[1]}({index[1]}) VALUES ('rebuild')"  # noqa: S608


def cure_of_orphan(table: str, parent: str) -> str:
    """Derived rows come back when they follow from the facts; facts do not."""
    if parent == "sites":
        return "INSERT OR IGNORE INTO sites(name) SELECT site FROM fetches"
    if table in (*FACT_COLUMNS, "raw_bodies") or (table == "sightings" and parent == "fetches"):
        return RESTORE
    if parent == "articles" and table != "sightings":
        return f"DELETE FROM {table} WHERE article NOT IN (SELECT id FROM articles); then {READ_AGAIN}"  # noqa: S608
    return READ_AGAIN


def quoted(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"
