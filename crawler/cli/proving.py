"""``verify`` and ``evidence``: that an archive is what it says, for its owner and for others."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import (
    archive_option,
    config_option,
    console,
    find_archive,
    json_option,
    note,
    open_to_read,
    print_json,
)
from crawler.cli.shapes import shape

if TYPE_CHECKING:
    from archive import DayRoot, VerifyReport

DAMAGED = 5
"""The exit code of a verification that found damage."""


@click.command()
@click.option("--deep", is_flag=True, help="Read every page again too, and compare what follows from it.")
@click.option(
    "--root",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Only print the root over the runs that finished on this day (UTC).",
)
@archive_option
@config_option
@json_option
@click.pass_context
def verify_command(
    ctx: click.Context,
    *,
    deep: bool,
    day: datetime | None,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Compute every digest again, and say what is wrong, where, and what helps.

    Exits with 5 when something is damaged. A crawl may go on meanwhile, except
    with --deep, which takes the place of the one writer but changes nothing.

    Example:

        presskeep verify --deep --archive archive.db
    """
    if day is not None and deep:
        raise click.UsageError("--root only prints a root; leave --deep out")
    if day is not None:
        with open_to_read(archive_path, config_path) as archive:
            _print_root(archive.day_root(day.date()), as_json=as_json)
        return
    report = _verified(find_archive(archive_path, config_path), deep=deep)
    if as_json:
        print_json(report.as_json())
    else:
        _print_report(report)
    if not report.ok:
        ctx.exit(DAMAGED)


def _verified(path: Path, *, deep: bool) -> "VerifyReport":
    """The report; an archive so damaged that SQLite cannot open it is one problem."""
    from archive import Archive, NotAnArchive, Problem, VerifyReport

    try:
        with Archive(path, read_only=not deep or not path.exists()) as archive, _progress() as seen:
            return archive.verify(deep=deep, seen=seen)
    except NotAnArchive as error:
        if not isinstance(error.__cause__, sqlite3.DatabaseError):
            raise
        problem = Problem(kind="unreadable", where=f"{path}: {error.__cause__}", cure="restore the file from a copy")
        return VerifyReport(checked=(), problems=(problem,))


@click.command()
@click.argument("name", metavar="URL|KEY")
@click.option(
    "--zip",
    "out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="The zip to write.",
)
@archive_option
@config_option
@json_option
def evidence_command(
    *, name: str, out: Path, archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Hand over one article: bodies, texts, diffs, every look, and a script that checks them.

    The receiver unpacks the zip and runs `python3 -I check.py`, which needs nothing
    but Python 3.9 or later. The same archive always gives the same zip.

    Example:

        presskeep evidence https://news.example/story --zip story.zip
    """
    with open_to_read(archive_path, config_path) as archive:
        report = archive.evidence(name, out)
    for key, sha256, reason in report.missing:
        note(f"presskeep: body {key} is not part of it ({reason}); its SHA-256 {sha256} is")
    if as_json:
        print_json({field: value for field, value in shape(report).items() if field != "path"} | {"zip": str(out)})
        return
    counts = ", ".join(
        (
            paint.counted(report.looks, "look"),
            paint.counted(report.versions, "version"),
            paint.counted(report.raws, "page body", "page bodies"),
        )
    )
    click.echo(paint.plain(f"{out}: {counts} of {report.url}"))
    click.echo("To check it: unpack it and run `python3 -I check.py`.")


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None] | None]:
    """What is checked now and how far it is, on a terminal; silent elsewhere."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task("verifying")
        counts: dict[str, int] = {}

        def seen(table: str, rows: int) -> None:
            counts[table] = counts.get(table, 0) + rows
            progress.update(task, description=f"{table}: {counts[table]:,}")

        yield seen


def _print_report(report: "VerifyReport") -> None:
    for problem in report.problems:
        click.echo(paint.plain(f"{problem.kind}: {problem.where}\n    cure: {problem.cure}"))
    checked = paint.rows(report.checked) or "nothing"
    click.echo(f"Checked: {checked}.")
    click.echo("All well." if report.ok else "This archive is damaged.")


def _print_root(found: "DayRoot", *, as_json: bool) -> None:
    if as_json:
        runs = [{"run": run, "root": root} for run, root in found.runs]
        print_json({"day": found.day.isoformat(), "root": found.root, "runs": runs})
    else:
        click.echo(found.root)
