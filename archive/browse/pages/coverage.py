"""For each day and site: how many articles its feeds and sitemaps announced, and what became of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.browse.page import Answer, Asked
from archive.browse.pages.edits import site_names
from archive.browse.pages.front import stamp
from archive.browse.reading import Row, Rows
from archive.keys import new_ulid

_DAYS, _DAYS_COUNTED, _PAGE = 30, 7, 200
_COLUMNS = "day, site, expected, archived, failed, opted_out, waiting, source_looks, source_failures, state"

# Runs carry their time in their id, so that discoveries of the window are one range of the primary key.
_COUNTED = """
WITH announced AS (
        SELECT url, site, substr(coalesce(min(published), min(at)), 1, 10) AS day FROM discoveries
        WHERE run >= :run AND kind IN ('feed', 'sitemap') AND (:site = '' OR site = :site) GROUP BY url, site),
     judged AS (
        SELECT d.day, d.site,
               (SELECT max(CASE WHEN f.outcome IN ('new', 'changed', 'same', 'not-modified', 'imported') THEN 3
                                WHEN f.outcome IN ('robots', 'digest-only') THEN 2 ELSE 1 END)
                FROM urls u JOIN sightings s ON s.asked = u.id JOIN fetches f ON f.id = s.fetch
                WHERE u.url = d.url) AS fate
        FROM announced d WHERE d.day BETWEEN :since AND :until)
SELECT day, site, count(*) AS expected, sum(fate IS 3) AS archived, sum(fate IS 1) AS failed,
       sum(fate IS 2) AS opted_out, sum(fate IS NULL) AS waiting, NULL AS source_looks, NULL AS source_failures,
       NULL AS state
FROM judged GROUP BY day, site ORDER BY day DESC, site LIMIT :most
"""
_FROM_VIEW = f"""
SELECT {_COLUMNS} FROM coverage
WHERE day BETWEEN :since AND :until AND (:site = '' OR site = :site) ORDER BY day DESC, site LIMIT :most
"""  # noqa: S608 - constants of this module


async def coverage(asked: Asked) -> Answer:
    """Thirty days up to ``until`` (by default the last one), of a ``site`` or of all; seven where none are counted."""
    site, until = asked.text("site"), asked.day("until")
    place = ("coverage", asked.links.name, site, until)
    now = stamp(asked.database)
    known = asked.cache.get(place)
    if known is None or now is None or known[0] != now:
        for old in [key for key in asked.cache if isinstance(key, tuple) and key[:2] == place[:2]][8:]:
            del asked.cache[old]
        known = asked.cache[place] = (now, await asked.ask(lambda rows: _coverage(rows, site, until)))
    data: dict[str, Any] = known[1]
    return Answer(
        template="coverage",
        title="Coverage",
        data={"site": site, **data},
        shown={
            "here": "Coverage",
            "sites": await asked.ask(site_names),
            "most": _PAGE,
            "earlier": asked.links.to("coverage", site=site, until=_days_before(data["since"], 1))
            if data["earlier"]
            else None,
        },
    )


def _coverage(rows: Rows, site: str, until: str) -> dict[str, Any]:
    last = until or rows.value("SELECT max(day) FROM daily") or datetime.now(UTC).date().isoformat()
    rolled_up = rows.value("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = 'coverage'")
    since = _days_before(last, (_DAYS if rolled_up else _DAYS_COUNTED) - 1)
    values: dict[str, object] = {"since": since, "until": last, "site": site, "most": _PAGE}
    if rolled_up:
        found = rows.all(_FROM_VIEW, **values)
    else:
        begin = datetime.fromisoformat(f"{_days_before(since, 1)}T00:00:00+00:00")
        found = rows.all(_COUNTED, **values, run=new_ulid(begin)[:10])
    return {
        "since": since,
        "until": last,
        "days": found,
        "totals": _totals(found),
        "earlier": bool(rows.value("SELECT 1 FROM daily WHERE day < :since LIMIT 1", since=since)),
    }


def _totals(found: list[Row]) -> Row:
    names = ("expected", "archived", "failed", "opted_out", "waiting")
    return {name: sum(row[name] or 0 for row in found) for name in names}


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()
