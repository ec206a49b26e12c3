"""Room in memory for large bodies: few bytes of them are under way at once, from the network to the archive."""

import asyncio
from types import TracebackType
from typing import Self

AT_ONCE = 12_000_000
"""Bytes of large bodies, as they are when decoded, that are under way at the same time; a larger one goes alone. What
is held for a body and its text comes to several times as much, and to twenty times while it is read."""

LARGE = 1_000_000
"""Bytes from which on a body counts as large; real pages rarely are."""


class Places:
    """What large bodies may take together; whoever asks first gets first."""

    def __init__(self, size: int = AT_ONCE) -> None:
        self._size = size
        self._taken = 0
        self._door = asyncio.Lock()
        self._given = asyncio.Event()

    async def take(self, size: int) -> None:
        """Waits until so many bytes are free, or all are."""
        async with self._door:
            while self._taken and self._taken + size > self._size:
                self._given.clear()
                await self._given.wait()
            self._taken += size

    def give(self, size: int) -> None:
        """Gives them back."""
        self._taken -= size
        self._given.set()


class Hold:
    """The place of one body, once it is taken. Use as a context manager, which gives it back."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._size = 0

    @property
    def is_taken(self) -> bool:
        """Whether a large body has its place."""
        return self._size > 0

    async def take(self, size: int) -> None:
        """Waits for a place; having one already, keeps it."""
        if not self._size:
            await self._places.take(size)
            self._size = size

    def give(self) -> None:
        """Gives the place back, if there is one."""
        if self._size:
            self._places.give(self._size)
            self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.give()
