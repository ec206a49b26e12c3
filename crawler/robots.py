"""robots.txt (RFC 9309): asked for before anything else of a host, kept for a day, always obeyed."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego
from sqlite_utils import Database

from archive import Outcome
from crawler.retry import LONGEST_REST
from crawler.wire import Failure
from extractors import moment_text

MAX_AGE = timedelta(hours=24)
"""RFC 9309, 2.4: a cached version should not be used for longer."""

_SKEW = timedelta(hours=1)
"""What lies further in the future was noted by a clock that was wrong."""

MAX_BODY = 512_000
"""RFC 9309, 2.5: at least 500 kibibytes must be parsed; the rest is not looked at, and mostly not asked for."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host: an HTTP status (None when it could not be reached) and the file where there is one."""

    status: int | None
    body: bytes
    rules: Protego

    @classmethod
    def parse(cls, status: int | None, body: bytes) -> "Robots":
        """2xx: the file; 4xx: nothing is forbidden; 5xx or no answer: everything is (RFC 9309, 2.3.1).

        429 asks for fewer requests and therefore counts as no answer, as with Google.
        """
        if _is_unreachable(status):
            return cls(status, b"", Protego.parse("User-agent: *\nDisallow: /"))
        if status is not None and status >= 400:
            return cls(status, b"", Protego.parse(""))
        return cls(status, body, Protego.parse(_text(body[:MAX_BODY])))

    @classmethod
    def after(cls, failure: Failure) -> "Robots":
        """What follows from a file that could not be read.

        Too many redirects count as no file (RFC 9309, 2.3.1.2). A file that came damaged or without end is as good as
        unreachable, whatever its status.
        """
        if failure.outcome == Outcome.REDIRECT_LOOP or failure.outcome.startswith(("http-2", "http-3")):
            return cls.parse(404, b"")
        return cls.parse(failure.status if failure.outcome.startswith("http-") else None, b"")

    def allows(self, url: str, agent: str) -> bool:
        """Whether a URL may be fetched."""
        return bool(self.rules.can_fetch(url, agent))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds that the host asks for between requests."""
        return self.rules.crawl_delay(agent)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names."""
        return tuple(self.rules.sitemaps)

    @property
    def is_unreachable(self) -> bool:
        """Whether nothing may be fetched because the file could not be read."""
        return _is_unreachable(self.status)

    @property
    def reason(self) -> str:
        """Why a URL is refused."""
        if self.status is None:
            return "robots.txt could not be read, so nothing may be fetched"
        if _is_unreachable(self.status):
            return f"robots.txt answered HTTP {self.status}, so nothing may be fetched"
        return "robots.txt disallows it"


def _text(body: bytes) -> str:
    """The file as Protego reads it: a product token is all that counts of an agent's name (RFC 9309, 2.2.1)."""
    utf16 = body[:2] in (BOM_UTF16_LE, BOM_UTF16_BE)
    return _VERSION.sub(r"\1", body.decode("utf-16" if utf16 else "utf-8-sig", "replace"))


_VERSION = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)


def _is_unreachable(status: int | None) -> bool:
    return status is None or status == 429 or status >= 500


class RobotsCache:
    """The ``hosts`` table of an archive, keyed by scheme and authority. Used in the thread that owns the connection."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, host: str, now: datetime) -> Robots | None:
        """The rules of a host if they were read within a day."""
        row = self._db.execute("SELECT robots_at FROM hosts WHERE host = ?", (host,)).fetchone()
        since, until = moment_text(now - MAX_AGE) or "", moment_text(now + _SKEW) or ""
        return self.last(host) if row and row[0] and since < row[0] <= until else None

    def last(self, host: str) -> Robots | None:
        """The rules of a host as they were read last, however long ago; None where they never were."""
        row = self._db.execute(
            "SELECT robots_status, robots_body FROM hosts WHERE host = ? AND robots_at IS NOT NULL", (host,)
        ).fetchone()
        return None if row is None else Robots.parse(row[0], row[1] or b"")

    def put(self, host: str, robots: Robots, agent: str, now: datetime) -> None:
        """Keeps what a host answered; an unreachable file is asked for again in the next run."""
        answered = not _is_unreachable(robots.status)
        self._db.execute(
            "INSERT INTO hosts(host, robots_at, robots_status, robots_body, crawl_delay) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT(host) DO UPDATE SET robots_at = excluded.robots_at, robots_status = excluded.robots_status, "
            "robots_body = excluded.robots_body, crawl_delay = excluded.crawl_delay",
            (
                host, moment_text(now) if answered else None, robots.status, robots.body[:MAX_BODY],
                robots.crawl_delay(agent),
            ),
        )  # fmt: skip

    def rest(self, host: str, until: datetime) -> None:
        """Keeps how long a host asked to be left alone."""
        self._db.execute(
            "INSERT INTO hosts(host, retry_at) VALUES (?, ?) "
            "ON CONFLICT(host) DO UPDATE SET retry_at = excluded.retry_at",
            (host, moment_text(until)),
        )

    def rests(self, host: str, now: datetime) -> float:
        """Seconds for which a host still is to be left alone."""
        row = self._db.execute("SELECT retry_at FROM hosts WHERE host = ? AND retry_at IS NOT NULL", (host,)).fetchone()
        rest = max(0.0, (datetime.fromisoformat(row[0]) - now).total_seconds()) if row else 0.0
        return rest if rest <= LONGEST_REST + _SKEW.total_seconds() else 0.0

    def asked(self, hosts: Mapping[str, datetime]) -> None:
        """Keeps when each of these hosts was asked for something last."""
        self._db.conn.executemany(
            "INSERT INTO hosts(host, last_request_at) VALUES (?, ?) "
            "ON CONFLICT(host) DO UPDATE SET last_request_at = excluded.last_request_at",
            [(host, moment_text(at)) for host, at in hosts.items()],
        )

    def asked_ago(self, host: str, now: datetime, run: str) -> float | None:
        """Seconds since an earlier run asked a host for something, None if none did. Where the run before this one was
        killed, nobody knows what it asked for last: just now."""
        row = self._db.execute("SELECT last_request_at FROM hosts WHERE host = ?", (host,)).fetchone()
        if row is None or row[0] is None:
            return None
        killed = "SELECT finished_at IS NULL FROM runs WHERE id < ? ORDER BY id DESC LIMIT 1"
        if (self._db.execute(killed, (run,)).fetchone() or (False,))[0]:
            return 0.0
        return max(0.0, (now - datetime.fromisoformat(row[0])).total_seconds())
