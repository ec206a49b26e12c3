"""How a WARC may be packed: gzip members, zstd frames, or not at all; each undone in bounded steps."""

import sys
import zlib
from typing import Protocol

from archive.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Dictionary = zstd.ZstdDict

MAGIC = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
"""What a member begins with."""

DICTIONARY = b"\x5d\x2a\x4d\x18"
"""Begins the frame that holds a file's dictionary (iipc.github.io/warc-specifications, zstd)."""

MAX_DICTIONARY = 4 * 2**20

_STEP = 1 << 15
_SKIPPABLE = b"\x2a\x4d\x18"  # after one byte from 0x50 to 0x5f (RFC 8878, 3.1.2)
_WINDOW_LOG_MAX = 27


class BrokenMember(ArchiveError):
    """The compressed stream is damaged or ends too early."""


class Codec(Protocol):
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
            out = self._stream.decompress(data, _STEP)
        except zlib.error as error:
            raise BrokenMember(f"the gzip stream is damaged ({error})") from error
        self.eof = self._stream.eof
        self.rest = self._stream.unused_data if self.eof else self._stream.unconsumed_tail
        return out


class _Zstd:
    def __init__(self, dictionary: Dictionary | None) -> None:
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX}
        self._stream = zstd.ZstdDecompressor(zstd_dict=dictionary, options=options)
        self.eof, self.rest = False, b""

    def give(self, data: bytes) -> bytes:
        try:
            out = self._stream.decompress(data, _STEP)
        except zstd.ZstdError as error:
            raise BrokenMember(f"the zstd stream is damaged ({error})") from error
        self.eof = self._stream.eof
        self.rest = self._stream.unused_data if self.eof else b""
        return out


class Plain:
    """No packing: the whole file is one member."""

    def __init__(self) -> None:
        self.eof, self.rest = False, b""

    def give(self, data: bytes) -> bytes:
        return data


def fresh_codec(packing: str, dictionary: Dictionary | None) -> Codec:
    """What unpacks the next member."""
    if packing == "plain":
        return Plain()
    return _Gzip() if packing == "gzip" else _Zstd(dictionary)


def packing_of(start: bytes) -> str:
    """``gzip``, ``zstd`` or ``plain``, by the first four bytes of a file."""
    if start.startswith(MAGIC["gzip"]):
        return "gzip"
    return "zstd" if start == MAGIC["zstd"] or is_skippable(start) else "plain"


def is_skippable(start: bytes) -> bool:
    """Whether a zstd frame that holds no content begins so."""
    return start[1:4] == _SKIPPABLE and 0x50 <= start[0] <= 0x5F


def dictionary_of(content: bytes) -> Dictionary | None:
    """The dictionary of a frame, which may be packed itself; None for one that is none."""
    try:
        if content.startswith(MAGIC["zstd"]):
            content = zstd.ZstdDecompressor().decompress(content, MAX_DICTIONARY)
        made = zstd.ZstdDict(content)
        zstd.ZstdDecompressor(zstd_dict=made)  # a damaged one is found only when it is used
    except (zstd.ZstdError, ValueError):
        return None
    return made
