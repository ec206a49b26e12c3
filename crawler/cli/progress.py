"""How a crawl shows itself: a live table on a terminal, plain lines in a pipe or a log. Both on stderr."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from archive import Outcome
from crawler.cli import paint
from crawler.events import Event, Fetched, Planned, Problem, SiteFinished, SiteStarted
from crawler.report import FINE

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from crawler import Observer

_ROWS = 20
"""Sites shown at once; those at work come first."""


@dataclass(slots=True)
class Score:
    """What happened at one site so far."""

    name: str
    due: int | None = None
    pages: int = 0
    new: int = 0
    edits: int = 0
    failures: int = 0
    bytes: int = 0
    finished: bool = False
    failed: str = ""
    troubles: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    ended: float | None = None

    def add(self, event: Fetched) -> None:
        """Counts one look; feeds and sitemaps count as traffic, not as pages."""
        self.bytes += event.bytes
        if event.kind != "article":
            if event.outcome not in {*FINE, Outcome.NO_ARTICLE}:
                self.troubles.append(_failure(event))
            return
        self.pages += 1
        self.new += event.outcome == Outcome.NEW
        self.edits += event.outcome == Outcome.CHANGED
        self.failures += event.outcome not in FINE

    @property
    def pace(self) -> float:
        """Pages a minute."""
        seconds = (self.ended or time.monotonic()) - self.started
        return 60 * self.pages / seconds if seconds > 0 else 0.0

    @property
    def state(self) -> str:
        """In a word or two."""
        if self.failed:
            return "could not be read"
        if self.finished:
            return "done"
        return "looking for articles" if self.due is None else f"{self.pages} of {self.due}"


class Scores:
    """An observer that keeps the score of every site."""

    def __init__(self) -> None:
        self.sites: dict[str, Score] = {}

    def event(self, event: Event) -> None:
        """Takes one event."""
        score = self.sites.setdefault(event.site, Score(event.site))
        if isinstance(event, SiteStarted):
            score.due = event.due
        elif isinstance(event, Fetched):
            score.add(event)
        elif isinstance(event, SiteFinished):
            score.finished, score.failed, score.ended = True, event.failed, time.monotonic()

    def told_at_the_end(self) -> Iterator[str]:
        """What went wrong around the articles of sites that could be read; of the others one line says it all."""
        for score in self.sites.values():
            if not score.failed:
                yield from (f"{score.name}: {trouble}" for trouble in score.troubles)


class Lines(Scores):
    """Plain lines: what a log should hold, one event each, and no line for a page that went well."""

    def event(self, event: Event) -> None:
        """Takes one event."""
        super().event(event)
        line = self._line(event)
        if line:
            click.echo(paint.plain(f"{event.site}: {line}"), err=True)

    def close(self) -> None:
        """One line for each site; only now are all its pages counted, for they are committed after they are read."""
        for line in self.told_at_the_end():
            click.echo(paint.plain(line), err=True)
        for score in self.sites.values():
            if not score.failed:
                edits, failures = paint.counted(score.edits, "edit"), paint.counted(score.failures, "failure")
                pages = f"{paint.counted(score.pages, 'page')}, {score.new:,} new"
                click.echo(paint.plain(f"{score.name}: {pages}, {edits}, {failures}"), err=True)

    def _line(self, event: Event) -> str:
        if isinstance(event, SiteStarted):
            return f"{paint.counted(event.due, 'article')} due" if event.due else ""
        if isinstance(event, Problem):
            return event.line
        if isinstance(event, Fetched) and event.kind == "article" and event.outcome not in FINE:
            return _failure(event)
        return ""


class Live(Scores):
    """A table that moves; what went wrong is kept for the end, where it can be read."""

    def event(self, event: Event) -> None:
        """Takes one event."""
        super().event(event)
        if isinstance(event, Problem):
            self.sites[event.site].troubles.append(event.line)

    def __rich__(self) -> "RenderableType":
        working = sorted(self.sites.values(), key=lambda score: (score.finished, -score.pages))
        headings = ("site", "state", "pages", "new", "edits", "failures", "pace", "received")
        made = paint.table(headings, [_row(score) for score in working[:_ROWS]])
        made.caption = f"and {len(working) - _ROWS} more sites" if len(working) > _ROWS else None
        return made


def _row(score: Score) -> tuple[object, ...]:
    counts = (score.pages, score.new, score.edits, score.failures)
    return (score.name, score.state, *counts, f"{score.pace:,.0f}/min", paint.size(score.bytes))


def _failure(event: Fetched) -> str:
    return f"{event.outcome} {event.url}" + (f" ({event.detail})" if event.detail else "")


@contextmanager
def watching(console: "Console", *, plan: bool = False) -> Iterator["Observer"]:
    """The observer that suits the console: live on a terminal, lines elsewhere; ``plan`` is for a dry run."""
    if plan:
        yield Plan()
        return
    if not console.is_terminal:
        lines = Lines()
        yield lines
        lines.close()
        return
    from rich.live import Live as Screen

    live = Live()
    with Screen(live, console=console, refresh_per_second=8, transient=False):
        yield live
    for line in live.told_at_the_end():
        console.print(paint.styled(line, "yellow"))


class Plan:
    """What a dry run prints: one line for each article, and for each site of which none is due."""

    def __init__(self) -> None:
        self.count = 0

    def event(self, event: Event) -> None:
        """Takes one event."""
        if isinstance(event, Planned):
            self.count += 1
            why = event.reason or "never visited"
            click.echo(paint.plain(f"{event.site}: would fetch {event.url} ({why})"), err=True)
        elif isinstance(event, Problem):
            click.echo(paint.plain(f"{event.site}: {event.line}"), err=True)
