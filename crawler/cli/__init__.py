"""The command line. A command's module is imported when it is called, so that starting is quick."""

from importlib import import_module

import click

from crawler.cli.settings import Settings, version

_COMMANDS = {
    "demo": "demo",
    "init": "sites",
    "add": "sites",
    "crawl": "crawl",
    "extract": "extract",
    "sites": "siterules",
    "import": "importing",
    "export": "exporting",
    "why": "why",
    "search": "reading",
    "show": "reading",
    "history": "history",
    "diff": "reading",
    "stats": "reading",
    "coverage": "coverage",
    "verify": "proving",
    "evidence": "proving",
    "reextract": "reextract",
    "browse": "browse",
    "publish": "publish",
    "merge": "merging",
    "forget": "merging",
    "schedule": "schedule",
}
"""Each command, in the order of the help, and the module of this package that holds it as ``<command>_command``."""


class Commands(click.Group):
    """A group whose commands are found in ``_COMMANDS``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which a person needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f".{_COMMANDS[cmd_name]}", __package__), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command


def _version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"presskeep, version {version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.option("--debug", is_flag=True, help="On a crash, show the traceback.")
@click.pass_obj
def cli(settings: Settings, *, debug: bool) -> None:
    """Keep the press: every article, every edit, in one SQLite file you own.

    See it work, without a configuration and without the internet:

        presskeep demo

    Then your own sites:

    \b
        presskeep init
        presskeep add https://news.example.com/
        presskeep crawl
    """
    settings.debug = debug


__all__ = ["Commands", "cli"]
