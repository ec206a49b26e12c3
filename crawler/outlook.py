"""What the frontier holds after a run: when something is due next, and how much is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive import Archive
from extractors import moment_text

_NEXT = (
    "SELECT next_at FROM frontier WHERE site = ? AND next_at > ? AND kind = 'article' AND state = 'due' "
    "ORDER BY next_at LIMIT 1"
)
_COUNTS = (
    "SELECT site, count(*), sum(next_at <= ?) FROM frontier WHERE kind = 'article' AND state = 'due' GROUP BY site"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """``next_at`` is the earliest time at which an article becomes due; ``sites`` gives known and overdue articles."""

    next_at: datetime | None = None
    sites: dict[str, tuple[int, int]] = field(default_factory=dict)


def outlook(path: Path, sites: Iterable[str], *, after: datetime, counted: bool = True) -> Outlook:
    """Reads an archive beside whoever writes it. What was due ``after`` that time counts for ``next_at``: earlier ones
    had their turn. Raises the family of ArchiveError."""
    since = moment_text(after)
    with Archive(path, read_only=True) as archive:
        found = [row[0] for site in sites for row in archive.db.execute(_NEXT, (site, since))]
        counts = archive.db.execute(_COUNTS, (since,)).fetchall() if counted else []
    next_at = datetime.fromisoformat(min(found)) if found else None
    return Outlook(next_at=next_at, sites={site: (known, overdue) for site, known, overdue in counts})
