"""For each day and site: how many articles its feeds and sitemaps announced, and what became of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.browse.page import Answer, Asked
from archive.browse.pages.edits import site_names
from archive.browse.reading import Row, Rows

_DAYS, _PAGE, _ROWS, _DRAWN = 30, 200, 6000, 40
_COLUMNS = "day, site, expected, archived, failed, opted_out, waiting, source_looks, source_failures, state"

_FROM_VIEW = f"""
SELECT {_COLUMNS} FROM coverage
WHERE day BETWEEN :since AND :until AND (:site = '' OR site = :site) ORDER BY day DESC, site LIMIT :most
"""  # noqa: S608 - constants of this module


async def coverage(asked: Asked) -> Answer:
    """Thirty days up to ``until`` (by default the last one), of a ``site`` or of all."""
    site, until = asked.text("site"), asked.day("until")
    data = await asked.remembered(("coverage", site, until), lambda rows: _coverage(rows, site, until))
    return Answer(
        template="coverage",
        title="Coverage",
        data={"site": site, **data},
        shown={
            "here": "Coverage",
            "sites": await asked.ask(site_names),
            "most": _PAGE,
            "grid": _grid(data),
            "earlier": asked.links.to("coverage", site=site, until=_days_before(data["since"], 1))
            if data["earlier"]
            else None,
        },
    )


def _coverage(rows: Rows, site: str, until: str) -> dict[str, Any]:
    last = until or rows.value("SELECT max(day) FROM daily") or datetime.now(UTC).date().isoformat()
    since = _days_before(last, _DAYS - 1)
    found = rows.all(_FROM_VIEW, since=since, until=last, site=site, most=_ROWS)
    return {
        "since": since,
        "until": last,
        "days": found,
        "totals": _totals(found),
        "earlier": bool(rows.value("SELECT 1 FROM daily WHERE day < :since LIMIT 1", since=since)),
    }


def _grid(data: dict[str, Any]) -> dict[str, Any] | None:
    """What ``plots.grid`` takes: a row for each site, a cell for each day of which something is known."""
    names = sorted({row["site"] for row in data["days"]})
    if not 1 <= len(names) <= _DRAWN:
        return None
    last = date.fromisoformat(data["until"])
    days = [last - timedelta(back) for back in reversed(range(_DAYS))]
    known = min(row["day"] for row in data["days"])
    cells = {(row["site"], row["day"]): _cell(row) for row in data["days"]}
    return {
        "rows": names,
        "columns": [day.isoformat() for day in days if day.isoformat() >= known],
        "cells": {place: cell for place, cell in cells.items() if cell},
        "legend": [(css, words) for css, words in _SHADES.items() if css in cells.values()],
    }


_SHADES = {
    "e": "all archived or kept out",
    "c": "some missing",
    "d": "most missing, or an outage",
    "b": "nothing announced",
    "f": "unwatched",
}


def _cell(row: Row) -> str:
    """The shade of one day of one site."""
    expected, missing = row["expected"] or 0, (row["failed"] or 0) + (row["waiting"] or 0)
    if row["state"] == "outage" or (expected and missing * 2 > expected):
        return "d"
    if not expected:
        return "f" if row["state"] == "unwatched" else "b"
    return "c" if missing else "e"


def _totals(found: list[Row]) -> Row:
    names = ("expected", "archived", "failed", "opted_out", "waiting")
    return {name: sum(row[name] or 0 for row in found) for name in names}


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()
