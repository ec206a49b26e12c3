"""``history``: the versions of an article and what else happened to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, config_option, console, json_option, open_to_read, print_json
from crawler.cli.shapes import version_shape

if TYPE_CHECKING:
    from archive import Event, Version

_LONGEST = 70
"""Characters shown of one thing that an event changed."""


def _kinds(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    from archive import event_weights

    known = tuple(event_weights())
    if value == "all":
        return known
    kinds = tuple(dict.fromkeys(kind for part in value.split(",") if (kind := part.strip())))
    unknown = [kind for kind in kinds if kind not in known]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is no kind of event; there are all, {', '.join(known)}")
    return kinds


@click.command()
@click.argument("url")
@click.option(
    "--kinds",
    default="",
    callback=_kinds,
    metavar="KIND,…",
    help="Only versions with such events, say quote,number; all shows the hidden kind cosmetic too.",
)
@click.option(
    "--min-words",
    default=0,
    type=click.IntRange(0),
    metavar="N",
    help="Only versions that differ from the one before by N words or more, added and removed together.",
)
@archive_option
@config_option
@json_option
def history_command(
    *,
    url: str,
    kinds: tuple[str, ...],
    min_words: int,
    archive_path: Path | None,
    config_path: Path | None,
    as_json: bool,
) -> None:
    """List the versions of an article: when each stood there, what changed, and what else happened.

    Example:

        presskeep history https://news.example/story --kinds headline,quote,number
    """
    from archive import event_weights

    every = len(kinds) == len(event_weights())
    with open_to_read(archive_path, config_path) as archive:
        versions = archive.versions(url, kinds=() if every else kinds, min_words=min_words)
        events = list(archive.events(url=url, kinds=kinds))
        last = None if as_json else next(reversed(archive.looks(archive.article(url).url)), None)
    if as_json:
        print_json([version_shape(version) for version in versions])
        return
    headings = ("version", "first seen", "last seen", "looks", "changed", "words", "text key")
    console().print(paint.table(headings, [_row(version) for version in versions]))
    if min_words:
        shown = {version.number for version in versions}
        events = [event for event in events if event.version in shown]
    if events:
        rows = [(f"{one.at:%Y-%m-%d %H:%M:%S}", one.version, one.kind, _told(one)) for one in events]
        console().print(paint.table(("at", "version", "event", "what"), rows))
    if last is not None and last.version is None:
        error = f" ({last.error})" if last.error else ""
        click.echo(
            paint.plain(
                f"The last look, at {last.started_at:%Y-%m-%d %H:%M:%S}, did not show it: {last.outcome}{error}"
            )
        )


def _row(version: "Version") -> tuple[object, ...]:
    words = f"+{version.words_added} -{version.words_removed}" if version.number > 1 else ""
    seen = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (version.first_seen, version.last_seen))
    return (version.number, *seen, version.sightings, ", ".join(version.kinds), words, version.text_key)


def _told(event: "Event") -> str:
    return "; ".join(_parts(json.loads(event.detail)))


def _parts(detail: dict[str, object]) -> Iterator[str]:
    """The detail of an event in words, the dates of a ``dates`` event one by one."""
    if "before" in detail:
        yield f"{_short(detail['before'])} → {_short(detail['after'])}"
        return
    for name, value in detail.items():
        if isinstance(value, dict):
            yield from (f"{name} {part}" for part in _parts(value))
        elif value not in ([], 0):
            yield f"{name.replace('_', ' ')} {_short(value)}"


def _short(value: object) -> str:
    text = " | ".join(map(_short, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST or isinstance(value, list) else f"{text[: _LONGEST - 1]}…"
