"""Looks from files on their way into an archive: read by whoever reads many pages, written in order, in batches."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive import keys
from archive.errors import ArchiveError
from archive.importing.report import ImportProblem
from archive.look import Look, Outcome
from archive.reextract import ReadMany
from archive.shown import READABLE
from archive.store import Archive
from extractors import ExtractorError, Page, Reading, moment_text, optouts

BATCH = 100
"""Looks in one transaction."""

SECONDS = 5.0
"""How long a look waits at most to be committed with others."""

NAMED = 1000
"""So many problems of one file are named; the others are counted."""

_QUIET = 256  # looks without a page to read after which an empty page goes to the readers, so that answers keep coming
_FILLER = Page(url="about:blank", body=b"")

_READ_HERE = READABLE - {Outcome.EXTRACT_CRASH}
"""A page that ended its reader once is left to a later ``reextract``, which reads it in a process of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a place of a file gives: a look, the news that it is in the archive already, or a problem.

    ``place`` names it for a person; ``at`` is how many bytes of ``path`` are done with it. ``wants_reading`` tells that
    the article of the look's page is still to be read; ``decides`` that its reading decides the outcome too. ``key`` is
    that of its body, where records behind it may repeat the body; ``last`` tells that the file is done.
    """

    path: Path
    place: str
    at: int = 0
    look: Look | None = None
    known: bool = False
    problem: ImportProblem | None = None
    wants_reading: bool = False
    decides: bool = False
    key: str | None = None
    last: bool = False
    cure: str = "look at the file"


class Intake:
    """One import under way. ``read_pages`` None stores pages without reading them."""

    def __init__(
        self,
        archive: Archive,
        run: str,
        read_pages: ReadMany | None,
        on_offer: Callable[[Offer], object],
    ) -> None:
        self._archive = archive
        self._run = run
        self._read_pages = read_pages
        self._on_offer = on_offer
        self._flying: dict[str, bytes] = {}
        self._flights: Counter[str] = Counter()
        self._faults: Counter[Path] = Counter()
        self.skipped = 0
        self.problems: list[ImportProblem] = []

    def take(self, offers: Iterable[Offer]) -> None:
        """Writes all that is offered; problems are kept, and nothing but the archive's own failure is raised."""
        lifted = self._lifted(offers)
        ready = lifted if self._read_pages is None else self._read(lifted, self._read_pages)
        while batch := _batch(ready):
            with self._archive.atomic():
                for offer in batch:
                    self._write(offer)
            for offer in batch:
                self._on_offer(offer)
        for path, faults in self._faults.items():
            if faults > NAMED:
                found = f"{faults - NAMED} more problems are not named"
                self.problems.append(ImportProblem(file=str(path), found=found, cure="mend the first ones"))

    def known(self, look: Look) -> bool:
        """Whether a look is in the archive: from the same place, or at the same URL and time from another import."""
        return self._from_there(look) or self._seen_then(look)

    def body(self, key: str) -> bytes | None:
        """A body of the archive, or of a look that is still on its way into it; None when there is none."""
        if key in self._flying:
            return self._flying[key]
        try:
            return self._archive.raw(key)
        except ArchiveError:
            return None

    def _from_there(self, look: Look) -> bool:
        """With the same body, where the look has one: a file of the same name may hold another page."""
        sql = "SELECT raw_key FROM fetches WHERE source = ? AND url = ?"
        keys_there = {row[0] for row in self._archive.db.execute(sql, (look.source, look.url)).fetchall()}
        if look.page is None or not keys_there or None in keys_there:
            return bool(keys_there)
        return keys.raw_key(look.page.body) in keys_there

    def _seen_then(self, look: Look) -> bool:
        sql = "SELECT 1 FROM fetches WHERE url = ? AND started_at = ? AND kind = ? AND run <> ? LIMIT 1"
        values = (look.url, moment_text(look.started_at), look.kind, self._run)
        return self._archive.db.execute(sql, values).fetchone() is not None

    def _lifted(self, offers: Iterable[Offer]) -> Iterator[Offer]:
        for offer in offers:
            if offer.key is not None and offer.look is not None and offer.look.page is not None:
                self._flying[offer.key] = offer.look.page.body
                self._flights[offer.key] += 1
            yield offer

    def _land(self, key: str) -> None:
        self._flights[key] -= 1
        if not self._flights[key]:
            del self._flying[key], self._flights[key]

    def _read(self, offers: Iterable[Offer], read_pages: ReadMany) -> Iterator[Offer]:
        """The offers in their order, those that want it with what was read."""
        waiting: deque[Offer | None] = deque()
        for reading in read_pages(_pages(offers, waiting)):
            while True:
                offer = waiting.popleft()
                if offer is not None:
                    yield _with_reading(offer, reading) if offer.wants_reading else offer
                if offer is None or offer.wants_reading:
                    break
        yield from (offer for offer in waiting if offer is not None)

    def _write(self, offer: Offer) -> None:
        if offer.problem is not None:
            self._note(offer.path, offer.problem)
        elif offer.known:
            self.skipped += 1
        elif offer.look is not None:
            self._add(offer, offer.look)

    def _add(self, offer: Offer, look: Look) -> None:
        if offer.key is not None:
            self._land(offer.key)
        if self._from_there(look):
            self.skipped += 1
            return
        try:
            with self._archive.atomic():  # what a foreign record breaks is taken back alone
                self._archive.add(look, self._run)
        except (ExtractorError, ArchiveError, ValueError) as error:
            self._note(offer.path, ImportProblem(file=offer.place, found=str(error), cure=offer.cure))

    def _note(self, path: Path, problem: ImportProblem) -> None:
        self._faults[path] += 1
        if self._faults[path] <= NAMED:
            self.problems.append(problem)


def _batch(ready: Iterator[Offer]) -> list[Offer]:
    """What is committed together: a full batch, or what came in some seconds."""
    batch: list[Offer] = []
    began = time.monotonic()
    for offer in ready:
        batch.append(offer)
        if len(batch) == BATCH or time.monotonic() - began > SECONDS:
            break
    return batch


def _pages(offers: Iterable[Offer], waiting: deque[Offer | None]) -> Iterator[Page]:
    """The pages to read; ``waiting`` fills with all offers, and with None for an empty page."""
    quiet = 0
    for offer in offers:
        waiting.append(offer)
        quiet += 1
        if offer.wants_reading and offer.look is not None and offer.look.page is not None:
            quiet = 0
            yield offer.look.page
        elif quiet == _QUIET:
            quiet = 0
            waiting.append(None)
            yield _FILLER


def wants_reading(look: Look) -> bool:
    """Whether there is an article to be read in a look's page."""
    return look.kind == "article" and look.page is not None and look.outcome in _READ_HERE


def stored_unread(look: Look) -> Look:
    """A look whose page nobody reads now: the wishes in its headers are recorded all the same."""
    if look.page is None or look.optouts:
        return look
    return replace(look, optouts=optouts(look.page))


def _with_reading(offer: Offer, reading: Reading | None) -> Offer:
    look = offer.look
    assert look is not None
    if reading is None:
        outcome = Outcome.EXTRACT_CRASH if offer.decides else look.outcome
        return replace(offer, look=replace(look, outcome=outcome, error=look.error or "its page could not be read"))
    outcome = Outcome.NOT_HTML if offer.decides and reading.reason == "not-html" else look.outcome
    wishes = look.optouts or reading.optouts
    return replace(offer, look=replace(look, outcome=outcome, article=reading.article, optouts=wishes))
