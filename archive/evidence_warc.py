"""One article's looks as WARC records (ISO 28500, WARC/1.1), written without any other library.

A look that brought a body is a response, or a revisit when an earlier record holds the same body; a 304 is a revisit.
Bodies are stored decoded, so that the headers which describe the wire are kept under ``X-Archive-Orig-``.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus

from archive.look import Outcome

_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_Headers = tuple[tuple[str, str], ...]


def records(
    looks: Sequence[Mapping[str, object]], read: Callable[[str], bytes | None], software: str
) -> Iterator[bytes]:
    """A warcinfo record and one for each look that has a body; ``read`` gives None for a body that is not there."""
    info = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    date = str(looks[0]["started_at"]) if looks else "1970-01-01T00:00:00Z"
    kind = (("WARC-Type", "warcinfo"), ("Content-Type", "application/warc-fields"))
    yield _record(_id("warcinfo", date), date, kind, info)
    first: dict[str, Mapping[str, object]] = {}
    for look in looks:
        key = look["raw_key"]
        body = None if key is None else read(str(key))
        if key is None or body is None:
            continue
        if look["outcome"] == Outcome.NOT_MODIFIED:
            yield _revisit(look, "server-not-modified", body, first.get(str(key)))
        elif str(key) in first:
            yield _revisit(look, "identical-payload-digest", body, first[str(key)])
        else:
            first[str(key)] = look
            yield _response(look, body)


def _response(look: Mapping[str, object], body: bytes) -> bytes:
    message = _http(look, length=len(body)) + body
    return _record(_look_id(look), str(look["started_at"]), (("WARC-Type", "response"), *_about(look, body)), message)


def _revisit(look: Mapping[str, object], profile: str, body: bytes, first: Mapping[str, object] | None) -> bytes:
    refers: _Headers = ()
    if first is not None:
        refers = (
            ("WARC-Refers-To", _look_id(first)),
            ("WARC-Refers-To-Target-URI", _target(first)),
            ("WARC-Refers-To-Date", str(first["started_at"])),
        )
    headers = (("WARC-Type", "revisit"), ("WARC-Profile", _PROFILE + profile), *refers, *_about(look, body))
    return _record(_look_id(look), str(look["started_at"]), headers, _http(look, length=None))


def _about(look: Mapping[str, object], body: bytes) -> _Headers:
    return (
        ("WARC-Target-URI", _target(look)),
        ("WARC-Payload-Digest", _digest(body)),
        ("Content-Type", "application/http;msgtype=response"),
    )


def _record(identity: str, date: str, headers: _Headers, block: bytes) -> bytes:
    every = (
        ("WARC-Record-ID", identity),
        ("WARC-Date", date),
        *headers,
        ("WARC-Block-Digest", _digest(block)),
        ("Content-Length", str(len(block))),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in every)
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _http(look: Mapping[str, object], *, length: int | None) -> bytes:
    """The response's head as it was stored; ``length`` is that of the body that follows."""
    status = int(str(look["status"] or 200))
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}"]
    for name, value in _record_of(look).get("headers", ()):
        prefix = "X-Archive-Orig-" if name.lower() in _WIRE else ""
        lines.append(f"{prefix}{_line(name)}: {_line(value)}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _record_of(look: Mapping[str, object]) -> dict[str, list[tuple[str, str]]]:
    record = look["record"]
    return json.loads(record) if isinstance(record, str) else dict(record)  # type: ignore[call-overload, no-any-return]


def _line(value: str) -> str:
    return " ".join(value.splitlines())


def _target(look: Mapping[str, object]) -> str:
    return str(look["final_url"] or look["url"])


def _look_id(look: Mapping[str, object]) -> str:
    return _id(str(look["run"]), str(look["seq"]))


def _id(*names: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join(names))}>"


def _digest(content: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(content).digest()).decode().rstrip("=")
