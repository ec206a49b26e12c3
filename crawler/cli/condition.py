"""``stats --health``: how each site has been doing, for people and as JSON."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from crawler.cli import paint
from crawler.cli.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from archive import SiteHealth

_CAUSES = 3  # that are named in the table


def health_shape(sites: "Sequence[SiteHealth]") -> list[dict[str, Any]]:
    """The document of ``stats --health --json``: numbers by kind of page and by outcome are objects."""
    return [_shape(site) for site in sites]


def print_health(out: "Console", sites: "Sequence[SiteHealth]") -> None:
    """A row for each site, and a line for each source that could not be read in these days."""
    headings = (
        "site", "last success (UTC)", "looks", "failed", "mostly", "median ms", "requests a day", "drift",
        "quarantined", "grown",
    )  # fmt: skip
    rows = [_row(site) for site in sites]
    out.print(paint.table(headings, rows, title="The last 7 days; growth in the last 30"))
    for site in sites:
        for dead in site.dead_sources:
            last = f"was last read {_minute(dead.last_read)} UTC" if dead.last_read else "has never been read"
            line = f"{site.site}: {dead.kind} {dead.url} {last}: {dead.reason}"
            out.print(paint.styled(line, "yellow"))


def _shape(site: "SiteHealth") -> dict[str, Any]:
    told = {field.name: shape(getattr(site, field.name)) for field in fields(site)}
    kinds = {one.kind: {"looks": one.looks, "failures": one.failures} for one in site.kinds}
    return told | {"kinds": kinds, "failures": dict(site.failures)}


def _row(site: "SiteHealth") -> tuple[object, ...]:
    mostly = ", ".join(outcome for outcome, _ in site.failures[:_CAUSES])
    drift = "" if site.drift is None else f"{site.drift:.1%}"
    return (
        site.site, _minute(site.last_success), site.looks, site.failed, mostly,
        "" if site.median_ms is None else site.median_ms, site.requests_per_day, drift, site.quarantined,
        paint.size(site.grown_bytes),
    )  # fmt: skip


def _minute(time: str | None) -> str:
    return time[:16].replace("T", " ") if time else "never"
