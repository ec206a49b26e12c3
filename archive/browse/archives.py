"""Which of Datasette's databases are archives."""

import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from archive.schema import APPLICATION_ID

MISREAD = "#?%"
"""Characters in a path that Datasette hands to SQLite as parts of a URI: it opens another file, or makes an empty one.
"""


def is_archive(database: Any) -> bool:
    """Whether a Datasette database is a file with our ``application_id``."""
    path = getattr(database, "path", None)
    if not path or set(MISREAD) & set(str(path)):
        return False
    try:
        inode = Path(path).stat().st_ino
    except OSError:
        return False
    return _has_our_id(str(path), inode)


@lru_cache(maxsize=64)
def _has_our_id(path: str, inode: int) -> bool:  # noqa: ARG001 - another file under the same path is asked again
    try:
        with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("pragma application_id").fetchone()
    except sqlite3.Error:
        return False
    return bool(row) and row[0] == APPLICATION_ID
