"""The place in memory of a large body: few of them are under way at once, from the network to the archive."""

import asyncio
from types import TracebackType
from typing import Self

AT_ONCE = 3
"""Bodies of more than a megabyte that are under way at the same time; real pages rarely have one."""

LARGE = 1_000_000
"""Bytes from which on a body counts as large."""


class Hold:
    """One of the places, once it is taken. Use as a context manager, which gives it back."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False

    async def take(self) -> None:
        """Waits for a place; having one already, keeps it."""
        if not self._taken:
            self._taken = await self._places.acquire()

    def give(self) -> None:
        """Gives the place back, if there is one."""
        if self._taken:
            self._taken = False
            self._places.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.give()
