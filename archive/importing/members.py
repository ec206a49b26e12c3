"""The bytes inside a file that may be gzip or zstd, member by member, in bounded memory and from any damage onwards.

A compressed WARC is a chain of members (gzip) or frames (zstd), usually one a record. A plain file is one member.
"""

import io
import sys
import zlib
from typing import BinaryIO, Protocol

from archive.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 1 << 15
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"  # after one byte from 0x50 to 0x5f (RFC 8878, 3.1.2)
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # the frame that holds a file's dictionary (iipc.github.io/warc-specifications, zstd)
_MAX_DICTIONARY = 4 * 2**20
_WINDOW_LOG_MAX = 27
_MAX_BACKWARDS = 4 * 2**30  # bytes of a plain file that are read again for the sake of lengths that lie
_GUESS = 1 << 18  # bytes that give the beginning of any member: a zstd block has 128 KiB at most
_MAX_GUESSES = 10_000  # magic numbers that are looked at in one damaged file


class BrokenMember(ArchiveError):
    """The compressed stream is damaged or ends too early."""


class _Codec(Protocol):
    """What zlib and zstd have in common: ``give`` takes all of ``data`` and returns what can be had of it so far."""

    eof: bool
    rest: bytes

    def give(self, data: bytes) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.decompressobj(31)
        self.eof, self.rest = False, b""

    def give(self, data: bytes) -> bytes:
        """``rest`` is input that is still to be given, or that follows the member."""
        try:
            out = self._stream.decompress(data, _CHUNK)
        except zlib.error as error:
            raise BrokenMember(f"the gzip stream is damaged ({error})") from error
        self.eof = self._stream.eof
        self.rest = self._stream.unused_data if self.eof else self._stream.unconsumed_tail
        return out


class _Zstd:
    def __init__(self, dictionary: "zstd.ZstdDict | None") -> None:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX}
        self._stream = zstd.ZstdDecompressor(zstd_dict=dictionary, options=options)
        self.eof, self.rest = False, b""

    def give(self, data: bytes) -> bytes:
        try:
            out = self._stream.decompress(data, _CHUNK)
        except zstd.ZstdError as error:
            raise BrokenMember(f"the zstd stream is damaged ({error})") from error
        self.eof = self._stream.eof
        self.rest = self._stream.unused_data if self.eof else b""
        return out


class _Plain:
    def __init__(self) -> None:
        self.eof, self.rest = False, b""

    def give(self, data: bytes) -> bytes:
        return data


class Members:
    """A file as a chain of members. ``member`` is where the present one begins in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(4)
        self.packing = _packing(start)
        self._dictionary: zstd.ZstdDict | None = None
        self._raw, self._raw_end = start, len(start)
        self._codec: _Codec | None = None
        self._out, self._at, self._given = b"", 0, 0
        self._backwards = self._guesses = 0
        self.member = 0

    @property
    def where(self) -> str:
        """The place of the next byte: offset in the file; in a member not at its beginning ``member+offset``."""
        inner = self.position
        if self.packing == "plain":
            return str(inner)
        return f"{self.member}+{inner}" if inner else str(self.member)

    @property
    def position(self) -> int:
        """Bytes that were taken from the present member."""
        return self._given - len(self._out) + self._at

    @property
    def read_so_far(self) -> int:
        """Bytes of the file that are done."""
        return self._raw_end - len(self._raw)

    def next_member(self) -> bool:
        """Begins the next member; what is left of the present one must have been skipped. False at the end."""
        self._skip_frames()
        if not self._more(1):
            return False
        self.member = self.read_so_far
        self._codec = self._fresh()
        self._out, self._at, self._given = b"", 0, 0
        return True

    def peek(self, count: int) -> bytes:
        """Up to ``count`` bytes that come next in this member; raises BrokenMember."""
        while len(self._out) - self._at < count and self._fill():
            pass
        return self._out[self._at : self._at + count]

    def take(self, count: int) -> bytes:
        """Takes up to ``count`` bytes; fewer at the end of the member. Raises BrokenMember."""
        parts = io.BytesIO()
        while count:
            if self._at == len(self._out) and not self._fill():
                break
            part = self._out[self._at : self._at + count]
            parts.write(part)
            self._at += len(part)
            count -= len(part)
        return parts.getvalue()

    def skip(self, count: int) -> int:
        """Passes over up to ``count`` bytes in little memory; returns how many there were."""
        left = count
        while left:
            if self._at == len(self._out) and not self._fill():
                break
            step = min(left, len(self._out) - self._at)
            self._at += step
            left -= step
        return count - left

    def line(self, limit: int) -> bytes | None:
        """Takes a line with its end; "" at the end of the member, None for one of more than ``limit`` bytes."""
        size = 256
        while True:
            seen = self.peek(min(size, limit))
            end = seen.find(b"\n")
            if end >= 0:
                self._at += end + 1
                return seen[: end + 1]
            if len(seen) < min(size, limit):
                self._at += len(seen)
                return seen
            if size >= limit:
                return None
            size *= 4

    def find_line(self, start: bytes, budget: int) -> bool:
        """Goes forward in this member to a line that begins so, at most ``budget`` bytes."""
        mark = b"\n" + start
        if self.peek(len(start)) == start:
            return True
        while budget > 0:
            seen = self.peek(_CHUNK)
            found = seen.find(mark)
            if found >= 0:
                self._at += found + 1
                return True
            step = max(1, len(seen) - len(mark) + 1)
            if len(seen) < len(mark):
                self._at += len(seen)
                return False
            self._at += step
            budget -= step
        return False

    def go_back(self, position: int, taken: bytes) -> None:
        """Goes to an earlier place of a plain file; in a compressed one, which only goes forward, before ``taken``."""
        self._backwards += len(taken)
        if self._backwards > _MAX_BACKWARDS:
            return
        if self.packing == "plain":
            self._file.seek(position)
            self._raw, self._raw_end = b"", position
            self._out, self._at, self._given = b"", 0, position
        else:
            self._out, self._at = taken + self._out[self._at :], 0

    def resync(self) -> bool:
        """Finds the next member behind damage: its magic number, and a first line that can be read. False: none."""
        if self.packing == "plain":
            return False
        magic = _GZIP if self.packing == "gzip" else _ZSTD
        self._file.seek(self.member + 1)
        self._raw, self._raw_end = b"", self.member + 1
        while self._guesses < _MAX_GUESSES and self._more(len(magic)):
            found = self._raw.find(magic)
            if found < 0:
                self._raw = self._raw[-len(magic) + 1 :]
                if not self._read_on():
                    break
                continue
            place = self.read_so_far + found
            self._guesses += 1
            if self._begins_a_record(place):
                self._seek(place)
                return True
            self._seek(place + 1)
        self._raw = b""
        return False

    def _begins_a_record(self, place: int) -> bool:
        """Whether a member begins there and a record in it, as far as a little of it tells."""
        self._file.seek(place)
        try:
            return self._fresh().give(self._file.read(_GUESS)).startswith(b"WARC/")
        except BrokenMember:
            return False

    def _fresh(self) -> _Codec:
        if self.packing == "plain":
            return _Plain()
        return _Gzip() if self.packing == "gzip" else _Zstd(self._dictionary)

    def _seek(self, place: int) -> None:
        self._file.seek(place)
        self._raw, self._raw_end = b"", place
        self._codec = None

    def _fill(self) -> bool:
        """More decompressed bytes; False at the end of the member."""
        codec = self._codec
        if codec is None:
            return False
        while not codec.eof:
            if not self._raw and not self._read_on():
                out = codec.give(b"")
                if not out and not isinstance(codec, _Plain):
                    raise BrokenMember("the file ends in the middle of it")
            else:
                out = codec.give(self._raw)
                self._raw = codec.rest
            if out:
                self._out = self._out[self._at :] + out
                self._at = 0
                self._given += len(out)
                return True
            if isinstance(codec, _Plain):
                break
        return False

    def _more(self, count: int) -> bool:
        while len(self._raw) < count:
            if not self._read_on():
                return False
        return True

    def _read_on(self) -> bool:
        data = self._file.read(_CHUNK)
        self._raw += data
        self._raw_end += len(data)
        return bool(data)

    def _skip_frames(self) -> None:
        """Passes over frames that hold no record, and keeps the dictionary that one of them may hold."""
        while self.packing == "zstd" and self._more(8) and _is_skippable(self._raw):
            size = int.from_bytes(self._raw[4:8], "little")
            holds_dictionary = self._raw.startswith(_DICTIONARY)
            if holds_dictionary and size <= _MAX_DICTIONARY and self._more(8 + size):
                self._dictionary = _dictionary(self._raw[8 : 8 + size])
            self._seek(self.read_so_far + 8 + size)


def _packing(start: bytes) -> str:
    if start.startswith(_GZIP):
        return "gzip"
    return "zstd" if start == _ZSTD or _is_skippable(start) else "plain"


def _is_skippable(start: bytes) -> bool:
    return start[1:4] == _SKIPPABLE and 0x50 <= start[0] <= 0x5F


def _dictionary(content: bytes) -> "zstd.ZstdDict | None":
    try:
        if content.startswith(_ZSTD):
            content = zstd.ZstdDecompressor().decompress(content, _MAX_DICTIONARY)
        return zstd.ZstdDict(content)
    except (zstd.ZstdError, ValueError):
        return None
