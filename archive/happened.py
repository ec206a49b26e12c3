"""What one look meant for its article, in the terms in which people are told of it."""

import json
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A look at an article: the version that it shows, how that differs from the one before, and what happened.

    ``events`` are the kinds of events that this look caused; ``version`` is None for a look that shows no text.
    """

    article: str
    title: str
    at: str
    version: int | None
    text_key: str | None
    before_key: str | None
    kinds: tuple[str, ...]
    words_added: int
    words_removed: int
    events: tuple[str, ...]


_LOOK = """
SELECT a.id, a.url, coalesce(t.title, a.title), f.started_at, v.number, v.text_key, b.text_key, v.kinds,
       coalesce(v.words_added, 0), coalesce(v.words_removed, 0)
FROM sightings s JOIN fetches f ON f.id = s.fetch JOIN articles a ON a.id = s.article
     LEFT JOIN versions v ON v.id = s.version LEFT JOIN texts t ON t.key = v.text_key
     LEFT JOIN versions b ON b.article = v.article AND b.number = v.number - 1
WHERE s.fetch = ?
"""
_EVENTS = "SELECT kind FROM events WHERE article = ? AND at = ? ORDER BY weight DESC, id"


def happening(db: Database, fetch: int) -> Happening | None:
    """What the look of that ``fetches.id`` meant; None for one that led to no article."""
    row = db.execute(_LOOK, (fetch,)).fetchone()
    if row is None:
        return None
    article, url, title, at, version, text_key, before_key, kinds, added, removed = row
    return Happening(
        article=url,
        title=title,
        at=at,
        version=version,
        text_key=text_key,
        before_key=before_key,
        kinds=tuple(json.loads(kinds or "[]")),
        words_added=added,
        words_removed=removed,
        events=tuple(kind for (kind,) in db.execute(_EVENTS, (article, at))),
    )
