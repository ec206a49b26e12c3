"""robots.txt (RFC 9309): asked for before anything else of a host, kept for a day, always obeyed."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego
from sqlite_utils import Database

from archive import Outcome
from crawler.wire import Failure
from extractors import moment_text

MAX_AGE = timedelta(hours=24)
"""RFC 9309, 2.4: a cached version should not be used for longer."""

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
        row = self._db.execute(
            "SELECT robots_status, robots_body FROM hosts WHERE host = ? AND robots_at > ?",
            (host, moment_text(now - MAX_AGE)),
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
        return max(0.0, (datetime.fromisoformat(row[0]) - now).total_seconds()) if row else 0.0
