"""``crawl --watch``: rounds as a service, each of them a line in the log."""

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.cli import paint
from crawler.watch import Watch

if TYPE_CHECKING:
    from crawler import Config, CrawlOptions, CrawlReport
    from crawler.cli.outlets import Outlets

INTERRUPTED = 130


def watched(load: "Callable[[], Config]", options: "CrawlOptions", outlets: "Outlets") -> int:
    """Runs until it is asked to stop: exit code 0 after SIGTERM, 130 after Ctrl-C."""

    def checked() -> "Config":
        """The configuration with those hooks and sites that can be used; anything else is refused before a round."""
        import os

        import click

        from crawler import ConfigError

        try:
            config = load()
        except click.UsageError as error:
            raise ConfigError(error.format_message()) from error
        for name in options.sites:
            config.site(name)
        for hook in config.notify:
            hook.resolved(os.environ)
        for warning in config.warnings:
            outlets.say("warning", warning)
        return config

    async def one(config: "Config", stop: asyncio.Event) -> datetime | None:
        with outlets.observer(service=True) as observer:
            report, after = await outlets.run(config, options, observer, stop)
        for name, line in report.failed_sites:
            outlets.say("error", f"{name}: {line}")
        if outlets.log is None:
            outlets.say("info", _line(report))
        return after.next_at

    async def serve() -> int:
        async with outlets.open():
            return await Watch(load=checked, round=one, say=outlets.say).run()

    return INTERRUPTED if asyncio.run(serve()) == signal.SIGINT else 0


def _line(report: "CrawlReport") -> str:
    counts = (
        paint.counted(report.fetched, "page"),
        f"{report.new_articles:,} new",
        paint.counted(report.new_versions, "edit"),
        f"{sum(report.failed.values()):,} not kept",
    )
    return f"round: {', '.join(counts)} in {report.seconds:.1f} s"
