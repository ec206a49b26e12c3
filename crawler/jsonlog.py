"""Structured logs: one JSON object a line for each event of a crawl.

Every line has ``time`` (UTC), ``level`` (info, warning or error), ``event`` and ``site``; the other keys are the fields
of the event's record in events.py. Passwords in URLs are left out.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime

from archive import Outcome
from crawler.events import Event, Fetched, Planned, Problem, SiteFinished, SiteStarted
from crawler.frontier import GONE
from crawler.report import FINE
from extractors import moment_text

_NAMES: dict[type[Event], str] = {
    Fetched: "fetched",
    Planned: "planned",
    Problem: "problem",
    SiteFinished: "site-finished",
    SiteStarted: "site-started",
}
_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*@")


class JsonLog:
    """An observer that writes lines; ``write`` takes each without its end, ``clock`` gives aware times."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._write = write
        self._clock = clock

    def event(self, event: Event) -> None:
        """Writes one event."""
        told = {field.name: getattr(event, field.name) for field in fields(event)}
        self._line(_level(event), _NAMES[type(event)], told)

    def note(self, level: str, name: str, **told: object) -> None:
        """Writes what is no event of a crawl: that it begins, that it ends, that somebody asked it to stop."""
        self._line(level, name, told)

    def _line(self, level: str, name: str, told: dict[str, object]) -> None:
        line = {"time": moment_text(self._clock()), "level": level, "event": name, "site": told.pop("site", None)}
        line |= {key: _USERINFO.sub("", value) if isinstance(value, str) else value for key, value in told.items()}
        self._write(json.dumps(line, ensure_ascii=False, default=str))


@contextmanager
def captured(log: JsonLog) -> Iterator[None]:
    """Whatever Python and the libraries warn of meanwhile is a ``note`` too: no other line stands in a log."""
    handler, root = _Notes(log), logging.getLogger()
    logging.captureWarnings(capture=True)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        logging.captureWarnings(capture=False)


class _Notes(logging.Handler):
    def __init__(self, log: JsonLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one line of it."""
        line = _message(record)
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
        level = "error" if record.levelno >= logging.ERROR else "warning"
        self._log.note(level, "note", line=" ".join(line.split()))


def _message(record: logging.LogRecord) -> str:
    """What a record says; as it was written where its values do not fit, for a fault in a warning ends no crawl."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _level(event: Event) -> str:
    if isinstance(event, SiteFinished):
        return "error" if event.failed else "info"
    if isinstance(event, Problem):
        return "warning"
    if not isinstance(event, Fetched) or event.outcome in {*FINE, Outcome.NO_ARTICLE, Outcome.ROBOTS}:
        return "info"
    return "info" if event.kind == "robots" and event.outcome in GONE else "warning"  # most hosts have no such file
