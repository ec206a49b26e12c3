"""``merge`` and ``forget``: many archives into one, and pages out of it for good."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, console, find_archive, json_option, note, print_json

_NOT_UNITED = 5


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE …", type=click.Path(path_type=Path))
@click.option("--into", required=True, metavar="PATH", type=click.Path(path_type=Path), help="The archive to fill.")
@json_option
def merge_command(*, files: tuple[Path, ...], into: Path, as_json: bool) -> int:
    """Unite archives: every fact of each FILE goes into the archive at --into, which may exist.

    The FILEs are only read. Order and repetition change nothing. The exit code is 5 when something could not be
    united; it is named, and all else is merged.

    Example:

        presskeep merge paris.db delhi.db --into all.db
    """
    from archive import Archive

    for file in files:
        Archive(file, read_only=True).close()
    with Archive(into) as archive, _progress(files) as seen:
        report = archive.merge(files, seen=seen)
    for problem in report.problems:
        note(f"presskeep: {problem.file}: {problem.found}; {problem.cure}")
    if as_json:
        print_json(report.as_json())
    else:
        new = paint.rows(report.new) or "nothing new"
        click.echo(f"Merged into {into}: {new}; {paint.counted(report.skipped, 'look')} known before.")
    return _NOT_UNITED if report.problems else 0


@click.command()
@click.argument("name", metavar="URL|KEY")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the archive as long as it lives.")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@archive_option
@config_option
@json_option
def forget_command(
    *, name: str, reason: str, dry_run: bool, archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Remove the pages behind a URL, or behind the key of an article, text or body, for good.

    Bodies, texts and headlines that only they had leave the file; digests and the
    reason stay, and keep the same bytes and the same text from coming back.

    Example:

        presskeep forget https://news.example.com/story --reason "court order 17/26"
    """
    from archive import Archive

    if not reason.strip():
        raise click.UsageError("--reason is empty; say why the page has to go")
    path = find_archive(archive_path, config_path)
    Archive(path, read_only=True).close()
    with Archive(path) as archive, _working("forgetting, and rewriting the file"):
        removal = archive.forget(name, reason, dry_run=dry_run)
    if as_json:
        print_json(removal.as_json())
        return
    gone = paint.rows(removal.gone) or "no derived rows"
    verb = "Would forget" if dry_run else "Forgot"
    bodies = paint.counted(len(removal.keys), "body", "bodies")
    click.echo(f"{verb} {bodies} ({paint.counted(removal.bytes, 'byte')}): {gone}.")


@contextmanager
def _working(what: str) -> Iterator[None]:
    """That something goes on, on a terminal only."""
    screen = console(stderr=True)
    with screen.status(what) if screen.is_terminal else nullcontext():
        yield


@contextmanager
def _progress(files: tuple[Path, ...]) -> Iterator[Callable[[Path], None] | None]:
    """Which source is being merged and how many are done, on a terminal only."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    waiting = [file.name for file in files]
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(waiting.pop(0), total=len(files))
        yield lambda _path: bar.update(task, advance=1, description=waiting.pop(0) if waiting else "done")
