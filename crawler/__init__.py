"""The crawler: the network, its manners, and the one place where pages, articles and the archive meet.

Public names are looked up when they are first used: the command line, which lies inside this package, is not to wait
for a network library where it shows a text.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.config import Config, Manners, Site
    from crawler.configfile import load_config
    from crawler.crawl import CrawlOptions, crawl
    from crawler.errors import ConfigError, CrawlerError, UnknownSite
    from crawler.events import Observer
    from crawler.fetch import fetch
    from crawler.frontier import Entry
    from crawler.report import CrawlReport
    from crawler.transport import open_client
    from crawler.wire import Failure, Unchanged

__all__ = [
    "Config",
    "ConfigError",
    "CrawlOptions",
    "CrawlReport",
    "CrawlerError",
    "Entry",
    "Failure",
    "Manners",
    "Observer",
    "Site",
    "Unchanged",
    "UnknownSite",
    "crawl",
    "fetch",
    "load_config",
    "open_client",
]

_HOMES = {
    "Config": "config",
    "ConfigError": "errors",
    "CrawlOptions": "crawl",
    "CrawlReport": "report",
    "CrawlerError": "errors",
    "Entry": "frontier",
    "Failure": "wire",
    "Manners": "config",
    "Observer": "events",
    "Site": "config",
    "Unchanged": "wire",
    "UnknownSite": "errors",
    "crawl": "crawl",
    "fetch": "fetch",
    "load_config": "configfile",
    "open_client": "transport",
}
"""The module of each public name."""


class _Package(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
        super().__setattr__(name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """``crawl`` and ``fetch`` stay the functions: Python would put their modules there once these are loaded."""
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
