"""What is known and when it is due: the frontier, kept in the archive's file, committed together with the looks."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive import FetchKind, Outcome, http_outcome
from crawler.schedule import Plan, Rates, Seen, age_group, edit_rate, next_visit
from extractors import ExtractorError, moment_text, normalize_url

GONE = frozenset({http_outcome(404), http_outcome(410)})
_LOOKS_BEFORE_GONE = 2
"""A removed article is confirmed by a second look before it is left alone."""

_CONFIRM_AFTER = timedelta(hours=6)

_HOST_RESTS = timedelta(minutes=15)
_SKEW = timedelta(hours=1)
"""A visit so far in the future was noted by a clock that was wrong."""

_LONGEST_PAUSE = 24.0 * 365  # hours; more than the schedule ever leaves between two visits
_LIES = 5
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One URL that is due. ``etag`` and ``last_modified`` are the validators of its last full response; ``modified`` is
    when its finder says that it changed last."""

    url: str
    site: str
    kind: FetchKind = "article"
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    published: str | None = None
    modified: str | None = None
    added_at: str | None = None
    failures: int = 0
    last_outcome: str | None = None
    next_at: str | None = None
    last_at: str | None = None
    changed_at: str | None = None
    state: str = "due"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a visit to an entry came to, as far as the next one depends on it.

    ``published`` is what the page itself says. ``host_wide``: it failed for a reason that is its host's.
    """

    entry: Entry
    at: datetime
    outcome: str
    attempts: int = 1
    failed: bool = False
    host_wide: bool = False
    changed: bool = False
    published: str | None = None
    etag: str | None = None
    last_modified: str | None = None


_COLUMNS = (
    "url, site, kind, attempts, etag, last_modified, published, added_at, failures, last_outcome, next_at, last_at, "
    "changed_at, state, reason"
)
_DONE = """
    UPDATE frontier SET last_at = ?, last_outcome = ?, attempts = attempts + ?, failures = ?, looks = looks + 1,
        changes = changes + ?, changed_at = ?, etag = ?, last_modified = ?, next_at = ?, state = ?, reason = ?,
        published = ?
    WHERE key = ? AND kind = ?
"""


class Frontier:
    """The frontier table of an archive. Used in the thread that owns the connection."""

    def __init__(self, db: Database, sites: Iterable[str] = ()) -> None:
        self._db = db
        self._sites = json.dumps(sorted(sites))

    def add(self, entries: Iterable[Entry], now: datetime, found_in: str) -> int:
        """Makes URLs known; those known already stay as they are. Returns how many rows changed.

        Only an entry of a site that is not among ``sites`` (any more) goes over to the site that found it now.
        """
        at = moment_text(now)
        before = self._db.conn.total_changes
        for entry in entries:
            key = normalize_url(entry.url)
            self._db.execute(
                "INSERT INTO frontier(url, key, site, kind, found_in, added_at, published, next_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(key, kind) DO UPDATE SET site = excluded.site "
                "WHERE site <> excluded.site AND site NOT IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING",
                (entry.url, key, entry.site, entry.kind, found_in, at, entry.published, at, self._sites),
            )
        return self._db.conn.total_changes - before

    def due(self, site: str, now: datetime | None, limit: int | None = None, *, ranked: bool = False) -> list[Entry]:
        """Articles of a site that are due at ``now``; None means all that are not gone.

        Those never seen come first, then the longest due; ``ranked`` puts those first where an edit waits most likely.
        """
        sql = f"SELECT {_COLUMNS} FROM frontier WHERE site = ? AND kind = 'article' AND state "  # noqa: S608
        values: list[object] = [site]
        if now is None:
            sql += "<> 'gone'"
        else:
            sql += "= 'due' AND (next_at <= ? OR coalesce(last_at, added_at) > ?)"  # a clock was ahead, and is not now
            values += [moment_text(now), moment_text(now + _SKEW)]
        sql += " ORDER BY last_at IS NOT NULL, next_at, added_at, url"
        found = [self._entry(row) for row in self._db.execute(sql, values)]
        if ranked:
            rates, moment = self.rates(site), now or datetime.now(UTC)
            found.sort(key=lambda entry: -_waiting(entry, rates, moment))
        return found[:limit]

    def rates(self, site: str) -> dict[int, Seen]:
        """What visits to a site saw so far, by age group."""
        rows = self._db.execute("SELECT age, hours, edits FROM rates WHERE site = ?", (site,))
        return {age: Seen(hours, edits) for age, hours, edits in rows}

    def quarantined(self, site: str) -> list[Entry]:
        """Articles of a site in whose place the last visit found something else."""
        sql = f"SELECT {_COLUMNS} FROM frontier WHERE site = ? AND last_outcome = ? ORDER BY url"  # noqa: S608
        return [self._entry(row) for row in self._db.execute(sql, (site, Outcome.QUARANTINED))]

    def known(self, url: str) -> Entry | None:
        """The entry of an article's URL, None when it was never found."""
        sql = f"SELECT {_COLUMNS} FROM frontier WHERE key = ? AND kind = 'article'"  # noqa: S608 - our own names
        row = self._db.execute(sql, (normalize_url(url),)).fetchone()
        return self._entry(row) if row else None

    def entry(self, url: str, kind: FetchKind, site: str) -> Entry:
        """The entry of a URL with its validators, or a fresh one."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM frontier WHERE key = ? AND kind = ?",  # noqa: S608 - our own column names
            (normalize_url(url), kind),
        ).fetchone()
        return self._entry(row) if row else Entry(url=url, site=site, kind=kind)

    def knows(self, url: str) -> bool:
        """Whether an article's URL is known, in any spelling."""
        sql = "SELECT 1 FROM frontier WHERE key = ? AND kind = 'article'"
        return self._db.execute(sql, (normalize_url(url),)).fetchone() is not None

    def depth(self, url: str, most: int) -> int:
        """How many lists of other articles lead from what the site announces to an article, ``most`` at most."""
        depth = 0
        for _ in range(2 * most):  # a canonical URL may stand between any two
            rows = self._db.execute("SELECT kind, found_in FROM discoveries WHERE url = ?", (url,)).fetchall()
            if not rows or any(kind not in ("list-item", "canonical") for kind, _ in rows):
                return min(depth, most)
            depth += rows[0][0] == "list-item"
            url = rows[0][1]
        return most

    def retire(self, url: str, article: int) -> None:
        """Visits a URL no more whose page is shown under another URL of its article, if that one is visited well."""
        sql = """UPDATE frontier
            SET state = 'gone', reason = 'canonical URL: ' || (SELECT url FROM articles WHERE id = ?2)
            WHERE key = ?1 AND kind = 'article' AND EXISTS(
                SELECT 1 FROM articles a JOIN frontier f ON f.key = a.url AND f.kind = 'article'
                WHERE a.id = ?2 AND a.url <> ?1 AND f.state = 'due' AND f.failures = 0 AND f.looks > 0)"""
        self._db.execute(sql, (normalize_url(url), article))

    def read_whole_at(self, url: str, kind: FetchKind) -> str | None:
        """When a source was last answered for and nothing was odd about it, in the archive's form."""
        sql = """SELECT max(started_at) FROM fetches WHERE url = ? AND kind = ? AND kind <> 'article'
            AND status IN (200, 304) AND error IS NULL"""
        row = self._db.execute(sql, (url, kind)).fetchone()
        return str(row[0]) if row[0] else None

    def done(self, visit: Visit) -> None:
        """Notes a visit and when the next one is due."""
        entry = visit.entry
        key = normalize_url(entry.url)
        failures = entry.failures + (not visit.host_wide) if visit.failed else 0
        gone = visit.outcome in GONE and entry.last_outcome in GONE and failures >= _LOOKS_BEFORE_GONE
        entry = replace(entry, published=_stated(entry, visit))
        published = _published(entry, visit.at)
        changed_at = visit.at if visit.changed else _moment(entry.changed_at)
        self._learn(visit, published)
        rates = self.rates(entry.site)
        plan = next_visit(visit.at, published=published, failures=failures, rates=rates, changed_at=changed_at)
        if visit.outcome in GONE:
            plan = Plan(visit.at + _CONFIRM_AFTER, "to see whether it is really gone")
        elif visit.host_wide:
            plan = Plan(visit.at + _HOST_RESTS, "its host could not be asked")
        state = "gone" if gone else "due" if plan.at else "given-up"
        reason = "two visits in a row found nothing there" if gone else plan.reason
        keep = visit.failed
        etag = None if visit.last_modified and self._lies(visit) else visit.etag
        self._db.execute(
            _DONE,
            (
                moment_text(visit.at), visit.outcome, visit.attempts, failures, visit.changed, moment_text(changed_at),
                entry.etag if keep else etag, entry.last_modified if keep else visit.last_modified,
                moment_text(plan.at or visit.at), state, reason, entry.published, key, entry.kind,
            ),
        )  # fmt: skip

    def _learn(self, visit: Visit, published: datetime) -> None:
        """Adds the hours since the visit before to what is known of the site."""
        before = _moment(visit.entry.last_at)
        if visit.failed or visit.entry.kind != "article" or before is None or visit.entry.failures:
            return
        hours = (visit.at - before) / timedelta(hours=1)
        if 0 < hours < _LONGEST_PAUSE:
            self._db.execute(
                "INSERT INTO rates VALUES (?1, ?2, ?3, ?4) ON CONFLICT(site, age) DO UPDATE "
                "SET hours = hours + ?3, edits = edits + ?4",
                (visit.entry.site, age_group(before - published), hours, visit.changed),
            )

    def _lies(self, visit: Visit) -> bool:
        """Whether the host of a visit names another ETag for the same text nearly every time: then If-Modified-Since
        is sent alone, which a server must not look at beside an ETag (RFC 9110, 13.1.3)."""
        parts = urlsplit(visit.entry.url)
        host = f"{parts.scheme}://{parts.netloc}"
        if visit.entry.etag and visit.outcome in (Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.CHANGED):
            lie = visit.outcome == Outcome.SAME and visit.etag is not None and visit.etag != visit.entry.etag
            self._db.execute(
                "INSERT INTO hosts(host, etag_looks, etag_lies) VALUES (?1, 1, ?2) ON CONFLICT(host) DO UPDATE "
                "SET etag_looks = etag_looks + 1, etag_lies = etag_lies + ?2",
                (host, lie),
            )
        row = self._db.execute("SELECT etag_looks, etag_lies FROM hosts WHERE host = ?", (host,)).fetchone()
        return row is not None and row[1] >= _LIES and row[1] >= _MOSTLY * row[0]

    def _entry(self, row: tuple[object, ...]) -> Entry:
        return Entry(**dict(zip(_COLUMNS.split(", "), row, strict=True)))  # type: ignore[arg-type]  # columns of Entry


def usable(url: str) -> bool:
    """Whether a URL that was found somewhere can be an entry."""
    try:
        normalize_url(url)
    except ExtractorError:
        return False
    return True


def _waiting(entry: Entry, rates: Rates, now: datetime) -> float:
    """The probability that an edit waits at an article; 2 for one that was never seen."""
    before = _moment(entry.last_at)
    if before is None:
        return 2.0
    group = age_group(before - _published(entry, before))
    rate = edit_rate(group, rates.get(group, Seen()))
    return 1 - math.exp(-rate * max(0.0, (now - before) / timedelta(hours=1)))


def _stated(entry: Entry, visit: Visit) -> str | None:
    """When an article appeared: as its finder says, unless the page itself names an earlier day, as it does where a
    sitemap only told when it changed."""
    if entry.published is None or visit.published is None:
        return entry.published or visit.published
    return visit.published if visit.published[:10] < entry.published[:10] else entry.published


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _published(entry: Entry, now: datetime) -> datetime:
    """When an article appeared, as its finder said, else when it was found."""
    for text in (entry.published, entry.added_at):
        if text:
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                continue
            return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now)
    return now
