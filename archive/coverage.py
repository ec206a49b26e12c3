"""How much of what sites announced is in the archive, day by day: the view ``coverage`` as records."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from sqlite_utils import Database

from archive.announced import COMPUTED
from archive.views import VIEWS

State = Literal["normal", "quiet", "outage", "unwatched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """One day of one site; the columns of the view ``coverage``. ``day`` is ``2026-11-22``, UTC."""

    day: str
    site: str
    expected: int
    archived: int
    failed: int
    opted_out: int
    waiting: int
    source_looks: int
    source_failures: int
    state: State

    @property
    def is_gap(self) -> bool:
        """Whether articles of that day are missing, or may be."""
        return self.state in ("outage", "unwatched") or self.failed + self.waiting > 0


_COLUMNS = ", ".join(field.name for field in fields(DayCoverage))


_FROM_FACTS = (
    "WITH "
    + "".join(f"{name} AS ({query}), " for name, query in COMPUTED.items())
    + f"coverage AS ({VIEWS['coverage'].partition(' AS')[2]}) "
)
"""For a file that was last written by a presskeep without the view."""


def coverage(db: Database, sites: tuple[str, ...] = (), since: str | None = None) -> Iterator[DayCoverage]:
    """Every day of the sites named, or of all, from the day ``since`` on; ordered by site and day."""
    known = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = 'coverage'").fetchone()
    head = "" if known else _FROM_FACTS
    rows = db.execute(
        f"{head}SELECT {_COLUMNS} FROM coverage "  # noqa: S608 - our own names
        "WHERE (:sites = '[]' OR site IN (SELECT value FROM json_each(:sites))) "
        "AND (:since IS NULL OR day >= :since) ORDER BY site, day",
        {"sites": json.dumps(sites), "since": since},
    )
    names = DayCoverage.__slots__
    return (DayCoverage(**dict(zip(names, row, strict=True))) for row in rows)
