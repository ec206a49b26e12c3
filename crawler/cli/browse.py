"""``browse``: Datasette on an archive, with settings that suit it."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from crawler.cli.settings import archive_option, config_option, find_archive, note

_SETTINGS = {
    "suggest_facets": "off",
    "default_facet_size": "8",
    "facet_time_limit_ms": "500",
    "sql_time_limit_ms": "3000",
    "truncate_cells_html": "300",
}
"""Measured on 100,000 articles: suggested facets alone cost more than all the rest of a page."""

_MISREAD = "#?%"  # Datasette puts the path into a URI as it is, where these mean something else

_OPENER = """
import socket, sys, time, webbrowser
for _ in range(100):
    time.sleep(0.2)
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
    except OSError:
        continue
    webbrowser.open(sys.argv[2])
    break
"""


@click.command()
@click.argument("archive", required=False, type=click.Path(path_type=Path))
@archive_option
@config_option
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option(
    "--open/--no-open", "open_page", default=None,
    help="Open the page in a web browser; without either it opens where a person at a screen asks.",
)  # fmt: skip
def browse_command(
    *, archive: Path | None, archive_path: Path | None, config_path: Path | None, port: int, open_page: bool | None
) -> None:
    """Look at an archive in the browser, with Datasette, until Ctrl-C.

    It listens on this machine only, and sees what a crawl beside it commits. The archive's own pages (newest edits,
    every article with its history, search) are under /-/presskeep; Datasette's tables and SQL are beside them.

    Example:

        presskeep browse archive.db
    """
    if archive is not None and archive_path is not None:
        raise click.UsageError("name the archive once: as an argument or with --archive")
    path = find_archive(archive or archive_path, config_path)
    if set(_MISREAD) & set(str(path)):
        raise click.ClickException(
            f"{path}: Datasette cannot open a file with one of {' '.join(_MISREAD)} in its path; rename it"
        )
    if find_spec("datasette") is None:
        raise click.ClickException(f"browsing needs Datasette; install it: {sys.executable} -m pip install datasette")
    _check(path)
    # -P: a module in this folder must not take the place of ours.
    command = [sys.executable, "-P", "-m", "datasette", "serve", str(path), "--host", "127.0.0.1", "--port", str(port)]
    for name, value in _SETTINGS.items():
        command += ["--setting", name, value]
    page = f"http://127.0.0.1:{port}/-/presskeep" if port else ""
    note(f"{path} is served by Datasette{f' at {page}' if page else ''}; stop it with Ctrl-C.")
    if open_page is None:
        open_page = _has_screen()
    if open_page and page:
        _open_when_served(page, port)
    elif open_page:
        command.append("--open")  # only Datasette knows the port; its page of the archive leads to ours
    sys.stdout.flush()
    sys.stderr.flush()
    # Datasette takes this process over, so that signals and the exit code are its own.
    os.execv(sys.executable, command)  # noqa: S606 - no shell on purpose


def _has_screen() -> bool:
    """Whether a terminal asks and a browser with a window can be expected; a text browser would take the terminal."""
    shows = sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return shows and sys.stderr.isatty()


def _open_when_served(page: str, port: int) -> None:
    """Opens a page as soon as somebody listens; Datasette's own --open cannot be told which page."""
    silent = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    command = [sys.executable, "-I", "-c", _OPENER, str(port), page]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=silent)


def _check(path: Path) -> None:
    """Raises the archive's own clear error for a file that is none."""
    from archive import Archive

    with Archive(path, read_only=True):
        pass
