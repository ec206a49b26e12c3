"""One article as its readers saw it: any of its texts, and everything that became of it."""

import json
from typing import Any

from archive.browse.page import Answer, Asked, NoSuchPage
from archive.browse.reading import Row, Rows

_EVENTS, _LOOKS, _ITEMS, _TWINS, _VERSIONS = 200, 50, 200, 20, 300
_LONGEST = 400_000  # characters of a text that a browser is asked to lay out; its JSON has all of it

_ARTICLE = """
SELECT id, key, url, site, canonical_url, title, authors, published, modified, section, language, first_seen,
       last_seen, version_count, state, rules
FROM articles WHERE key = :key
"""
_VERSION = """
SELECT v.number, v.text_key, v.raw_key, v.first_seen, v.last_seen, v.sightings, v.words_added, v.words_removed,
       v.kinds, v.rules, t.title, t.words
FROM versions v JOIN texts t ON t.key = v.text_key WHERE v.article = :article
"""
_HISTORY = f"{_VERSION} ORDER BY v.number DESC LIMIT :most"
_OF_TEXT = f"{_VERSION} AND (:text IS NULL OR v.text_key = :text) ORDER BY v.number DESC LIMIT 1"
_NUMBERED = f"{_VERSION} AND v.number = :number"
_EVENT = """
SELECT e.at, e.kind, e.weight, e.detail, v.number AS version, v.text_key
FROM events e LEFT JOIN versions v ON v.id = e.version WHERE e.article = :article
ORDER BY e.at DESC, e.id DESC LIMIT :most
"""
_LOOK = """
SELECT f.started_at AS at, f.outcome, f.status, f.url, f.raw_key, f.error, v.number AS version
FROM sightings s JOIN fetches f ON f.id = s.fetch LEFT JOIN versions v ON v.id = s.version
WHERE s.article = :article ORDER BY s.fetch DESC LIMIT :most
"""
_BESIDE = """
SELECT heading, kind, position, title, url, teaser, section, when_text, when_at, when_until, first_seen, last_seen,
       sightings, (SELECT a.key FROM articles a WHERE a.url = list_items.url) AS archived
FROM list_items WHERE article = :article AND first_seen <= :until AND last_seen >= :since
ORDER BY kind, heading, position, first_seen LIMIT :most
"""
_TWIN = """
SELECT DISTINCT a.key AS article, a.site, a.title, a.url, a.first_seen
FROM versions v JOIN articles a ON a.id = v.article
WHERE v.text_key = :text AND v.article <> :article ORDER BY a.first_seen LIMIT :most
"""
_WISHES = """
SELECT DISTINCT o.signal, o.value FROM sightings s JOIN fetches f ON f.id = s.fetch JOIN optouts o ON o.url = f.url
WHERE s.article = :article LIMIT 20
"""


async def article(asked: Asked) -> Answer:
    """An article in the text that the address names, or its newest."""
    key, wanted = asked.parts["key"], asked.parts.get("text")
    data = await asked.ask(lambda rows: _article(rows, key, wanted))
    cosmetic = bool(asked.text("cosmetic"))
    events = [event for event in data["events"] if cosmetic or event["weight"] > 0]
    return Answer(
        template="article",
        title=data["text"]["title"] or data["article"]["title"] or data["article"]["url"],
        data={**data, "events": events},
        shown={
            "cosmetic": cosmetic,
            "hidden": len(data["events"]) - len(events),
            "most": _VERSIONS,
            "longest": _LONGEST,
        },
    )


def article_row(rows: Rows, key: str) -> Row:
    """The row of an article; raises NoSuchPage."""
    found = rows.one(_ARTICLE, key=key)
    if found is None:
        raise NoSuchPage(f"No article has the key {key} in this archive.")
    return {**found, "authors": json_list(found["authors"])}


def json_list(text: str) -> list[str]:
    """A column that holds a JSON array of words."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []


def history_of(rows: Rows, article_id: int, most: int = _VERSIONS) -> list[Row]:
    """An article's versions, the newest first, at most so many."""
    return [_version(row) for row in rows.all(_HISTORY, article=article_id, most=most)]


def version_of(rows: Rows, article_id: int, text_key: str | None) -> Row:
    """The newest version of an article, or its newest with that text; raises NoSuchPage."""
    found = rows.one(_OF_TEXT, article=article_id, text=text_key)
    if found is None:
        said = f"No version of this article has the text {text_key}." if text_key else "No text of it is kept."
        raise NoSuchPage(said)
    return _version(found)


def _version(row: Row) -> Row:
    return {**row, "kinds": json_list(row["kinds"])}


def text_of(rows: Rows, key: str) -> Row:
    """A text by its key; raises NoSuchPage."""
    found = rows.one("SELECT key, sha256, title, text, words FROM texts WHERE key = :key", key=key)
    if found is None:
        raise NoSuchPage(f"No text has the key {key} in this archive.")
    return found


def _article(rows: Rows, key: str, wanted: str | None) -> dict[str, Any]:
    row = article_row(rows, key)
    number = row.pop("id")
    shown = version_of(rows, number, wanted)
    before = rows.one(_NUMBERED, article=number, number=shown["number"] - 1)
    beside = rows.all(_BESIDE, article=number, since=shown["first_seen"], until=shown["last_seen"], most=_ITEMS)
    return {
        "article": row,
        "version": shown,
        "before": _version(before) if before else None,
        "text": text_of(rows, shown["text_key"]),
        "versions": history_of(rows, number),
        "events": [{**one, "detail": _detail(one["detail"])} for one in rows.all(_EVENT, article=number, most=_EVENTS)],
        "looks": rows.all(_LOOK, article=number, most=_LOOKS),
        "lists": _lists(beside),
        "same_text": rows.all(_TWIN, text=shown["text_key"], article=number, most=_TWINS),
        "optouts": rows.part(lambda part: part.all(_WISHES, article=number), 0.5) or [],
    }


def _detail(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lists(items: list[Row]) -> list[dict[str, Any]]:
    """Items under their headings, in the order in which they came."""
    lists: dict[tuple[str, str], list[Row]] = {}
    for item in items:
        lists.setdefault((item.pop("heading"), item.pop("kind")), []).append(item)
    return [{"heading": heading, "kind": kind, "items": found} for (heading, kind), found in lists.items()]
