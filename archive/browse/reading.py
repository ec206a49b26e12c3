"""Questions to an archive's file, in Datasette's own threads and within a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, Any]

PAGE_SECONDS = 3.0
"""What all questions of one page may take together."""

_STEPS = 10_000  # of SQLite's virtual machine between two looks at the clock: about 0.2 ms


class TookTooLong(Exception):
    """A page's questions did not end in their time; its text says which page."""


class Rows:
    """One connection, asked in SQL; rows come back as dicts."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self.connection = connection
        self._end = monotonic() + seconds

    def all(self, sql: str, **values: object) -> list[Row]:
        """Every row."""
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def one(self, sql: str, **values: object) -> Row | None:
        """The first row, or None."""
        return next(iter(self.all(sql, **values)), None)

    def value(self, sql: str, **values: object) -> Any:
        """The first value of the first row, or None."""
        row = self.connection.execute(sql, values).fetchone()
        return row[0] if row else None

    def part(self, question: Callable[["Rows"], T], seconds: float) -> T | None:
        """The answer to one part of a page; None when it took longer than its share, so that the rest still shows."""
        whole, self._end = self._end, min(self._end, monotonic() + seconds)
        try:
            return question(self)
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            return None
        finally:
            self._end = whole

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Interrupts SQLite when the time is over; raises TookTooLong."""
        self.connection.set_progress_handler(lambda: monotonic() > self._end, _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            raise TookTooLong("the archive is too large for this page in the time that it has") from error
        finally:
            self.connection.set_progress_handler(None, 0)


async def ask(database: Any, question: Callable[[Rows], T], seconds: float = PAGE_SECONDS) -> T:
    """The answer to a question, from one of Datasette's reading connections; raises TookTooLong."""

    def answer(connection: sqlite3.Connection) -> T:
        rows = Rows(connection, seconds)
        with rows.limited():
            return question(rows)

    result: T = await database.execute_fn(answer)
    return result
