"""What a crawl did, in numbers."""

from collections import Counter
from dataclasses import dataclass, field

from archive import Outcome, Saved

FINE = frozenset(
    {Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.DIGEST_ONLY, Outcome.IMPORTED}
)
"""Outcomes that are no failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """The result of a crawl. ``failed`` counts article looks by outcome; ``failed_sites`` are (name, reason) pairs,
    ``problems`` (site, line) pairs of what costs no page, such as a feed that has gone quiet."""

    run: str = ""
    sites: int = 0
    fetched: int = 0
    unchanged: int = 0
    new_articles: int = 0
    new_versions: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    list_items: int = 0
    bytes: int = 0
    stored_bytes: int = 0
    seconds: float = 0.0
    failed_sites: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The document that ``crawl --json`` prints."""
        keys = (
            "run", "sites", "fetched", "unchanged", "new_articles", "new_versions", "failed", "list_items", "bytes",
            "stored_bytes", "seconds",
        )  # fmt: skip
        problems = [{"site": site, "line": line} for site, line in self.problems]
        return {key: getattr(self, key) for key in keys} | {"problems": problems}


@dataclass(slots=True)
class Tally:
    """The counts of a running crawl."""

    outcomes: Counter[str] = field(default_factory=Counter)
    list_items: int = 0
    bytes: int = 0
    stored_bytes: int = 0

    def add(self, kind: str, size: int, saved: Saved) -> None:
        """Counts one committed look."""
        self.bytes += size
        self.stored_bytes += saved.stored_bytes
        self.list_items += saved.list_items
        if kind == "article":
            self.outcomes[saved.outcome] += 1

    def report(
        self,
        *,
        run: str,
        sites: int,
        seconds: float,
        failed_sites: tuple[tuple[str, str], ...],
        problems: tuple[tuple[str, str], ...] = (),
    ) -> CrawlReport:
        """The counts as a report."""
        unchanged = self.outcomes[Outcome.SAME] + self.outcomes[Outcome.NOT_MODIFIED]
        return CrawlReport(
            run=run,
            sites=sites,
            fetched=sum(n for outcome, n in self.outcomes.items() if outcome in FINE or outcome == Outcome.NO_ARTICLE),
            unchanged=unchanged,
            new_articles=self.outcomes[Outcome.NEW],
            new_versions=self.outcomes[Outcome.CHANGED],
            failed={outcome: n for outcome, n in sorted(self.outcomes.items()) if outcome not in FINE},
            list_items=self.list_items,
            bytes=self.bytes,
            stored_bytes=self.stored_bytes,
            seconds=round(seconds, 3),
            failed_sites=failed_sites,
            problems=problems,
        )
