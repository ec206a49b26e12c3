"""What can go wrong around a crawl. What can go wrong with one URL is a value, a Failure, and no exception.

CrawlerError
├── ConfigError    a configuration that cannot mean what it says
└── UnknownSite    a site that the configuration does not name
"""


class CrawlerError(Exception):
    """The base of every error that this package raises on purpose; the message says what was found and the cure."""


class ConfigError(CrawlerError):
    """A configuration file that is missing, is no TOML or holds a key or value that cannot be used."""


class UnknownSite(CrawlerError, LookupError):
    """A site that was asked for and is not in the configuration; the message names those that are."""
