"""The views and indexes of ``archive/views.py`` on an archive whose schema has none of them yet."""

from sqlite_utils import Database

from archive.announced import STATEMENTS
from archive.views import INDEXES, VIEWS


def add_views(db: Database, *, displace: bool = True) -> None:
    """Adds what is missing; with ``displace`` a table that stands where a view belongs makes room for it."""
    if displace and "headlines" in db.table_names():
        db.execute("ALTER TABLE headlines RENAME TO links")
    if "site" not in {column.name for column in db["list_items"].columns}:
        sql = db["list_items"].schema
        db.execute("DROP VIEW list_items")
        db.execute(sql.replace("SELECT p.article", "SELECT h.site, p.article", 1))
    if "announced" not in db.table_names():
        for statement in STATEMENTS:
            db.execute(statement)
    for name, statement in {**VIEWS, **INDEXES}.items():
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is None:
            db.execute(statement)
