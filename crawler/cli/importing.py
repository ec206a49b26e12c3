"""``import``: old pages, text dumps, WARC files and lists of URLs into the archive."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import (
    archive_option,
    config_option,
    console,
    json_option,
    note,
    open_to_write,
    print_json,
    read_config,
)

if TYPE_CHECKING:
    from archive import Archive, ImportReport
    from crawler import Config


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH …", type=click.Path(path_type=Path))
@click.option("--no-extract", is_flag=True, help="Keep the bodies only; `presskeep reextract` reads them later.")
@archive_option
@config_option
@json_option
def import_command(
    *, paths: tuple[Path, ...], no_extract: bool, archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Read text dumps, HTML pages and WARC files into the archive, alone or in folders.

    What is there already is skipped, so that an import which was ended goes on. A
    folder may hold a `urls.csv` with the columns file and url, and first_seen where it
    is known; a dump without a URL is kept under `import:` and its key. Text and HTML
    may be packed (.gz). Of a WARC, each response becomes a look at the time of its
    record.

    A list of URLs (a line each, or CSV or JSONL with the column url) is not read but
    handed to the crawler: each URL is due at the next crawl of its site.

    Examples:

    \b
        presskeep import old-pages/ --archive archive.db
        presskeep import crawl.warc.gz --no-extract
        presskeep import urls.txt
    """
    from crawler.urllists import is_url_list

    for path in paths:
        if not path.exists():
            raise click.UsageError(f"{path} does not exist; check its name")
    lists = [path for path in paths if path.is_file() and is_url_list(path)]
    others = [path for path in paths if path not in lists]
    config = read_config(config_path) if lists else None
    with open_to_write(archive_path, config_path) as archive:
        reports = [_files(archive, others, extract=not no_extract)] if others else []
        if config is not None:
            reports.append(_lists(archive, config, lists))
    new: dict[str, int] = {}
    for table, number in (pair for report in reports for pair in report.new):
        new[table] = new.get(table, 0) + number
    problems = [problem for report in reports for problem in report.problems]
    skipped = sum(report.skipped for report in reports)
    for problem in problems:
        note(paint.plain(f"presskeep: {problem.file}: {problem.found}; {problem.cure}"))
    if as_json:
        errors = [{"file": one.file, "found": one.found, "cure": one.cure} for one in problems]
        print_json({"new": new, "skipped": skipped, "errors": errors})
        return
    told = paint.rows(new.items()) or "nothing new"
    failed = f", {paint.counted(len(problems), 'problem')}" if problems else ""
    click.echo(f"Imported: {told}; {skipped:,} known before{failed}.")


def _files(archive: "Archive", paths: Sequence[Path], *, extract: bool) -> "ImportReport":
    """Many pages are read on all cores; for a file or two, processes are not worth their start."""
    from archive import import_paths
    from crawler.rereading import Rereaders

    is_much = any(path.is_dir() or ".warc" in path.suffixes for path in paths)
    readers = Rereaders() if extract and is_much else nullcontext()
    with readers as read_pages, _bar() as on_progress:
        return import_paths(archive, paths, extract=extract, read_pages=read_pages, on_progress=on_progress)


def _lists(archive: "Archive", config: "Config", paths: Sequence[Path]) -> "ImportReport":
    from archive import ImportReport
    from crawler.urllists import import_list

    run = archive.start_run("import", config_digest=config.digest)
    reports = [import_list(archive, config, path, run) for path in paths]
    archive.finish_run(run)
    return ImportReport(
        run=run,
        new=(("discoveries", sum(one.discoveries for one in reports)), ("due", sum(one.due for one in reports))),
        skipped=sum(one.skipped for one in reports),
        problems=tuple(problem for one in reports for problem in one.problems),
    )


@contextmanager
def _bar() -> Iterator[Callable[[Path, int], None]]:
    """The file that is read, and how far, on a terminal; a log gets the report alone."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    err = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task("importing", total=None)
        last: list[Path] = []

        def show(path: Path, done: int) -> None:
            if last != [path]:
                last[:] = [path]
                size = path.stat().st_size if path.is_file() else None
                progress.reset(task, description=paint.plain(path.name), total=size)
            progress.update(task, completed=done)

        yield show
