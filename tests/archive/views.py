"""The views and indexes of ``archive/views.py`` on an archive whose schema has none of them yet."""

from sqlite_utils import Database

from archive.announced import STATEMENTS
from archive.views import INDEXES, VIEWS


def add_views(db: Database) -> None:
    """Adds what is missing."""
    if "announced" not in db.table_names():
        for statement in STATEMENTS:
            db.execute(statement)
    for name, statement in {**VIEWS, **INDEXES}.items():
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is None:
            db.execute(statement)
