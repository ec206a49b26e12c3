"""The dataset card: what an export holds, how it was chosen, what is missing, and how to check it.

``card.json`` and ``README.md`` say the same. Nothing in them depends on the time, the machine or the path, so that the
same archive and the same selection give the same bytes.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from archive.exporting.folder import CARD, SUMS
from archive.exporting.job import Job, Written
from archive.look import Outcome

FORMAT = "export 1"
README = "README.md"

COPYRIGHT = (
    "Texts, titles and page bodies belong to their publishers and authors. This export gives nobody a right to publish "
    "them again or to train on them; the law where you are and the publishers' terms say what you may do."
)

_FINE = "('new', 'changed', 'same', 'not-modified', 'digest-only', 'imported')"
_COUNTS = {
    "by_site": "SELECT a.site, count(DISTINCT a.id), count(*) FROM temp.export_versions p JOIN articles a "
    "ON a.id = p.article GROUP BY a.site ORDER BY a.site",
    "by_day": "SELECT substr(v.first_seen, 1, 10) AS day, a.site, count(*) FROM temp.export_versions p "
    "JOIN articles a ON a.id = p.article JOIN versions v ON v.id = p.version GROUP BY day, a.site ORDER BY day, a.site",
    "rules": "SELECT v.rules, count(*) FROM temp.export_versions p JOIN versions v ON v.id = p.version "
    "GROUP BY v.rules ORDER BY v.rules",
}
_NAMES = {
    "by_site": ("site", "articles", "versions"),
    "by_day": ("day", "site", "versions"),
    "rules": ("rules", "versions"),
    "gaps": ("day", "site", "outcome", "looks"),
}
_GAPS = f"""
SELECT substr(started_at, 1, 10) AS day, site,
       CASE WHEN outcome IN {_FINE} THEN 'unreadable ' || kind ELSE outcome END AS what, count(*)
FROM failures
WHERE kind <> 'robots' AND outcome <> '{Outcome.NO_ARTICLE}'
  AND (:since IS NULL OR started_at >= :since) AND (:until IS NULL OR started_at < :until)
  AND (:site IS NULL OR site = :site)
  AND (:every OR site IN (SELECT a.site FROM temp.export_articles x JOIN articles a ON a.id = x.article))
GROUP BY day, site, what ORDER BY day, site, what
"""  # noqa: S608 - constants of this module


def write_card(job: Job, name: str, written: Written) -> None:
    """Writes the card, the last files of an export."""
    card = card_of(job, name, written)
    job.out.write(CARD, (json.dumps(card, ensure_ascii=False, indent=1) + "\n").encode())
    job.out.write(README, _readme(card).encode())


def identity(name: str, selection: dict[str, object]) -> dict[str, object]:
    """What two cards of the same export have in common."""
    return {"presskeep": FORMAT, "format": name, "selection": selection}


def card_of(job: Job, name: str, written: Written) -> dict[str, Any]:
    """The card as JSON-ready values."""
    selection, chosen = job.selection, job.chosen
    values = {**chosen.window, "site": selection.site, "every": selection.query is None}
    counts = {part: _records(_NAMES[part], job.db.execute(sql)) for part, sql in _COUNTS.items()}
    return {
        **identity(name, selection.as_json()),
        "raw": job.raw,
        "software": job.software,
        "articles": chosen.articles,
        "versions": chosen.versions,
        "records": written.records,
        **counts,
        "gaps": _records(_NAMES["gaps"], job.db.execute(_GAPS, values)),
        "left_out": {"opted_out": chosen.opted_out, "removed": chosen.removed, "damaged": sorted(set(job.damaged))},
        "query_unmatched": chosen.unmatched,
        "copyright": COPYRIGHT,
        "files": [
            {"name": file, "meaning": meaning, "columns": table.schema if table else []}
            for file, meaning, table in written.files
        ],
    }


def _records(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _readme(card: dict[str, Any]) -> str:
    left, texts = card["left_out"], card["selection"]
    parts = [
        "# News articles and their edits",
        f"Exported by {_cell(card['software'])} as {card['format']}: {card['articles']} articles in "
        f"{card['versions']} versions" + ("." if card["records"] is None else f", {card['records']} WARC records."),
        f"**Copyright.** {card['copyright']}",
        "## What was chosen",
        _table(("what", "value"), [(name, _said(texts[name])) for name in ("site", "since", "until", "opted_out")]),
        *([] if texts["query"] is None else ["Narrowed by this query:", _fenced(texts["query"])]),
        "A version counts when it was seen since `since` and before `until` (UTC). `opted_out` says whether articles "
        "were taken whose pages asked not to be kept, found or mined.",
        "## What is missing",
        _table(
            ("left out", "count"),
            [
                ("articles whose pages opted out", left["opted_out"]),
                ("page bodies removed by a takedown", left["removed"]),
                ("page bodies that could not be read", len(left["damaged"])),
                ("answers of the query that name nothing here", card["query_unmatched"]),
            ],
        ),
        *([f"Could not be read: {', '.join(left['damaged'])}"] if left["damaged"] else []),
        "Days on which looks failed, by site and outcome; an edit made and taken back in such a gap was not seen:",
        _listed(card["gaps"], _NAMES["gaps"]),
        "## Counts",
        _listed(card["by_site"], _NAMES["by_site"]),
        "New versions by the day on which they were first seen:",
        _listed(card["by_day"], _NAMES["by_day"]),
        "By the rules that read the pages:",
        _listed(card["rules"], _NAMES["rules"]),
        "## Files",
        *(_described(file) for file in card["files"]),
        "## How to check it",
        _CHECK,
    ]
    if card["format"] == "csv":
        parts.append(_CSV)
    return "\n\n".join(parts) + "\n"


_CHECK = f"""\
All files: `sha256sum -c {SUMS}` in this folder.

A text: its key is the first 16 hex digits of the SHA-256 of its title, two newlines and its text, in UTF-8 and nothing
after. A body: the same of its bytes. The name of a file in `clean` or `raw` is its number and its key, so that
`sha256sum FILE | cut -c1-16` gives its name.

The same archive, selection and software give the same bytes of every file. `{CARD}` says the same as this file."""

_CSV = """\
The CSV is that of RFC 4180, in UTF-8: commas, quotes doubled, lines that end in CRLF, cells that may hold line ends. An
empty cell is a missing value, a list is a JSON array, a truth value 0 or 1. So that no spreadsheet runs a text as a
formula, a text that begins with one of `= + - @`, their wide forms, a tab, a line end or an apostrophe has one
apostrophe in front: take one away from each cell that begins with one, and nothing is lost. Python reads the longest
texts after `csv.field_size_limit(2**31 - 1)`."""


def _described(file: dict[str, Any]) -> str:
    about = f"`{file['name']}`: {file['meaning']}."
    return f"{about}\n\n{_listed(file['columns'], ('name', 'type', 'meaning'))}" if file["columns"] else about


def _listed(records: list[dict[str, Any]], names: tuple[str, ...]) -> str:
    return _table(names, [tuple(one[name] for name in names) for one in records]) if records else "None."


def _table(names: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = (names, ("---",) * len(names), *rows)
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in lines)


def _said(value: object) -> object:
    if value is None:
        return "any"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _cell(value: object) -> str:
    """Text that stays inside its cell: no mark-up, no line end, nothing invisible."""
    text = re.sub(r"([\\`*<>\[\]|])", r"\\\1", str(value)) if isinstance(value, str) else str(value)
    return "".join(char if char.isprintable() else " " for char in text)


def _fenced(text: str) -> str:
    """Code as it is, within a fence longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}sql\n{text}\n{fence}"
