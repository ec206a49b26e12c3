"""What came over the wire, and how it becomes a page: content decoding in bounded steps."""

import sys
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message

from archive import Outcome
from extractors import Page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, zstd"
"""What is asked for: the encodings that :func:`unpack` decodes in bounded steps."""

_STEP = 1 << 20
_MAX_ENCODINGS = 3  # one over another; real responses have one
_MAX_MEMBERS = 100  # of one gzip body; real ones have one, and each costs a copy of the rest
_WINDOW_LOG_MAX = 23  # RFC 9659: a zstd window on the web is 8 MB at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A response as it was sent: ``content`` is the body before content decoding, ``ms`` the time of this request."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    fetched_at: datetime
    ms: int
    tls: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None. ``name`` in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A URL that gave no page, and why. ``retry_after`` in seconds, where the server named a time."""

    url: str
    outcome: str
    detail: str = ""
    status: int | None = None
    retry_after: float | None = None
    final_url: str | None = None
    ms: int = 0
    bytes: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def line(self) -> str:
        """One line for a person."""
        return f"{self.url}: {self.outcome}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A 304: the server says that the page is as it was."""

    url: str
    final_url: str
    headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    ms: int = 0


def unpack(wire: Wire, limit: int) -> Page | Failure:
    """The page of a response; a Failure when its body is truncated, no valid stream, or larger than ``limit``."""
    message = Message()
    message["content-type"] = wire.header("content-type") or ""
    encoding = ", ".join(value for name, value in wire.headers if name == "content-encoding")
    body = _plain(wire.content, encoding, limit)
    if isinstance(body, str):
        return Failure(
            url=wire.url, outcome=body, detail=f"content-encoding {encoding[:100]}", status=wire.status,
            final_url=wire.final_url, ms=wire.ms, bytes=len(wire.content), headers=wire.headers,
        )  # fmt: skip
    has_type = wire.header("content-type") is not None
    return Page(
        url=wire.url,
        body=body,
        final_url=wire.final_url,
        status=wire.status,
        headers=wire.headers,
        media_type=message.get_content_type() if has_type else "",
        charset=_charset(message),
        fetched_at=wire.fetched_at,
    )


def _charset(message: Message) -> str | None:
    charset = message.get_param("charset")
    return charset if isinstance(charset, str) and charset else None


def _plain(content: bytes, encoding: str, limit: int) -> bytes | str:
    """The body under all its encodings, the last one first, or the outcome of what is wrong with it."""
    names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(names) > _MAX_ENCODINGS:
        return Outcome.DECOMPRESSION_BOMB
    body: bytes | str = content
    for name in reversed(names):
        if isinstance(body, str):
            break
        body = _decoded(body, name, limit)
    return body


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
        return Outcome.TRUNCATED
    return Outcome.NOT_HTML


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
                return Outcome.DECOMPRESSION_BOMB
            if not step and not content and not stream.eof:
                return Outcome.TRUNCATED
        if bits != 31 or not content.startswith(b"\x1f\x8b"):
            return b"".join(parts)
    return Outcome.DECOMPRESSION_BOMB


def _expanded(content: bytes, limit: int) -> bytes | str:
    stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG_MAX})
    body = stream.decompress(content, max_length=limit + 1)
    if len(body) > limit:
        return Outcome.DECOMPRESSION_BOMB
    return body if stream.eof else Outcome.TRUNCATED
