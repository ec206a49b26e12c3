"""``why``: one URL explained."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import (
    DEFAULT_CONFIG,
    archive_option,
    config_option,
    console,
    json_option,
    open_to_read,
    print_json,
    read_config,
)
from crawler.cli.shapes import shape

if TYPE_CHECKING:
    from crawler.why import Why


@click.command()
@click.argument("url")
@archive_option
@config_option
@json_option
def why_command(url: str, *, archive_path: Path | None, config_path: Path | None, as_json: bool) -> None:
    """Explain one URL: how it was found, robots.txt, the last visits, when the next one is and why then.

    Example:

        presskeep why https://news.example/story
    """
    from crawler.why import why

    config = read_config(config_path) if config_path is not None or DEFAULT_CONFIG.exists() else None
    with open_to_read(archive_path, config_path) as archive:
        told = why(archive, url, config)
    if as_json:
        print_json(shape(told))
    else:
        _print(told)


def _print(told: "Why") -> None:
    out = console()
    rows = [("URL", told.url), ("site", told.site or "none"), ("robots.txt", told.robots)]
    rows += [("found", f"{found.at}  {found.kind}: {found.found_in}") for found in told.found]
    rows += [("wish", wish) for wish in told.wishes]
    rows.append(("visits", paint.counted(told.visits, "visit") + (", the last of them:" if told.attempts else "")))
    for attempt in told.attempts:
        detail = f" ({attempt.error})" if attempt.error else ""
        rows.append(("", f"{attempt.at}  {attempt.outcome}{detail}"))
    rows.append(("read by", told.rules or "nothing yet"))
    rows.append(("next visit", told.next_at or "none"))
    rows.append(("because", told.reason))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        out.print(paint.styled(f"{name:>{width}}  {paint.plain(value)}"), soft_wrap=True)
