"""``reextract``: stored pages read again under today's rules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.moments import moment
from crawler.cli.settings import archive_option, config_option, console, find_archive, json_option, note, print_json
from crawler.cli.shapes import shape

if TYPE_CHECKING:
    from archive import ReextractReport, Reread


@click.command()
@click.option("--site", metavar="NAME", help="Only the articles of this site.")
@click.option("--since", callback=moment, metavar="DATE", help="Only articles seen since then (UTC).")
@click.option("--dry-run", is_flag=True, help="Report what would change, and write nothing.")
@archive_option
@config_option
@json_option
def reextract_command(
    *,
    site: str | None,
    since: datetime | None,
    dry_run: bool,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Read all stored pages again under today's rules, and say what that changes.

    Articles, versions and events are derived anew from what was fetched, so that
    a better rule never looks like an edit. An interrupted run can be started again.

    Example:

        presskeep reextract --site example --dry-run
    """
    from archive import Archive, ArchiveError
    from crawler.rereading import Rereaders

    path = find_archive(archive_path, config_path)
    if not path.exists():
        raise ArchiveError(f"{path} does not exist; make it with a first crawl or import, or name another archive")
    with Archive(path) as archive, Rereaders() as readers, _bar() as on_progress:
        report = archive.reextract(site=site, since=since, dry_run=dry_run, read_pages=readers, on_progress=on_progress)
    for url in report.failed:
        note(paint.plain(f"presskeep: {url}: could not be read again; its article stays as it was"))
    if as_json:
        print_json(shape(report))
    else:
        _print(report)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; a log gets the report alone."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    err = console(stderr=True)
    columns = (TextColumn("reading again"), BarColumn(), MofNCompleteColumn(), TextColumn("looks"))
    with Progress(*columns, TimeRemainingColumn(), console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)


def _print(report: "ReextractReport") -> None:
    out = console()
    done = "Would change" if report.dry_run else "Changed"
    read = f"{paint.counted(report.articles, 'article')}, {paint.counted(report.looks, 'look')}"
    out.print(paint.styled(f"{done} {report.changed:,} of {read}.", "bold"))
    if report.sites:
        headings = ("site", "articles", "changed", "appeared", "disappeared", "merged", "split", "words", "")
        rows = [
            (
                one.site, one.articles, one.changed, one.appeared, one.disappeared, one.versions_merged,
                one.versions_split, f"+{one.words_gained:,}", f"-{one.words_lost:,}",
            )
            for one in report.sites
        ]  # fmt: skip
        out.print(paint.table(headings, rows))
    for reread in report.largest:
        _print_difference(reread)
    if report.dry_run:
        out.print(paint.styled("Nothing was written.", "dim"))


def _print_difference(reread: "Reread") -> None:
    from crawler.cli.differences import difference

    out = console()
    out.print(paint.styled(f"{reread.site} · {reread.article}", "bold cyan"))
    versions = f"versions {reread.versions_before} → {reread.versions_after}"
    out.print(paint.styled(f"{versions}, words +{reread.diff.words_added} -{reread.diff.words_removed}", "dim"))
    difference(out, reread.diff)
    out.print()
