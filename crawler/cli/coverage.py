"""``coverage``: how much of what the sites announced is in the archive, and where the gaps are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, console, json_option, open_to_read, print_json
from crawler.cli.shapes import shape

if TYPE_CHECKING:
    from archive import DayCoverage

_DAYS = 14
_STYLES = {"outage": "bold red", "unwatched": "bold yellow"}
_WORDS = {
    "outage": "outage: no feed or sitemap could be read",
    "unwatched": "unwatched: no feed or sitemap was asked",
    "quiet": "quiet: nothing was announced",
}


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE …]")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help=f"From this day (UTC) on. Default: {_DAYS} days ago.",
)
@archive_option
@config_option
@json_option
def coverage_command(
    *,
    sites: tuple[str, ...],
    since: datetime | None,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Compare what feeds and sitemaps announced with what was archived, by site and day.

    Days with a gap are marked: articles that failed or wait for a first look, days
    on which no feed or sitemap of a site could be read (outage), or none was asked
    (unwatched). A quiet day is none: they were read, and announced nothing.

    Example:

        presskeep coverage --since 2026-11-01
    """
    first = since.date() if since else datetime.now(UTC).date() - timedelta(days=_DAYS)
    with open_to_read(archive_path, config_path) as archive:
        known = {row[0] for row in archive.db.execute("SELECT name FROM sites")}
        unknown = [site for site in sites if site not in known]
        if unknown:
            cure = f"there are {', '.join(sorted(known))}" if known else "there is none in this archive"
            raise click.UsageError(f"{unknown[0]!r} is no site of this archive; {cure}")
        days = list(archive.coverage(sites, since=first))
    if as_json:
        print_json([shape(day) for day in days])
    else:
        _print(days, first.isoformat())


def _print(days: Sequence["DayCoverage"], since: str) -> None:
    if not days:
        click.echo(f"Nothing was announced, and no feed or sitemap was asked, since {since}.")
        return
    made = paint.table(("site", "day", "expected", "archived", "failed", "opted out", "waiting", ""), [])
    for day in days:
        numbers = (day.expected, day.archived, day.failed, day.opted_out, day.waiting)
        told = [_WORDS[day.state]] if day.state in _WORDS else []
        told += ["gap"] if day.is_gap and day.failed + day.waiting else []
        style = _STYLES.get(day.state, "yellow" if day.is_gap else "")
        cells = (day.site, day.day, *map(str, numbers), "; ".join(told))
        made.add_row(*(paint.styled(cell, style) for cell in cells))
    console().print(made)
    gaps = sum(day.is_gap for day in days)
    click.echo(f"{paint.counted(gaps, 'day')} with a gap of {len(days):,}." if gaps else "No gaps.")
