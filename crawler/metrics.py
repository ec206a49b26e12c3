"""Counters and gauges of crawls in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

An observer: what it counts are the events of events.py and the report of each run. Counters go on over the rounds of a
watch.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time

from archive import Outcome
from crawler.events import Event, Fetched, Problem, SiteFinished, SiteStarted
from crawler.report import CrawlReport

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SERIES: Mapping[str, tuple[str, str]] = {
    "presskeep_looks_total": ("counter", "Looks committed, by site, kind of page and outcome."),
    "presskeep_received_bytes_total": ("counter", "Bytes of bodies as they came over the wire."),
    "presskeep_stored_bytes_total": ("counter", "Bytes of bodies as they were added to the archive."),
    "presskeep_request_seconds_total": ("counter", "Time of the last request of each look."),
    "presskeep_new_articles_total": ("counter", "Articles seen for the first time."),
    "presskeep_edits_total": ("counter", "New versions of known articles."),
    "presskeep_problems_total": ("counter", "Problems told that cost no page, hooks that failed among them."),
    "presskeep_site_failures_total": ("counter", "Runs in which nothing of a site could be read."),
    "presskeep_articles_waiting": ("gauge", "Articles of this run that are due and not committed yet."),
    "presskeep_site_up": ("gauge", "1 when something of the site could be read in its latest run, else 0."),
    "presskeep_frontier_articles": ("gauge", "Articles that are known and not gone, after the last run."),
    "presskeep_frontier_overdue_articles": ("gauge", "Those that were due when the last run began, and still are."),
    "presskeep_runs_total": ("counter", "Runs that ended."),
    "presskeep_run_seconds_total": ("counter", "Seconds that these runs took."),
    "presskeep_running": ("gauge", "1 while a run is under way."),
    "presskeep_last_run_timestamp_seconds": ("gauge", "When the last run ended, in seconds since 1970."),
}
"""Every series with its type and meaning. Those of sites have the label ``site``."""

_SAMPLE = re.compile(r"^(presskeep_\w+)(?:\{(.*)\})? (\d[\d.e+-]*)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """What was counted. ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._values: dict[str, dict[Labels, float]] = {name: defaultdict(float) for name in SERIES}
        for name in ("presskeep_runs_total", "presskeep_run_seconds_total", "presskeep_running"):
            self._values[name][()] = 0.0

    def event(self, event: Event) -> None:
        """Counts one event."""
        site = (("site", event.site),)
        if isinstance(event, SiteStarted):
            self._set("articles_waiting", event.due, site)
        elif isinstance(event, SiteFinished):
            self._set("site_up", not event.failed, site)
            self._add("site_failures_total", bool(event.failed), site)
        elif isinstance(event, Problem):
            self._add("problems_total", 1, site)
        elif isinstance(event, Fetched):
            self._count(event, site)

    def began(self) -> None:
        """A run begins."""
        self._set("running", 1)

    def ended(self, report: CrawlReport | None = None, frontier: Mapping[str, tuple[int, int]] | None = None) -> None:
        """A run ended; ``frontier`` gives the known and the overdue articles of each site. No report: it broke off."""
        self._set("running", 0)
        for labels in self._values["presskeep_articles_waiting"]:
            self._set("articles_waiting", 0, labels)
        if report is not None:
            self._add("runs_total", 1)
            self._add("run_seconds_total", report.seconds)
            self._set("last_run_timestamp_seconds", self._clock())
        for site, (known, overdue) in (frontier or {}).items():
            self._set("frontier_articles", known, (("site", site),))
            self._set("frontier_overdue_articles", overdue, (("site", site),))

    def restore(self, path: Path) -> None:
        """Takes the counters of a file that an earlier run wrote, so that they go on and do not begin again."""
        with suppress(FileNotFoundError):
            for name, labels, value in _SAMPLE.findall(path.read_text("utf-8", "replace")):
                if SERIES.get(name, ("",))[0] == "counter":
                    pairs = tuple((key, _unescaped(text)) for key, text in _LABEL.findall(labels))
                    self._values[name][pairs] += float(value)

    def text(self) -> str:
        """All series that have a value."""
        return "".join(self._lines())

    def write(self, path: Path) -> None:
        """Replaces a file of the textfile collector, whole or not at all."""
        new = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            new.write_text(self.text(), "utf-8")
            new.replace(path)
        finally:
            with suppress(FileNotFoundError):
                new.unlink()

    def _count(self, event: Fetched, site: Labels) -> None:
        self._add("looks_total", 1, (*site, ("kind", event.kind), ("outcome", event.outcome)))
        self._add("received_bytes_total", event.bytes, site)
        self._add("stored_bytes_total", event.stored_bytes, site)
        self._add("request_seconds_total", event.ms / 1000, site)
        if event.kind == "article":
            self._add("new_articles_total", event.outcome == Outcome.NEW, site)
            self._add("edits_total", event.outcome == Outcome.CHANGED, site)
            waiting = self._values["presskeep_articles_waiting"]
            waiting[site] = max(0.0, waiting[site] - 1)

    def _add(self, name: str, value: float, labels: Labels = ()) -> None:
        self._values[f"presskeep_{name}"][labels] += value

    def _set(self, name: str, value: float, labels: Labels = ()) -> None:
        self._values[f"presskeep_{name}"][labels] = float(value)

    def _lines(self) -> Iterator[str]:
        for name, (kind, meaning) in SERIES.items():
            if not self._values[name]:
                continue
            yield f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n"
            for labels, value in sorted(self._values[name].items()):
                shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
                yield f"{name}{{{shown}}} {_number(value)}\n" if shown else f"{name} {_number(value)}\n"


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(round(value, 6))
