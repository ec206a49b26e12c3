"""What is in the archive: its size, its days, its newest edits and its sites.

Counts come from the roll-up ``daily`` and from indexes; nothing here walks through all fetches or texts.
"""

from collections import defaultdict
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from archive.browse.excerpts import with_excerpts
from archive.browse.growth import count_behind, stored_by_day
from archive.browse.page import Answer, Asked
from archive.browse.pages.article import json_list
from archive.browse.plots import Series
from archive.browse.reading import Row, Rows

_DAYS = 60
_EVENTS = 50_000  # the newest, so that the plots of an archive with a million edits take no longer
_HOURS = 48
_PART_SECONDS = 1.0
_SHOWN = 10

GROUPS = {
    "read": ("new", "changed", "same", "imported"),
    "confirmed unchanged": ("not-modified",),
    "kept out": ("robots", "digest-only"),
}
"""Outcomes of fetches by what they mean to a reader; all others failed."""

_GROUP_OF = {outcome: group for group, outcomes in GROUPS.items() for outcome in outcomes}
_CSS = {"read": "a", "confirmed unchanged": "b", "kept out": "c", "failed": "d"}

_TOTALS = """
SELECT (SELECT count(*) FROM articles WHERE version_count > 0) AS articles,
       (SELECT coalesce(sum(version_count), 0) FROM articles) AS versions,
       (SELECT coalesce(sum(version_count - 1), 0) FROM articles WHERE version_count > 1) AS edits,
       (SELECT count(*) FROM sites) AS sites,
       (SELECT min(day) FROM daily) AS first_day, (SELECT max(day) FROM daily) AS last_day,
       (SELECT coalesce(sum(count), 0) FROM daily) AS fetches,
       (SELECT coalesce(sum(bytes), 0) FROM daily) AS bytes_received
"""
_EDITED = """
SELECT version, article, max(at) AS at
FROM (SELECT version, article, at, kind FROM events WHERE at >= :since ORDER BY at DESC LIMIT {events})
WHERE kind IN ('headline', 'correction', 'quote', 'number', 'flip-flop', 'body') GROUP BY version
"""
"""Edits come from their events, whose rows are narrow; those of versions hold a text each."""

_EDITS_BY = f"""
SELECT substr(e.at, 1, 10) AS day,
       CASE WHEN length(a.published) > 10
            THEN CAST((julianday(e.at) - julianday(a.published)) * 24 AS INTEGER) END AS hour, count(*) AS n
FROM ({_EDITED.format(events=_EVENTS)}) e JOIN articles a ON a.id = e.article GROUP BY day, hour
"""  # noqa: S608 - constants of this module
_NEWEST_EDITS = f"""
SELECT v.first_seen AS at, a.key AS article, a.site, t.title, t.words, v.number, v.words_added, v.words_removed,
       v.kinds, b.text_key AS before_key, v.text_key
FROM ({_EDITED.format(events=1000)} ORDER BY at DESC, version DESC LIMIT {_SHOWN}) e
     JOIN versions v ON v.id = e.version JOIN articles a ON a.id = v.article JOIN texts t ON t.key = v.text_key
     JOIN versions b ON b.article = v.article AND b.number = v.number - 1
ORDER BY v.first_seen DESC, v.id DESC
"""  # noqa: S608 - constants of this module
_BY_DAY = """
SELECT day, outcome, sum(count) AS count, sum(bytes) AS bytes FROM daily
WHERE day >= (SELECT date(max(day), :back) FROM daily) GROUP BY day, outcome ORDER BY day
"""
_BY_SITE = """
SELECT site, outcome, sum(count) AS count, max(day) AS day FROM daily
WHERE day >= (SELECT date(max(day), '-6 days') FROM daily) GROUP BY site, outcome
"""
_SITES = """
SELECT s.name AS site, s.home, (SELECT count(*) FROM articles a WHERE a.site = s.name) AS articles
FROM sites s ORDER BY s.name
"""


async def front(asked: Asked) -> Answer:
    """The front page."""
    place = ("stored", asked.links.name)
    data = await asked.remembered(("front",), lambda rows: _front(rows, asked.cache, place))
    if data["stored"] is None:
        count_behind(asked, place, lambda: asked.forget(("front",)))
    return Answer(template="front", title=asked.links.name, data=data, shown=_plots(data))


def _front(rows: Rows, cache: dict[Any, Any], place: object) -> dict[str, Any]:
    days = rows.all(_BY_DAY, back=f"-{_DAYS - 1} days")
    since = days[0]["day"] if days else ""
    path = rows.value("SELECT file FROM pragma_database_list WHERE name = 'main'")
    return {
        "totals": {**(rows.one(_TOTALS) or {}), "file_bytes": Path(path).stat().st_size if path else None},
        "days": _by_day(days),
        "received": _received(rows, days),
        "stored": _stored(stored_by_day(rows, cache, place), days),
        "edits": _edits(rows.part(lambda part: part.all(_EDITS_BY, since=since), _PART_SECONDS), days),
        "newest_edits": rows.part(lambda part: _newest(part, cache), _PART_SECONDS) or [],
        "newest_articles": rows.all(
            "SELECT a.first_seen AS at, a.key AS article, a.site, a.title FROM articles a "
            "WHERE a.version_count > 0 ORDER BY a.first_seen DESC LIMIT :most",
            most=_SHOWN,
        ),
        "sites": _sites(rows),
    }


def _newest(rows: Rows, cache: dict[Any, Any]) -> list[Row]:
    edits = rows.all(_NEWEST_EDITS, since="")
    return with_excerpts(rows, [{**row, "kinds": json_list(row["kinds"])} for row in edits], cache)


def _by_day(days: list[Row]) -> list[Row]:
    """For each day of the window how many fetches ended in which group, days without any included."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_CSS, 0))
    for row in days:
        counts[row["day"]][_GROUP_OF.get(row["outcome"], "failed")] += row["count"]
    return [{"day": day, **counts[day]} for day in _window(days)]


def _window(days: list[Row]) -> list[str]:
    if not days:
        return []
    day, last = date.fromisoformat(days[0]["day"]), date.fromisoformat(days[-1]["day"])
    return [(day + timedelta(offset)).isoformat() for offset in range((last - day).days + 1)]


def _received(rows: Rows, days: list[Row]) -> list[Row]:
    """Bytes received up to the end of each day."""
    if not days:
        return []
    total = rows.value("SELECT coalesce(sum(bytes), 0) FROM daily WHERE day < :day", day=days[0]["day"])
    by_day: dict[str, int] = defaultdict(int)
    for row in days:
        by_day[row["day"]] += row["bytes"]
    grown: list[Row] = []
    for day in _window(days):
        total += by_day[day]
        grown.append({"day": day, "bytes": total})
    return grown


def _stored(by_day: dict[str, int] | None, days: list[Row]) -> list[Row] | None:
    """Bytes that bodies took up to the end of each day, compressed; None while that is not counted."""
    if by_day is None:
        return None
    window = _window(days)
    total = sum(size for day, size in by_day.items() if window and day < window[0])
    grown = accumulate((by_day.get(day, 0) for day in window), initial=total)
    return [{"day": day, "bytes": size} for day, size in zip(window, islice(grown, 1, None), strict=True)]


def _edits(edits: list[Row] | None, days: list[Row]) -> dict[str, Any]:
    """Edits by day and by whole hours since publication, negative hours and those past the window left out."""
    by_day: dict[str, int] = defaultdict(int)
    by_hour: dict[int, int] = defaultdict(int)
    for row in edits or []:
        by_day[row["day"]] += row["n"]
        if row["hour"] is not None and 0 <= row["hour"] < _HOURS:
            by_hour[row["hour"]] += row["n"]
    return {
        "complete": edits is not None,
        "by_day": [{"day": day, "edits": by_day[day]} for day in _window(days)],
        "by_hour": [{"hour": hour, "edits": by_hour[hour]} for hour in range(_HOURS)] if by_hour else [],
    }


def _sites(rows: Rows) -> list[Row]:
    """Each site with what the archive's newest seven days were like for it."""
    good: dict[str, int] = defaultdict(int)
    bad: dict[str, int] = defaultdict(int)
    last: dict[str, str] = {}
    for row in rows.all(_BY_SITE):
        last[row["site"]] = max(row["day"], last.get(row["site"], ""))
        if row["outcome"] not in GROUPS["kept out"]:
            (good if row["outcome"] in _GROUP_OF else bad)[row["site"]] += row["count"]
    return [
        {
            **row,
            "fetches": good[row["site"]] + bad[row["site"]],
            "failed": bad[row["site"]],
            "last_day": last.get(row["site"]),
            "health": _health(good[row["site"]], bad[row["site"]]),
        }
        for row in rows.all(_SITES)
    ]


def _health(good: int, bad: int) -> str:
    """``well`` while at most one look in ten fails, ``failing`` when more than half do."""
    if good + bad == 0:
        return "silent"
    return "well" if bad * 10 <= good + bad else "failing" if bad > good else "unsteady"


def _plots(data: dict[str, Any]) -> dict[str, Any]:
    labels = [row["day"] for row in data["days"]]
    fetches = [
        Series(name=name, css=css, values=tuple(row[name] for row in data["days"])) for name, css in _CSS.items()
    ]
    by_day, by_hour = data["edits"]["by_day"], data["edits"]["by_hour"]
    is_stored = bool(data["stored"]) and data["stored"][-1]["bytes"] > 0  # not so in a copy without bodies
    grown = data["stored"] if is_stored else data["received"]
    return {
        "labels": labels,
        "fetch_series": fetches,
        "edit_series": [Series(name="edits", css="e", values=tuple(row["edits"] for row in by_day))],
        "hour_labels": [str(row["hour"]) for row in by_hour],
        "hour_series": [Series(name="edits", css="e", values=tuple(row["edits"] for row in by_hour))],
        "is_stored": is_stored,
        "grown": grown,
        "growth": Series(name="bytes", css="a", values=tuple(row["bytes"] for row in grown)),
    }
