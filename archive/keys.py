"""Keys: the first 16 hex digits of a SHA-256. The full digest is stored beside every key and checked against it."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

Shorten = Callable[[str], str]
"""From the 64 hex digits of a digest to a key of 16."""

KEY_DIGITS = 16

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def shorten(digest: str) -> str:
    """The key of a full digest."""
    return digest[:KEY_DIGITS]


def digest(content: bytes) -> str:
    """SHA-256 as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def text_bytes(title: str, text: str) -> bytes:
    """The bytes that a text's key hashes, which are also the bytes of its exported file."""
    return f"{title}\n\n{text}".encode()


def raw_key(body: bytes) -> str:
    """The key of a body after transfer and content decoding."""
    return shorten(digest(body))


def text_key(title: str, text: str) -> str:
    """The key of a canonical title ("" when unknown) and a canonical text."""
    return shorten(digest(text_bytes(title, text)))


def url_key(url: str) -> str:
    """The key of an article's URL in its normal form, for permalinks."""
    return shorten(digest(url.encode()))


def new_ulid(now: datetime) -> str:
    """A sortable unique id (github.com/ulid/spec): 48 bits of milliseconds, 80 bits of randomness."""
    number = int(now.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
