"""What an export takes: versions of articles, chosen by site, by time and by SQL, in one stable order.

The choice lies in temporary tables of the connection, which SQLite keeps on disk when they grow: an export of millions
of versions needs no more memory than one of ten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.exporting.asking import ask
from archive.wishes import CONCERNS_US, OPTED_OUT
from extractors import moment_text

_TEMPORARY = ("export_asked", "export_opted", "export_versions", "export_articles")
_ASKED = {
    "": "1",
    "url": "a.id IN (SELECT b.id FROM articles b JOIN temp.export_asked q ON q.value = b.url UNION "
    "SELECT s.article FROM temp.export_asked q JOIN urls u ON u.url = q.value JOIN sightings s ON s.asked = u.id)",
    "article": "a.id IN (SELECT value FROM temp.export_asked)",
    "text_key": "v.text_key IN (SELECT value FROM temp.export_asked)",
}
"""By the column that the query gave, the condition on the article ``a`` and its version ``v``."""

_UNMATCHED = {
    "url": "NOT EXISTS(SELECT 1 FROM articles WHERE url = q.value) AND NOT EXISTS(SELECT 1 FROM urls u "
    "JOIN sightings s ON s.asked = u.id WHERE u.url = q.value AND s.article IS NOT NULL)",
    "article": "NOT EXISTS(SELECT 1 FROM articles WHERE id = q.value)",
    "text_key": "NOT EXISTS(SELECT 1 FROM versions WHERE text_key = q.value)",
}
_WHERE = """
FROM articles a JOIN versions v ON v.article = a.id
WHERE (:site IS NULL OR a.site = :site) AND {window} AND {asked}
  AND NOT EXISTS(SELECT 1 FROM removals r WHERE r.key = v.raw_key)
"""
_WINDOW = "(:since IS NULL OR {last} >= :since) AND (:until IS NULL OR {first} < :until)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which versions to export: all by default.

    ``since`` (included) and ``until`` (not included) are aware times; a version counts that was seen between them.
    ``query`` is one SELECT with exactly one column called ``url``, ``article`` (articles.id) or ``text_key``.
    ``opted_out`` takes the articles too whose pages asked not to be kept, found or mined.
    """

    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    query: str | None = None
    opted_out: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but opt-outs is left out."""
        return any(value is not None for value in (self.site, self.since, self.until, self.query))

    def as_json(self) -> dict[str, object]:
        """As the dataset card states it."""
        return {
            "site": self.site,
            "since": moment_text(self.since),
            "until": moment_text(self.until),
            "query": self.query,
            "opted_out": self.opted_out,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was chosen. ``opted_out`` articles and ``removed`` bodies were left out; ``unmatched`` answers of the query
    name nothing in the archive. ``window`` are the parameters for SQL of :func:`window`."""

    versions: int
    articles: int
    opted_out: int
    removed: int
    unmatched: int
    window: dict[str, object]


def window(first: str, last: str) -> str:
    """The condition that something seen from the column ``first`` to ``last`` was seen in the time asked for."""
    return _WINDOW.format(first=first, last=last)


def choose(db: Database, selection: Selection, *, query_seconds: float) -> Chosen:
    """Fills ``temp.export_versions`` and ``temp.export_articles``, in the order of site, URL and number.

    The caller holds a snapshot. Raises QueryError for a query that cannot be used, ArchiveError for an unknown site.
    """
    _check(db, selection)
    drop(db)
    db.execute(f"CREATE TEMP TABLE export_opted AS SELECT DISTINCT article FROM ({OPTED_OUT})")  # noqa: S608
    column = "" if selection.query is None else ask(db, selection.query, seconds=query_seconds)
    values = {name: value for name, value in selection.as_json().items() if name in ("site", "since", "until")}
    values["opted_out"] = selection.opted_out
    where = _WHERE.format(window=window("v.first_seen", "v.last_seen"), asked=_ASKED[column])
    db.execute("CREATE TEMP TABLE export_versions(place INTEGER PRIMARY KEY, article, version)")
    db.execute(
        f"INSERT INTO export_versions(article, version) SELECT a.id, v.id {where} "  # noqa: S608 - our own names
        "AND (:opted_out OR a.id NOT IN (SELECT article FROM export_opted)) ORDER BY a.site, a.url, v.number",
        values,
    )
    db.execute(
        "CREATE TEMP TABLE export_articles(place INTEGER PRIMARY KEY, article INTEGER UNIQUE, opted_out INTEGER)"
    )
    db.execute(
        "INSERT INTO export_articles SELECT min(place), article, article IN (SELECT article FROM export_opted) "
        "FROM export_versions GROUP BY article ORDER BY 1"
    )
    opted_sql = f"SELECT count(DISTINCT a.id) {where} AND a.id IN (SELECT article FROM export_opted)"  # noqa: S608
    unmatched_sql = f"SELECT count(*) FROM temp.export_asked q WHERE {_UNMATCHED.get(column)}"  # noqa: S608
    return Chosen(
        versions=_count(db, "SELECT count(*) FROM export_versions"),
        articles=_count(db, "SELECT count(*) FROM export_articles"),
        opted_out=0 if selection.opted_out else _count(db, opted_sql, values),
        removed=_removed(db, selection, values),
        unmatched=_count(db, unmatched_sql) if column else 0,
        window={name: values[name] for name in ("since", "until")},
    )


def drop(db: Database) -> None:
    """Forgets the choice."""
    for name in (*_TEMPORARY, "export_fetches"):
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")


def fetches(db: Database, selection: Selection) -> Iterator[int]:
    """The looks at the chosen articles and URLs, failures included, in the order of looks; of a whole archive, all."""
    conditions = [window("f.started_at", "f.started_at")]
    if selection.narrows:
        conditions.append(
            "f.id IN (SELECT s.fetch FROM sightings s WHERE s.target IN (SELECT o.target FROM export_articles x "
            "JOIN sightings o ON o.article = x.article) UNION SELECT g.id FROM export_articles x "
            "JOIN articles a ON a.id = x.article JOIN fetches g ON g.url = a.url)"
        )
    if not selection.opted_out:
        conditions.append(
            f"f.url NOT IN (SELECT url FROM optouts WHERE {CONCERNS_US}) "  # noqa: S608 - our own constants
            "AND f.id NOT IN (SELECT s.fetch FROM sightings s WHERE s.target IN "
            "(SELECT o.target FROM export_opted x JOIN sightings o ON o.article = x.article))"
        )
    values = {"since": moment_text(selection.since), "until": moment_text(selection.until)}
    db.execute("CREATE TEMP TABLE export_fetches(place INTEGER PRIMARY KEY, fetch INTEGER)")
    db.execute(
        f"INSERT INTO export_fetches(fetch) SELECT f.id FROM fetches f WHERE {' AND '.join(conditions)} "  # noqa: S608
        "ORDER BY f.started_at, f.run, f.seq",
        values,
    )
    for (fetch,) in db.execute("SELECT fetch FROM export_fetches ORDER BY place"):
        yield fetch


def _check(db: Database, selection: Selection) -> None:
    if selection.since is not None and selection.until is not None and selection.since >= selection.until:
        raise ArchiveError(
            f"nothing lies between {moment_text(selection.since)} and {moment_text(selection.until)}; "
            "the second time has to be later than the first, and is not included"
        )
    site = selection.site
    if site is not None and not _count(db, "SELECT count(*) FROM sites WHERE name = :site", {"site": site}):
        known = ", ".join(row[0] for row in db.execute("SELECT name FROM sites ORDER BY name LIMIT 20")) or "none"
        raise ArchiveError(f"{site!r} is no site of this archive; it has {known}")


def _removed(db: Database, selection: Selection, values: dict[str, object]) -> int:
    """Bodies that a takedown removed from looks that would have been exported."""
    if not selection.narrows:
        return _count(db, "SELECT count(*) FROM removals JOIN raws USING (key)")
    asked = "" if selection.query is None else "AND s.article IN (SELECT article FROM export_articles)"
    sql = (
        "SELECT count(*) FROM removals r WHERE EXISTS(SELECT 1 FROM fetches f JOIN sightings s ON s.fetch = f.id "  # noqa: S608
        f"WHERE f.raw_key = r.key AND (:site IS NULL OR f.site = :site) {asked} "
        f"AND {window('f.started_at', 'f.started_at')})"
    )
    return _count(db, sql, values)


def _count(db: Database, sql: str, values: dict[str, object] | None = None) -> int:
    return int(db.execute(sql, values or {}).fetchone()[0])
