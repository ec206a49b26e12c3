"""Edits that a feed or sitemap announces: an article that changed since its last visit is due at once.

One request for a sitemap then finds what a visit to each of its articles would have to look for.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlite_utils import Database

from crawler.frontier import Entry
from extractors import moment_text, normalize_url

_FEW = 5
_SHARE = 0.2
"""Sources that say this of more of what they announce, and of more than a few, date all of it anew each time."""

_AHEAD = timedelta(hours=1)  # a clock may be so wrong; what is dated later is no time of a change

_VISITED = """
SELECT last_at FROM frontier WHERE key = ? AND kind = 'article' AND state IN ('due', 'given-up') AND next_at > ?
AND failures = 0 AND last_at < ?
"""
_DUE = """
UPDATE frontier SET next_at = ?, state = 'due', reason = 'its source says that it changed at ' || ?
WHERE key = ? AND kind = 'article'
"""


def hasten(db: Database, entries: Collection[Entry], now: datetime) -> int:
    """Makes those of one source's entries due whose ``modified`` is later than their last visit. Returns how many."""
    dated = [(normalize_url(entry.url), entry.modified) for entry in entries if entry.modified]
    at, ahead = _text(now), _text(now + _AHEAD)
    changed = [
        (key, modified)
        for key, modified in dict(dated).items()
        if modified <= ahead and db.execute(_VISITED, (key, at, modified)).fetchone() is not None
    ]
    if len(changed) > max(_FEW, _SHARE * len(dated)):
        return 0
    for key, modified in changed:
        db.execute(_DUE, (at, modified, key))
    return len(changed)


def _text(moment: datetime) -> str:
    return moment_text(moment) or ""
