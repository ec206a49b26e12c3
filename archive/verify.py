"""Whether an archive still is what it says: digests, deltas, references, indexes, roll-ups and roots, computed again.

Nothing is written and nothing is kept but what is wrong, so that memory stays flat however large the file is.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from sqlite_utils import Database

from archive import keys
from archive.announced import COMPUTED, CURE
from archive.blobs import Bodies
from archive.cures import FINISH_REMOVAL, READ_AGAIN, RESTORE, cure_of, cure_of_orphan, quoted
from archive.deep import Rereading
from archive.diff import count_words
from archive.errors import DamagedBody
from archive.indexes import damaged_rows
from archive.problems import HARMLESS, PUBLISHED, Problem
from archive.published import Mark, mark_of
from archive.rebuild import Desk
from archive.removal import scrub_is_due
from archive.roots import run_root
from archive.schema import FTS_TABLES, new_in_memory, tokenizer_of
from archive.snapshot import snapshot
from archive.whereabouts import lost, misplaced

Seen = Callable[[str, int], None]
"""Told of progress: the table, and how many of its rows were checked since the last call."""

_NO_SPACE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
"""What a check of an index ends with when there is no room for its temporary tables; no damage of the archive."""

_MOST = 1000
"""Problems of one kind that are listed one by one; further ones are counted."""

_ROLL_UP = (
    "SELECT substr(started_at, 1, 10) AS day, site, outcome, count(*) AS count, sum(bytes) AS bytes "
    "FROM fetches GROUP BY 1, 2, 3"
)
_DAILY = f"DELETE FROM daily; INSERT INTO daily {_ROLL_UP}"  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was checked and what is wrong. ``checked`` counts rows by table; ``ok`` means that nothing is damaged.

    Rows that were read under older rules than today's are among the problems and are no damage.
    """

    checked: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether no problem is a damage."""
        return all(problem.kind in HARMLESS for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """The document that ``presskeep verify --json`` prints."""
        problems = [{"kind": one.kind, "where": one.where, "cure": one.cure} for one in self.problems]
        return {"ok": self.ok, "checked": dict(self.checked), "problems": problems}


@dataclass(slots=True)
class _Findings:
    """Problems as they are found, at most _MOST of a kind, and counts of what was checked."""

    seen: Seen
    listed: list[Problem] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self.kinds[problem.kind] = self.kinds.get(problem.kind, 0) + 1
        if self.kinds[problem.kind] <= _MOST:
            self.listed.append(problem)

    def count(self, table: str, rows: int = 1) -> None:
        self.checked[table] = self.checked.get(table, 0) + rows
        self.seen(table, rows)

    def report(self) -> VerifyReport:
        more = [
            Problem(kind=kind, where=f"{number - _MOST:,} more of this kind", cure="as for those listed")
            for kind, number in self.kinds.items()
            if number > _MOST
        ]
        return VerifyReport(checked=tuple(self.checked.items()), problems=(*self.listed, *more))


def verify(db: Database, desk: Desk, *, deep: bool, seen: Seen) -> VerifyReport:
    """Checks an archive; ``deep`` derives every article anew too, which needs an archive that is open for writing."""
    findings = _Findings(seen)
    damaged: set[str] = set()
    with snapshot(db):
        mark = mark_of(db)
        steps: dict[str, Iterator[Problem]] = {
            "the file": _file(db),
            "runs": _runs(db, findings) if mark is None else _published(db, mark, findings),
            "raws": _raws(db, desk, findings, damaged, is_published=mark is not None),
            "texts": _texts(db, desk, findings),
            "articles": _articles(db, findings),
            "fetches": _fetches(db, findings),
            "references": _references(db),
            "daily": _daily(db, findings),
            "coverage_days": _coverage(db, findings),
            "removals": _removals(db, findings),
            **{f"{table}_fts": _index(db, table, findings) for table in FTS_TABLES},
            "the schema": _schema(db) if mark is None else iter(()),
        }
        for name, problems in steps.items():
            _take(findings, name, problems)
    if deep:
        rereading = Rereading(desk, frozenset(damaged), lambda: findings.count("derived articles"))
        _take(findings, "derived rows", rereading.problems())
    return findings.report()


def unwatched(table: str, rows: int) -> None:
    """Progress that nobody wants to know."""


def _take(findings: _Findings, name: str, problems: Iterator[Problem]) -> None:
    try:
        for problem in problems:
            findings.add(problem)
    except (sqlite3.Error, TypeError, ValueError, AttributeError) as error:  # pages or values that no archive holds
        if getattr(error, "sqlite_errorcode", None) in _NO_SPACE:
            raise
        findings.add(Problem(kind="unreadable", where=f"{name}: {error}", cure=cure_of(name)))


def _file(db: Database) -> Iterator[Problem]:
    """SQLite's own look at its pages and indexes."""
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Problem(kind="damaged file", where=line, cure=cure_of(line))


def _schema(db: Database) -> Iterator[Problem]:
    """The triggers that guard facts and keep indexes, and what else a new archive has beside its tables."""
    found = _statements(db)
    with new_in_memory(tokenizer_of(db)) as new:
        meant = _statements(new)
    for name, (kind, sql) in meant.items():
        if name not in found:
            yield Problem(kind="wrong schema", where=f"{kind} {name} is missing", cure=sql)
        elif found[name] != (kind, sql):
            where = f"{kind} {name} is another one than presskeep made"
            yield Problem(kind="wrong schema", where=where, cure=f"DROP {kind.upper()} {name}; {sql}")


def _statements(db: Database) -> dict[str, tuple[str, str]]:
    sql = "SELECT name, type, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY name"
    return {name: (kind, statement) for name, kind, statement in db.execute(sql)}


def _runs(db: Database, findings: _Findings) -> Iterator[Problem]:
    rows = db.execute("SELECT id, finished_at, root FROM runs ORDER BY id")
    for run, finished_at, root in rows:
        findings.count("runs")
        if finished_at is None:
            continue
        if root is None:
            yield Problem(kind="wrong root", where=f"runs {run} is finished and has no root", cure=RESTORE)
        elif root != run_root(db, run):
            cure = f"facts of this run were added, lost or changed: {RESTORE}"
            yield Problem(kind="wrong root", where=f"runs {run}", cure=cure)


def _published(db: Database, mark: Mark, findings: _Findings) -> Iterator[Problem]:
    """The facts that a published copy leaves out are part of the roots of its runs."""
    findings.count("runs", db.execute("SELECT count(*) FROM runs").fetchone()[0])
    found = f"published at {mark.at}: facts were left out, so the roots of runs cannot be compared"
    if not mark.raws:
        found += ", and there are no bodies of pages"
    yield Problem(kind=PUBLISHED, where=found, cure="none is needed; the archive it was made of has them")


def _raws(db: Database, desk: Desk, findings: _Findings, damaged: set[str], *, is_published: bool) -> Iterator[Problem]:
    """Every body through its delta; a base is followed by the deltas that lean on it."""
    rows = db.execute(
        "SELECT r.key, r.sha256, r.size, r.stored_size, length(b.body), m.key IS NOT NULL OR NOT EXISTS("
        "SELECT 1 FROM fetches f WHERE f.raw_key = r.key AND f.outcome <> 'digest-only') FROM raws r "
        "LEFT JOIN raw_bodies b USING (key) LEFT JOIN removals m USING (key) "
        "ORDER BY coalesce(r.base_key, r.key), r.base_key IS NOT NULL"
    )
    bodies = Bodies(db, desk.shorten)
    for key, sha256, size, stored_size, stored, not_kept in rows:
        findings.count("raws")
        where = f"raws {key}"
        if desk.shorten(sha256) != key:
            yield Problem(kind="wrong key", where=f"{where}: its digest is {sha256}", cure=RESTORE)
        if stored is None and (not_kept or is_published):
            continue
        try:
            measured = len(bodies.read(key))
        except DamagedBody as error:
            damaged.add(key)
            yield Problem(kind="damaged body", where=f"{where}: {str(error).partition(';')[0]}", cure=RESTORE)
            continue
        if stored is not None and stored != stored_size:
            found = f"{where}: stored_size says {stored_size}, the frame has {stored} bytes"
            cure = f"UPDATE raws SET stored_size = {stored} WHERE key = {quoted(key)}"  # noqa: S608 - quoted
            yield Problem(kind="wrong size", where=found, cure=cure)
        if measured != size:
            yield Problem(kind="wrong size", where=f"{where}: {measured} bytes, size says {size}", cure=RESTORE)


def _texts(db: Database, desk: Desk, findings: _Findings) -> Iterator[Problem]:
    for key, sha256, title, text, words in db.execute("SELECT key, sha256, title, text, words FROM texts"):
        findings.count("texts")
        digest = keys.digest(keys.text_bytes(title, text))
        if digest != sha256 or desk.shorten(sha256) != key:
            cure = f"DELETE FROM texts WHERE key = {quoted(key)}; then {READ_AGAIN}"  # noqa: S608 - quoted
            yield Problem(kind="wrong text", where=f"texts {key}: its digest is {digest}", cure=cure)
        elif words != count_words(text):
            cure = f"UPDATE texts SET words = {count_words(text)} WHERE key = {quoted(key)}"  # noqa: S608 - quoted
            yield Problem(kind="wrong count", where=f"texts {key}: not {words} words", cure=cure)


def _articles(db: Database, findings: _Findings) -> Iterator[Problem]:
    sql = (
        "SELECT a.key, a.url, a.version_count, (SELECT count(*) FROM versions v WHERE v.article = a.id), "
        "(SELECT v.number FROM versions v WHERE v.id = a.latest_version AND v.article = a.id) FROM articles a"
    )
    for key, url, stated, versions, latest in db.execute(sql):
        findings.count("articles")
        if key != keys.url_key(url):
            cure = f"UPDATE articles SET key = '{keys.url_key(url)}' WHERE url = {quoted(url)}"  # noqa: S608
            yield Problem(kind="wrong key", where=f"articles {url}: its key is {key}", cure=cure)
        if not stated == versions == latest:
            found = f"articles {url}: {versions} versions, it says {stated}, the last is number {latest}"
            yield Problem(kind="wrong count", where=found, cure=READ_AGAIN)


def _fetches(db: Database, findings: _Findings) -> Iterator[Problem]:
    findings.count("fetches", db.execute("SELECT count(*) FROM fetches").fetchone()[0])
    named = "SELECT run, seq, url FROM fetches WHERE id = ?"
    for kind, looks in {"missing row": lost(db), "wrong place": misplaced(db)}.items():
        for look in looks:
            run, seq, url = db.execute(named, (look,)).fetchone()
            yield Problem(kind=kind, where=f"sightings of look {seq} in run {run} at {url}", cure=READ_AGAIN)


def _references(db: Database) -> Iterator[Problem]:
    """Rows that refer to rows that are not there."""
    for table, row, parent, number in db.execute("PRAGMA foreign_key_check"):
        columns = [key[3] for key in db.execute(f"PRAGMA foreign_key_list({table})") if key[0] == number]
        name = f"{table} row {row}" if row is not None else table
        found = f"{name}: {', '.join(columns)} refers to no row of {parent}"
        yield Problem(kind="orphan row", where=found, cure=cure_of_orphan(table, parent))


def _daily(db: Database, findings: _Findings) -> Iterator[Problem]:
    """The roll-up against the looks that it counts."""
    findings.count("daily", db.execute("SELECT count(*) FROM daily").fetchone()[0])
    kept = "SELECT day, site, outcome, count, bytes FROM daily"
    sql = (
        f"SELECT day, site, outcome FROM ({kept} EXCEPT {_ROLL_UP}) "  # noqa: S608 - constants of this module
        f"UNION SELECT day, site, outcome FROM ({_ROLL_UP} EXCEPT {kept})"
    )
    for day, site, outcome in db.execute(sql):
        yield Problem(kind="wrong count", where=f"daily {day} {site} {outcome}", cure=_DAILY)


def _coverage(db: Database, findings: _Findings) -> Iterator[Problem]:
    """What was announced, as it was rolled up, against the facts."""
    for table, computed in COMPUTED.items():
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
            return
        kept = f"SELECT * FROM {table}" + (" WHERE expected + source_looks > 0" if table == "coverage_days" else "")  # noqa: S608
        findings.count(table, db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
        sql = f"SELECT * FROM ({kept} EXCEPT {computed}) UNION SELECT * FROM (SELECT * FROM ({computed}) EXCEPT {kept})"  # noqa: S608
        for name, other, *_ in db.execute(sql):
            yield Problem(kind="wrong count", where=f"{table} {name} {other}", cure=CURE)


def _removals(db: Database, findings: _Findings) -> Iterator[Problem]:
    findings.count("removals", db.execute("SELECT count(*) FROM removals").fetchone()[0])
    if scrub_is_due(db):
        found = "a takedown was interrupted: removed bytes may still lie in the file or its WAL"
        yield Problem(kind="unfinished removal", where=found, cure=FINISH_REMOVAL)
    for (key,) in db.execute("SELECT key FROM removals JOIN raw_bodies USING (key) ORDER BY key"):
        cure = f"presskeep forget {key} --reason TEXT"
        yield Problem(kind="unfinished removal", where=f"raws {key}: removed, and its body is here", cure=cure)


def _index(db: Database, table: str, findings: _Findings) -> Iterator[Problem]:
    cure = cure_of(f"{table}_fts")
    findings.count(f"{table}_fts", db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    with closing(damaged_rows(db, table)) as rows:
        for row in rows:
            yield Problem(kind="wrong index", where=f"{table}_fts: the words of {table} row {row}", cure=cure)
