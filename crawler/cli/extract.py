"""``extract``: one page, without an archive."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import config_option, console, json_option, manners_for, note, print_json

if TYPE_CHECKING:
    from extractors import Page

_MEDIA_TYPES = {".txt": "text/plain", ".text": "text/plain"}
_STDIN = "-"
_REASONS = {
    "empty": "the page is empty",
    "not-html": "it is neither HTML nor plain text",
    "no-article": "the page holds none",
}


@click.command()
@click.argument("source", metavar="FILE|URL|-")
@click.option("--url", metavar="URL", help="Where a FILE or - came from: picks the site's rules and resolves links.")
@config_option
@json_option
def extract_command(*, source: str, url: str | None, config_path: Path | None, as_json: bool) -> None:
    """Read one page: title, facts, text, and the lists beside it.

    A URL is fetched politely, with robots.txt obeyed and the manners of the
    config if there is one. - reads standard input.

    Example:

        presskeep extract page.html --url https://news.example/story
    """
    from crawler.cli.shapes import article_shape
    from extractors import read

    page = _fetched(source, config_path) if "://" in source else _file(source, url)
    reading = read(page)
    for drift in reading.drift:
        note(f"presskeep: {drift}")
    if as_json:
        print_json(article_shape(page.url, reading.article))
    elif reading.article is None:
        click.echo(f"No article here: {_REASONS.get(reading.reason, reading.reason)}.")
    else:
        paint.article(console(), page.url, reading.article)


def _fetched(url: str, config_path: Path | None) -> "Page":
    from crawler.cli.polite import get_page
    from crawler.wire import Failure
    from extractors import normalize_url

    normalize_url(url)
    page = asyncio.run(get_page(url, manners_for(url, config_path)))
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
