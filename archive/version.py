"""A version of an article: a text that differed in substance from the one before it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One row of an article's history.

    ``text_key`` and ``raw_key`` are 16 hex digits. ``last_seen`` is the latest look that showed this text;
    ``sightings`` counts them. ``kinds`` names what changed against the version before (empty for the first).
    """

    article: str
    number: int
    text_key: str
    raw_key: str
    first_seen: datetime
    last_seen: datetime
    sightings: int
    kinds: tuple[str, ...]
    words_added: int
    words_removed: int
    rules: str
