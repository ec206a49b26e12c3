"""``crawl``: visit what is due, show how it goes, sum it up."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.moments import end_time
from crawler.cli.settings import Settings, archive_option, config_option, console, json_option, print_json, read_config

if TYPE_CHECKING:
    from rich.console import Console

    from crawler import Config, CrawlOptions, CrawlReport, Observer
    from crawler.cli.outlets import Outlets

SOME_SITES_FAILED = 3


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE …]")
@click.option("--url", "urls", multiple=True, metavar="URL", help="Fetch only this article; may be repeated.")
@click.option("--now", is_flag=True, help="Visit everything known, whatever the schedule says.")
@click.option("--retry-quarantined", is_flag=True, help="Visit only pages that a wall or a captcha stood in front of.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most so many articles in this run.")
@click.option("--budget", type=click.IntRange(1), metavar="N", help="At most so many requests to each site.")
@click.option(
    "--until", callback=end_time, metavar="TIME", help="Begin no page after this time: 06:30, 45m, 2h, or ISO."
)
@click.option("--dry-run", is_flag=True, help="Say what would be fetched; fetch nothing.")
@click.option("--watch", is_flag=True, help="Go on: crawl again whenever something is due, until SIGTERM or Ctrl-C.")
@click.option("--metrics", metavar="ADDRESS|FILE", help="Prometheus metrics at 127.0.0.1:PORT, or in a .prom file.")
@click.option("--log-json", is_flag=True, help="Write one JSON object a line on stderr for each event.")
@archive_option
@config_option
@json_option
@click.pass_context
def crawl_command(
    ctx: click.Context, *, sites: tuple[str, ...], urls: tuple[str, ...], now: bool, retry_quarantined: bool,
    limit: int | None, budget: int | None, until: datetime | None, dry_run: bool, watch: bool, metrics: str | None,
    log_json: bool, archive_path: Path | None,
    config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Find and fetch what is due on all sites of the config, or on those named.

    Ctrl-C saves what was fetched and stops. Exit code 3 says that some site could not be read at all.

    With --watch, SIGTERM finishes what is under way and leaves with 0, and SIGHUP reads the config again.

    Example:

        presskeep crawl npr --limit 50

        presskeep crawl --watch --metrics 127.0.0.1:9464 --log-json
    """
    from dataclasses import replace

    from crawler import CrawlOptions
    from crawler.cli.outlets import Outlets

    def load() -> "Config":
        config = read_config(config_path)
        if not config.sites and not urls:
            raise click.UsageError(f"{config.source} names no site; add one with `presskeep add URL`")
        return config if archive_path is None else replace(config, archive_path=archive_path)

    if watch and (urls or now or retry_quarantined or until or dry_run or as_json):
        raise click.UsageError("--watch goes without --url, --now, --retry-quarantined, --until, --dry-run and --json")
    outlets = Outlets(log_json=log_json, metrics=metrics)
    if log_json and isinstance(ctx.obj, Settings):
        ctx.obj.log = lambda line: outlets.say("error", line)
    if watch:
        from crawler.cli.watching import watched

        ctx.exit(watched(load, CrawlOptions(sites=sites, limit=limit, budget=budget), outlets))
    config = load()
    for warning in config.warnings:
        outlets.say("warning", warning)
    options = CrawlOptions(
        sites=sites,
        urls=urls,
        now=now,
        retry_quarantined=retry_quarantined,
        limit=limit,
        budget=budget,
        until=until,
        dry_run=dry_run,
    )
    report = _crawled(config, options, outlets)
    for name, line in report.failed_sites:
        outlets.say("error", f"{name}: {line}")
    if as_json:
        print_json(report.as_json())
    elif not dry_run and not log_json:
        summary(console(), report, config)
    if report.failed_sites:
        ctx.exit(SOME_SITES_FAILED)


def _crawled(config: "Config", options: "CrawlOptions", outlets: "Outlets") -> "CrawlReport":
    import asyncio

    with outlets.observer(plan=options.dry_run) as observer:
        try:
            return asyncio.run(_interruptible(config, options, observer, outlets))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


async def _interruptible(
    config: "Config", options: "CrawlOptions", observer: "Observer", outlets: "Outlets"
) -> "CrawlReport":
    """The crawl; a first Ctrl-C or SIGTERM lets it save and stop, a second one ends the process at once."""
    import asyncio
    import signal

    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    asked_to_stop = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        for number in asked_to_stop:
            loop.remove_signal_handler(number)
        outlets.say("info", "stopping; saving what was fetched (Ctrl-C again to stop at once)")
        task.cancel()

    for number in asked_to_stop:
        loop.add_signal_handler(number, stop)
    try:
        async with outlets.open():
            report, _ = await outlets.run(config, options, observer)
            return report
    finally:
        for number in asked_to_stop:
            loop.remove_signal_handler(number)


def summary(out: "Console", report: "CrawlReport", config: "Config") -> None:
    """What a person wants to know after a crawl; one line in a log."""
    told = [
        f"{paint.counted(report.fetched, 'page')} fetched from {paint.counted(report.sites, 'site')} "
        f"in {report.seconds:.1f} s: {paint.counted(report.new_articles, 'new article')}, "
        f"{paint.counted(report.new_versions, 'edit')}, {report.unchanged:,} unchanged, "
        f"{paint.counted(report.list_items, 'headline')} in lists.",
        f"{paint.size(report.bytes)} received, {paint.size(report.stored_bytes)} stored in {config.archive_path}.",
    ]
    if report.failed:
        told.insert(1, f"Not kept: {paint.causes(report.failed)}.")
    for line in told if out.is_terminal else (" ".join(told),):
        out.print(paint.styled(line))
