"""``import``: old pages and text dumps into the archive."""

from pathlib import Path

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, json_option, note, open_to_write, print_json


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH …", type=click.Path(path_type=Path, exists=True))
@click.option("--no-extract", is_flag=True, help="Keep the bodies only; read no articles from them.")
@archive_option
@config_option
@json_option
def import_command(
    *, paths: tuple[Path, ...], no_extract: bool, archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Read files and folders of text dumps and HTML pages into the archive.

    A file that is there already is skipped. A folder may hold a `urls.csv` with
    the columns file and url; a dump without a URL is kept under `import:` and its key.

    Example:

        presskeep import old-pages/ --archive archive.db
    """
    from archive import import_paths

    with open_to_write(archive_path, config_path) as archive:
        report = import_paths(archive, paths, extract=not no_extract)
    for problem in report.problems:
        note(f"presskeep: {problem.file}: {problem.found}; {problem.cure}")
    if as_json:
        print_json(report.as_json())
        return
    new = ", ".join(f"{number:,} {table}" for table, number in report.new if number) or "nothing new"
    failed = f", {paint.counted(len(report.problems), 'file')} could not be read" if report.problems else ""
    click.echo(f"Imported: {new}; {paint.counted(report.skipped, 'file')} skipped{failed}.")
