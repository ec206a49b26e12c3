"""Bodies on disk: zstd frames, each either whole or a delta against the first snapshot of the same page.

A delta's base is never a delta itself, so that reading takes two frames at most. Measured on news pages with moving
sidebars: 495 bytes a further snapshot, the same as for chains.
"""

import sqlite3
import sys
from dataclasses import dataclass

from sqlite_utils import Database

from archive import keys
from archive.errors import DamagedBody, KeyCollision, RemovedBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BODY = 64 * 2**20
"""Bytes that a stored body may give when read, so that no frame of a foreign archive can fill the memory."""

_DELTA_LEVEL = 8  # eight bytes less than 6 in the same time; 9 takes half as long again and gains nothing
_LONG_DISTANCE = 1_000_000  # long-distance matching makes deltas of smaller pages six times as large
_WINDOW_LOG_MAX = 27
_LEAST_DELTA = 64  # bytes; zstd takes no prefix below 8, and nothing is gained on so little
_SUSPICIOUS = 4  # a delta of less than a quarter of the expected full copy is not compared with a real one
_PARAMETER = zstd.CompressionParameter
_WHOLE: dict[int, int] = {
    _PARAMETER.compression_level: 7,
    _PARAMETER.strategy: zstd.Strategy.lazy,
    _PARAMETER.min_match: 5,
    _PARAMETER.hash_log: 18,
    _PARAMETER.search_log: 4,
}
"""For whole bodies: on news pages a seventh less time than level 7 as it is, and half a per cent more space."""

_QUICK: dict[int, int] = {_PARAMETER.compression_level: 3}


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a body went: its key, the base of a further snapshot, and the bytes that it took (0 if known before)."""

    key: str
    base: str
    stored_bytes: int


class Bodies:
    """The raws of one archive. ``shorten`` makes a key of a digest; ``quick`` stores whole bodies in less time.

    Quick bodies took a fifth of the time and 10 % more space on 200 news pages of 200 KB.
    """

    def __init__(self, db: Database | sqlite3.Connection, shorten: keys.Shorten = keys.shorten) -> None:
        self._db = db
        self._shorten = shorten
        self.quick = False

    def note(self, body: bytes) -> Kept:
        """Keeps the digest of a body and not the body; raises KeyCollision as :meth:`keep` does."""
        digest = keys.digest(body)
        key = self._shorten(digest)
        row = self._db.execute("SELECT sha256 FROM raws WHERE key = ?", (key,)).fetchone()
        if row is not None and row[0] != digest:
            raise KeyCollision(f"bodies {row[0]} and {digest} share the key {key}; the first one is kept")
        if row is None:
            self._db.execute("INSERT INTO raws VALUES (?, ?, ?, 0, NULL)", (key, digest, len(body)))
        return Kept(key, key, 0)

    def keep(self, body: bytes, base: str | None) -> Kept:
        """Stores a body unless its key is there already; ``base`` is the first snapshot of its page, if any.

        Raises KeyCollision when another body has the key, RemovedBody when this one was taken down, DamagedBody when
        it is larger than MAX_BODY.
        """
        digest = keys.digest(body)
        key = self._shorten(digest)
        if self._db.execute("SELECT 1 FROM removals WHERE key = ? AND sha256 = ?", (key, digest)).fetchone():
            raise RemovedBody(f"body {key} was removed from this archive and is not kept again")
        row = self._db.execute("SELECT sha256, base_key FROM raws WHERE key = ?", (key,)).fetchone()
        if row is not None:
            if row[0] != digest:
                raise KeyCollision(f"bodies {row[0]} and {digest} share the key {key}; the first one is kept")
            if not self._db.execute("SELECT 1 FROM raw_bodies WHERE key = ?", (key,)).fetchone():
                self.store_again(key, body, base)  # until now only its digest was kept
            return Kept(key, base or row[1] or key, 0)
        if len(body) > MAX_BODY:
            raise DamagedBody(f"body {key} has {len(body)} bytes; no more than {MAX_BODY} can be stored")
        frame, base_key = self._frame(body, base)
        self._db.execute("INSERT INTO raws VALUES (?, ?, ?, ?, ?)", (key, digest, len(body), len(frame), base_key))
        self._db.execute("INSERT INTO raw_bodies(key, body) VALUES (?, ?)", (key, frame))
        return Kept(key, base_key or key, len(frame))

    def read(self, key: str) -> bytes:
        """The body of a key, checked against its digest; raises DamagedBody."""
        row = self._db.execute(
            "SELECT r.sha256, r.base_key, b.body FROM raws r LEFT JOIN raw_bodies b USING (key) WHERE key = ?", (key,)
        ).fetchone()
        if row is None or row[2] is None:
            raise DamagedBody(self._why_missing(key))
        digest, base_key, frame = row
        body = expand(frame, self._base(base_key, key), name=key)
        if keys.digest(body) != digest:
            raise DamagedBody(f"body {key} does not give its digest {digest}; restore it from a copy by a merge")
        return body

    def _why_missing(self, key: str) -> str:
        row = self._db.execute("SELECT at, reason FROM removals WHERE key = ?", (key,)).fetchone()
        if row is None:
            return f"body {key} is not in this archive; restore it from a copy by a merge"
        return f"body {key} was removed from this archive on {row[0][:10]}; only its digest is kept: {row[1]}"

    def store_again(self, key: str, body: bytes, base: str | None) -> None:
        """Stores the body of a known key anew: whole, or against ``base``."""
        frame, base_key = self._frame(body, base)
        self._db.execute("UPDATE raws SET stored_size = ?, base_key = ? WHERE key = ?", (len(frame), base_key, key))
        if not self._db.execute("UPDATE raw_bodies SET body = ? WHERE key = ?", (frame, key)).rowcount:
            self._db.execute("INSERT INTO raw_bodies(key, body) VALUES (?, ?)", (key, frame))

    def _frame(self, body: bytes, base: str | None) -> tuple[bytes, str | None]:
        """The smaller way to store a body, with its base if it is a delta."""
        row = base and self._db.execute("SELECT size, stored_size FROM raws WHERE key = ?", (base,)).fetchone()
        if not row or min(row[0], len(body)) < _LEAST_DELTA:
            return self._whole(body), None
        try:
            delta = compress(body, self._base(base))
        except DamagedBody:
            return self._whole(body), None
        if len(delta) * _SUSPICIOUS * row[0] < row[1] * len(body):
            return delta, base
        full = self._whole(body)
        return (full, None) if len(delta) * 2 > len(full) else (delta, base)

    def _whole(self, body: bytes) -> bytes:
        return compress(body, quick=self.quick)

    def _base(self, key: str | None, leaning: str = "others") -> bytes | None:
        if key is None:
            return None
        row = self._db.execute(
            "SELECT b.body FROM raws r JOIN raw_bodies b USING (key) WHERE key = ? AND r.base_key IS NULL", (key,)
        ).fetchone()
        if row is None:
            raise DamagedBody(f"body {key}, the base of {leaning}, is missing or a delta itself; restore it by a merge")
        return expand(row[0], None, name=key)


def compress(body: bytes, base: bytes | None = None, *, quick: bool = False) -> bytes:
    """One zstd frame with its content size; a delta when a base is given. ``quick`` matters to whole bodies alone."""
    if base is None:
        return zstd.compress(body, options={**(_QUICK if quick else _WHOLE), **_long_distance(len(body))})
    size = len(base) + len(body)
    options = {
        _PARAMETER.compression_level: _DELTA_LEVEL,
        _PARAMETER.window_log: min(max(size.bit_length(), 10), _WINDOW_LOG_MAX),
        **_long_distance(max(len(base), len(body))),
    }
    return zstd.compress(body, options=options, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)


def expand(frame: bytes, base: bytes | None = None, *, name: str = "", limit: int = MAX_BODY) -> bytes:
    """The body of a frame; raises DamagedBody when it is broken or states or gives more than ``limit`` bytes."""
    try:
        size = zstd.get_frame_info(frame).decompressed_size
        if size is None or size > limit:
            raise DamagedBody(f"body {name} states {size} bytes, the limit is {limit}; it is not read")
        prefix = zstd.ZstdDict(base, is_raw=True).as_prefix if base else None
        window: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX}
        body = zstd.ZstdDecompressor(zstd_dict=prefix, options=window).decompress(frame, max_length=size + 1)
    except (zstd.ZstdError, ValueError, TypeError) as error:
        raise DamagedBody(f"body {name} is no readable zstd frame ({error}); restore it from a copy") from error
    if len(body) != size:
        raise DamagedBody(f"body {name} gives {len(body)} bytes in place of {size}; restore it from a copy")
    return body


def _long_distance(size: int) -> dict[int, int]:
    return {_PARAMETER.enable_long_distance_matching: 1} if size > _LONG_DISTANCE else {}
