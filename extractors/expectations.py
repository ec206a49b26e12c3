"""What a site's stored pages are known to give, tried: one result for each page, field by field."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final

from extractors.article import Article, moment_text
from extractors.extract import HtmlTrace, trace
from extractors.page import Page
from extractors.registry import Readers, generic_label
from extractors.rules import Expectation, SiteRules

_NOT_FIELDS: Final = frozenset({"page", "url", "fetched"})
_RULED: Final = ("title", "authors", "published", "modified", "section", "tags", "image")

Expected = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldResult:
    """One field: what was expected and found ("" and () for nothing), and who read it (rules or generic)."""

    name: str
    expected: Expected
    found: Expected
    reader: str

    @property
    def ok(self) -> bool:
        return self.expected == self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """One page. ``rules`` names the block that read it; ``drift`` are parts of the block that find nothing there."""

    host: str
    page: str
    rules: str
    fields: tuple[FieldResult, ...] = ()
    drift: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def ok(self) -> bool:
        """Whether every expected field is as expected; drift alone is no failure, since the generic reader steps in."""
        return not self.trouble and all(field.ok for field in self.fields)


def try_page(site: SiteRules, test: Expectation, page: Page) -> PageResult:
    """Reads ``page`` by the rules of ``site``, field by field with the generic fallback, and compares."""
    block = site.block(page.fetched_at)
    own = Readers(site=site, block=block)
    rules = site.label(block) if block else generic_label()
    found = trace(page, own)
    article = found.reading.article
    if article is None:
        return PageResult(host=site.host, page=test.page, rules=rules, trouble=f"no article: {found.reading.reason}")
    wanted = {field.name: getattr(test, field.name) for field in fields(test) if field.name not in _NOT_FIELDS}
    results = tuple(
        FieldResult(name=name, expected=value, found=_FOUND[name](article, value), reader=_reader(found.html, name))
        for name, value in wanted.items()
        if value is not None
    )
    drift = (*found.reading.drift, *(_drift(found.html, rules) if found.html else ()))
    return PageResult(host=site.host, page=test.page, rules=rules, fields=results, drift=drift)


def _reader(html: HtmlTrace | None, name: str) -> str:
    if html is None or html.ruled is None:
        return "generic"
    source = {"first": "text", "last": "text", "digest": "text"}.get(name, name)
    return "rules" if getattr(html.ruled, source) else "generic"


def _drift(html: HtmlTrace, rules: str) -> list[str]:
    """Selectors of the block that find nothing on this page, whose fields therefore come from the generic reader."""
    block, ruled = html.own.block, html.ruled
    if block is None or ruled is None:
        return []
    silent = [name for name in _RULED if getattr(block, name) and not getattr(ruled, name)]
    lists = ["lists"] if block.lists and not ruled.lists else []
    return [f"{rules}: {name} finds nothing; it comes from the generic reader" for name in (*silent, *lists)]


def _begin(article: Article, expected: Expected) -> str:
    return article.text[: len(expected)]


def _end(article: Article, expected: Expected) -> str:
    return article.text[-len(expected) :] if expected else article.text


def _digest(article: Article, expected: Expected) -> str:
    return sha256(article.text.encode()).hexdigest()[: len(expected)]


_FOUND: Final[dict[str, Callable[[Article, Expected], Expected]]] = {
    "title": lambda article, _: article.title,
    "authors": lambda article, _: article.authors,
    "published": lambda article, _: moment_text(article.published) or "",
    "modified": lambda article, _: moment_text(article.modified) or "",
    "section": lambda article, _: article.section or "",
    "tags": lambda article, _: article.tags,
    "image": lambda article, _: article.image or "",
    "first": _begin,
    "last": _end,
    "digest": _digest,
    "lists": lambda article, _: tuple(found.heading for found in article.lists),
}
