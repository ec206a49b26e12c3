"""The bytes inside a file that may be gzip or zstd, member by member, in bounded memory and from any damage onwards.

A compressed WARC is a chain of members (gzip) or frames (zstd), usually one a record. A plain file is one member.
"""

import io
from typing import BinaryIO

from archive.importing.packing import (
    DICTIONARY,
    MAGIC,
    MAX_DICTIONARY,
    BrokenMember,
    Codec,
    Dictionary,
    Plain,
    dictionary_of,
    fresh_codec,
    is_skippable,
    packing_of,
)

_CHUNK = 1 << 15
_MAX_BACKWARDS = 4 * 2**30  # bytes of a plain file that are read again for the sake of lengths that lie
_GUESS = 1 << 18  # bytes that give the beginning of any member: a zstd block has 128 KiB at most
_MAX_GUESSES = 10_000  # magic numbers that are looked at in one damaged file


class Members:
    """A file as a chain of members. ``member`` is where the present one begins in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        start = file.read(4)
        self.packing = packing_of(start)
        self._dictionary: Dictionary | None = None
        self._raw, self._raw_end = start, len(start)
        self._codec: Codec | None = None
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
        self._codec = fresh_codec(self.packing, self._dictionary)
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
        magic = MAGIC[self.packing]
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
            return fresh_codec(self.packing, self._dictionary).give(self._file.read(_GUESS)).startswith(b"WARC/")
        except BrokenMember:
            return False

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
                if not out and not isinstance(codec, Plain):
                    raise BrokenMember("the file ends in the middle of it")
            else:
                out = codec.give(self._raw)
                self._raw = codec.rest
            if out:
                self._out = self._out[self._at :] + out
                self._at = 0
                self._given += len(out)
                return True
            if isinstance(codec, Plain):
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
        while self.packing == "zstd" and self._more(8) and is_skippable(self._raw):
            size = int.from_bytes(self._raw[4:8], "little")
            holds_dictionary = self._raw.startswith(DICTIONARY)
            if holds_dictionary and size <= MAX_DICTIONARY and self._more(8 + size):
                self._dictionary = dictionary_of(self._raw[8 : 8 + size])
            self._seek(self.read_so_far + 8 + size)
