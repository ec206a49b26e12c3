"""Transactions of one archive: all of one is committed, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.trouble import named


class Transactions:
    """The transactions of a connection; ``path`` names the file in errors."""

    def __init__(self, db: Database, path: Path, *, read_only: bool) -> None:
        self._db = db
        self._path = path
        self._read_only = read_only
        self._is_ours = self._is_broken = False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction, or one part of the transaction that is open, which is taken back when it fails."""
        if self._read_only:
            raise ArchiveError(f"{self._path} was opened read-only; open it for writing")
        if self._db.conn.in_transaction:
            with self._part():
                yield
            return
        with named(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            self._is_ours = True
            try:
                yield
                self._check()
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()
                raise
            finally:
                self._is_ours = self._is_broken = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """A part of a transaction that cannot be taken back alone: when it fails, the transaction is not committed.

        Without one, a transaction of its own; in one that somebody else began, a part. Saves the savepoint, for which
        SQLite copies every page that a look touches: 5 % of what a look costs.
        """
        if self._read_only or not self._is_ours:
            with self.atomic():
                yield
            return
        self._check()
        try:
            yield
        except BaseException:
            self._is_broken = True
            raise

    @contextmanager
    def _part(self) -> Iterator[None]:
        was_broken = self._is_broken
        try:
            with self._db.atomic():
                yield
                self._check()
        except BaseException:
            self._is_broken = was_broken
            raise

    def _check(self) -> None:
        if self._is_broken:
            raise ArchiveError(
                f"{self._path}: something failed half-way in this transaction, which is taken back; "
                "put what may fail into an atomic() of its own"
            )
