"""``export``: versions of articles as files for other tools."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.moments import moment
from crawler.cli.settings import archive_option, config_option, console, json_option, note, open_to_read, print_json

if TYPE_CHECKING:
    from archive import ExportFormat, ExportReport

_FORMATS = ("text", "jsonl", "csv", "parquet", "warc")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="The form.")
@click.option("--query", metavar="SQL", help="Only what one SELECT gives: a column url, article or text_key.")
@click.option("--site", metavar="NAME", help="Only the articles of this site.")
@click.option("--since", callback=moment, metavar="DATE", help="Only versions seen since then (UTC).")
@click.option("--until", callback=moment, metavar="DATE", help="Only versions seen before then (UTC).")
@click.option("--opted-out", is_flag=True, help="Take the articles too whose pages asked not to be kept or mined.")
@click.option("--no-raw", is_flag=True, help="With the format text: leave the page bodies out.")
@click.option("--force", is_flag=True, help="Replace an earlier export of the same format and selection.")
@archive_option
@config_option
@json_option
def export_command(
    *,
    folder: Path,
    form: "ExportFormat",
    query: str | None,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    opted_out: bool,
    no_raw: bool,
    force: bool,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Write every version of every article, or those you choose, into the new folder DIR.

    The folder appears when it is whole. Its README.md says what it holds and what is missing, and SHA256SUMS checks
    it. The same archive and the same choice give the same bytes. A crawl may go on meanwhile.

    --query is one SELECT with one column, which is called url (of an article, or one that led to it), article (that
    is articles.id) or text_key. It can only read, and has a minute.

    \b
    Examples:
        presskeep export corpus/ --format text --site example
        presskeep export edits/ --format csv --query "SELECT DISTINCT url FROM changes WHERE kinds LIKE '%quote%'"
    """
    from archive import ExportRequest, Selection

    if no_raw and form != "text":
        raise click.UsageError(f"--no-raw is for --format text; {form} holds no page bodies that could be left out")
    selection = Selection(site=site, since=since, until=until, query=query, opted_out=opted_out)
    request = ExportRequest(format=form, selection=selection, raw=not no_raw, force=force)
    with open_to_read(archive_path, config_path) as archive, _stoppable(), _bar() as on_progress:
        report = archive.export(folder, request, on_progress=on_progress)
    _warn(report)
    if as_json:
        print_json(report.as_json())
        return
    articles, versions = paint.counted(report.articles, "article"), paint.counted(report.versions, "version")
    records = "" if report.records is None else f", {paint.counted(report.records, 'record')}"
    files = f"{paint.counted(report.files, 'file')} of {paint.size(report.bytes)}"
    click.echo(paint.plain(f"Exported {articles} in {versions}{records} to {report.path}: {files}."))


def _warn(report: "ExportReport") -> None:
    """What is not part of it, on stderr."""
    if report.opted_out:
        left = f"{paint.counted(report.opted_out, 'article')} left out whose pages opted out"
        note(f"presskeep: {left}; --opted-out takes them too")
    if report.damaged:
        left = paint.counted(report.damaged, "page body", "page bodies")
        note(f"presskeep: {left} could not be read and not exported; see what `presskeep verify` says")
    if report.unmatched:
        left = paint.counted(report.unmatched, "answer")
        note(f"presskeep: {left} of the query named nothing in this archive")


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM ends the work as Ctrl-C does, so that nothing half done is left."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; elsewhere silence."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    err = console(stderr=True)
    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TextColumn("versions"))
    with Progress(*columns, TimeRemainingColumn(), console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)
