"""What a crawl tells while it runs, as small frozen records."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStarted:
    """A site's discovery is done and its articles begin; ``due`` counts them."""

    site: str
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One look is committed."""

    site: str
    url: str
    kind: str
    outcome: str
    bytes: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An article that a dry run would fetch."""

    site: str
    url: str
    due_at: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a person may want to know that costs no page: an empty feed, a sitemap cut short."""

    site: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFinished:
    """A site is through; ``failed`` says why nothing of it could be read, "" when something could."""

    site: str
    failed: str = ""


Event = SiteStarted | Fetched | Planned | Problem | SiteFinished


class Observer(Protocol):
    """Hears every event, in the event loop's thread; must return at once."""

    def event(self, event: Event) -> None:
        """Takes one event."""


class Silent:
    """An observer that ignores everything."""

    def event(self, event: Event) -> None:
        """Takes one event."""
