"""WARC records (ISO 28500, versions 0.17 to 1.1) read from a file that nobody vouches for.

What is damaged is named with its place and passed over; nothing raises, and no length that a record states is believed
before as many bytes have come.
"""

import base64
import binascii
import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archive.importing.members import Members
from archive.importing.packing import BrokenMember

LIMIT = 64 * 2**20
"""Bytes of a record's block that are read; a longer block is passed over."""

_HEADER = 256 * 1024  # bytes of a record's header, all lines together
_BUDGET = 2**30  # bytes that are decompressed in vain before the rest of a member is given up
_BLANKS = 16  # empty bytes between two records; the standard has four
_VERSION = re.compile(rb"WARC/\d+\.\d+\s*")
_NUMBER = re.compile(r"\d{1,18}")
_ALGORITHMS = {
    "sha1": "sha1",
    "sha-1": "sha1",
    "sha256": "sha256",
    "sha-256": "sha256",
    "sha512": "sha512",
    "md5": "md5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: where it begins in its file, its headers by lower-case name, and its block.

    ``length`` is that of the block; a block longer than the limit is not there (``block`` is empty, ``too_long``).
    """

    where: str
    headers: dict[str, str]
    length: int
    block: bytes
    too_long: bool = False

    def get(self, name: str) -> str:
        """The value of a header, "" when there is none. ``name`` in lower case."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A place of the file that gave no record, and what was found there."""

    where: str
    found: str


class _LiesError(Exception):
    """What stands at a place is no record, or not as long as it says. ``taken`` may hold the records behind it."""

    def __init__(self, found: str, taken: bytes = b"") -> None:
        super().__init__(found)
        self.taken = taken


def read_records(members: Members, limit: int = LIMIT) -> Iterator[Record | Fault]:
    """All records that are whole, in order, and a Fault for each place where something is wrong."""
    while True:
        try:
            if not members.next_member():
                return
            yield from _in_member(members, limit)
        except BrokenMember as error:
            yield Fault(where=str(members.member), found=str(error))
            if not members.resync():
                return


def _in_member(members: Members, limit: int) -> Iterator[Record | Fault]:
    while members.peek(1):
        where, begun = members.where, members.position
        try:
            yield _record(members, limit, where)
        except _LiesError as lie:
            yield Fault(where=where, found=str(lie))
            members.go_back(begun + 1, lie.taken)
            if not members.find_line(b"WARC/", _budget(members)) and members.peek(1):
                raise BrokenMember(f"no record follows in {_BUDGET} bytes") from lie


def _budget(members: Members) -> int:
    """A plain file ends by itself; a compressed one may hold any number of bytes."""
    return sys.maxsize if members.packing == "plain" else _BUDGET


def _record(members: Members, limit: int, where: str) -> Record:
    headers = _headers(members)
    stated = headers.get("content-length", "")
    if not _NUMBER.fullmatch(stated):
        raise _LiesError(f"its Content-Length is {stated[:40]!r}")
    length = int(stated)
    too_long = length > limit
    if too_long:
        there = members.skip(min(length, _budget(members)))
        block = b""
        if there == _BUDGET < length:
            raise BrokenMember(f"its record has {length} bytes")
    else:
        block = members.take(length)
        there = len(block)
    if there < length:
        raise _LiesError(f"it is cut short: {there} bytes in place of {length}", block)
    if not _ends(members):
        raise _LiesError("its Content-Length is wrong: no record follows it", block)
    return Record(where=where, headers=headers, length=length, block=block, too_long=too_long)


def _ends(members: Members) -> bool:
    """Whether line ends and the next record, or nothing, come after a block; takes the line ends then."""
    seen = members.peek(_BLANKS + 5)
    rest = seen.lstrip(b"\r\n")
    fits = rest[:5] in (b"WARC/", b"")
    if fits:
        members.skip(len(seen) - len(rest))
    return fits


def _headers(members: Members) -> dict[str, str]:
    """The named fields; the first of a name counts, and a line that begins with a space continues the one before."""
    line = members.line(_HEADER)
    if line is None or not _VERSION.fullmatch(line):
        raise _LiesError("no WARC record begins here")
    headers: dict[str, str] = {}
    name, left = "", _HEADER
    while True:
        line = members.line(left) if left > 0 else None
        if line is None:
            raise _LiesError(f"its header has more than {_HEADER} bytes")
        if not line:
            raise _LiesError("it is cut short in its header")
        left -= len(line)
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return headers
        if text[0] in " \t" and name:
            headers[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if colon and name not in headers:
            headers[name] = value.strip()


def digest_fits(stated: str, *contents: bytes) -> bool:
    """Whether a digest header is that of one of the contents. One that cannot be checked fits."""
    label, _, value = stated.partition(":")
    algorithm = _ALGORITHMS.get(label.strip().lower())
    if algorithm is None or not value.strip():
        return True
    values = _values(value.strip())
    distinct = {id(content): content for content in contents}.values()
    return any(hashlib.new(algorithm, content, usedforsecurity=False).digest() in values for content in distinct)


def sha256_of(stated: str) -> str | None:
    """The 64 hex digits of a digest header that is a SHA-256."""
    label, _, value = stated.partition(":")
    if _ALGORITHMS.get(label.strip().lower()) != "sha256":
        return None
    return next((one.hex() for one in _values(value.strip()) if len(one) == 32), None)


def _values(text: str) -> set[bytes]:
    """What a value may stand for: writers use base32 or hex."""
    found: set[bytes] = set()
    with suppress(binascii.Error, ValueError):
        found.add(base64.b32decode(text.upper() + "=" * (-len(text) % 8)))
    with suppress(ValueError):
        found.add(bytes.fromhex(text))
    return found
