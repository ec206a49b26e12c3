"""Full-text search with bounded work: a common word costs no more than a rare one.

The newest matching texts are taken, up to a bound. When they are all that match, the best come first (bm25); when
there are more, ranking them all would take the time of reading the whole index, so the newest come first instead.
"""

import re
import sqlite3
from collections import Counter
from typing import Any

from sqlite_utils import Database

from archive.browse.page import Answer, Asked
from archive.browse.pages.edits import site_names
from archive.browse.reading import Row, Rows
from archive.errors import QueryError
from archive.search import CLOSE, OPEN
from archive.search import search as search_lists

_CANDIDATES, _PAGE, _LISTED, _FACETS = 3000, 20, 100, 12
_LISTS_SECONDS = 0.25
_WORD = re.compile(r"\w+")
_SHORT_PREFIX = re.compile(r"(?<!\w)\w{1,2}\*")  # names so many words that FTS5 reads half the index

_FOUND = f"""
SELECT t.id, t.key AS text_key, t.title, a.id AS article_id, a.key AS article, a.site, a.language, v.first_seen,
       v.number, v.id IS a.latest_version AS latest
FROM (SELECT rowid AS found FROM texts_fts WHERE texts_fts MATCH :query ORDER BY rowid DESC LIMIT {_CANDIDATES + 1}) c
     JOIN texts t ON t.id = c.found JOIN versions v ON v.text_key = t.key JOIN articles a ON a.id = v.article
ORDER BY v.first_seen DESC, v.id DESC
"""  # noqa: S608 - constants of this module
_COUNT = f"""
SELECT count(*) FROM (SELECT rowid FROM texts_fts WHERE texts_fts MATCH :query LIMIT {_CANDIDATES + 1})
"""  # noqa: S608
_RANKS = "SELECT rowid AS id, bm25(texts_fts, 4.0, 1.0) AS rank FROM texts_fts WHERE texts_fts MATCH :query"
_SNIPPET = """
SELECT snippet(texts_fts, 1, :open, :close, '…', 28) FROM texts_fts WHERE texts_fts MATCH :query AND rowid = :id
"""
_BESIDE = """
SELECT a.key AS article, a.site, a.title, a.language, EXISTS(
    SELECT 1 FROM versions v JOIN texts t ON t.key = v.text_key JOIN texts_fts f ON f.rowid = t.id
    WHERE v.id = a.latest_version AND texts_fts MATCH :query) AS said
FROM articles a WHERE a.url = :url
"""
_LATELY = """
SELECT a.url, i.title AS matched, i.first_seen
FROM (SELECT id, url FROM articles WHERE (:site = '' OR site = :site) AND version_count > 0
      ORDER BY last_seen DESC LIMIT 300) a JOIN list_items i ON i.article = a.id
LIMIT 20000
"""


async def search(asked: Asked) -> Answer:
    """What ``q`` finds: in the ``text``, or with ``where=lists`` only in lists beside articles that do not say it."""
    query = asked.text("q")
    where = "lists" if asked.text("where") == "lists" else "text"
    chosen = {"site": asked.text("site"), "month": asked.text("month")[:7], "language": asked.text("language")}
    page = max(asked.number("page", 1), 1)
    data: dict[str, Any] = {"query": query, "where": where, "filters": chosen, "page": page, "hits": [], "error": None}
    if query:
        data.update(await asked.ask(lambda rows: _search(rows, query, where, chosen, page)))
    return Answer(
        template="search",
        title=f"Search: {query}" if query else "Search",
        data=data,
        shown={
            "here": "Search",
            "sites": await asked.ask(site_names),
            "kept": {"q": query, "where": where if where == "lists" else "", **chosen},
            "bound": _CANDIDATES,
        },
    )


def _search(rows: Rows, query: str, where: str, chosen: dict[str, str], page: int) -> dict[str, Any]:
    """As FTS5 reads the query; one that it cannot parse is taken as plain words."""
    if _SHORT_PREFIX.search(query):
        return _nothing("Write at least three letters before an asterisk.")
    find = _in_lists if where == "lists" else _in_texts
    for attempt in filter(None, (query, _plain(query))):
        try:
            return find(rows, attempt, chosen, page)
        except QueryError:
            continue
        except sqlite3.OperationalError as error:
            if str(error) == "interrupted":
                raise
    return _nothing("This cannot be searched for; write plain words.")


def _nothing(error: str) -> dict[str, Any]:
    return {"error": error, "hits": [], "further": False, "facets": {}, "count": 0}


def _plain(query: str) -> str:
    return " ".join(f'"{word}"' for word in query.replace('"', " ").split())


def _in_texts(rows: Rows, query: str, chosen: dict[str, str], page: int) -> dict[str, Any]:
    matching = rows.value(_COUNT, query=query)
    every = matching <= _CANDIDATES
    found = rows.all(_FOUND, query=query)
    if every:
        ranks = {row["id"]: row["rank"] for row in rows.all(_RANKS, query=query)}
        found.sort(key=lambda row: (ranks.get(row["id"], 0.0), not row["latest"]))
    hits = _one_each(found)
    kept = [row for row in hits if _fits(row, chosen)]
    shown = kept[(page - 1) * _PAGE : page * _PAGE]
    for row in shown:
        row["snippet"] = rows.value(_SNIPPET, query=query, id=row["id"], open=OPEN, close=CLOSE) or ""
    return {
        "hits": [_public(row) for row in shown],
        "count": len(kept),
        "complete": every,
        "order": "best" if every else "newest",
        "facets": _facets(hits, chosen),
        "further": len(kept) > page * _PAGE,
    }


def _in_lists(rows: Rows, query: str, chosen: dict[str, str], page: int) -> dict[str, Any]:
    """Headlines that the query finds beside articles, those articles left out whose newest text says it too."""
    found = rows.part(lambda part: _listed(part, query, chosen["site"]), _LISTS_SECONDS)
    recent = found is None
    if found is None:
        found = _listed_lately(rows, query, chosen["site"])
    hits: list[Row] = []
    for hit in found:
        row = rows.one(_BESIDE, query=query, url=hit["url"])
        if row is not None and not row.pop("said"):
            hits.append({**row, **hit, "text_key": None})
    kept = [row for row in hits if _fits(row, chosen)]
    return {
        "hits": kept[(page - 1) * _PAGE : page * _PAGE],
        "count": len(kept),
        "complete": len(found) < _LISTED,
        "order": "recent" if recent else "best",
        "facets": _facets(hits, chosen),
        "further": len(kept) > page * _PAGE,
    }


def _listed(rows: Rows, query: str, site: str) -> list[Row]:
    try:
        database = Database(rows.connection, recursive_triggers=False, execute_plugins=False)
        found = search_lists(database, query, site=site or None, where="lists", limit=_LISTED)
    except QueryError as error:
        if "interrupted" in str(error):
            raise sqlite3.OperationalError("interrupted") from error
        raise
    return [
        {
            "url": hit.article,
            "matched": hit.matched,
            "snippet": hit.snippet,
            "first_seen": hit.first_seen.isoformat().replace("+00:00", "Z"),
        }
        for hit in found
    ]


def _listed_lately(rows: Rows, query: str, site: str) -> list[Row]:
    """Where too many headlines match to be ranked: those with every word of the query beside pages seen lately."""
    words = [word for word in _WORD.findall(query.lower()) if word not in ("and", "or", "not")]
    found: dict[str, Row] = {}
    for row in rows.all(_LATELY, site=site):
        if all(word in row["matched"].lower() for word in words):
            found.setdefault(row["url"], {**row, "snippet": row["matched"]})
    return list(found.values())[:_LISTED]


def _one_each(found: list[Row]) -> list[Row]:
    """One hit for each article, in the place of its first: its newest text where that one is found too."""
    hits: dict[int, Row] = {}
    for row in found:
        if row["article_id"] not in hits or row["latest"]:
            hits[row["article_id"]] = row
    return list(hits.values())


def _public(row: Row) -> Row:
    return {name: row[name] for name in row if name not in ("id", "article_id")}


def _fits(row: Row, chosen: dict[str, str]) -> bool:
    return all(not value or _facet(row, name) == value for name, value in chosen.items())


def _facet(row: Row, name: str) -> str:
    return str(row["first_seen"])[:7] if name == "month" else str(row[name] or "")


def _facets(hits: list[Row], chosen: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """For each facet its values among the hits that fit the other facets, the most frequent first."""
    facets: dict[str, list[dict[str, Any]]] = {}
    for name in chosen:
        others = {**chosen, name: ""}
        counts = Counter(_facet(row, name) for row in hits if _fits(row, others))
        del counts[""]
        most = counts.most_common(_FACETS)
        facets[name] = [{"value": value, "count": count} for value, count in most]
    return facets
