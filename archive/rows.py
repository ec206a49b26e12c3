"""What reading an archive gives: one frozen record for each kind of row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from extractors import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article as last seen. ``state`` is live, gone or paywalled; ``key`` names it in permalinks."""

    id: int
    key: str
    url: str
    site: str
    canonical_url: str | None
    title: str
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    section: str | None
    language: str | None
    first_seen: datetime
    last_seen: datetime
    version_count: int
    state: str
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A canonical title and text under their key."""

    key: str
    sha256: str
    title: str
    text: str
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """A headline that an article's page promoted, from its first sighting there to its last."""

    heading: str
    kind: str
    position: int
    title: str
    url: str | None
    teaser: str | None
    section: str | None
    when_text: str | None
    when_at: datetime | None
    when_until: datetime | None
    first_seen: datetime
    last_seen: datetime
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline that a site promoted beside an article: ``page`` showed it, ``url`` is where it leads."""

    site: str
    title: str
    url: str | None
    page: str
    heading: str
    kind: str
    position: int
    first_seen: datetime
    last_seen: datetime
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an article. ``detail`` is a JSON object whose fields depend on ``kind``."""

    id: int
    article: str
    at: datetime
    kind: str
    weight: int
    version: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """One row of ``fetches`` and what it showed: the number of the version, None for a failure."""

    fetch: int
    run: str
    url: str
    final_url: str | None
    started_at: datetime
    outcome: str
    status: int | None
    raw_key: str | None
    error: str | None
    source: str | None
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page that a search found, in its text or only in the lists beside it.

    ``snippet`` marks the words found between U+27E6 and U+27E7. A smaller ``rank`` is a better hit. ``matched`` is the
    headline found for ``where`` "lists", else the title of the version found.
    """

    article: str
    site: str
    title: str
    where: Literal["text", "lists"]
    matched: str
    snippet: str
    rank: float
    text_key: str | None
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCount:
    """Pages that a search would find: in all, those that say it, and those that only promote it in their lists."""

    pages: int
    text: int
    only_lists: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStats:
    """Counts of one site."""

    site: str
    articles: int
    versions: int
    fetches: int
    failures: int
    list_items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts of a whole archive. ``raw_bytes`` is what the bodies measure, ``stored_bytes`` what they take."""

    articles: int
    versions: int
    fetches: int
    raws: int
    texts: int
    headlines: int
    raw_bytes: int
    stored_bytes: int
    file_bytes: int
    first_look: datetime | None
    last_look: datetime | None
    sites: tuple[SiteStats, ...]
    outcomes: tuple[tuple[str, int], ...]
