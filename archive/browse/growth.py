"""How much space the bodies of pages took by the day of their first look.

No roll-up knows this: it is counted once, which takes 0.3 s of a processor for a million looks, and then kept up to
date from the looks that came since. What a page is not given the time for is counted behind it, for the next reader.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from archive.browse.page import Asked
from archive.browse.reading import Rows, TookTooLong

_AT_ONCE, _BEHIND = 0.05, 30.0  # seconds

_ALL = """
SELECT substr(f.started_at, 1, 10) AS day, sum(r.stored_size) AS bytes
FROM raws r JOIN fetches f ON f.id = (SELECT min(id) FROM fetches WHERE raw_key = r.key)
WHERE f.id <= :now GROUP BY day
"""
_SINCE = """
SELECT substr(f.started_at, 1, 10) AS day, sum(r.stored_size) AS bytes
FROM fetches f JOIN raws r ON r.key = f.raw_key
WHERE f.id > :last AND f.id <= :now
AND NOT EXISTS(SELECT 1 FROM fetches e WHERE e.raw_key = f.raw_key AND e.id < f.id) GROUP BY day
"""
_STATE = "SELECT coalesce(max(id), 0) AS last, (SELECT count(*) FROM removals) AS removals FROM fetches"

Counted = tuple[int, int, dict[str, int]]
"""The newest look and the number of removals that were counted, and bytes by day."""


def stored_by_day(rows: Rows, cache: dict[Any, Any], place: object) -> dict[str, int] | None:
    """Bytes by day; None when there was no time to count them all. ``place`` names the archive in the cache."""
    counted = rows.part(lambda part: _counted(part, cache.get(place)), _AT_ONCE)
    if counted is None:
        return None
    cache[place] = counted
    return counted[2]


def _counted(rows: Rows, known: Counted | None) -> Counted:
    state = rows.one(_STATE) or {"last": 0, "removals": 0}
    if known is None or known[1] != state["removals"] or known[0] > state["last"]:
        days = {row["day"]: row["bytes"] for row in rows.all(_ALL, now=state["last"])}
    else:
        days = dict(known[2])
        for row in rows.all(_SINCE, last=known[0], now=state["last"]):
            days[row["day"]] = days.get(row["day"], 0) + row["bytes"]
    return state["last"], state["removals"], days


def count_behind(asked: Asked, place: object, then: Callable[[], object]) -> None:
    """Counts them all while nobody waits; calls ``then`` when it is done. What failed is not tried again."""
    task = ("counting", place)
    before = asked.cache.get(task)
    if before is not None and (not before.done() or before.cancelled() or before.exception() or not before.result()):
        return

    async def count() -> bool:
        try:
            asked.cache[place] = await asked.ask(lambda rows: _counted(rows, asked.cache.get(place)), _BEHIND)
        except TookTooLong:
            return False
        then()
        return True

    asked.cache[task] = asyncio.get_running_loop().create_task(count())  # a task that nobody holds may be collected
