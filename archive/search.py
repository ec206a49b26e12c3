"""Full-text search over articles and over the headlines promoted beside them."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from archive.errors import QueryError
from archive.rows import Hit

Where = Literal["text", "lists", "both"]

OPEN, CLOSE = "⟦", "⟧"
"""Around the words found in a snippet; they occur in no news text, so that a page can escape first and mark up then."""

_TEXT = """
SELECT a.url, a.site, t.title, snippet(texts_fts, -1, :open, :close, '…', 24), bm25(texts_fts, 4.0, 1.0) AS rank,
       t.key, v.first_seen, a.id, v.id = a.latest_version AS latest
FROM texts_fts JOIN texts t ON t.id = texts_fts.rowid JOIN versions v ON v.text_key = t.key
     JOIN articles a ON a.id = v.article
WHERE texts_fts MATCH :query AND (:site IS NULL OR a.site = :site)
ORDER BY rank, latest DESC, v.number DESC
"""
_PROMOTED = """
SELECT a.url, a.site, title.text, hit.snippet, hit.rank, NULL, f.started_at AS first_seen, a.id
FROM (SELECT rowid AS phrase, snippet(phrases_fts, -1, :open, :close, '…', 24) AS snippet, bm25(phrases_fts) AS rank
      FROM phrases_fts WHERE phrases_fts MATCH :query) hit
     {where} JOIN phrases title ON title.id = l.title
     JOIN articles a ON a.id = p.article JOIN fetches f ON f.id = p.first_fetch
WHERE :site IS NULL OR a.site = :site
"""
_LISTS = (
    _PROMOTED.format(where="JOIN links l ON l.title = hit.phrase JOIN placements p ON p.link = l.id")
    + "UNION ALL"
    + _PROMOTED.format(where="JOIN placements p ON p.teaser = hit.phrase JOIN links l ON l.id = p.link")
    + "ORDER BY rank, first_seen, a.id"
)


def search(db: Database, query: str, *, site: str | None = None, where: Where = "text", limit: int = 20) -> list[Hit]:
    """The best hits, one for each article: in its text, or in the lists of its page.

    ``both`` gives the articles that say it, then those that only promote it. The query is in the syntax of FTS5;
    a query that FTS5 cannot parse is searched for as plain words. Raises QueryError when even that is impossible.
    """
    if not query.strip():
        return []
    if where not in ("text", "lists", "both"):
        raise QueryError(f"{where!r} is no place to search in; use text, lists or both")
    try:
        return _search(db, query, site, where, limit)
    except sqlite3.OperationalError:
        quoted = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
    try:
        return _search(db, quoted, site, where, limit) if quoted else []
    except sqlite3.OperationalError as error:
        raise QueryError(f"{query!r} cannot be searched for ({error}); write plain words") from error


def _search(db: Database, query: str, site: str | None, where: Where, limit: int) -> list[Hit]:
    hits: list[Hit] = []
    seen: set[int] = set()
    for place, sql in (("text", _TEXT), ("lists", _LISTS)):
        if where in (place, "both"):
            hits += _hits(db, sql, query, site, limit - len(hits), seen)
    return hits


def _hits(db: Database, sql: str, query: str, site: str | None, limit: int, seen: set[int]) -> Iterator[Hit]:
    if limit <= 0:
        return
    values = {"query": query, "site": site, "open": OPEN, "close": CLOSE}
    found = 0
    for url, its_site, title, snippet, rank, text_key, first_seen, article, *latest in db.execute(sql, values):
        if article in seen:
            continue
        seen.add(article)
        yield Hit(
            article=url,
            site=its_site,
            title=title,
            where="text" if latest else "lists",
            matched=title,
            snippet=snippet,
            rank=rank,
            text_key=text_key,
            first_seen=datetime.fromisoformat(first_seen),
        )
        found += 1
        if found == limit:
            return
