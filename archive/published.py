"""The mark of a published copy: such a file leaves facts out on purpose, and is only read."""

from dataclasses import dataclass

from sqlite_utils import Database

MARK = """
CREATE TABLE published(
    at TEXT NOT NULL, software TEXT NOT NULL, raws INTEGER NOT NULL, opted_out INTEGER NOT NULL)
"""
"""One row: when and by what it was made, and whether bodies of pages and opted-out articles are part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a published copy says of itself."""

    at: str
    software: str
    raws: bool
    opted_out: bool


def mark_of(db: Database) -> Mark | None:
    """The mark of an archive; None for one that was not published."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'published'").fetchone() is None:
        return None
    row = db.execute("SELECT at, software, raws, opted_out FROM published").fetchone()
    if row is None:
        return None
    return Mark(at=row[0], software=row[1], raws=bool(row[2]), opted_out=bool(row[3]))
