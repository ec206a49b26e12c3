"""The tables of an export: their columns, what these mean, and where they come from. One home for every format."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from archive.exporting.selection import window

Kind = Literal["text", "int", "bool", "time", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL, its kind, and its meaning as the dataset card states it."""

    name: str
    kind: Kind
    sql: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns, and the rest of the SELECT, which orders its rows."""

    name: str
    columns: tuple[Column, ...]
    source: str

    def rows(self, db: Database, values: dict[str, object]) -> Iterator[tuple[Any, ...]]:
        """The rows as SQLite has them; streams. ``values`` are the parameters ``since`` and ``until``."""
        names = ", ".join(column.sql for column in self.columns)
        yield from db.execute(f"SELECT {names} {self.source}", values)

    def records(self, db: Database, values: dict[str, object]) -> Iterator[dict[str, Any]]:
        """The rows with JSON-ready values by name; streams."""
        read = [(column.name, _READ[column.kind]) for column in self.columns]
        for row in self.rows(db, values):
            yield {name: value(cell) for (name, value), cell in zip(read, row, strict=True)}

    @property
    def schema(self) -> list[dict[str, str]]:
        """As the dataset card states it."""
        return [{"name": one.name, "type": TYPES[one.kind], "meaning": one.meaning} for one in self.columns]


TYPES: dict[Kind, str] = {
    "text": "text",
    "int": "integer",
    "bool": "truth value",
    "time": "time (UTC, milliseconds)",
    "list": "list of texts",
}


def _same(cell: object) -> object:
    return cell


_READ: dict[Kind, Callable[[Any], Any]] = {
    "text": _same,
    "int": _same,
    "time": _same,
    "bool": bool,
    "list": json.loads,
}

_FROM_VERSIONS = (
    "FROM temp.export_versions p CROSS JOIN temp.export_articles x ON x.article = p.article "
    "CROSS JOIN articles a ON a.id = p.article CROSS JOIN versions v ON v.id = p.version "
    "CROSS JOIN texts t ON t.key = v.text_key ORDER BY p.place"
)  # CROSS JOIN keeps the order of the loops (sqlite.org/optoverview.html), so that no text is sorted
_FROM_ARTICLES = "FROM temp.export_articles x CROSS JOIN articles a ON a.id = x.article "

_ABOUT = (
    Column("published", "text", "a.published", "when it was published, as its newest page says: a time or a date"),
    Column("modified", "text", "a.modified", "when it was changed, as its newest page says"),
    Column("section", "text", "a.section", "section of the newspaper"),
    Column("language", "text", "a.language", "language tag, as the page says"),
)

VERSIONS = Table(
    "versions",
    (
        Column("url", "text", "a.url", "normal form of the article's URL"),
        Column("site", "text", "a.site", "name of the site"),
        Column("number", "int", "v.number", "1 for the first text seen; counts edits in substance"),
        Column("title", "text", "t.title", "title of this version; empty when unknown"),
        Column("authors", "list", "a.authors", "authors, as the newest page says"),
        *_ABOUT,
        Column("text_key", "text", "v.text_key", "first 16 hex digits of sha256"),
        Column("sha256", "text", "t.sha256", "SHA-256 of title, two newlines and text in UTF-8"),
        Column("raw_key", "text", "v.raw_key", "first 16 hex digits of the SHA-256 of the page body first read so"),
        Column("first_seen", "time", "v.first_seen", "first look that showed this version"),
        Column("last_seen", "time", "v.last_seen", "last look that showed it"),
        Column("sightings", "int", "v.sightings", "looks that showed it"),
        Column("kinds", "list", "v.kinds", "what changed against the version before, such as headline, quote, number"),
        Column("words", "int", "t.words", "words of title and text"),
        Column("words_added", "int", "v.words_added", "words added against the version before"),
        Column("words_removed", "int", "v.words_removed", "words removed against the version before"),
        Column("rules", "text", "v.rules", "digest of the rules that read the page"),
        Column("opted_out", "bool", "x.opted_out", "whether a page of the article asked not to be kept or mined"),
        Column("text", "text", "t.text", "paragraphs separated by empty lines"),
    ),
    _FROM_VERSIONS,
)

ARTICLES = Table(
    "articles",
    (
        Column("url", "text", "a.url", "normal form of the URL"),
        Column("key", "text", "a.key", "first 16 hex digits of the SHA-256 of the URL"),
        Column("site", "text", "a.site", "name of the site"),
        Column("canonical_url", "text", "a.canonical_url", "URL that the page names as its own"),
        Column("title", "text", "a.title", "title of the newest version"),
        Column("authors", "list", "a.authors", "authors, as the newest page says"),
        *_ABOUT,
        Column("first_seen", "time", "a.first_seen", "first look that showed it"),
        Column("last_seen", "time", "a.last_seen", "last look that showed it"),
        Column("version_count", "int", "a.version_count", "versions in the archive, exported or not"),
        Column("state", "text", "a.state", "live, gone or paywalled"),
        Column("opted_out", "bool", "x.opted_out", "whether a page of it asked not to be kept or mined"),
    ),
    f"{_FROM_ARTICLES} ORDER BY x.place",
)

LIST_ITEMS = Table(
    "list_items",
    (
        Column("article", "text", "a.url", "URL of the article whose page promoted the item"),
        Column("heading", "text", "i.heading", "heading of the list"),
        Column("kind", "text", "i.kind", "recent, related, most-read, top and so on"),
        Column("position", "int", "i.position", "place in the list, when first seen"),
        Column("title", "text", "i.title", "headline"),
        Column("url", "text", "i.url", "where it leads"),
        Column("teaser", "text", "i.teaser", "text under the headline"),
        Column("section", "text", "i.section", "section named beside it"),
        Column("when_text", "text", "i.when_text", "time as the page words it, such as 4 hours ago"),
        Column("when_at", "time", "i.when_at", "beginning of the interval that this means"),
        Column("when_until", "time", "i.when_until", "end of that interval"),
        Column("first_seen", "time", "i.first_seen", "first look that showed the item there"),
        Column("last_seen", "time", "i.last_seen", "last look that showed it there"),
        Column("sightings", "int", "i.sightings", "looks that showed it there"),
    ),
    f"{_FROM_ARTICLES} CROSS JOIN list_items i ON i.article = a.id WHERE {window('i.first_seen', 'i.last_seen')} "
    "ORDER BY x.place, i.heading, i.kind, i.first_seen, i.position, i.title, i.url",
)

EVENTS = Table(
    "events",
    (
        Column("article", "text", "a.url", "URL of the article"),
        Column("at", "time", "e.at", "the look that showed it"),
        Column("kind", "text", "e.kind", "headline, quote, number, vanished and so on"),
        Column("weight", "int", "e.weight", "6 for the gravest, 0 for what is hidden by default"),
        Column("number", "int", "n.number", "the version that it led to or was seen with, if any"),
        Column("detail", "text", "e.detail", "a JSON object whose fields depend on the kind"),
    ),
    f"{_FROM_ARTICLES} CROSS JOIN events e ON e.article = a.id LEFT JOIN versions n ON n.id = e.version "
    f"WHERE {window('e.at', 'e.at')} ORDER BY x.place, e.at, e.kind, e.detail",
)

TABLES = (VERSIONS, ARTICLES, LIST_ITEMS, EVENTS)
"""What csv and parquet write, a file each."""
