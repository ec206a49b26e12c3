"""A look: one attempt to see one URL, and what became of it. Looks are the facts everything else is derived from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from extractors import Article, OptOut, Page

FetchKind = Literal["article", "feed", "sitemap", "listing", "robots"]


class Outcome(StrEnum):
    """The vocabulary of ``fetches.outcome``; HTTP errors are ``http-<status>`` (see :func:`http_outcome`)."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    NOT_MODIFIED = "not-modified"
    DIGEST_ONLY = "digest-only"
    IMPORTED = "imported"
    NO_ARTICLE = "no-article"
    QUARANTINED = "quarantined"
    ROBOTS = "robots"
    ADDRESS_REFUSED = "address-refused"
    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    RESET = "reset"
    TRUNCATED = "truncated"
    REDIRECT_LOOP = "redirect-loop"
    TOO_LARGE = "too-large"
    DECOMPRESSION_BOMB = "decompression-bomb"
    NOT_HTML = "not-html"
    KEY_COLLISION = "key-collision"
    EXTRACT_CRASH = "extract-crash"
    BREAKER = "breaker"


def http_outcome(status: int) -> str:
    """The outcome of an HTTP error status: ``http-404``."""
    return f"http-{status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One row of ``fetches`` to be.

    ``outcome`` is None when the archive is to decide between new, changed and same; otherwise an :class:`Outcome` or
    ``http-<status>``. ``page`` is None for a failure and for a 304 (which confirms the last raw of its URL).
    ``bytes`` counts what came over the wire, ``ms`` the milliseconds of the last attempt. ``record`` holds headers,
    TLS and robots state as JSON-ready values. ``optouts`` are the page's wishes, ``optout_action`` what was done about
    them: with outcome ``digest-only`` the page's digest is kept and its body is not.
    """

    url: str
    site: str
    started_at: datetime
    kind: FetchKind = "article"
    outcome: str | None = None
    status: int | None = None
    final_url: str | None = None
    ms: int = 0
    bytes: int = 0
    attempts: int = 1
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    source: str | None = None
    record: tuple[tuple[str, object], ...] = ()
    page: Page | None = None
    article: Article | None = None
    optouts: tuple[OptOut, ...] = ()
    optout_action: Literal["keep", "digest", "skip"] = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """One sighting of an article's URL somewhere: the row of ``discoveries``. ``published`` as the finder states it."""

    url: str
    site: str
    kind: Literal["feed", "sitemap", "listing", "list-item", "canonical", "url", "import"]
    found_in: str
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What the archive made of a look: the fetch row's id, its outcome, and the article and version it shows."""

    fetch: int
    outcome: str
    raw_key: str | None = None
    article: int | None = None
    version: int | None = None
    text_key: str | None = None
    list_items: int = 0
    stored_bytes: int = 0
