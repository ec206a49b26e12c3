"""A response as it stands in a WARC record: its head, and its body after transfer and content decoding."""

import re
from dataclasses import dataclass

from extractors import undo_encodings

_HEAD = 256 * 1024
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})(?:\s|$)")
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,12})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """``headers`` are (lower-case name, value) pairs; ``payload`` the body as recorded; ``body`` decoded.

    ``problem`` is the outcome that stands for a body that cannot be decoded, which is empty then.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    body: bytes
    problem: str | None = None

    def get(self, name: str) -> str | None:
        """The first value of a header, or None. ``name`` in lower case."""
        return next((value for key, value in self.headers if key == name), None)


def parse_response(block: bytes, limit: int) -> Response | None:
    """The response in a block; None when it is none. ``limit`` bounds the decoded body."""
    end = _END.search(block, 0, _HEAD)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, _, lines = head.partition(b"\n")
    status = _STATUS.match(first)
    if status is None or len(head) > _HEAD:
        return None
    headers = tuple(_fields(lines))
    body = _dechunked(payload) if _value(headers, "transfer-encoding").lower().strip() == "chunked" else payload
    decoded = _decoded(body, _value(headers, "content-encoding"), limit)
    problem = decoded if isinstance(decoded, str) else None
    body = b"" if isinstance(decoded, str) else decoded
    return Response(status=int(status[1]), headers=headers, payload=payload, body=body, problem=problem)


def _fields(lines: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines.split(b"\n"):
        text = line.decode("utf-8", "surrogateescape").rstrip("\r")
        name, colon, value = text.partition(":")
        if text[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text.strip()}")
        elif colon:
            found.append((name.strip().lower(), value.strip()))
    return found


def _value(headers: tuple[tuple[str, str], ...], name: str) -> str:
    return ", ".join(value for key, value in headers if key == name)


def _dechunked(payload: bytes) -> bytes:
    """The content of chunks (RFC 9112, 7.1). Many writers undo them and leave the header: then it is the payload."""
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK.match(payload, at)
        if size is None:
            return b"".join(parts) if parts and at >= len(payload) else payload
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(payload[size.end() : size.end() + length])
        at = size.end() + length


def _decoded(body: bytes, encoding: str, limit: int) -> bytes | str:
    """The decoded body, or an outcome. Many writers decode bodies and leave the header: then there is nothing to do."""
    last = encoding.rpartition(",")[2].strip().lower()
    if last in _MAGIC and not body.startswith(_MAGIC[last]):
        return body
    return undo_encodings(body, encoding, limit)
