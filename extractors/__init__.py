"""Pages in, articles out: bytes become frozen records. No network, no clock, no database, no configuration."""

from extractors.article import (
    Article,
    LinkList,
    ListItem,
    ListKind,
    LiveEntry,
    Moment,
    OptOut,
    Reading,
    moment_text,
    parse_moment,
)
from extractors.charset import decode_body
from extractors.errors import ExtractorError, RuleError, URLError
from extractors.extract import extract, read
from extractors.links import HeadLink, head_links, links
from extractors.optout import header_optouts as optouts
from extractors.page import Page
from extractors.registry import rules_digest
from extractors.text import canonical_text, canonical_title
from extractors.urls import normalize_url, registrable_domain, same_site
from extractors.when import when_interval

__all__ = [
    "Article",
    "ExtractorError",
    "HeadLink",
    "LinkList",
    "ListItem",
    "ListKind",
    "LiveEntry",
    "Moment",
    "OptOut",
    "Page",
    "Reading",
    "RuleError",
    "URLError",
    "canonical_text",
    "canonical_title",
    "decode_body",
    "extract",
    "head_links",
    "links",
    "moment_text",
    "normalize_url",
    "optouts",
    "parse_moment",
    "read",
    "registrable_domain",
    "rules_digest",
    "same_site",
    "when_interval",
]
