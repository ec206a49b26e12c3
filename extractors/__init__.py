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
from extractors.blocks import soft_block
from extractors.charset import decode_body
from extractors.encodings import undo_encodings
from extractors.errors import ExtractorError, RuleError, URLError
from extractors.expectations import FieldResult, PageResult, try_page
from extractors.explain import explain
from extractors.explanation import ExplainedBlock, Explanation, FieldSource, Score
from extractors.extract import Favour, extract, read
from extractors.links import HeadLink, head_links, links
from extractors.optout import header_optouts as optouts
from extractors.page import Page
from extractors.registry import rule_files, rules_digest, use_rules
from extractors.rulefile import check_rules, parse_rules, rule_text
from extractors.rules import Expectation, SiteRules
from extractors.text import canonical_text, canonical_title
from extractors.urls import normalize_url, registrable_domain, same_site
from extractors.when import when_interval

__all__ = [
    "Article",
    "Expectation",
    "ExplainedBlock",
    "Explanation",
    "ExtractorError",
    "Favour",
    "FieldResult",
    "FieldSource",
    "HeadLink",
    "LinkList",
    "ListItem",
    "ListKind",
    "LiveEntry",
    "Moment",
    "OptOut",
    "Page",
    "PageResult",
    "Reading",
    "RuleError",
    "Score",
    "SiteRules",
    "URLError",
    "canonical_text",
    "canonical_title",
    "check_rules",
    "decode_body",
    "explain",
    "extract",
    "head_links",
    "links",
    "moment_text",
    "normalize_url",
    "optouts",
    "parse_moment",
    "parse_rules",
    "read",
    "registrable_domain",
    "rule_files",
    "rule_text",
    "rules_digest",
    "same_site",
    "soft_block",
    "try_page",
    "undo_encodings",
    "use_rules",
    "when_interval",
]
