"""Where a crawl is heard: a table or lines for people, JSON lines for a log, metrics for a monitor."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.settings import console, note
from crawler.events import Event, Observer
from crawler.jsonlog import JsonLog, captured
from crawler.metrics import Metrics
from crawler.metricserver import Address, place, serving
from crawler.outlook import Outlook, outlook

if TYPE_CHECKING:
    from crawler import Config, CrawlOptions, CrawlReport


@dataclass(frozen=True, slots=True)
class Both:
    """Two observers as one."""

    first: Observer
    second: Observer

    def event(self, event: Event) -> None:
        """Gives an event to both."""
        self.first.event(event)
        self.second.event(event)


class Outlets:
    """What ``--log-json`` and ``--metrics`` ask for. Raises ConfigError for a place where no metrics can be."""

    def __init__(self, *, log_json: bool = False, metrics: str | None = None) -> None:
        self.log = JsonLog(lambda line: click.echo(line, err=True)) if log_json else None
        self.place = place(metrics) if metrics else None
        self.metrics = Metrics() if metrics else None
        if isinstance(self.place, Path) and self.metrics is not None:
            _check(self.place)
            self.metrics.restore(self.place)

    def say(self, level: str, line: str) -> None:
        """One line that is no event of a crawl."""
        if self.log is not None:
            self.log.note(level, "note", line=line)
        else:
            note(f"presskeep: {line}")

    @contextmanager
    def observer(self, *, plan: bool = False, service: bool = False) -> Iterator[Observer]:
        """The observer of one run; ``plan`` is for a dry run, ``service`` for a round of a watch."""
        with self._shown(plan=plan, service=service) as shown:
            yield Both(self.metrics, shown) if self.metrics else shown

    @contextmanager
    def _shown(self, *, plan: bool, service: bool) -> Iterator[Observer]:
        from crawler.cli.progress import Lines, watching

        if self.log is not None:
            yield self.log
        elif service:
            yield (lines := Lines(quiet=True))
            lines.close()
        else:
            with watching(console(stderr=True), plan=plan) as shown:
                yield shown

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serves the metrics and keeps the log to itself, as far as there are any."""
        async with AsyncExitStack() as stack:
            if self.log is not None:
                stack.enter_context(captured(self.log))
            if self.metrics is not None and isinstance(self.place, Address):
                address = await stack.enter_async_context(serving(self.place, self.metrics.text))
                self.say("info", f"metrics at http://{address.shown}/metrics")
            yield

    async def run(
        self, config: "Config", options: "CrawlOptions", observer: Observer, stop: asyncio.Event | None = None
    ) -> "tuple[CrawlReport, Outlook]":
        """One crawl, counted and logged; and what is due after it."""
        from crawler import crawl

        began, report, after = datetime.now(UTC), None, Outlook()
        if self.metrics is not None and not options.dry_run:
            self.metrics.began()
        try:
            report = await crawl(config, options=options, observer=observer, stop=stop)
            if not options.dry_run and (self.metrics is not None or stop is not None):
                sites = options.sites or tuple(site.name for site in config.sites)
                counted = self.metrics is not None
                after = await asyncio.to_thread(outlook, config.archive_path, sites, after=began, counted=counted)
        finally:
            self._ended(report, after, options)
        return report, after

    def _ended(self, report: "CrawlReport | None", after: Outlook, options: "CrawlOptions") -> None:
        if self.log is not None and report is not None:
            self.log.note("info", "run-finished", **asdict(report))
        if self.metrics is None or options.dry_run:
            return
        self.metrics.ended(report, after.sites)
        if isinstance(self.place, Path):
            try:
                self.metrics.write(self.place)
            except OSError as error:
                self.say("error", f"--metrics: {self.place} cannot be written ({error.strerror})")


def _check(path: Path) -> None:
    if not path.parent.is_dir():
        raise click.UsageError(f"--metrics: {path.parent} is no folder; make it or name another")
