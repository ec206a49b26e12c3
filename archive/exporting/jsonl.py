"""Versions as JSON Lines: one object a line, with the lists that stood beside this version."""

import json
from itertools import groupby
from typing import Any

from archive.exporting.columns import VERSIONS
from archive.exporting.job import Job, Written

NAME = "versions.jsonl"

_ITEM = (
    *("position", "title", "url", "teaser", "section", "when_text", "when_at", "when_until"),
    *("first_seen", "last_seen"),
)
_ITEM_SQL = ", ".join(f"i.{name}" for name in _ITEM)
_LISTS = f"""
SELECT i.heading, i.kind, {_ITEM_SQL} FROM articles a JOIN list_items i ON i.article = a.id
WHERE a.url = ? AND i.last_seen >= ? AND i.first_seen <= ?
ORDER BY i.heading, i.kind, i.first_seen, i.position, i.title, i.url
"""  # noqa: S608 - constants of this module
_LINE_ENDS = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Legal within JSON, but line ends to some readers of lines."""


def write_jsonl(job: Job) -> Written:
    """One file. Its lists are those whose sightings overlap the version's."""
    with job.out.open(NAME) as out:
        for number, version in enumerate(VERSIONS.records(job.db, job.chosen.window), 1):
            out.write(line({**version, "lists": _lists(job, version)}))
            job.seen(number)
    return Written(((NAME, "one version a line, with the lists that stood beside it", VERSIONS),))


def line(record: dict[str, Any]) -> bytes:
    """A JSON object and a newline, in UTF-8, on what every reader takes for one line."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    for found, escaped in _LINE_ENDS.items():
        text = text.replace(found, escaped)
    return f"{text}\n".encode()


def _lists(job: Job, version: dict[str, Any]) -> list[dict[str, Any]]:
    rows = job.db.execute(_LISTS, (version["url"], version["first_seen"], version["last_seen"]))
    return [
        {"heading": heading, "kind": kind, "items": [dict(zip(_ITEM, row[2:], strict=True)) for row in items]}
        for (heading, kind), items in groupby(rows, key=lambda row: (row[0], row[1]))
    ]
