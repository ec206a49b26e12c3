"""What reading old pages again changed: before and after, counted by site and shown for the largest differences."""

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive.diff import TextDiff, diff_texts
from archive.rebuild import article_of

LARGEST = 20
"""So many of the largest differences are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReread:
    """Counts of one site.

    ``changed`` articles have other titles, texts, facts or versions; ``appeared`` and ``disappeared`` ones are among
    them. A version is ``merged`` when its looks now share one with another's, ``split`` when they no longer share one.
    Words are those of the newest texts.
    """

    site: str
    articles: int = 0
    changed: int = 0
    appeared: int = 0
    disappeared: int = 0
    versions_merged: int = 0
    versions_split: int = 0
    words_gained: int = 0
    words_lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """One article whose newest text reads differently."""

    article: str
    site: str
    versions_before: int
    versions_after: int
    diff: TextDiff


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractReport:
    """Before and after. ``failed`` are the URLs of pages that could not be read.

    Their articles stay as they were; a page that was never read, its look being ``extract-crash``, shows nothing still.
    """

    dry_run: bool
    articles: int
    looks: int
    changed: int
    sites: tuple[SiteReread, ...]
    largest: tuple[Reread, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is derived for a URL row at one moment; ``number`` of a look is that of the version that it shows."""

    url: str
    site: str
    facts: tuple[object, ...]
    versions: tuple[tuple[object, ...], ...]
    numbers: dict[int, int]
    newest: tuple[str, str]


def snapshot(db: Database, target: int) -> Snapshot | None:
    """What is derived for a URL row now; None when it has no article."""
    article = article_of(db, target)
    if article is None:
        return None
    url, site, latest, *facts = db.execute(
        "SELECT url, site, latest_version, title, authors, published, modified, section, language, canonical_url, "
        "state FROM articles WHERE id = ?",
        (article,),
    ).fetchone()
    versions = db.execute("SELECT number, text_key, kinds FROM versions WHERE article = ? ORDER BY number", (article,))
    numbers = db.execute(
        "SELECT s.fetch, v.number FROM sightings s JOIN versions v ON v.id = s.version WHERE s.article = ?", (article,)
    )
    newest = db.execute(
        "SELECT t.title, t.text FROM versions v JOIN texts t ON t.key = v.text_key WHERE v.id = ?", (latest,)
    )
    shown = newest.fetchone() or ("", "")
    return Snapshot(url, site, tuple(facts), tuple(versions.fetchall()), dict(numbers.fetchall()), shown)


class Tally:
    """Counts differences between snapshots as they come."""

    def __init__(self) -> None:
        self.sites: dict[str, SiteReread] = {}
        self._largest: list[Reread] = []

    @property
    def largest(self) -> tuple[Reread, ...]:
        """The largest differences, the largest first."""
        return tuple(sorted(self._largest, key=_weight)[:LARGEST])

    def add(self, before: Snapshot | None, after: Snapshot | None) -> None:
        """Counts one article."""
        shown = after or before
        if shown is None:
            return
        difference = self._difference(shown, before, after)
        merged, split = _merged_and_split(before, after)
        site = self.sites.get(shown.site) or SiteReread(site=shown.site)
        self.sites[shown.site] = replace(
            site,
            articles=site.articles + 1,
            changed=site.changed + _differ(before, after),
            appeared=site.appeared + (before is None),
            disappeared=site.disappeared + (after is None),
            versions_merged=site.versions_merged + merged,
            versions_split=site.versions_split + split,
            words_gained=site.words_gained + (difference.words_added if difference else 0),
            words_lost=site.words_lost + (difference.words_removed if difference else 0),
        )

    def _difference(self, shown: Snapshot, before: Snapshot | None, after: Snapshot | None) -> TextDiff | None:
        old, new = (one.newest if one else ("", "") for one in (before, after))
        if old == new:
            return None
        diff = diff_texts(old, new)
        counts = [len(one.versions) if one else 0 for one in (before, after)]
        self._largest.append(
            Reread(article=shown.url, site=shown.site, versions_before=counts[0], versions_after=counts[1], diff=diff)
        )
        if len(self._largest) > 2 * LARGEST:
            self._largest = list(self.largest)
        return diff


def _weight(reread: Reread) -> tuple[int, str]:
    return -(reread.diff.words_added + reread.diff.words_removed), reread.article


def _differ(before: Snapshot | None, after: Snapshot | None) -> bool:
    """Whether anything but the lists reads differently."""
    if before is None or after is None:
        return True
    return (before.facts, before.versions, before.numbers) != (after.facts, after.versions, after.numbers)


def _merged_and_split(before: Snapshot | None, after: Snapshot | None) -> tuple[int, int]:
    """How many versions fewer and more the looks that both have make out of each other's versions."""
    if before is None or after is None:
        return 0, 0
    was: dict[int, set[int]] = defaultdict(set)
    becomes: dict[int, set[int]] = defaultdict(set)
    for fetch, old in before.numbers.items():
        new = after.numbers.get(fetch)
        if new is not None:
            was[new].add(old)
            becomes[old].add(new)
    return sum(len(olds) - 1 for olds in was.values()), sum(len(news) - 1 for news in becomes.values())
