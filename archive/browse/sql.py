"""The SQL functions of an archive in Datasette."""

import sqlite3
from typing import Any

from pluggy import HookimplMarker

from archive.browse.archives import is_archive
from archive.functions import register

hookimpl = HookimplMarker("datasette")


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Adds ``presskeep_text`` and the others to connections to an archive, and to no other."""
    if is_archive(datasette.databases.get(database)):
        register(conn)
