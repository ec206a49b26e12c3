"""Looks as WARC records (ISO 28500, WARC/1.1): the one place that writes them, without any other library.

A look that brought a body is a response, or a resource when no headers of it are known; a revisit when an earlier
record holds the same body; a 304 is a revisit too. Bodies are stored decoded, so that the headers which describe the
wire are kept under ``X-Archive-Orig-``. No request is written: what was sent is not kept, and none is invented.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus

from archive.look import Outcome
from archive.shown import DEFAULT_MEDIA_TYPE

Look = Mapping[str, object]
"""The columns of a row of ``fetches`` by name; ``record`` as an object or as its JSON."""

Headers = tuple[tuple[str, str], ...]

LOOK_TYPE = "application/vnd.presskeep.look+json"
"""The type of a metadata record that holds a row of ``fetches``; see :func:`look_record`."""

ORIGINAL = "X-Archive-Orig-"
"""Before the name of a header that was true of the wire, and is not of the decoded body that is written."""

_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_IDENTICAL = "identical-payload-digest"
_NEVER = "1970-01-01T00:00:00Z"


def records(looks: Sequence[Look], read: Callable[[str], bytes | None], software: str) -> Iterator[bytes]:
    """A warcinfo record and one for each look that has a body; ``read`` gives None for a body that is not there."""
    date = str(looks[0]["started_at"]) if looks else _NEVER
    yield info_record(date, software)
    first: dict[str, Look] = {}
    for look in looks:
        key = None if look["raw_key"] is None else str(look["raw_key"])
        body = None if key is None else read(key)
        if key is None or body is None:
            continue
        sha256 = hashlib.sha256(body).hexdigest()
        if look["outcome"] == Outcome.NOT_MODIFIED or key in first:
            yield revisit_record(look, sha256, first.get(key))
        else:
            first[key] = look
            yield body_record(look, body, sha256)


def info_record(date: str, software: str, about: Headers = ()) -> bytes:
    """The warcinfo record that a file begins with; ``date`` is that of its first look, for no clock is asked."""
    fields = (("software", software), ("format", "WARC File Format 1.1"), *about)
    block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    kind = (("WARC-Type", "warcinfo"), ("Content-Type", "application/warc-fields"))
    return _record(_id("warcinfo", date), date, kind, block)


def body_record(look: Look, body: bytes, sha256: str) -> bytes:
    """A response, or a resource when no headers are known, with its decoded body."""
    if not _record_of(look).get("headers"):
        headers = (("WARC-Type", "resource"), *_about(look, sha256), ("Content-Type", _media_type(look)))
        return _record(look_id(look), str(look["started_at"]), headers, body)
    headers = (("WARC-Type", "response"), *_about(look, sha256), _HTTP)
    return _record(look_id(look), str(look["started_at"]), headers, _http(look, length=len(body)) + body)


def revisit_record(look: Look, sha256: str, first: Look | None) -> bytes:
    """A 304, or a look that brought a body which the record of the look ``first`` holds (None: no record here does)."""
    profile = "server-not-modified" if look["outcome"] == Outcome.NOT_MODIFIED else _IDENTICAL
    refers: Headers = ()
    if first is not None:
        refers = (
            ("WARC-Refers-To", look_id(first)),
            ("WARC-Refers-To-Target-URI", _target(first)),
            ("WARC-Refers-To-Date", str(first["started_at"])),
        )
    headers = (("WARC-Type", "revisit"), ("WARC-Profile", _PROFILE + profile), *refers, *_about(look, sha256))
    if profile == _IDENTICAL and not _record_of(look).get("headers"):
        return _record(look_id(look), str(look["started_at"]), headers, b"")
    return _record(look_id(look), str(look["started_at"]), (*headers, _HTTP), _http(look, length=None))


def look_record(look: Look, optouts: Sequence[Sequence[object]], *, has_body: bool) -> bytes:
    """A metadata record with all that presskeep knows of a look, so that it can be derived from again.

    The block is one JSON object in ASCII: the columns of ``fetches`` by name, ``record`` as an object, and
    ``optouts``, the wishes that were recorded with it as triples of signal, value and action. With a body,
    WARC-Refers-To names the record that follows with it; a look without one (a failure, a feed, whose body is not
    kept, a page that was taken down) is this record alone.
    """
    block = json.dumps({**look, "record": _record_of(look), "optouts": [list(one) for one in optouts]}).encode("ascii")
    refers: Headers = (("WARC-Refers-To", look_id(look)),) if has_body else ()
    headers = (("WARC-Type", "metadata"), *refers, ("WARC-Target-URI", _target(look)), ("Content-Type", LOOK_TYPE))
    identity = _id(str(look["run"]), str(look["seq"]), "look")
    return _record(identity, str(look["started_at"]), headers, block)


def look_id(look: Look) -> str:
    """The id of the record that holds the body of a look; the same in every file."""
    return _id(str(look["run"]), str(look["seq"]))


_HTTP = ("Content-Type", "application/http;msgtype=response")


def _about(look: Look, sha256: str) -> Headers:
    return (("WARC-Target-URI", _target(look)), ("WARC-Payload-Digest", _digest(bytes.fromhex(sha256))))


def _record(identity: str, date: str, headers: Headers, block: bytes) -> bytes:
    every = (
        ("WARC-Record-ID", identity),
        ("WARC-Date", date),
        *headers,
        ("WARC-Block-Digest", _digest(hashlib.sha256(block).digest())),
        ("Content-Length", str(len(block))),
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in every)
    return b"WARC/1.1\r\n" + head.encode("utf-8", "replace") + b"\r\n" + block + b"\r\n\r\n"


def _http(look: Look, *, length: int | None) -> bytes:
    """The response's head as it was stored; ``length`` is that of the body that follows."""
    status = int(str(look["status"] or (304 if look["outcome"] == Outcome.NOT_MODIFIED else 200)))
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}"]
    for name, value in _record_of(look).get("headers", ()):
        prefix = ORIGINAL if name.lower() in _WIRE else ""
        lines.append(f"{prefix}{_line(name)}: {_line(value)}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _media_type(look: Look) -> str:
    record = _record_of(look)
    charset = f"; charset={record['charset']}" if record.get("charset") else ""
    return _line(f"{record.get('media_type', DEFAULT_MEDIA_TYPE)}{charset}")


def _record_of(look: Look) -> dict[str, list[tuple[str, str]]]:
    record = look["record"]
    return json.loads(record) if isinstance(record, str) else dict(record)  # type: ignore[call-overload, no-any-return]


def _line(value: str) -> str:
    return " ".join(value.splitlines())


def _target(look: Look) -> str:
    return _line(str(look["final_url"] or look["url"]))


def _id(*names: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join(names))}>"


def _digest(sha256: bytes) -> str:
    return "sha256:" + base64.b32encode(sha256).decode()
