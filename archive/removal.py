"""Takedown: bodies that go, and all that was read from them, while their digests and the reason stay."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlite_utils import Database

from archive.blobs import Bodies
from archive.errors import ArchiveError, DamagedBody, UnknownArticle
from archive.identity import page_url
from archive.placements import sweep_labels
from archive.rebuild import Desk, rebuild
from archive.schema import FTS_TABLES
from archive.stats import counts
from extractors import ExtractorError

_COUNTED = ("articles", "versions", "texts", "headlines")


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
    size = sum(_stored(desk.db, key) for key in found)
    for key in found:
        desk.db.execute(
            "INSERT INTO removals SELECT key, sha256, ?, ? FROM raws WHERE key = ? "
            "AND NOT EXISTS(SELECT 1 FROM removals o WHERE o.key = raws.key)",
            (reason, at, key),
        )
    make_scrub_due(desk.db)
    erase(desk, bodies, found)
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
