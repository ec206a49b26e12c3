"""One state of the file for several questions, whatever a crawl commits meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Holds a read transaction; inside an open transaction that one does as well."""
    if db.conn.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()
