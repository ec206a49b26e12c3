"""What a page says and what it promotes, as frozen records."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

Moment = date | datetime
"""A point in time as a page states it: an aware datetime, or a plain date where the page gives no time or no zone."""

ListKind = Literal["recent", "related", "most-read", "top", "more-from", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One promoted story. ``when_at`` and ``when_until`` (aware UTC) bound what ``when_text`` means at the fetch."""

    title: str
    url: str | None = None
    teaser: str | None = None
    section: str | None = None
    when_text: str | None = None
    when_at: datetime | None = None
    when_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """A list that the page promotes, such as "Recent Posts" or "Top Headlines"."""

    heading: str
    kind: ListKind
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """One machine-readable wish not to be archived or mined, as observed: its signal and its literal value."""

    signal: Literal[
        "x-robots-tag", "meta-robots", "tdm-reservation-header", "tdm-reservation-meta", "tdm-reservation-file"
    ]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntry:
    """One entry of a live blog: a line ("" when it has none), its canonical text, and its times as stated."""

    title: str
    text: str
    published: Moment | None = None
    modified: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article of one page.

    ``title`` is one line and "" when unknown; ``text`` is canonical: paragraphs separated by blank lines.
    ``authors`` are names without roles; ``agencies`` are the news agencies that sign, beside authors or alone. Where no
    person signs, ``authors`` names who does: a desk, the site, an agency. ``language`` is a two- or three-letter code,
    as the page states it, else told by the text. ``live`` holds the entries of a live blog in the page's order.
    ``rules`` is the digest label of everything that read it; ``confidence`` is between 0 and 1.
    """

    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    section: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    paywalled: bool = False
    canonical_url: str | None = None
    agencies: tuple[str, ...] = ()
    live: tuple[LiveEntry, ...] = ()
    lists: tuple[LinkList, ...] = ()
    rules: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that one parse of a page gives.

    ``reason`` says why there is no article ("" when there is one); ``drift`` names site rules that no longer fit.
    """

    article: Article | None
    reason: str = ""
    optouts: tuple[OptOut, ...] = ()
    drift: tuple[str, ...] = ()


def moment_text(moment: Moment | None) -> str | None:
    """The archive's form: ``2026-11-22T11:44:00.123Z`` for a time, ``2025-12-04`` for a date, None for None."""
    if not isinstance(moment, datetime):
        return None if moment is None else moment.isoformat()
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; give an aware time or a date")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_moment(text: str | None) -> Moment | None:
    """The inverse of :func:`moment_text`; raises ValueError for anything else."""
    if text is None:
        return None
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
