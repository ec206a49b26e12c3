"""Deriving a whole archive anew in steps, while pages are read ahead by whoever reads many at once."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass

from archive.apart import read_apart
from archive.compare import removed_text
from archive.errors import ArchiveError
from archive.look import Outcome
from archive.rebuild import Desk, looks_at, rebuild
from archive.rereading import ReextractReport, Snapshot, Tally, snapshot
from archive.shown import FetchRow, Shown, page_to_read, shown_by
from archive.whereabouts import mend
from extractors import Page, Reading

ReadMany = Callable[[Iterable[Page]], Iterator[Reading | None]]
"""Reads pages in their order; None stands for a page that could not be read."""

_STEP = 256
"""Looks derived in one transaction, more when one article has more."""

_SCOPE = """
SELECT target, count(*) FROM sightings WHERE target IN (
    SELECT s.target FROM sightings s JOIN fetches f ON f.id = s.fetch
    WHERE f.raw_key IS NOT NULL AND (:site IS NULL OR f.site = :site) AND (:since IS NULL OR f.started_at >= :since)
    UNION SELECT value FROM json_each(:mended))
GROUP BY target ORDER BY target
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which articles: all, those of a site, those seen since a time; ``dry_run`` undoes each step."""

    site: str | None
    since: str | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Sent:
    """A page on its way through a reader."""

    step: int
    target: int
    row: FetchRow
    page: Page


class _UndoneError(Exception):
    """Ends the transaction of a dry run."""


class Reextraction:
    """One pass over an archive. ``atomic`` makes a transaction; ``on_progress`` takes looks done and all looks."""

    def __init__(
        self,
        desk: Desk,
        atomic: Callable[[], AbstractContextManager[None]],
        scope: Scope,
        on_progress: Callable[[int, int], object],
    ) -> None:
        self._desk = desk
        self._atomic = atomic
        self._scope = scope
        self._on_progress = on_progress
        self._steps: list[dict[int, int]] = []
        self._sent: deque[_Sent] = deque()
        self._failed: dict[int, str] = {}
        self._crashed: list[str] = []
        self._tally = Tally()
        self.removed: dict[str, str] = {}
        """Bodies that show a text that was taken down, with the key of that text."""
        self._done = self._all = 0

    def run(self, read_pages: ReadMany | None) -> ReextractReport:
        """Derives everything in scope; ``read_pages`` None reads in this process.

        Raises ArchiveError for a site that the archive does not have.
        """
        self._steps = list(self._planned(self._mended()))
        self._all = sum(sum(step.values()) for step in self._steps)
        step, shown = 0, dict[int, Shown]()
        for reading in (read_pages or self._read)(self._pages()):
            sent = self._sent.popleft()
            while step < sent.step:
                self._derive(step, shown)
                step, shown = step + 1, {}
            if reading is None and sent.row.outcome == Outcome.EXTRACT_CRASH:
                self._crashed.append(sent.row.url)
                shown[sent.row.id] = shown_by(sent.row, sent.page, None)
            elif reading is None:
                self._failed[sent.target] = sent.row.url
            else:
                shown[sent.row.id] = shown_by(sent.row, sent.page, reading.article)
                self._note_removed(sent.row, reading)
        for rest in range(step, len(self._steps)):
            self._derive(rest, shown)
            shown = {}
        return self._report()

    def _note_removed(self, row: FetchRow, reading: Reading) -> None:
        text = reading.article and removed_text(self._desk.db, reading.article, self._desk.shorten)
        if text and row.raw_key:
            self.removed[row.raw_key] = text.key

    def _mended(self) -> set[int]:
        """The URL rows of looks that had lost their place; in a dry run they go on without."""
        self._check_site()
        if self._scope.dry_run:
            return set()
        with self._atomic():
            return mend(self._desk.db)

    def _planned(self, mended: set[int]) -> Iterator[dict[int, int]]:
        """The URL rows of each step with the numbers of their looks."""
        step: dict[int, int] = {}
        values = {"site": self._scope.site, "since": self._scope.since, "mended": json.dumps(sorted(mended))}
        for target, looks in self._desk.db.execute(_SCOPE, values).fetchall():
            step[target] = looks
            if sum(step.values()) >= _STEP:
                yield step
                step = {}
        if step:
            yield step

    def _check_site(self) -> None:
        names = [row[0] for row in self._desk.db.execute("SELECT name FROM sites ORDER BY name")]
        if self._scope.site is not None and self._scope.site not in names:
            known = ", ".join(names[:20]) or "none yet"
            raise ArchiveError(f"{self._scope.site!r} is no site of this archive; its sites: {known}")

    def _pages(self) -> Iterator[Page]:
        for number, step in enumerate(self._steps):
            for target in step:
                for row in looks_at(self._desk.db, target):
                    page = page_to_read(row, self._desk.read_body)
                    if page is not None:
                        self._sent.append(_Sent(number, target, row, page))
                        yield page

    def _read(self, pages: Iterable[Page]) -> Iterator[Reading | None]:
        """Each page as soon as it is asked for, in this process unless it crashed one before."""
        for page in pages:
            crashed = self._sent[-1].row.outcome == Outcome.EXTRACT_CRASH
            yield read_apart(page, self._desk.reader) if crashed else self._desk.reader(page)

    def _derive(self, step: int, shown: dict[int, Shown]) -> None:
        targets = self._steps[step].keys() - self._failed.keys()
        before: dict[int, Snapshot | None] = {}

        def note(target: int) -> None:
            if target not in before:
                before[target] = snapshot(self._desk.db, target)

        with suppress(_UndoneError), self._atomic():
            rebuild(self._desk, targets, shown, note)
            for target, old in before.items():
                self._tally.add(old, snapshot(self._desk.db, target))
            self._undo_if_dry()
        self._done += sum(self._steps[step].values())
        self._on_progress(self._done, self._all)

    def _undo_if_dry(self) -> None:
        if self._scope.dry_run:
            raise _UndoneError

    def _report(self) -> ReextractReport:
        sites = tuple(self._tally.sites[name] for name in sorted(self._tally.sites))
        return ReextractReport(
            dry_run=self._scope.dry_run,
            articles=sum(site.articles for site in sites),
            looks=self._all,
            changed=sum(site.changed for site in sites),
            sites=sites,
            largest=self._tally.largest,
            failed=(*self._failed.values(), *self._crashed),
        )
