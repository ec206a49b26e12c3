"""Words too short for a trigram index, looked for one text after another: in the latest ones, and no further."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from archive.rows import Hit

Where = Literal["text", "lists", "both"]

OPEN, CLOSE = "⟦", "⟧"
"""Around the words found in a snippet; they occur in no news text, so that a page can escape first and mark up then."""

MOST = 50_000
"""Versions, and as many headlines in lists, that are looked at: what takes about a second."""

_SHORTEST = 3  # characters of a trigram
_AROUND = 60  # characters of a snippet on each side
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_TEXTS = """
SELECT a.url, a.site, t.title, t.text, t.key, v.first_seen, a.id
FROM versions v JOIN texts t ON t.key = v.text_key JOIN articles a ON a.id = v.article
WHERE v.id > (SELECT max(id) FROM versions) - :most AND (:site IS NULL OR a.site = :site) ORDER BY v.id DESC
"""
_LISTS = """
SELECT a.url, a.site, i.title, coalesce(i.teaser, ''), NULL, i.first_seen, a.id
FROM (SELECT article, title, teaser, first_seen FROM list_items LIMIT :most) i JOIN articles a ON a.id = i.article
WHERE :site IS NULL OR a.site = :site
"""


def short_words(db: Database, query: str) -> list[str]:
    """The words of a query that a trigram index cannot answer; none when it can, or the index is another."""
    words = query.replace('"', " ").split()
    if not words or any(word in _OPERATORS for word in words) or min(map(len, words)) >= _SHORTEST:
        return []
    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'texts_fts'").fetchone()[0]
    return words if "trigram" in sql else []


def scan(db: Database, words: list[str], site: str | None, where: Where, limit: int | None) -> list[Hit]:
    """Pages with all the words, whatever their case: the latest versions first, then those that only promote them."""
    found: list[Hit] = []
    seen: set[int] = set()
    folded = [word.casefold() for word in words]
    for place, sql in (("text", _TEXTS), ("lists", _LISTS)):
        if where in (place, "both"):
            for hit in _hits(db, sql, folded, site, seen):
                if limit is not None and len(found) >= limit:
                    return found
                found.append(hit)
    return found


def _hits(db: Database, sql: str, words: list[str], site: str | None, seen: set[int]) -> Iterator[Hit]:
    for url, its_site, title, text, key, first_seen, article in db.execute(sql, {"most": MOST, "site": site}):
        whole = f"{title}\n{text}"
        folded = whole.casefold()
        if article in seen or not all(word in folded for word in words):
            continue
        seen.add(article)
        yield Hit(
            article=url,
            site=its_site,
            title=title,
            where="lists" if key is None else "text",
            matched=title,
            snippet=_snippet(text if words[0] in text.casefold() else title, words[0]),
            rank=0.0,
            text_key=key,
            first_seen=datetime.fromisoformat(first_seen),
        )


def _snippet(text: str, word: str) -> str:
    """The first place of a word, marked, unless casefold has changed lengths and the mark would lie."""
    at = text.casefold().find(word)
    end = at + len(word)
    if at < 0 or text[at:end].casefold() != word:
        return text[: 2 * _AROUND]
    before, after = text[max(0, at - _AROUND) : at], text[end : end + _AROUND]
    open_end, close_end = "…" if at > _AROUND else "", "…" if end + _AROUND < len(text) else ""
    return f"{open_end}{before}{OPEN}{text[at:end]}{CLOSE}{after}{close_end}"
