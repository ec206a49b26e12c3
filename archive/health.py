"""How the sites of an archive have been doing: what was looked at lately, what failed, what grew, what fell silent.

Looks that were imported say nothing about how a site is doing now; they are left out. Each question is one range of an
index: the costs grow with the looks of the last days, not with the archive.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.snapshot import snapshot
from extractors import moment_text

DAYS = 7
"""Days of looks that are judged. A source without a successful read in them is dead."""

GROWTH_DAYS = 30
"""Days over which the disk space of new bodies is added up."""

_FINE = ("new", "changed", "same", "not-modified", "digest-only")
_READ = frozenset({"new", "changed", "same"})
_SOURCES = ("feed", "sitemap", "listing")
_IN_FINE = "({})".format(", ".join(f"'{outcome}'" for outcome in _FINE))
_IN_SOURCES = "({})".format(", ".join(f"'{kind}'" for kind in _SOURCES))
_RECENT = "FROM fetches INDEXED BY fetches_started_at WHERE started_at >= :since AND source IS NULL"

LOOKS = (
    "SELECT site, kind, outcome, count(*), sum(attempts), count(error), min(started_at), max(started_at) "
    f"{_RECENT} GROUP BY site, kind, outcome"
)
PACE = f"SELECT site, ms, count(*) {_RECENT} AND ms > 0 GROUP BY site, ms"
DEAD = (
    f"SELECT site, url, kind, outcome, error, max(started_at) {_RECENT} AND kind IN {_IN_SOURCES} "
    f"GROUP BY site, url, kind HAVING sum(outcome IN {_IN_FINE} AND error IS NULL) = 0"
)
LAST_READ = (
    "SELECT max(started_at) FROM fetches WHERE url = :url AND kind <> 'article' AND kind = :kind "  # noqa: S608
    f"AND outcome IN {_IN_FINE} AND error IS NULL AND source IS NULL"
)
LAST_SUCCESS = (
    "SELECT max(started_at) FROM fetches WHERE site = :site "  # noqa: S608 - constants
    f"AND outcome IN {_IN_FINE} AND source IS NULL AND kind <> 'robots' AND (kind = 'article' OR error IS NULL)"
)
QUARANTINED = (
    "SELECT count(DISTINCT w.url) FROM fetches f JOIN frontier w ON w.url = f.url AND w.kind = 'article' "
    "AND w.last_outcome = 'quarantined' WHERE f.site = :site AND f.outcome = 'quarantined'"
)
GROWTH = """
SELECT n.site, sum(r.stored_size) FROM (
    SELECT min(started_at), site, raw_key FROM fetches INDEXED BY fetches_started_at
    WHERE started_at >= :since AND raw_key IS NOT NULL AND outcome <> 'not-modified' GROUP BY raw_key) n
JOIN raws r ON r.key = n.raw_key
WHERE NOT EXISTS (SELECT 1 FROM fetches e WHERE e.raw_key = n.raw_key AND e.started_at < :since) GROUP BY n.site
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindHealth:
    """Looks at one kind of page (article, feed, sitemap, listing, robots), and how many of them failed."""

    kind: str
    looks: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadSource:
    """A feed, sitemap or listing that was asked for and never read in the last days; why, and when it was last read."""

    url: str
    kind: str
    reason: str
    last_read: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """One site. Times are text in UTC. ``failures`` are pairs of an outcome and a number, the most frequent first.

    ``drift`` is the share of read articles whose site rules no longer fit, None when none was read; ``median_ms`` is
    that of all requests that took any time; ``grown_bytes`` is the disk space of bodies seen first in the last 30 days.
    """

    site: str
    last_success: str | None
    kinds: tuple[KindHealth, ...] = ()
    failures: tuple[tuple[str, int], ...] = ()
    median_ms: int | None = None
    requests_per_day: float = 0.0
    drift: float | None = None
    quarantined: int = 0
    grown_bytes: int = 0
    dead_sources: tuple[DeadSource, ...] = ()

    @property
    def looks(self) -> int:
        """Looks of all kinds."""
        return sum(one.looks for one in self.kinds)

    @property
    def failed(self) -> int:
        """Those of them that failed."""
        return sum(one.failures for one in self.kinds)


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks of one site, kind and outcome."""

    kind: str
    outcome: str
    count: int
    attempts: int
    errors: int
    first: str
    last: str

    @property
    def failed(self) -> int:
        """As in the view ``failures``."""
        if self.outcome in _FINE:
            return self.errors if self.kind in _SOURCES else 0
        return 0 if self.kind == "robots" and self.outcome in {"http-404", "http-410"} else self.count

    @property
    def succeeded(self) -> bool:
        return self.outcome in _FINE and self.kind != "robots" and self.failed < self.count


def health(db: Database, now: datetime) -> list[SiteHealth]:
    """Every site of an archive, by name, as of ``now``."""
    with snapshot(db):
        return list(_sites(db, now))


def _sites(db: Database, now: datetime) -> Iterator[SiteHealth]:
    since = {"since": moment_text(now - timedelta(days=DAYS))}
    looks: dict[str, list[_Look]] = defaultdict(list)
    for site, *rest in db.execute(LOOKS, since):
        looks[site].append(_Look(*rest))
    times: dict[str, dict[int, int]] = defaultdict(dict)
    for site, ms, count in db.execute(PACE, since):
        times[site][ms] = count
    dead: dict[str, list[DeadSource]] = defaultdict(list)
    for site, url, kind, outcome, error, _ in db.execute(DEAD, since).fetchall():
        (last,) = db.execute(LAST_READ, {"url": url, "kind": kind}).fetchone()
        dead[site].append(DeadSource(url=url, kind=kind, reason=error or outcome, last_read=last))
    grown = dict(db.execute(GROWTH, {"since": moment_text(now - timedelta(days=GROWTH_DAYS))}).fetchall())
    for (site,) in db.execute("SELECT name FROM sites ORDER BY name").fetchall():
        mine = looks[site]
        yield SiteHealth(
            site=site,
            last_success=_last_success(db, site, mine),
            kinds=_kinds(mine),
            failures=_failures(mine),
            median_ms=_median(times[site]),
            requests_per_day=_per_day(mine, now),
            drift=_drift(mine),
            quarantined=db.execute(QUARANTINED, {"site": site}).fetchone()[0],
            grown_bytes=grown.get(site, 0),
            dead_sources=tuple(dead[site]),
        )


def _last_success(db: Database, site: str, looks: list[_Look]) -> str | None:
    lately = [one.last for one in looks if one.succeeded]
    if lately:
        return max(lately)
    (last,) = db.execute(LAST_SUCCESS, {"site": site}).fetchone()
    return None if last is None else str(last)


def _kinds(looks: list[_Look]) -> tuple[KindHealth, ...]:
    return tuple(
        KindHealth(
            kind=kind,
            looks=sum(one.count for one in looks if one.kind == kind),
            failures=sum(one.failed for one in looks if one.kind == kind),
        )
        for kind in sorted({one.kind for one in looks})
    )


def _failures(looks: list[_Look]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = defaultdict(int)
    for one in looks:
        if one.failed:
            counts["unreadable" if one.outcome in _FINE else one.outcome] += one.failed
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _median(times: dict[int, int]) -> int | None:
    """The lower median of milliseconds that are counted."""
    middle = (sum(times.values()) + 1) // 2
    for ms, count in sorted(times.items()):
        middle -= count
        if middle <= 0:
            return ms
    return None


def _per_day(looks: list[_Look], now: datetime) -> float:
    """Requests a day since the first look of the last days; a site younger than a day counts as one day old."""
    if not looks:
        return 0.0
    since = now - datetime.fromisoformat(min(one.first for one in looks))
    return round(sum(one.attempts for one in looks) / max(1.0, since / timedelta(days=1)), 1)


def _drift(looks: list[_Look]) -> float | None:
    read = [one for one in looks if one.kind == "article" and one.outcome in _READ]
    count = sum(one.count for one in read)
    return round(sum(one.errors for one in read) / count, 4) if count else None
