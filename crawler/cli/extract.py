"""``extract``: one page, without an archive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import config_option, console, json_option, manners_for, note, print_json, route_for

if TYPE_CHECKING:
    from extractors import Page

_MEDIA_TYPES = {".txt": "text/plain", ".text": "text/plain"}
_STDIN = "-"


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@click.option("--url", metavar="URL", help="Where a FILE or - came from: picks the site's rules and resolves links.")
@click.option("--explain", "explained", is_flag=True, help="Show every line of the page, and why it was read so.")
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="With --explain: write it as one self-contained page.",
)
@config_option
@json_option
def extract_command(
    *, source: str, url: str | None, explained: bool, html_path: Path | None, config_path: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Read one page: title, facts, text, and the lists beside it.

    A URL is fetched politely, with robots.txt obeyed and the manners of the
    config if there is one. - reads standard input.

    --explain shows the page's lines in order: the article green, promoted
    lists blue, everything else grey (without colours: A, L and F in the
    margin), each with what decided, and where each field comes from.

    \b
    Examples:
        presskeep extract page.html --url https://news.example/story
        presskeep extract page.html --explain --html why.html
    """
    from crawler.cli.explaining import NO_ARTICLE
    from crawler.cli.shapes import article_shape
    from extractors import read

    if html_path is not None and not explained:
        raise click.UsageError("--html belongs to --explain; give both")
    page = _fetched(source, config_path) if "://" in source else _file(source, url)
    if explained:
        _explain(page, html_path, as_json=as_json)
        return
    reading = read(page)
    for drift in reading.drift:
        note(f"presskeep: {drift}")
    if as_json:
        print_json(article_shape(page.url, reading.article))
    elif reading.article is None:
        click.echo(f"No article here: {NO_ARTICLE.get(reading.reason, reading.reason)}.")
    else:
        paint.article(console(), page.url, reading.article)


def _explain(page: "Page", html_path: Path | None, *, as_json: bool) -> None:
    from crawler.cli.explain_page import explain_page
    from crawler.cli.explaining import explanation, explanation_shape
    from extractors import explain

    shown = explain(page)
    for drift in shown.reading.drift:
        note(f"presskeep: {drift}")
    if html_path is not None:
        try:
            html_path.write_text(explain_page(page.url, shown), encoding="utf-8", errors="replace")
        except OSError as error:
            raise click.ClickException(
                f"{html_path} cannot be written ({error.strerror}); name another file with --html"
            ) from error
    if as_json:
        print_json(explanation_shape(page.url, shown))
    elif html_path is not None:
        click.echo(f"Wrote {html_path}.")
    else:
        explanation(console(), page.url, shown)


def _fetched(url: str, config_path: Path | None) -> "Page":
    import asyncio

    from crawler.cli.polite import get_page
    from crawler.wire import Failure
    from extractors import normalize_url

    normalize_url(url)
    page = asyncio.run(get_page(url, manners_for(url, config_path), route_for(config_path)))
    if isinstance(page, Failure):
        raise click.ClickException(page.line)
    return page


def _file(source: str, url: str | None) -> "Page":
    from extractors import Page, normalize_url

    if url is not None:
        normalize_url(url)
    if source == _STDIN:
        return Page(url=url or "stdin:", body=sys.stdin.buffer.read())
    path = Path(source)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{source} cannot be read ({error.strerror}); name a file, a URL or -") from error
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "text/html")
    return Page(url=url or path.absolute().as_uri(), body=body, media_type=media_type)
