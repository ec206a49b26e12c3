"""A copy of an archive for the public: what may be shown, and nothing that tells of machines or people.

Only what is wanted is written, table by table, from one state of the archive; nothing has to be wiped out of the copy
afterwards, and what is left out never reaches the disk. A table or a column that is not named here stays empty.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from archive.announced import FILL
from archive.blobs import Bodies
from archive.errors import ArchiveError, DamagedBody
from archive.left_out import forget_left_out, leave_out
from archive.published import MARK, Mark, mark_of
from archive.schema import FTS_TABLES

_HEADERS = ("content-type", "content-language", "last-modified", "x-robots-tag", "tdm-reservation", "tdm-policy")
"""Response headers that speak of the page alone; others carry cookies, addresses and names of machines."""

_RECORD = f"""
json_patch('{{}}', json_object(
    'media_type', json_extract(record, '$.media_type'), 'charset', json_extract(record, '$.charset'),
    'headers', json((SELECT json_group_array(json(value)) FROM json_each(record, '$.headers')
                     WHERE lower(json_extract(value, '$[0]')) IN ({", ".join(f"'{name}'" for name in _HEADERS)})))))
"""  # noqa: S608 - constants

_COLUMNS = {
    "runs": {
        "config_digest": "''", "machine": "''",
        **{name: name for name in ("id", "command", "started_at", "finished_at", "software", "root")},
    },
    "fetches": {
        # An error may name a proxy or an address of this network, a source a file of somebody.
        "error": "CASE WHEN error IS NOT NULL THEN 'not published' END", "etag": "NULL", "source": "NULL",
        "final_url": "CASE WHEN final_url = url OR EXISTS(SELECT 1 FROM main.urls u WHERE u.url = final_url "
        "AND final_url NOT IN (SELECT url FROM temp.left_urls)) THEN final_url END",
        "record": _RECORD,
        **{name: name for name in ("id", "run", "seq", "kind", "url", "site", "started_at", "outcome", "status", "ms",
                                   "bytes", "attempts", "raw_key", "last_modified")},
    },
}  # fmt: skip
"""Tables of which only these columns are published, as written here."""

_CHANGED = {
    "raws": {"stored_size": "0", "base_key": "NULL"},
    "urls": {"base_key": "NULL"},
    "articles": {
        "canonical_url": "CASE WHEN canonical_url NOT IN (SELECT url FROM temp.left_urls) THEN canonical_url END"
    },
    "placements": {"last_fetch": "CASE WHEN last_fetch NOT IN (SELECT id FROM temp.left_fetches) THEN last_fetch END"},
    "sightings": {"claim": "CASE WHEN claim NOT IN (SELECT id FROM temp.left_url_ids) THEN claim END"},
}
"""Columns of other tables that are published as written here."""

_ALL = "true"
_NONE = "false"
_ROWS = {
    "_sqlite_migrations": _ALL,
    "runs": _ALL,
    "fetches": "id NOT IN (SELECT id FROM temp.left_fetches)",
    "articles": "id NOT IN (SELECT id FROM temp.left_articles)",
    "versions": "article IN (SELECT id FROM public.articles)",
    "texts": "key IN (SELECT text_key FROM public.versions)",
    "events": "article IN (SELECT id FROM public.articles)",
    "sightings": "fetch IN (SELECT id FROM public.fetches)",
    "urls": "id IN (SELECT asked FROM public.sightings UNION SELECT page FROM public.sightings "
    "UNION SELECT target FROM public.sightings UNION SELECT claim FROM public.sightings)",
    "raws": "key IN (SELECT raw_key FROM public.fetches UNION SELECT raw_key FROM public.versions)",
    "raw_bodies": _NONE,
    "discoveries": "NOT is_left_out(url)",
    "optouts": "NOT is_left_out(url)",
    "removals": _NONE,
    "announced": "NOT is_left_out(url)",
    "coverage_days": _NONE,
    "placements": "article IN (SELECT id FROM public.articles) AND link NOT IN (SELECT id FROM temp.left_links) "
    "AND first_fetch IN (SELECT id FROM public.fetches)",
    "links": "id IN (SELECT link FROM public.placements)",
    "spots": "id IN (SELECT spot FROM public.placements)",
    "labels": "id IN (SELECT list FROM public.spots UNION SELECT section FROM public.spots "
    "UNION SELECT when_text FROM public.spots UNION SELECT origin FROM public.links)",
    "phrases": "id IN (SELECT title FROM public.links UNION SELECT teaser FROM public.placements)",
    "daily": _NONE,
    "frontier": _NONE,
    "hosts": _NONE,
    "rates": _NONE,
    "sites": "name IN (SELECT site FROM public.fetches UNION SELECT site FROM public.articles)",
}
"""The rows of each table that are published, in this order; ``public`` is the copy."""

_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF")
"""A copy that breaks off is thrown away."""

_DAILY = """
INSERT INTO daily(day, site, outcome, count, bytes)
SELECT substr(started_at, 1, 10), site, outcome, count(*), sum(bytes) FROM fetches GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """A published copy: its size in bytes, rows by table, and how many articles and looks were left out."""

    path: Path
    bytes: int
    rows: tuple[tuple[str, int], ...]
    articles_left_out: int
    fetches_left_out: int

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep publish --json`` prints, but for the command to serve it."""
        left_out = {"articles": self.articles_left_out, "fetches": self.fetches_left_out}
        return {"out": str(self.path), "bytes": self.bytes, "rows": dict(self.rows), "left_out": left_out}


def publish(db: Database, source: Path, out: Path, mark: Mark, *, replace: bool) -> PublishReport:
    """Writes a copy of the archive ``source``, which is open as ``db``, to ``out``, with what its mark says.

    A file that stands there is kept unless ``replace`` is set. Raises ArchiveError.
    """
    _check(db, source, out, replace=replace)
    part, packed = (out.with_name(f"{out.name}.{name}") for name in ("part", "packed"))
    try:
        _remove(part, packed)
        with closing(sqlite3.connect(part)) as made:
            _make_tables(db, made)
        with _attached(db, part), _one_state(db):
            left = leave_out(db, opted_out=mark.opted_out)
            _copy(db)
            bodies = _bodies(db) if mark.raws else []
        with closing(sqlite3.connect(part, isolation_level=None)) as made:
            for pragma in _PRAGMAS:
                made.execute(f"PRAGMA {pragma}")
            _copy_bodies(db, made, bodies)
            _finish(db, made, mark)
            rows = _counted(db, made)
            made.execute("VACUUM INTO ?", (str(packed),))
        packed.replace(out)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{out} cannot be written ({error}); check the disk and its folder") from error
    finally:
        _remove(part, packed)
    size = out.stat().st_size
    return PublishReport(
        path=out, bytes=size, rows=rows, articles_left_out=left.articles, fetches_left_out=left.fetches
    )


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _check(db: Database, source: Path, out: Path, *, replace: bool) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise ArchiveError(f"{out} is a folder, or its folder is missing; name a file such as public.db")
    if out.exists() and out.samefile(source):
        raise ArchiveError(f"{out} is the archive itself; name another file for the copy")
    if out.exists() and not replace:
        raise ArchiveError(f"{out} exists; name another file, or replace it with --force")
    if mark_of(db) is not None:
        raise ArchiveError(f"{source} is a published copy; publish the archive that it was made of")


def _tables(db: Database) -> dict[str, str]:
    """The statements of our own tables, without those that belong to a full-text index."""
    shadows = ("sqlite_", *(f"{table}_fts" for table in FTS_TABLES))
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: sql for name, sql in rows if not name.startswith(shadows)}


def _make_tables(db: Database, made: sqlite3.Connection) -> None:
    for sql in _tables(db).values():
        made.execute(sql)
    for pragma in ("application_id", "user_version"):
        made.execute(f"PRAGMA {pragma} = {db.execute(f'PRAGMA {pragma}').fetchone()[0]}")
    made.commit()


@contextmanager
def _attached(db: Database, part: Path) -> Iterator[None]:
    db.execute("ATTACH ? AS public", (f"file:{quote(str(part.absolute()))}?mode=rw",))
    try:
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA public.{pragma}")
        yield
    finally:
        forget_left_out(db)
        db.execute("DETACH public")


@contextmanager
def _one_state(db: Database) -> Iterator[None]:
    db.execute("BEGIN")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.rollback()
        raise


def _copy(db: Database) -> None:
    """Every table, those first that others are chosen by."""
    for table, where in _ROWS.items():
        _copy_rows(db, table, where)


def _copy_rows(db: Database, table: str, where: str) -> None:
    columns = [(row[1], row[3]) for row in db.execute(f"PRAGMA main.table_info({table})")]
    if not columns or where == _NONE:
        return
    changed = _CHANGED.get(table, {})
    chosen = _COLUMNS.get(table)
    values = [
        changed.get(name, name) if chosen is None else chosen.get(name, "''" if not_null else "NULL")
        for name, not_null in columns
    ]
    names = ", ".join(name for name, _ in columns)
    db.execute(f"INSERT INTO public.{table}({names}) SELECT {', '.join(values)} FROM main.{table} WHERE {where}")  # noqa: S608


def _bodies(db: Database) -> list[tuple[str, str]]:
    """Keys of bodies that may be published, each with the key of its page's first one; the first ones come first."""
    sql = (
        "SELECT p.key, coalesce(r.base_key, r.key) FROM public.raws p JOIN main.raws r USING (key) "
        "WHERE NOT EXISTS(SELECT 1 FROM main.fetches f JOIN temp.left_fetches l USING (id) WHERE f.raw_key = p.key) "
        "ORDER BY 2, r.base_key IS NOT NULL, p.key"
    )
    return db.execute(sql).fetchall()


def _copy_bodies(db: Database, made: sqlite3.Connection, keys: list[tuple[str, str]]) -> None:
    """A page's further bodies are stored against its first one that is published."""
    source, target = Bodies(db), Bodies(made)
    first: dict[str, str] = {}
    for key, base in keys:
        with suppress(DamagedBody):
            target.store_again(key, source.read(key), first.get(base))
            first.setdefault(base, key)


def _finish(db: Database, made: sqlite3.Connection, mark: Mark) -> None:
    """Roll-ups of what is published, the mark, and indexes, triggers and views as the archive has them."""
    made.execute(_DAILY)
    if made.execute("PRAGMA table_info(coverage_days)").fetchone():
        made.execute(FILL["coverage_days"])
    made.execute(MARK)
    made.execute("INSERT INTO published VALUES (?, ?, ?, ?)", (mark.at, mark.software, mark.raws, mark.opted_out))
    for table in FTS_TABLES:
        made.execute(db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (f"{table}_fts",)).fetchone()[0])
        for command in ("rebuild", "optimize"):
            made.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES (?)", (command,))  # noqa: S608 - our own names
    for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL").fetchall():
        made.execute(sql)
    made.execute("PRAGMA analysis_limit = 1000")
    made.execute("ANALYZE")


def _counted(db: Database, made: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    names = sorted(_tables(db))
    return tuple((name, made.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names)  # noqa: S608
