"""What an archive holds about one article, as JSON-ready rows without row ids."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.roots import FACT_COLUMNS, grow, leaves

_LOOKS = FACT_COLUMNS["fetches"].replace(", ", ", f.")
_ARTICLE = (
    "SELECT key, url, site, canonical_url, title, authors, published, modified, section, language, first_seen, "
    "last_seen, state, rules FROM articles WHERE id = ?"
)
_PARTS = {
    "versions": "SELECT number, text_key, raw_key, first_seen, last_seen, sightings, words_added, words_removed, "
    "kinds, rules FROM versions WHERE article = ? ORDER BY number",
    "events": "SELECT e.at, e.kind, e.weight, v.number AS version, e.detail FROM events e "
    "LEFT JOIN versions v ON v.id = e.version WHERE e.article = ? ORDER BY e.at, e.kind, e.detail",
    "lists": "SELECT heading, kind, position, title, url, teaser, section, when_text, when_at, when_until, first_seen, "
    "last_seen, sightings FROM list_items WHERE article = ? ORDER BY first_seen, heading, kind, position, title, url",
}


@dataclass(slots=True)
class Case:
    """One article's looks, and the bodies and texts that were found for them, by key with their digests."""

    db: Database
    url: str
    article: int
    read_body: Callable[[str], bytes]
    software: str
    looks: list[dict[str, Any]]
    robots: list[dict[str, Any]]
    raws: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def every_look(self) -> list[dict[str, Any]]:
        """At the article and at robots.txt."""
        return [*self.looks, *self.robots]


def article_rows(case: Case) -> dict[str, Any]:
    """The derived rows of the article."""
    (facts,) = _rows(case, _ARTICLE)
    return {**facts, **{name: _rows(case, sql) for name, sql in _PARTS.items()}}


def _rows(case: Case, sql: str) -> list[dict[str, Any]]:
    cursor = case.db.execute(sql, (case.article,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def looks_at(db: Database, article: int) -> list[dict[str, Any]]:
    """Every look at an article, failures included, in order."""
    return _looks(db, "JOIN sightings s ON s.fetch = f.id WHERE s.article = ?", (article,))


def looks_at_robots(db: Database, looks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The looks at robots.txt of the hosts of these looks: in the same runs, or when the file was new or changed."""
    urls = sorted({f"{_origin(look['url'])}/robots.txt" for look in looks})
    runs = sorted({look["run"] for look in looks})
    where = (
        "WHERE f.kind = 'robots' AND f.url IN (SELECT value FROM json_each(?)) "
        "AND (f.run IN (SELECT value FROM json_each(?)) OR f.outcome IN ('new', 'changed'))"
    )
    return _looks(db, where, (json.dumps(urls), json.dumps(runs)))


def _looks(db: Database, where: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    names = FACT_COLUMNS["fetches"].split(", ")
    rows = db.execute(f"SELECT f.{_LOOKS} FROM fetches f {where} ORDER BY f.started_at, f.run, f.seq", values)  # noqa: S608 - our own names
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return [{**look, "record": json.loads(look["record"])} for look in found]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def hosts(case: Case) -> list[dict[str, Any]]:
    """What the crawler goes by now: its own note of the last robots.txt, which is no fact."""
    origins = sorted({_origin(look["url"]) for look in case.looks})
    rows = case.db.execute(
        "SELECT host, robots_at, robots_status, robots_body, crawl_delay FROM hosts "
        "WHERE host IN (SELECT value FROM json_each(?)) ORDER BY host",
        (json.dumps(origins),),
    )
    return [
        {"host": host, "at": at, "status": status, "body": (body or b"").decode("utf-8", "replace"), "delay": delay}
        for host, at, status, body, delay in rows.fetchall()
    ]


def found(case: Case, table: str) -> list[dict[str, Any]]:
    """Discoveries or opt-outs of the URLs that were looked at."""
    names = FACT_COLUMNS[table]
    urls = json.dumps(sorted({case.url, *(look["url"] for look in case.looks)}))
    sql = f"SELECT {names} FROM {table} WHERE url IN (SELECT value FROM json_each(?)) ORDER BY at, run, seq"  # noqa: S608
    return [dict(zip(names.split(", "), row, strict=True)) for row in case.db.execute(sql, (urls,)).fetchall()]


def runs(case: Case) -> Iterator[dict[str, Any]]:
    """Each run with the audit paths of its own row, of the looks that are handed over and of their bodies."""
    columns = [*FACT_COLUMNS["runs"].split(", "), "root"]
    for run in sorted({look["run"] for look in case.every_look}):
        row = case.db.execute(f"SELECT {', '.join(columns)} FROM runs WHERE id = ?", (run,)).fetchone()  # noqa: S608
        told = dict(zip(columns, row, strict=True))
        yield {**told, **(_proofs(case, run) if told["root"] else {"leaves": 0, "proofs": []})}


def _proofs(case: Case, run: str) -> dict[str, Any]:
    mine = [look for look in case.every_look if look["run"] == run]
    wanted = {("runs", run), *(("raws", look["raw_key"]) for look in mine)}
    seqs = {look["seq"] for look in mine}
    kept: list[tuple[int, str]] = []

    def contents() -> Iterator[bytes]:
        for index, leaf in enumerate(leaves(case.db, run)):
            table, first, *others = json.loads(leaf)
            if (table, first) in wanted or (table == "fetches" and others[0] in seqs):
                kept.append((index, leaf.decode("ascii")))
            yield leaf

    tree = grow(contents())
    proofs = [{"index": index, "leaf": leaf, "path": [one.hex() for one in tree.path(index)]} for index, leaf in kept]
    return {"leaves": len(tree.levels[0]), "proofs": proofs}
