"""What a finished run is sealed with: one digest over its facts, which anyone can compute again.

A leaf is a row of facts as a JSON array, the table's name first and then the columns of FACT_COLUMNS in their order,
without spaces, in ASCII with escapes. Leaves stand in the order of FACT_COLUMNS, then of the table's key. They are
hashed to a tree as RFC 6962 (2.1) says: SHA-256 of 0x00 and a leaf, SHA-256 of 0x01 and two nodes. Row ids and the way
a body is stored are no part of it, so that a merge and a better compression leave every root as it is.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from archive.errors import ArchiveError

FACT_COLUMNS = {
    "runs": "id, command, started_at, finished_at, software, config_digest, machine",
    "discoveries": "run, seq, url, site, kind, found_in, published, at",
    "fetches": "run, seq, kind, url, site, started_at, outcome, status, final_url, ms, bytes, attempts, raw_key, etag, "
    "last_modified, error, source, record",
    "optouts": "run, seq, url, site, signal, value, action, at",
    "raws": "key, sha256, size",
}
"""The facts of a run, table by table: its own row, and the bodies that its looks brought or confirmed."""

_WHERE = {
    "runs": "id = ?",
    "raws": "key IN (SELECT raw_key FROM fetches WHERE run = ?) ORDER BY key",
}
_OF_RUN = "run = ? ORDER BY seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRoot:
    """The root over the runs that finished on a UTC day: ``runs`` are pairs of run and root in the order of runs."""

    day: date
    root: str
    runs: tuple[tuple[str, str], ...]


def leaves(db: Database, run: str) -> Iterator[bytes]:
    """The facts of a run as the bytes that are hashed; streams."""
    for table, columns in FACT_COLUMNS.items():
        sql = f"SELECT {columns} FROM {table} WHERE {_WHERE.get(table, _OF_RUN)}"  # noqa: S608 - our own names
        for row in db.execute(sql, (run,)):
            yield json.dumps([table, *row], separators=(",", ":"), default=repr).encode("ascii")


def merkle_root(contents: Iterable[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, 2.1, for any number of leaves in little memory."""
    peaks: list[tuple[int, bytes]] = []  # full subtrees from the left, each smaller than the one before: (height, hash)
    for content in contents:
        height, node = 0, hashlib.sha256(b"\0" + content).digest()
        while peaks and peaks[-1][0] == height:
            node = hashlib.sha256(b"\1" + peaks.pop()[1] + node).digest()
            height += 1
        peaks.append((height, node))
    if not peaks:
        return hashlib.sha256(b"").digest()
    node = peaks.pop()[1]
    while peaks:
        node = hashlib.sha256(b"\1" + peaks.pop()[1] + node).digest()
    return node


def run_root(db: Database, run: str) -> str:
    """The root of a run's facts as they stand in the file, in hex."""
    return merkle_root(leaves(db, run)).hex()


def check_open(db: Database, run: str) -> None:
    """Raises ArchiveError when a run is sealed: a fact more would break its root."""
    row = db.execute("SELECT 1 FROM runs WHERE id = ? AND root IS NOT NULL", (run,)).fetchone()
    if row is not None:
        raise ArchiveError(f"run {run} is finished and takes no more facts; start another run")


def day_root(db: Database, day: date) -> DayRoot:
    """The root over the roots, as 32 bytes each, of the runs that finished on a UTC day.

    Raises ArchiveError when none did.
    """
    rows = db.execute(
        "SELECT id, root FROM runs WHERE substr(finished_at, 1, 10) = ? AND root IS NOT NULL ORDER BY id",
        (day.isoformat(),),
    )
    runs = tuple((run, root) for run, root in rows)
    if not runs:
        raise ArchiveError(f"no run of this archive finished on {day} (UTC) with a root; name another day")
    return DayRoot(day=day, root=merkle_root(bytes.fromhex(root) for _, root in runs).hex(), runs=runs)


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole tree in memory, to prove that a leaf is in it. ``levels`` begin with the leaves and end with the root."""

    levels: tuple[tuple[bytes, ...], ...]

    @property
    def root(self) -> bytes:
        """The same as :func:`merkle_root` gives."""
        return self.levels[-1][0]

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of RFC 6962, 2.1.1: the neighbours on the way from a leaf to the root."""
        found: list[bytes] = []
        for level in self.levels[:-1]:
            neighbour = index ^ 1
            if neighbour < len(level):
                found.append(level[neighbour])
            index //= 2
        return tuple(found)


def grow(contents: Iterable[bytes]) -> Tree:
    """The tree over one leaf or more; an odd node moves up, which gives the tree of RFC 6962."""
    level = tuple(hashlib.sha256(b"\0" + content).digest() for content in contents)
    levels = [level]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = (*above, *level[len(above) * 2 :])
        levels.append(level)
    return Tree(tuple(levels))
