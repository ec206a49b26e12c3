"""Takedown: bodies that go, and all that was read from them, while their digests and the reason stay.

``removals`` names bodies, and the texts that went with them: a page that says the same in other bytes, as it does when
the lists beside it have moved, is not kept either.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlite_utils import Database

from archive.blobs import Bodies
from archive.compare import removed_text, text_of
from archive.errors import ArchiveError, DamagedBody, UnknownArticle
from archive.identity import page_url
from archive.placements import sweep_labels
from archive.rebuild import Desk, rebuild
from archive.schema import FTS_TABLES
from archive.shown import FETCH_COLUMNS, FetchRow, replay
from archive.stats import counts
from extractors import ExtractorError

_COUNTED = ("articles", "versions", "texts", "headlines")

_REMOVE_TEXT = """
INSERT INTO removals SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS(SELECT 1 FROM texts WHERE key = ?1)
AND NOT EXISTS(SELECT 1 FROM removals WHERE key = ?1)
"""
"""A text that another article has too stays, and so may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a takedown took: keys of the bodies, their bytes on disk, and rows gone by table."""

    keys: tuple[str, ...]
    bytes: int
    gone: tuple[tuple[str, int], ...]
    dry_run: bool

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep forget --json`` prints."""
        return {"keys": list(self.keys), "bytes": self.bytes, "gone": dict(self.gone), "dry_run": self.dry_run}


def raws_of(db: Database, name: str) -> list[str]:
    """The raws behind a URL, or behind the key of an article, a text or a raw; raises UnknownArticle."""
    if db.execute("SELECT 1 FROM raws WHERE key = ?", (name,)).fetchone():
        return [name]
    ways: tuple[tuple[str, str], ...] = (
        ("JOIN versions v ON v.id = s.version WHERE v.text_key = ?", name),
        ("JOIN urls u ON u.id = s.target JOIN articles a ON a.url = u.url WHERE a.key = ?", name),
        ("WHERE s.target IN (SELECT o.target FROM sightings o JOIN urls u ON u.id = o.asked WHERE u.url = ?)", name),
    )
    with suppress(ExtractorError):
        ways = (*ways, (ways[-1][0], page_url(name)))
    for where, value in ways:
        sql = f"SELECT DISTINCT f.raw_key FROM sightings s JOIN fetches f ON f.id = s.fetch {where}"  # noqa: S608
        found = sorted(row[0] for row in db.execute(sql, (value,)) if row[0] is not None)
        if found:
            return found
    raise UnknownArticle(f"{name!r} is no URL or key with a body in this archive; `presskeep search` finds articles")


def forget(desk: Desk, bodies: Bodies, name: str, reason: str, at: str) -> Removal:
    """Removes what a URL or a key names and notes why; one step of the caller's transaction."""
    before = counts(desk.db, _COUNTED)
    found = raws_of(desk.db, name)
    texts = _texts_of(desk, found)
    size = sum(_stored(desk.db, key) for key in found)
    for key in found:
        desk.db.execute(
            "INSERT INTO removals SELECT key, sha256, ?, ? FROM raws WHERE key = ? "
            "AND NOT EXISTS(SELECT 1 FROM removals o WHERE o.key = raws.key)",
            (reason, at, key),
        )
    make_scrub_due(desk.db)
    erase(desk, bodies, found)
    desk.db.conn.executemany(_REMOVE_TEXT, [(*text, reason, at) for text in texts])
    gone = tuple((table, before[table] - count) for table, count in counts(desk.db, _COUNTED).items())
    return Removal(keys=tuple(found), bytes=size, gone=gone, dry_run=False)


def erase(desk: Desk, bodies: Bodies, removed: Iterable[str]) -> None:
    """Deletes the bodies of keys that ``removals`` names and derives anew the articles that they showed."""
    gone = set(removed)
    targets: set[int] = set()
    for key in sorted(gone):
        _free(desk.db, bodies, key, gone)
        desk.db.execute("DELETE FROM raw_bodies WHERE key = ?", (key,))
        desk.db.execute("UPDATE raws SET stored_size = 0, base_key = NULL WHERE key = ?", (key,))
        sql = "SELECT s.target FROM sightings s JOIN fetches f ON f.id = s.fetch WHERE f.raw_key = ?"
        targets |= {row[0] for row in desk.db.execute(sql, (key,))}
    rebuild(desk, targets)
    sweep_labels(desk.db)


def spread(desk: Desk, read_body: Callable[[str], bytes], schema: str) -> None:
    """Names in ``removals`` the bodies that show a removed text, in ``main`` or in an attached archive.

    Whether one does is found out by reading it, and so does not depend on what else is there.
    """
    versions = f"SELECT v.article, v.id FROM main.removals x CROSS JOIN {schema}.versions v ON v.text_key = x.key"  # noqa: S608
    cosmetic = (
        f"SELECT e.article, e.version FROM {schema}.events e CROSS JOIN main.removals x "  # noqa: S608
        "ON x.key = e.detail ->> '$.after' WHERE e.kind = 'cosmetic' AND EXISTS(SELECT 1 FROM main.removals)"
    )
    # CROSS JOIN keeps this order: removals are few, and SQLite would walk through all looks
    source = (
        f"FROM ({versions} UNION {cosmetic}) c CROSS JOIN {schema}.sightings s ON s.article = c.article "
        f"AND s.version = c.id CROSS JOIN {schema}.fetches f ON f.id = s.fetch"
    )
    named: set[str | None] = set()
    for row in _looks(desk.db, f"{source} WHERE f.raw_key NOT IN (SELECT key FROM main.removals)"):  # noqa: S608
        if row.raw_key in named:
            continue  # a page that came unchanged, seen once more
        article = replay(row, desk.reader, read_body).article
        text = None if article is None else removed_text(desk.db, article, desk.shorten)
        if text is not None:
            _remove_with(desk.db, str(row.raw_key), text.key, schema)
            named.add(row.raw_key)


def erase_unread(desk: Desk, bodies: Bodies, found: Mapping[str, str]) -> None:
    """Removes bodies that were kept unread and turned out to show a removed text, whose key is given with each."""
    for key, text_key in found.items():
        _remove_with(desk.db, key, text_key, "main")
    make_scrub_due(desk.db)
    erase(desk, bodies, found)


def _remove_with(db: Database, key: str, text_key: str, schema: str) -> None:
    """A body goes for the reason and with the time of the text that it shows."""
    db.execute(
        f"INSERT INTO main.removals SELECT r.key, r.sha256, x.reason, x.at FROM {schema}.raws r, main.removals x "  # noqa: S608
        "WHERE r.key = ? AND x.key = ? AND NOT EXISTS(SELECT 1 FROM main.removals o WHERE o.key = r.key) "
        "AND NOT EXISTS(SELECT 1 FROM main.raws m WHERE m.key = r.key AND m.sha256 <> r.sha256)",
        (key, text_key),
    )


def _texts_of(desk: Desk, found: Iterable[str]) -> set[tuple[str, str]]:
    """Keys and digests of the texts that these bodies showed, when they were read and today."""
    shown: set[tuple[str, str]] = set()
    for key in found:
        where = "FROM fetches f JOIN sightings s ON s.fetch = f.id"
        sql = f"SELECT t.key, t.sha256 {where} JOIN versions v ON v.id = s.version JOIN texts t ON t.key = v.text_key "
        shown |= set(desk.db.execute(f"{sql} WHERE f.raw_key = ?", (key,)).fetchall())
        for row in _looks(desk.db, f"{where} WHERE f.raw_key = ?", key):
            article = replay(row, desk.reader, desk.read_body).article
            if article is not None:
                text = text_of(article, desk.shorten)
                shown.add((text.key, text.sha256))
    return shown


def _looks(db: Database, source: str, *values: str) -> list[FetchRow]:
    rows = db.execute(f"SELECT {FETCH_COLUMNS} {source}", values).fetchall()
    return [FetchRow(**dict(zip(FetchRow.__slots__, row, strict=True))) for row in rows]


def make_scrub_due(db: Database) -> None:
    """Notes, in the transaction that deletes, that the bytes of deleted rows have to leave the file yet.

    A table of its own, which is there for as long as that is due: a process that is killed leaves it behind.
    """
    db.execute("CREATE TABLE IF NOT EXISTS main.scrub_due(since TEXT)")


def scrub_is_due(db: Database) -> bool:
    """Whether a takedown was interrupted before :func:`scrub` was done."""
    return db.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'scrub_due'").fetchone() is not None


def scrub(db: Database) -> None:
    """Leaves no byte of deleted rows in the index, the file or the WAL. Raises ArchiveError when a reader is open."""
    db.execute("PRAGMA secure_delete = ON")
    for table in FTS_TABLES:
        db.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")  # noqa: S608 - our own names
    db.execute("VACUUM")
    if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise ArchiveError("removed, but a program that reads the archive holds old pages; close it and run this again")
    db.execute("DROP TABLE IF EXISTS main.scrub_due")


def _free(db: Database, bodies: Bodies, key: str, gone: set[str]) -> None:
    """Stores the deltas that lean on a body without it: the first whole, the others against the first."""
    base: str | None = None
    for (leaning,) in db.execute("SELECT key FROM raws WHERE base_key = ? ORDER BY key", (key,)).fetchall():
        if leaning in gone:
            continue
        with suppress(DamagedBody):
            bodies.store_again(leaning, bodies.read(leaning), base)
            base = base or leaning
    db.execute("UPDATE urls SET base_key = ? WHERE base_key = ?", (base, key))


def _stored(db: Database, key: str) -> int:
    return int(db.execute("SELECT stored_size FROM raws WHERE key = ?", (key,)).fetchone()[0])
