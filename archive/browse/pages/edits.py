"""Changes, the newest first: edits of texts, or any other kind of event.

A page of the feed looks at so many versions or events at most; when they do not fill it, the reader is told how far
back it went and may go on from there.
"""

from typing import Any

from archive.browse.excerpts import with_excerpts
from archive.browse.page import Answer, Asked
from archive.browse.pages.article import json_list
from archive.browse.reading import Row, Rows
from archive.derive import event_weights

_PAGE, _SCAN = 50, 5000

OF_TEXTS = ("headline", "correction", "quote", "number", "flip-flop", "body")
"""Kinds of events that a new version comes with; the others happen without one."""

_VERSIONS = f"""
SELECT v.id, v.first_seen AS at, a.key AS article, a.site, t.title, v.number, v.words_added, v.words_removed, v.kinds,
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
SELECT e.id, e.at, a.key AS article, a.site, a.title, v.number, NULL AS words_added, NULL AS words_removed,
       json_array(e.kind) AS kinds, NULL AS before_key, v.text_key
FROM (SELECT id, article, version, at, kind FROM events
      WHERE at >= :since AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT {_SCAN}) e
     JOIN articles a ON a.id = e.article LEFT JOIN versions v ON v.id = e.version
WHERE e.kind = :kind AND (:site = '' OR a.site = :site)
ORDER BY e.at DESC, e.id DESC LIMIT {_PAGE + 1}
"""  # noqa: S608 - constants of this module
_EDGE = """
SELECT {time} AS at, id FROM {table} WHERE {time} >= :since AND ({time}, id) < (:at, :id)
ORDER BY {time} DESC, id DESC LIMIT 1 OFFSET {skipped}
"""
"""Where the bounded look back ended, if the bound ended it; walks the index on the time alone."""

_LAST = "9999"
_DIGITS = 19  # of an id, which SQLite keeps in 63 bits


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
    data = await asked.ask(lambda rows: _feed(rows, chosen, before, asked.cache))
    return Answer(
        template="edits",
        title="Edits",
        data={**data, "filters": chosen},
        shown={
            "sites": await asked.ask(site_names),
            "all_kinds": list(event_weights()),
            "here": "Edits",
            "followed": {
                "site": chosen["site"],
                "kind": chosen["kind"] if chosen["kind"] in OF_TEXTS else "",
                "words": chosen["words"] or "",
            },
            "older": asked.links.to("edits", **chosen, before=data["next"]) if data["next"] else None,
        },
    )


def site_names(rows: Rows) -> list[str]:
    """Every site, by name."""
    return [row["name"] for row in rows.all("SELECT name FROM sites ORDER BY name")]


def _feed(rows: Rows, chosen: dict[str, Any], before: str, cache: dict[Any, Any]) -> dict[str, Any]:
    by_event = bool(chosen["kind"]) and chosen["kind"] not in OF_TEXTS
    place = _place(before, chosen["day"])
    values = {**chosen, **place}
    del values["day"]
    if by_event:
        del values["words"]
    found = rows.all(_EVENTS if by_event else _VERSIONS, **values)
    cut = None
    if len(found) > _PAGE:
        last: Row | None = found[_PAGE - 1]
    else:
        table, time = ("events", "at") if by_event else ("versions", "first_seen")
        last = cut = rows.one(_EDGE.format(table=table, time=time, skipped=_SCAN - 1), **place)
    shown = [{**row, "kinds": json_list(row["kinds"])} for row in found[:_PAGE]]
    next_page = "" if last is None else f"{last['at']}~{last['id']}"
    for row in shown:
        del row["id"]
    with_excerpts(rows, shown, cache)
    return {"edits": shown, "searched_to": cut["at"] if cut else None, "next": next_page}


def _place(before: str, day: str) -> dict[str, object]:
    """Where to go on, from the time and id that the page before ended with, and the time to stop at.

    Ids order what happened in one moment. They are in no permalink: a rebuild in between costs at most a repetition.
    """
    at, _, number = before.partition("~")
    if not at:
        at, number = (f"{day}~" if day else _LAST), "0"  # "~" sorts after the "T" of every time on that day
    known = number.isdecimal() and len(number) < _DIGITS
    return {"since": f"{day}T" if day else "", "at": at, "id": int(number) if known else 0}
