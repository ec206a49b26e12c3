"""``publish``: a copy of an archive for everybody to read."""

import shlex
from pathlib import Path

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, json_option, open_to_read, print_json

_SETTINGS = {
    "default_allow_sql": "off",
    "sql_time_limit_ms": "1000",
    "facet_time_limit_ms": "200",
    "suggest_facets": "off",
    "max_returned_rows": "1000",
    "allow_csv_stream": "off",
    "allow_download": "off",
}
"""What keeps one visitor from costing the others their time; the names hold for Datasette 0.65 and 1.0."""

COPYRIGHT = (
    "The texts and headlines belong to their publishers. Before you publish this copy, make sure that you may:"
    " by law, by licence or by consent."
)


@click.command()
@click.argument("out", metavar="OUT.db", type=click.Path(path_type=Path))
@click.option("--raw", "raws", is_flag=True, help="With the bodies of pages; else only their digests.")
@click.option(
    "--opted-out",
    is_flag=True,
    help="With articles whose pages ask not to be kept, found or mined; you need their publishers' consent.",
)
@click.option("--force", is_flag=True, help="Replace OUT.db when it exists.")
@archive_option
@config_option
@json_option
def publish_command(
    *,
    out: Path,
    raws: bool,
    opted_out: bool,
    force: bool,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Write a copy of the archive for everybody to read, and say how to serve it.

    Left out are: forgotten and opted-out articles, wherever they show; bodies of
    pages; what tells of your machines and of how you crawl, such as machine names,
    cookies and other headers, addresses, error messages and names of imported files.
    The copy is never written to, and cannot be merged.

    Example:

        presskeep publish public.db
    """
    with open_to_read(archive_path, config_path) as archive:
        report = archive.publish(out, raws=raws, opted_out=opted_out, replace=force)
    command = serving(out)
    click.echo(COPYRIGHT, err=as_json)
    if as_json:
        print_json(report.as_json() | {"serve": command})
        return
    rows = dict(report.rows)
    counts = ", ".join(
        (
            paint.counted(rows["articles"], "article"),
            paint.counted(rows["versions"], "version"),
            paint.counted(rows["fetches"], "look"),
            paint.counted(rows["raw_bodies"], "page body", "page bodies"),
        )
    )
    click.echo(f"{out}: {counts}; {report.bytes:,} bytes.")
    if report.articles_left_out or report.fetches_left_out:
        left = " and ".join(
            (paint.counted(report.articles_left_out, "article"), paint.counted(report.fetches_left_out, "look"))
        )
        click.echo(f"Left out: {left}, opted out or forgotten.")
    click.echo(f"Serve it with:\n\n    {command}")


def serving(out: Path) -> str:
    """The command that serves a copy without letting a visitor do more than look."""
    options = " ".join(f"--setting {name} {value}" for name, value in _SETTINGS.items())
    return f"datasette serve -i {shlex.quote(str(out))} {options}"
