"""``search``, ``show``, ``diff`` and ``stats``: what an archive holds."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, console, json_option, open_to_read, print_json
from crawler.cli.shapes import shape, shown_article, shown_text

if TYPE_CHECKING:
    from archive import Hit, SearchCount, Stats


@click.command()
@click.argument("query")
@click.option("--site", metavar="NAME", help="Only this site.")
@click.option(
    "--where",
    "--in",
    "where",
    type=click.Choice(["text", "lists", "both"]),
    default="text",
    show_default=True,
    help="Search the articles, the headlines beside them, or both.",
)
@click.option("--count", "only_count", is_flag=True, help="Say how many pages: in all, and only in lists.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="At most so many hits.")
@archive_option
@config_option
@json_option
def search_command(
    *,
    query: str,
    site: str | None,
    where: Literal["text", "lists", "both"],
    only_count: bool,
    limit: int,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """Find articles by the words of their title and text, best hits first.

    Example:

        presskeep search "flood wall" --archive archive.db

        presskeep search "flood wall" --count
    """
    with open_to_read(archive_path, config_path) as archive:
        if only_count:
            _print_count(archive.search_count(query, site=site), as_json=as_json)
            return
        hits = archive.search(query, site=site, where=where, limit=limit)
    if as_json:
        print_json([shape(hit) for hit in hits])
        return
    for hit in hits:
        _print_hit(hit)
    if not hits:
        click.echo("Nothing found.")


def _print_count(found: "SearchCount", *, as_json: bool) -> None:
    if as_json:
        print_json({"pages": found.pages, "text": found.text, "only_lists": found.only_lists})
    else:
        click.echo(f"{found.pages:,} pages, {found.only_lists:,} only in sidebars")


@click.command()
@click.argument("name", metavar="URL|KEY")
@archive_option
@config_option
@json_option
def show_command(*, name: str, archive_path: Path | None, config_path: Path | None, as_json: bool) -> None:
    """Show the newest text of an article with the lists beside it, or the text of a key.

    Example:

        presskeep show https://news.example/story
    """
    from archive import UnknownArticle

    with open_to_read(archive_path, config_path) as archive:
        try:
            shown = shown_article(archive, name)
        except UnknownArticle as error:
            shown = shown_text(archive, name, error)
    if as_json:
        print_json(shown)
    else:
        paint.stored(console(), shown)


@click.command()
@click.argument("url")
@click.argument("numbers", nargs=-1, type=click.IntRange(1), metavar="[M N]")
@archive_option
@config_option
@json_option
def diff_command(
    *, url: str, numbers: tuple[int, ...], archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Show what changed between two versions, word by word: the last two unless M and N name others.

    Example:

        presskeep diff https://news.example/story 1 3
    """
    from crawler.cli.differences import difference

    if len(numbers) not in {0, 2}:
        raise click.UsageError("name two versions, as in `presskeep diff URL 1 3`, or none for the last two")
    with open_to_read(archive_path, config_path) as archive:
        found = archive.diff(url, *numbers)
    if as_json:
        print_json(shape(found))
        return
    if found.old.number == found.new.number:
        click.echo(f"There is one version only, first seen {found.new.first_seen:%Y-%m-%d %H:%M:%S} UTC.")
        return
    between = f"version {found.old.number} of {found.old.first_seen:%Y-%m-%d %H:%M:%S} UTC"
    out = console()
    out.print(paint.styled(f"{between} → {found.new.number} of {found.new.first_seen:%Y-%m-%d %H:%M:%S} UTC", "dim"))
    difference(out, found.words)


@click.command()
@archive_option
@config_option
@json_option
def stats_command(*, archive_path: Path | None, config_path: Path | None, as_json: bool) -> None:
    """Count what the archive holds, and what it takes on disk.

    Example:

        presskeep stats --archive archive.db
    """
    with open_to_read(archive_path, config_path) as archive:
        stats = archive.stats()
    if as_json:
        print_json(shape(stats))
    else:
        _print_stats(stats)


def _print_hit(hit: "Hit") -> None:
    out = console()
    out.print(paint.styled(hit.title or "(no title)", "bold"), paint.styled(f"  {hit.site}", "dim"), sep="")
    out.print(paint.marked(hit.snippet))
    out.print(paint.styled(f"{hit.article}\n", "dim"))


def _print_stats(stats: "Stats") -> None:
    out = console()
    span = "no looks yet"
    if stats.first_look and stats.last_look:
        span = f"looks from {stats.first_look:%Y-%m-%d %H:%M} to {stats.last_look:%Y-%m-%d %H:%M} UTC"
    counts = (
        paint.counted(stats.articles, "article"),
        paint.counted(stats.versions, "version"),
        paint.counted(stats.headlines, "headline") + " in lists",
    )
    out.print(paint.styled(f"{', '.join(counts)}; {span}"))
    bodies = f"{paint.counted(stats.raws, 'page body', 'page bodies')} of {paint.size(stats.raw_bytes)}"
    stored = f"stored in {paint.size(stats.stored_bytes)}; the file takes {paint.size(stats.file_bytes)}"
    out.print(paint.styled(f"{bodies}, {stored}"))
    headings = ("site", "articles", "versions", "looks", "failures", "list items")
    rows = [(one.site, one.articles, one.versions, one.fetches, one.failures, one.list_items) for one in stats.sites]
    out.print(paint.table(headings, rows))
    out.print(paint.table(("outcome", "looks"), stats.outcomes))
