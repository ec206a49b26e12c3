"""The crawler: the network, its manners, and the one place where pages, articles and the archive meet."""

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
