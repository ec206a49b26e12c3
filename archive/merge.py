"""One archive from many: the facts of others, each known by its own key, are added to ours."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlite_utils import Database

from archive.adopt import adopt
from archive.blobs import Bodies
from archive.errors import ArchiveError
from archive.intake import Intake
from archive.opening import open_archive, refuse_published
from archive.rebuild import Desk
from archive.removal import erase, make_scrub_due, scrub, spread
from archive.stats import counts
from archive.trouble import named

if TYPE_CHECKING:
    from archive.store import Archive

_COUNTED = (
    "runs", "fetches", "raws", "discoveries", "optouts", "removals", "articles", "texts", "versions", "events",
    "headlines",
)  # fmt: skip
_SAME_FETCH = "m.url = s.url AND m.started_at = s.started_at AND m.kind = s.kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeProblem:
    """Something that could not be united: in which archive, what was found, and the cure."""

    file: str
    found: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What a merge added: new rows by table, looks that were there already, and what could not be united."""

    new: tuple[tuple[str, int], ...]
    skipped: int
    problems: tuple[MergeProblem, ...]

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep merge --json`` prints."""
        errors = [{"file": one.file, "found": one.found, "cure": one.cure} for one in self.problems]
        return {"new": dict(self.new), "skipped": self.skipped, "errors": errors}


def merge(
    archive: "Archive", desk: Desk, bodies: Bodies, paths: list[Path], seen: Callable[[Path], None] | None
) -> MergeReport:
    """Unites other archives with one; each in a transaction of its own, so that a broken merge is run again."""
    for path in paths:
        if archive.path.exists() and path.exists() and path.samefile(archive.path):
            raise ArchiveError(f"{path} is the archive that the others go into; leave it out of the list")
        with closing(open_archive(path, read_only=True, tokenizer=None)) as opened:
            refuse_published(path, opened.db, "merge")
    db, before = archive.db, counts(archive.db, _COUNTED)
    skipped, problems, erased = 0, [], False
    for path in paths:
        with _attached(db, path) as source, archive.atomic():
            db.execute("PRAGMA secure_delete = ON")
            union = _Union(db, desk, bodies, source, str(path))
            union.take()
            skipped += union.skipped
            problems += union.problems
            erased = erased or union.erased
        if seen is not None:
            seen(path)
    if erased:
        with named(archive.path):
            scrub(db)
    new = tuple((table, count - before[table]) for table, count in counts(db, _COUNTED).items())
    return MergeReport(new=new, skipped=skipped, problems=tuple(problems))


class _Union:
    """The union with one attached source; its rows are ``source.…`` and ours ``main.…``."""

    def __init__(self, db: Database, desk: Desk, bodies: Bodies, source: Bodies, name: str) -> None:
        self._db = db
        self._desk = desk
        self._bodies = bodies
        self._source = source
        self._name = name
        self.skipped = 0
        self.erased = False
        self.problems: list[MergeProblem] = []

    def take(self) -> None:
        """All tables, those that others refer to first."""
        self._db.execute("DROP TABLE IF EXISTS temp.taken")
        self._runs()
        removed = self._removals()
        if removed:
            make_scrub_due(self._db)
        restored = Intake(self._db, self._bodies, self._source, self._desk.shorten, self._problem).take()
        self._fetches()
        for table in ("discoveries", "optouts"):
            self._numbered(table)
        erase(self._desk, self._bodies, removed)
        adopt(self._desk, restored)
        self.erased = bool(removed)

    def _runs(self) -> None:
        self._db.execute(
            "INSERT INTO main.sites SELECT name, home FROM source.sites s WHERE true ON CONFLICT(name) DO UPDATE "
            "SET home = CASE WHEN home IS NULL OR excluded.home < home THEN coalesce(excluded.home, home) ELSE home END"
        )
        self._db.execute(
            "INSERT INTO main.runs SELECT * FROM source.runs s "
            "WHERE NOT EXISTS(SELECT 1 FROM main.runs m WHERE m.id = s.id)"
        )
        for column in ("finished_at", "root"):
            self._db.execute(
                f"UPDATE main.runs SET {column} = (SELECT {column} FROM source.runs s WHERE s.id = runs.id) "  # noqa: S608
                f"WHERE {column} IS NULL AND id IN (SELECT id FROM source.runs WHERE {column} IS NOT NULL)"
            )
        differ = "m.started_at IS NOT s.started_at OR m.machine IS NOT s.machine OR m.command IS NOT s.command"
        sql = f"SELECT s.id FROM source.runs s JOIN main.runs m USING (id) WHERE {differ}"  # noqa: S608
        for (run,) in self._db.execute(sql).fetchall():
            self._problem(f"run {run} is another run here", "compare both; the one that was here first is kept")

    def _removals(self) -> list[str]:
        """Takes over removals; returns the keys whose bodies are here and have to go.

        Of two takedowns of one body, the reason and time that were here first stay.
        """
        added = self._db.execute(
            "INSERT INTO main.removals SELECT * FROM source.removals s "
            "WHERE NOT EXISTS(SELECT 1 FROM main.removals m WHERE m.key = s.key) "
            "AND NOT EXISTS(SELECT 1 FROM main.raws m WHERE m.key = s.key AND m.sha256 <> s.sha256)"
        ).rowcount
        if added:
            spread(self._desk, self._bodies.read, "main")
        spread(self._desk, self._source.read, "source")
        return [row[0] for row in self._db.execute("SELECT key FROM removals JOIN raw_bodies USING (key)")]

    def _fetches(self) -> None:
        self._db.execute(
            "CREATE TEMP TABLE taken AS SELECT s.id AS old, row_number() OVER (ORDER BY s.started_at, s.run, s.seq) "
            "+ (SELECT coalesce(max(id), 0) FROM main.fetches) AS new FROM source.fetches s "
            "LEFT JOIN main.fetches m ON m.run = s.run AND m.seq = s.seq WHERE m.id IS NULL"
        )
        self._db.execute("CREATE UNIQUE INDEX temp.taken_old ON taken(old)")
        self._db.execute(
            "INSERT INTO main.fetches SELECT t.new, run, seq, kind, url, site, started_at, "
            "iif(c.key IS NULL, outcome, 'key-collision'), status, final_url, ms, bytes, attempts, "
            "iif(c.key IS NULL, raw_key, NULL), etag, last_modified, coalesce(c.found, error), source, record "
            "FROM temp.taken t JOIN source.fetches s ON s.id = t.old LEFT JOIN temp.clash c ON c.key = s.raw_key "
            "ORDER BY t.new"
        )
        self._db.execute(
            "INSERT INTO main.daily SELECT substr(started_at, 1, 10), site, outcome, count(*), sum(bytes) "
            "FROM temp.taken t JOIN main.fetches f ON f.id = t.new GROUP BY 1, 2, 3 "
            "ON CONFLICT(day, site, outcome) "
            "DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes"
        )
        known = (
            "SELECT s.run, s.seq, s.url FROM source.fetches s JOIN main.fetches m ON m.run = s.run AND m.seq = s.seq"
        )
        sql = f"{known} WHERE s.id NOT IN (SELECT old FROM temp.taken) AND NOT ({_SAME_FETCH})"  # noqa: S608 - our own names
        for run, seq, url in self._db.execute(sql).fetchall():
            self._problem(f"look {seq} of run {run}, at {url}, is another look here", "the one that was here is kept")
        count = "SELECT (SELECT count(*) FROM source.fetches) - (SELECT count(*) FROM temp.taken)"
        self.skipped = int(self._db.execute(count).fetchone()[0])

    def _numbered(self, table: str) -> None:
        self._db.execute(
            f"INSERT INTO main.{table} SELECT * FROM source.{table} s "  # noqa: S608 - our own names
            f"WHERE NOT EXISTS(SELECT 1 FROM main.{table} m WHERE m.run = s.run AND m.seq = s.seq)"
        )
        sql = (
            f"SELECT s.run, s.seq, s.url FROM source.{table} s JOIN main.{table} m USING (run, seq) "  # noqa: S608
            "WHERE m.url <> s.url OR m.at <> s.at"
        )
        for run, seq, url in self._db.execute(sql).fetchall():
            self._problem(f"row {seq} of run {run} in {table}, {url}, differs here", "the one that was here is kept")

    def _problem(self, found: str, cure: str) -> None:
        self.problems.append(MergeProblem(file=self._name, found=found, cure=cure))


@contextmanager
def _attached(db: Database, path: Path) -> Iterator[Bodies]:
    """A source as the schema ``source`` of our connection, and the reader of its bodies; neither can write."""
    opened = open_archive(path, read_only=True, tokenizer=None)
    try:
        _attach(db, path)
        try:
            yield Bodies(opened.db)
        finally:
            db.execute("DETACH source")
    finally:
        opened.close()


def _attach(db: Database, path: Path) -> None:
    """A WAL file on a medium that cannot be written is read as unchanging, as in :func:`open_archive`."""
    uri = f"file:{quote(str(path.absolute()))}"
    db.execute("ATTACH ? AS source", (f"{uri}?mode=ro",))
    try:
        db.execute("SELECT count(*) FROM source.sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.execute("DETACH source")
        db.execute("ATTACH ? AS source", (f"{uri}?immutable=1",))
