"""What the commands share: where the archive and the config are, and how to print."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console

    from archive import Archive
    from crawler import Config, Manners
    from crawler.route import Route

DEFAULT_CONFIG = Path("config.toml")
DEFAULT_ARCHIVE = Path("archive.db")
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """The options of the group, for whoever reports a crash; ``log`` takes its line when the log is structured."""

    debug: bool = False
    log: Callable[[str], None] | None = None


def version() -> str:
    """The installed version of presskeep; a source tree that is not installed has none."""
    from importlib import metadata

    try:
        return metadata.version("presskeep")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def archive_option(command: Command) -> Command:
    """``--archive PATH``"""
    text = "The archive. Default: [archive] path of the config, else archive.db here."
    return click.option("--archive", "archive_path", type=click.Path(path_type=Path), metavar="PATH", help=text)(
        command
    )


def config_option(command: Command) -> Command:
    """``--config PATH``"""
    text = "The configuration. Default: config.toml here."
    return click.option(
        "--config", "config_path", type=click.Path(path_type=Path), metavar="PATH", help=text, callback=_with_sites
    )(command)


def _with_sites(_context: click.Context, _option: click.Parameter, config: Path | None) -> Path | None:
    """The option as it is; the rules in ``sites/`` beside the configuration are made known to every process.

    They are read at once: a fault in them is told before anything is fetched.
    """
    folder = sites_folder(config)
    if folder is not None:
        from extractors import use_rules

        use_rules(folder)
    return config


def sites_folder(config: Path | None) -> Path | None:
    """The folder of site rules beside the configuration, if both are there."""
    path = config or DEFAULT_CONFIG
    folder = path.absolute().parent / "sites"
    return folder if path.exists() and folder.is_dir() else None


def json_option(command: Command) -> Command:
    """``--json``"""
    text = "Print one JSON document on stdout, and everything else on stderr."
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def find_archive(archive: Path | None, config: Path | None) -> Path:
    """Where the archive is: the option, else the config's ``[archive] path``, else ``archive.db`` here."""
    if archive is not None:
        return archive
    if config is None and not DEFAULT_CONFIG.exists():
        return DEFAULT_ARCHIVE
    return read_config(config).archive_path


def read_config(config: Path | None) -> "Config":
    """The configuration at ``--config`` or ``config.toml`` here."""
    from crawler import load_config

    path = config or DEFAULT_CONFIG
    if config is None and not path.exists():
        raise click.UsageError(
            "there is no config.toml here; write one with `presskeep init`, or name one with --config"
        )
    return load_config(path)


def route_for(config: Path | None) -> "Route":
    """How requests leave by a config; without one, directly."""
    from crawler.route import Route

    return Route() if config is None and not DEFAULT_CONFIG.exists() else read_config(config).route


def manners_for(url: str, config: Path | None) -> "Manners":
    """The manners for one URL: its site's, else the config's; without a config the defaults."""
    from crawler import Manners
    from extractors import registrable_domain

    if config is None and not DEFAULT_CONFIG.exists():
        return Manners()
    read = read_config(config)
    domain = registrable_domain(url)
    for site in read.sites:
        if domain in map(registrable_domain, site.addresses):
            return site.manners
    return read.manners


def open_to_write(archive: Path | None, config: Path | None) -> "Archive":
    """The archive, opened for writing or made with the config's tokenizer.

    With ``--archive`` alone the config here is not asked: it may belong to another archive.
    """
    from archive import Archive

    if config is None and (archive is not None or not DEFAULT_CONFIG.exists()):
        return Archive(archive or DEFAULT_ARCHIVE)
    read = read_config(config)
    return Archive(archive or read.archive_path, tokenizer=read.tokenizer)


def open_to_read(archive: Path | None, config: Path | None) -> "Archive":
    """The archive, opened read-only beside whoever writes it."""
    from archive import Archive

    return Archive(find_archive(archive, config), read_only=True)


def print_json(value: object) -> None:
    """One JSON document on stdout, in UTF-8 whatever the locale is."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


def console(*, stderr: bool = False) -> "Console":
    """A rich console: colours on a terminal, plain and unwrapped text in a pipe or a log."""
    from rich.console import Console

    class Quitting(Console):
        """A console that leaves a closed pipe to ``crawler.__main__``, where rich would end the process with 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    made = Quitting(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Quitting(stderr=stderr, highlight=False, soft_wrap=True, width=160)


def note(line: str) -> None:
    """One line on stderr."""
    click.echo(line, err=True)
