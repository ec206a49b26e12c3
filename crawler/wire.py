"""What came over the wire, and how it becomes a page: content decoding in bounded steps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from extractors import Page, content_type, undo_encodings

_GZIP = b"\x1f\x8b\x08"
_PAGES = ("text/html", "application/xhtml+xml")

_COMPRESSION = 5  # HTML is compressed to a fifth
_MOST_COMPRESSION = 100  # what a gzip stream says beyond that of its own size is no page, or not true

ACCEPT_ENCODING = "gzip, deflate, zstd"
"""What is asked for: the encodings that :func:`undo_encodings` decodes in bounded steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A response as it was sent: ``content`` is the body before content decoding, ``ms`` the time of this request.

    ``tls`` is the version as ``TLSv1.3``, ``certificate`` the SHA-256 of the server's certificate in hex digits.
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    fetched_at: datetime
    ms: int
    tls: str | None = None
    certificate: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None. ``name`` in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def unpacked_size(self) -> int:
        """Bytes of the decoded body as far as one can tell beforehand: from the end of a gzip stream (RFC 1952, 2.3.1),
        else as most HTML is compressed."""
        encoding = self.header("content-encoding") or ""
        return unpacked_size(encoding, len(self.content), self.content[:3], self.content[-4:])


def unpacked_size(encoding: str, size: int, beginning: bytes, end: bytes) -> int:
    """What :attr:`Wire.unpacked_size` says of a body of so many bytes; some servers name an encoding and apply none."""
    name = encoding.strip().lower()
    if name in ("gzip", "x-gzip"):
        stated = int.from_bytes(end[-4:], "little") if beginning.startswith(_GZIP) else 0
        return max(size, min(stated, size * _MOST_COMPRESSION))
    return size if name in ("", "identity") else size * _COMPRESSION


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
    media_type, charset = content_type(wire.header("content-type") or "")
    encoding = ", ".join(value for name, value in wire.headers if name == "content-encoding")
    body = undo_encodings(wire.content, encoding, limit)
    if isinstance(body, str):
        return Failure(
            url=wire.url, outcome=body, detail=f"content-encoding {encoding[:100]}", status=wire.status,
            final_url=wire.final_url, ms=wire.ms, bytes=len(wire.content), headers=wire.headers,
        )  # fmt: skip
    if body[:3] == _GZIP and media_type in _PAGES:  # a file that was compressed before it was uploaded
        inner = undo_encodings(body, "gzip", limit)
        body = body if isinstance(inner, str) else inner
    return Page(
        url=wire.url,
        body=body,
        final_url=wire.final_url,
        status=wire.status,
        headers=wire.headers,
        media_type=media_type,
        charset=charset,
        fetched_at=wire.fetched_at,
    )
