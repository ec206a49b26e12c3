"""Content encodings (RFC 9110, 8.4) undone in bounded steps, for pages from the network and from files alike.

What cannot be undone is named by the outcome that stands for it in an archive: ``truncated`` for a stream that is
broken or ends too early, ``decompression-bomb`` for one that gives too much, ``not-html`` for an unknown encoding.
"""

import sys
import zlib
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TRUNCATED: Final = "truncated"
BOMB: Final = "decompression-bomb"
UNKNOWN: Final = "not-html"

_CONTROLS: Final = bytes((*range(9), *range(14, 32), 127))
_STEP = 1 << 20
_MAX_ENCODINGS = 3  # one over another; real responses have one
_MAX_MEMBERS = 100  # of one gzip body; real ones have one, and each costs a copy of the rest
_WINDOW_LOG_MAX = 23  # RFC 9659: a zstd window on the web is 8 MB at most


def undo_encodings(content: bytes, encoding: str, limit: int) -> bytes | str:
    """The body under all the encodings of a ``Content-Encoding`` value, at most ``limit`` bytes, or what is wrong."""
    names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(names) > _MAX_ENCODINGS:
        return BOMB
    body: bytes | str = content
    for name in reversed(names):
        if isinstance(body, str):
            break
        decoded = _decoded(body, name, limit)
        # some servers name an encoding that they, or a proxy of theirs, did not apply
        body = body if decoded in (TRUNCATED, UNKNOWN) and _is_text(body) else decoded
    return body


def _is_text(content: bytes) -> bool:
    """Whether a body is readable as it is. No compressed stream of more than a few bytes is without control bytes."""
    sample = content[:512]
    return len(sample) == len(sample.translate(None, _CONTROLS)) and (len(sample) >= 64 or sample.lstrip()[:1] == b"<")


def _decoded(content: bytes, encoding: str, limit: int) -> bytes | str:
    """The decoded body, or the outcome that stands for what is wrong with it."""
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflated(content, (31,), limit)
        if encoding == "deflate":  # zlib streams by the standard, raw ones by some servers (RFC 9110, 8.4.1.2)
            return _inflated(content, (15, -15), limit)
        if encoding == "zstd":
            return _expanded(content, limit)
    except (zlib.error, zstd.ZstdError, EOFError):
        return TRUNCATED
    return UNKNOWN


def _inflated(content: bytes, windows: tuple[int, ...], limit: int) -> bytes | str:
    for bits in windows[:-1]:
        try:
            return _inflated_as(content, bits, limit)
        except zlib.error:
            continue
    return _inflated_as(content, windows[-1], limit)


def _inflated_as(content: bytes, bits: int, limit: int) -> bytes | str:
    """Members may follow one another (RFC 1952); what follows the last one and is no member is ignored."""
    if not content:
        return b""
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(bits)
        while not stream.eof:
            step = stream.decompress(content, min(_STEP, limit - size + 1))
            content = stream.unconsumed_tail or stream.unused_data
            parts.append(step)
            size += len(step)
            if size > limit:
                return BOMB
            if not step and not content and not stream.eof:
                return TRUNCATED
        if bits != 31 or not content.startswith(b"\x1f\x8b"):
            return b"".join(parts)
    return BOMB


def _expanded(content: bytes, limit: int) -> bytes | str:
    stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX})
    body = stream.decompress(content, max_length=limit + 1)
    if len(body) > limit:
        return BOMB
    return body if stream.eof else TRUNCATED
