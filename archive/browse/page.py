"""A page that was asked for, and its answer: plain data, which is also its JSON, and the template that shows it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from archive.browse.links import Links
from archive.browse.reading import PAGE_SECONDS, Rows, ask

T = TypeVar("T")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_YEAR = 1970
_REMEMBERED = 8
_LONGEST = 500  # characters of a value in a query string


class NoSuchPage(Exception):
    """Nothing in the archive has that key; its text tells the reader what was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a page of one archive. ``parts`` are what the address names, ``args`` its query."""

    datasette: Any
    database: Any
    links: Links
    parts: dict[str, str]
    args: dict[str, str]
    cache: dict[Any, Any]

    async def ask(self, question: Callable[[Rows], T], seconds: float = PAGE_SECONDS) -> T:
        """What the archive answers; raises TookTooLong."""
        return await ask(self.database, question, seconds)

    async def remembered(self, place: tuple[object, ...], question: Callable[[Rows], T]) -> T:
        """The answer, asked again only when something was committed; a page keeps its answers to a few filters."""
        now = stamp(self.database)
        where = self._where(place)
        known = self.cache.get(where)
        if known is None or now is None or known[0] != now:
            alike = [key for key in self.cache if isinstance(key, tuple) and key[:3] == where[:3] and key != where]
            for old in alike[:-_REMEMBERED]:
                del self.cache[old]
            known = self.cache[where] = (now, await self.ask(question))
        answer: T = known[1]
        return answer

    def forget(self, place: tuple[object, ...]) -> None:
        """Has the question of that place asked again the next time."""
        self.cache.pop(self._where(place), None)

    def _where(self, place: tuple[object, ...]) -> tuple[object, ...]:
        return ("answer", self.links.name, *place)

    def text(self, name: str) -> str:
        """A value of the query, "" when it is not there."""
        return self.args.get(name, "").strip()[:_LONGEST]

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the query from 0 to a million."""
        value = self.text(name)
        return min(int(value), 1_000_000) if value.isdecimal() and len(value) < 10 else default

    def day(self, name: str) -> str:
        """A date of the query from 1970 on, "" for anything else."""
        value = self.text(name)
        try:
            return value if _DAY.fullmatch(value) and date.fromisoformat(value).year >= _FIRST_YEAR else ""
        except ValueError:
            return ""


def stamp(database: Any) -> tuple[object, ...] | None:
    """Changes with every commit to the file of a database; None when it cannot be looked at."""
    try:
        files = [Path(f"{database.path}{end}") for end in ("", "-wal")]
        return tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())
    except OSError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``data`` is what the page shows and its JSON; ``shown`` is for the template alone."""

    template: str
    title: str
    data: dict[str, Any]
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A body that is served as it is, with headers of its own."""

    body: bytes
    content_type: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Redirect:
    """The page is elsewhere in the archive."""

    to: str


Handler = Callable[[Asked], Awaitable[Answer | Document | Redirect]]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a page is, who answers, and the tables that its reader must be allowed to view."""

    path: str
    handler: Handler
    tables: tuple[str, ...]
