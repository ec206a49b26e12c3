"""How long the pages of an archive in Datasette take, against their bars.

``cpu`` is what this process spent on a page, in all its threads: what counts where others use the machine too.
"""

import asyncio
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import archive.browse
from crawler.cli.browse import _SETTINGS

BARS = {"front": 100, "ours": 300, "table": 600}
"""Milliseconds at the median, by kind of page."""

FEEDS: tuple[tuple[str, str], ...] = (
    ("ours", "/-/presskeep/{db}/edits.atom"),
    ("ours", "/-/presskeep/{db}/edits.feed.json?site={site}&kind=headline"),
)
PAGES: tuple[tuple[str, str], ...] = (
    ("front", "/-/presskeep/{db}"),
    ("ours", "/-/presskeep/{db}/article/{key}"),
    ("ours", "/-/presskeep/{db}/diff/{key}/{first_key}/{text_key}"),
    ("ours", "/-/presskeep/{db}/diff/{key}/{first_key}/{text_key}?view=side"),
    ("ours", "/-/presskeep/{db}/seen/{raw_key}"),
    ("ours", "/-/presskeep/{db}/raw/{raw_key}"),
    ("ours", "/-/presskeep/{db}/edits"),
    ("ours", "/-/presskeep/{db}/edits?site={site}&kind=headline&words=5"),
    ("ours", "/-/presskeep/{db}/headlines"),
    ("ours", "/-/presskeep/{db}/headlines?site={site}"),
    ("ours", "/-/presskeep/{db}/coverage"),
    ("ours", "/-/presskeep/{db}/coverage?site={site}"),
    ("ours", "/-/presskeep/{db}/search?q=bada"),
    ("ours", "/-/presskeep/{db}/search?q=bada&site={site}"),
    ("ours", "/-/presskeep/{db}/search?q=bada&where=lists"),
)
"""Our own pages: the kind of the bar and the path, where {db}, {site}, {key} (of an article), {text_key},
{first_key} (of its first text) and {raw_key} are filled in. A plugin without pages of its own has feeds only."""

TABLES: tuple[str, ...] = (
    "articles", "versions", "texts", "events", "list_items", "fetches", "runs", "raws", "discoveries", "optouts",
    "sites", "daily", "latest", "changes", "failures", "headlines", "coverage",
)  # fmt: skip
FILTERED: tuple[str, ...] = (
    "articles?site={site}",
    "articles?_search=bada",
    "coverage?site={site}&_sort_desc=day",
    "headlines?site={site}",
    "fetches?outcome=timeout",
)
_TOO_LONG = ("SQL query took too long", "SQL Interrupted", "facets timed out", "These facets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One page: milliseconds, and what was wrong with the answer (empty if nothing)."""

    path: str
    bar: int
    first: float
    p50: float
    p95: float
    cpu: float
    wrong: str

    @property
    def is_good(self) -> bool:
        """Whether it answered in time."""
        return not self.wrong and self.p50 <= self.bar


def paths(path: Path) -> Iterator[tuple[int, str]]:
    """Each page of an archive with its bar."""
    with closing(sqlite3.connect(path)) as db:
        row = db.execute(
            "SELECT a.site, a.key, v.text_key, v.raw_key, f.text_key "
            "FROM articles a JOIN versions v ON v.id = a.latest_version "
            "JOIN versions f ON f.article = a.id AND f.number = 1 "
            "WHERE a.version_count = (SELECT max(version_count) FROM articles) LIMIT 1"
        ).fetchone()
    values = {"db": path.stem} | dict(zip(("site", "key", "text_key", "raw_key", "first_key"), row, strict=True))
    yield BARS["table"], "/"
    for kind, page in (*FEEDS, *(PAGES if hasattr(archive.browse, "register_routes") else ())):
        yield BARS[kind], page.format(**values)
    for table in (*TABLES, *FILTERED):
        yield BARS["table"], f"/{path.stem}/{table.format(**values)}"


def measure(path: Path, rounds: int, only: str = "") -> list[Timing]:
    """Asks Datasette for every page that holds ``only`` in its path, ``rounds`` times after a first time."""
    from datasette.app import Datasette

    from archive.browse.feeds import routes

    class Feeds:
        """Adds the feeds where the plugin does not."""

        __name__ = "feeds_at_scale"

    async def ask() -> list[Timing]:
        from datasette import hookimpl
        from datasette.plugins import pm

        if not pm.is_registered(archive.browse):
            pm.register(archive.browse, "presskeep")
        if not hasattr(archive.browse, "register_routes"):
            feeds = Feeds()
            feeds.register_routes = hookimpl(lambda: routes())  # type: ignore[attr-defined]
            pm.register(feeds, "presskeep feeds")
        datasette = Datasette([str(path)], settings={name: _setting(value) for name, value in _SETTINGS.items()})
        await datasette.invoke_startup()
        try:
            return [await _time(datasette, bar, page, rounds) for bar, page in paths(path) if only in page]
        finally:
            for database in datasette.databases.values():
                database.close()

    return asyncio.run(ask())


def _setting(value: str) -> Any:
    return {"on": True, "off": False}[value] if value in ("on", "off") else int(value)


async def _time(datasette: Any, bar: int, page: str, rounds: int) -> Timing:
    taken, spent = [], []
    wrong = ""
    for _ in range(rounds + 1):
        wrong = wrong if len(taken) > 1 else ""  # the first time, with cold caches, is reported and not judged
        started, busy = time.perf_counter(), time.process_time()
        try:
            answer = await datasette.client.get(page)
        except Exception as error:  # noqa: BLE001 - a page that fails is a finding, not the end of the others
            return Timing(path=page, bar=bar, first=0, p50=0, p95=0, cpu=0, wrong=f"{type(error).__name__}: {error}")
        taken.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - busy) * 1000)
        if answer.status_code not in (200, 302):
            wrong = f"status {answer.status_code}"
        wrong = wrong or next((words for words in _TOO_LONG if words in answer.text), "")
    first, rest = taken[0], sorted(taken[1:] or taken)
    p95 = rest[min(len(rest) - 1, int(0.95 * len(rest)))]
    cpu = statistics.median(spent[1:] or spent)
    return Timing(path=page, bar=bar, first=first, p50=statistics.median(rest), p95=p95, cpu=cpu, wrong=wrong)


def print_timings(timings: list[Timing], *, as_json: bool) -> bool:
    """Prints them and says whether all are good."""
    if as_json:
        json.dump([asdict(timing) for timing in timings], sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        print(f"{'first':>8} {'p50':>8} {'p95':>8} {'cpu':>8} {'bar':>6}  page (milliseconds)")
        for one in timings:
            mark = "" if one.is_good else f"   <-- {one.wrong or 'too slow'}"
            print(f"{one.first:8.0f} {one.p50:8.0f} {one.p95:8.0f} {one.cpu:8.0f} {one.bar:6}  {one.path}{mark}")
    return all(one.is_good for one in timings)
