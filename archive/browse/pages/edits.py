"""Changes, the newest first: edits of texts, or any other kind of event.

A page of the feed looks at so many versions or events at most; when they do not fill it, the reader is told how far
back it went and may go on from there.
"""

from typing import Any

from archive.browse.page import Answer, Asked
from archive.browse.pages.article import json_list
from archive.browse.reading import Row, Rows
from archive.derive import event_weights

_PAGE, _SCAN = 50, 20_000

OF_TEXTS = ("headline", "correction", "quote", "number", "flip-flop", "body")
"""Kinds of events that a new version comes with; the others happen without one."""

_VERSIONS = f"""
SELECT v.first_seen AS at, a.key AS article, a.site, t.title, v.number, v.words_added, v.words_removed, v.kinds,
       b.text_key AS before_key, v.text_key
FROM (SELECT id, article, number, text_key, first_seen, words_added, words_removed, kinds FROM versions
      WHERE first_seen >= :since AND (first_seen, id) < (:at, :id) ORDER BY first_seen DESC, id DESC LIMIT {_SCAN}) v
     JOIN articles a ON a.id = v.article JOIN texts t ON t.key = v.text_key
     JOIN versions b ON b.article = v.article AND b.number = v.number - 1
WHERE v.number > 1 AND (:site = '' OR a.site = :site) AND v.words_added + v.words_removed >= :words
      AND (:kind = '' OR EXISTS(SELECT 1 FROM json_each(v.kinds) WHERE value = :kind))
ORDER BY v.first_seen DESC, v.id DESC LIMIT {_PAGE + 1}
"""  # noqa: S608 - constants of this module
_EVENTS = f"""
SELECT e.at, a.key AS article, a.site, a.title, v.number, NULL AS words_added, NULL AS words_removed,
       json_array(e.kind) AS kinds, NULL AS before_key, v.text_key
FROM (SELECT id, article, version, at, kind FROM events
      WHERE at >= :since AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT {_SCAN}) e
     JOIN articles a ON a.id = e.article LEFT JOIN versions v ON v.id = e.version
WHERE e.kind = :kind AND (:site = '' OR a.site = :site)
ORDER BY e.at DESC, e.id DESC LIMIT {_PAGE + 1}
"""  # noqa: S608 - constants of this module
_EDGE = {
    "versions": "SELECT v.first_seen AS at, a.key AS article, v.number FROM (SELECT article, number, first_seen, id "
    "FROM versions WHERE first_seen >= :since AND (first_seen, id) < (:at, :id) ORDER BY first_seen DESC, id DESC "
    f"LIMIT 1 OFFSET {_SCAN - 1}) v JOIN articles a ON a.id = v.article",
    "events": "SELECT e.at, '' AS article, 0 AS number FROM events e WHERE e.at >= :since AND (e.at, e.id) < (:at, :id) "
    f"ORDER BY e.at DESC, e.id DESC LIMIT 1 OFFSET {_SCAN - 1}",
}
_LAST = "9999"


async def edits(asked: Asked) -> Answer:
    """The feed as the query filters it: ``site``, ``kind``, ``words`` (at least so many), ``day``, ``before``."""
    kind = asked.text("kind")
    chosen = {
        "site": asked.text("site"),
        "kind": kind if kind in event_weights() else "",
        "words": asked.number("words"),
        "day": asked.day("day"),
    }
    before = asked.text("before")
    data = await asked.ask(lambda rows: _feed(rows, chosen, before))
    return Answer(
        template="edits",
        title="Edits",
        data={**data, "filters": chosen},
        shown={
            "sites": await asked.ask(site_names),
            "all_kinds": list(event_weights()),
            "here": "Edits",
            "older": asked.links.to("edits", **chosen, before=data["next"]) if data["next"] else None,
        },
    )


def site_names(rows: Rows) -> list[str]:
    """Every site, by name."""
    return [row["name"] for row in rows.all("SELECT name FROM sites ORDER BY name")]


def _feed(rows: Rows, chosen: dict[str, Any], before: str) -> dict[str, Any]:
    by_event = bool(chosen["kind"]) and chosen["kind"] not in OF_TEXTS
    start = f"{chosen['day']}T" if chosen["day"] else ""
    place = _place(rows, before, start)
    values = {**chosen, **place, "since": start}
    if by_event:
        del values["words"]
    del values["day"]
    found = rows.all(_EVENTS if by_event else _VERSIONS, **values)
    shown = [{**row, "kinds": json_list(row["kinds"])} for row in found[:_PAGE]]
    cut = None
    if len(found) > _PAGE:
        last: Row | None = shown[-1]
    else:
        table = "events" if by_event else "versions"
        last = cut = rows.one(_EDGE[table], **place, since=start)
    return {"edits": shown, "searched_to": cut["at"] if cut else None, "next": _cursor(last)}


def _cursor(row: Row | None) -> str:
    """Where a page ends: its time and, since several things happen at once, its article and version."""
    return "" if row is None else f"{row['at']}~{row['article']}~{row['number'] or 0}"


def _place(rows: Rows, before: str, start: str) -> dict[str, object]:
    """The (time, id) below which to go on. Cursors hold keys; the id is looked up, and 0 where none is found."""
    at, _, rest = before.partition("~")
    if not at:
        return {"at": f"{start}~" if start else _LAST, "id": 0}
    key, _, number = rest.partition("~")
    found = rows.value(
        "SELECT v.id FROM articles a JOIN versions v ON v.article = a.id WHERE a.key = :key AND v.number = :number",
        key=key,
        number=number,
    )
    return {"at": at, "id": found or 0}
