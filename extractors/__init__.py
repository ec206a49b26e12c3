"""Pages in, articles out: bytes become frozen records. No network, no clock, no database, no configuration.

Public names are looked up when they are first used: whoever wants a record or a normal form waits for no reader.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from extractors.mediatype import content_type
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
    "content_type",
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

_HOMES = {
    "Article": "article",
    "Expectation": "rules",
    "ExplainedBlock": "explanation",
    "Explanation": "explanation",
    "ExtractorError": "errors",
    "Favour": "extract",
    "FieldResult": "expectations",
    "FieldSource": "explanation",
    "HeadLink": "links",
    "LinkList": "article",
    "ListItem": "article",
    "ListKind": "article",
    "LiveEntry": "article",
    "Moment": "article",
    "OptOut": "article",
    "Page": "page",
    "PageResult": "expectations",
    "Reading": "article",
    "RuleError": "errors",
    "Score": "explanation",
    "SiteRules": "rules",
    "URLError": "errors",
    "canonical_text": "text",
    "canonical_title": "text",
    "check_rules": "rulefile",
    "content_type": "mediatype",
    "decode_body": "charset",
    "explain": "explain",
    "extract": "extract",
    "head_links": "links",
    "links": "links",
    "moment_text": "article",
    "normalize_url": "urls",
    "optouts": "optout",
    "parse_moment": "article",
    "parse_rules": "rulefile",
    "read": "extract",
    "registrable_domain": "urls",
    "rule_files": "registry",
    "rule_text": "rulefile",
    "rules_digest": "registry",
    "same_site": "urls",
    "soft_block": "blocks",
    "try_page": "expectations",
    "undo_encodings": "encodings",
    "use_rules": "registry",
    "when_interval": "when",
}
"""The module of each public name."""

_OTHERWISE = {"optouts": "header_optouts"}
"""Names that are others in their modules."""


class _Package(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f".{_HOMES[name]}", __name__), _OTHERWISE.get(name, name))
        super().__setattr__(name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """``extract`` and ``explain`` stay functions: Python would put their modules there once these are loaded."""
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
