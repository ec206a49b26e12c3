"""Counts of an archive."""

from collections.abc import Iterable
from pathlib import Path

from sqlite_utils import Database

from archive.rows import SiteStats, Stats
from extractors import parse_moment

_TABLES = ("articles", "versions", "fetches", "raws", "texts", "headlines")
_GOOD = "('new', 'changed', 'same', 'not-modified', 'digest-only', 'imported')"
_SITES = f"""
SELECT s.name, (SELECT count(*) FROM articles a WHERE a.site = s.name),
       (SELECT coalesce(sum(version_count), 0) FROM articles a WHERE a.site = s.name),
       (SELECT coalesce(sum(count), 0) FROM daily d WHERE d.site = s.name),
       (SELECT coalesce(sum(count), 0) FROM daily d WHERE d.site = s.name AND d.outcome NOT IN {_GOOD}),
       (SELECT count(*) FROM placements p JOIN articles a ON a.id = p.article WHERE a.site = s.name)
FROM sites s ORDER BY s.name
"""  # noqa: S608 - constants of this module


def counts(db: Database, names: Iterable[str]) -> dict[str, int]:
    """How many rows there are, by table; ``headlines`` are titles with a link."""
    sql = "SELECT count(*) FROM main."
    return {name: db.execute(sql + ("links" if name == "headlines" else name)).fetchone()[0] for name in names}


def stats(db: Database, path: Path) -> Stats:
    """Counts of the whole archive and of each site."""
    raw, stored = db.execute("SELECT coalesce(sum(size), 0), coalesce(sum(stored_size), 0) FROM raws").fetchone()
    first, last = db.execute("SELECT min(started_at), max(started_at) FROM fetches").fetchone()
    outcomes = db.execute("SELECT outcome, sum(count) FROM daily GROUP BY outcome ORDER BY outcome").fetchall()
    return Stats(
        **counts(db, _TABLES),
        raw_bytes=raw,
        stored_bytes=stored,
        file_bytes=sum(file.stat().st_size for file in (path, path.with_name(f"{path.name}-wal")) if file.exists()),
        first_look=parse_moment(first),  # type: ignore[arg-type]  # a look has a time, not only a date
        last_look=parse_moment(last),  # type: ignore[arg-type]
        sites=tuple(SiteStats(**dict(zip(SiteStats.__slots__, row, strict=True))) for row in db.execute(_SITES)),
        outcomes=tuple((outcome, count) for outcome, count in outcomes),
    )
