"""Full-text search over articles and over the headlines promoted beside them."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from sqlite_utils import Database

from archive.errors import QueryError
from archive.links import under
from archive.rows import Hit, SearchCount
from archive.scan import CLOSE, OPEN, Where, scan, short_words

__all__ = ["CLOSE", "OPEN", "Where", "count", "search"]

_FROM_TEXTS = """
FROM texts_fts JOIN texts t ON t.id = texts_fts.rowid JOIN versions v ON v.text_key = t.key
     JOIN articles a ON a.id = v.article
WHERE texts_fts MATCH :query AND (:site IS NULL OR a.site = :site)
"""
_TEXT = f"""
SELECT a.url, a.site, t.title, snippet(texts_fts, -1, :open, :close, '…', 24), bm25(texts_fts, 4.0, 1.0) AS rank,
       t.key, v.first_seen, a.id, v.id = a.latest_version AS latest
{_FROM_TEXTS} ORDER BY rank, latest DESC, v.number DESC
"""
_AS_TITLE = f"CROSS JOIN links l ON {under('hit.phrase')} CROSS JOIN placements p ON p.link = l.id"
_AS_TEASER = "JOIN placements p ON p.teaser = hit.phrase JOIN links l ON l.id = p.link"
_PROMOTED = """
SELECT a.url, a.site, title.text, hit.snippet, hit.rank, NULL, f.started_at AS first_seen, a.id
FROM (SELECT rowid AS phrase, snippet(phrases_fts, -1, :open, :close, '…', 24) AS snippet, bm25(phrases_fts) AS rank
      FROM phrases_fts WHERE phrases_fts MATCH :query) hit
     {where} JOIN phrases title ON title.id = l.title
     JOIN articles a ON a.id = p.article JOIN fetches f ON f.id = p.first_fetch
WHERE :site IS NULL OR a.site = :site
"""
_LISTS = f"""
{_PROMOTED.format(where=_AS_TITLE)} UNION ALL {_PROMOTED.format(where=_AS_TEASER)} ORDER BY rank, first_seen, a.id
"""
_COUNT = f"""
WITH said AS (SELECT DISTINCT a.id {_FROM_TEXTS}),
     hit AS (SELECT rowid AS phrase FROM phrases_fts WHERE phrases_fts MATCH :query),
     promoted AS (SELECT p.article FROM hit {_AS_TITLE} UNION SELECT p.article FROM hit {_AS_TEASER})
SELECT (SELECT count(*) FROM said),
       (SELECT count(*) FROM promoted JOIN articles a ON a.id = article
        WHERE a.id NOT IN (SELECT id FROM said) AND (:site IS NULL OR a.site = :site))
"""  # noqa: S608

Result = TypeVar("Result")


def search(db: Database, query: str, *, site: str | None = None, where: Where = "text", limit: int = 20) -> list[Hit]:
    """The best hits, one for each article: in its text, or in the lists of its page.

    ``both`` gives the articles that say it, then those that only promote it. Words of one or two characters, which a
    trigram index does not hold, are looked for in the latest texts and headlines instead. The query is in the syntax
    of FTS5; one that FTS5 cannot parse is searched for as plain words. Raises QueryError when even that is impossible.
    """
    if not query.strip():
        return []
    if where not in ("text", "lists", "both"):
        raise QueryError(f"{where!r} is no place to search in; use text, lists or both")
    words = short_words(db, query)
    if words:
        return scan(db, words, site, where, limit)
    return _asked(query, lambda words: _search(db, words, site, where, limit))


def count(db: Database, query: str, *, site: str | None = None) -> SearchCount:
    """How many articles say it, and how many pages only promote it; raises QueryError as :func:`search` does."""
    if not query.strip():
        return SearchCount(pages=0, text=0, only_lists=0)
    words = short_words(db, query)
    if words:
        hits = scan(db, words, site, "both", None)
        text = sum(hit.where == "text" for hit in hits)
        return SearchCount(pages=len(hits), text=text, only_lists=len(hits) - text)
    values = {"site": site}
    text, lists = _asked(query, lambda words: db.execute(_COUNT, {"query": words, **values}).fetchone())
    return SearchCount(pages=text + lists, text=text, only_lists=lists)


def _asked(query: str, ask: Callable[[str], Result]) -> Result:
    """The answer to a query in the syntax of FTS5, else to its plain words."""
    try:
        return ask(query)
    except sqlite3.OperationalError as error:
        quoted = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
        if not quoted:
            raise QueryError(f"{query!r} cannot be searched for ({error}); write plain words") from error
    try:
        return ask(quoted)
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
