"""``schedule``: print what lets systemd or cron run the crawl."""

import os
import shutil
import sys
from pathlib import Path

import click

from crawler.cli.settings import DEFAULT_CONFIG, archive_option, config_option, json_option, print_json, read_config


@click.command()
@click.option("--every", default="30m", show_default=True, metavar="TIME", help="How often: 30m, 2h, 1d.")
@click.option("--watch", is_flag=True, help="One service that goes on (crawl --watch), in place of a timer.")
@click.option("--user", "of_user", is_flag=True, help="Units for your own systemd (systemctl --user), without root.")
@archive_option
@config_option
@json_option
def schedule_command(
    *, every: str, watch: bool, of_user: bool, archive_path: Path | None, config_path: Path | None, as_json: bool
) -> None:
    """Print systemd units and a cron line that crawl with this config, from this directory. Nothing is installed.

    Example:

        presskeep schedule --every 2h --user
    """
    from crawler.timers import Job, cron_line, interval, service, timer

    config = read_config(config_path)
    archive = (archive_path or config.archive_path).absolute()
    here = Path.cwd()
    command = (*_program(), "crawl", "--config", str((config_path or DEFAULT_CONFIG).absolute()))
    job = Job(
        command=(*command, *(("--archive", str(archive)) if archive_path else ()), *(("--watch",) if watch else ())),
        directory=here,
        writes=(next(folder for folder in archive.parents if folder.is_dir()),),
        every=interval(every),
        user=_user_name(),
        of_user=of_user,
        watch=watch,
    )
    units = {"presskeep.service": service(job), "presskeep.timer": timer(job)}
    cron = cron_line(job)
    if as_json:
        document = {"every_seconds": round(job.every.total_seconds()), "command": job.command, "directory": str(here)}
        print_json(document | {"units": {name: text for name, text in units.items() if text}, "cron": cron or None})
        return
    folder = "~/.config/systemd/user" if of_user else "/etc/systemd/system"
    for name, text in units.items():
        if text:
            click.echo(f"# {folder}/{name}\n{text}")
    control = "systemctl --user" if of_user else "sudo systemctl"
    unit = "presskeep.service" if watch else "presskeep.timer"
    click.echo(f"# Then: {control} daemon-reload && {control} enable --now {unit}")
    if of_user:
        click.echo("# To go on when you have logged out: loginctl enable-linger")
    if cron:
        click.echo(f"\n# Or, without systemd, in `crontab -e`:\n{cron}")
    elif not watch:
        click.echo(f"\n# cron cannot keep an interval of {every}; 30m, 1h, 2h or 1d would do.")


def _program() -> tuple[str, ...]:
    """This presskeep: the script beside the interpreter, else the one on the path, else the module."""
    beside = Path(sys.executable).with_name("presskeep")
    found = str(beside) if beside.exists() else shutil.which("presskeep")
    return (str(Path(found).absolute()),) if found else (sys.executable, "-m", "crawler")


def _user_name() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
