"""Authors and dates that only the markup of the page's body gives away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.datelines import says_modified
from extractors.dom import Document, short_text

_AUTHORS: Final = '[itemprop~="author"],a[rel~="author"],[class*="yline"],[class*="uthor"],a[href*="/author"]'
_INLINE_AUTHORS: Final = (
    '[itemprop~="author"],a[rel~="author"],a[href*="/author"],a[class*="uthor"],'
    'span[class*="yline"],span[class*="uthor"]'
)  # fmt: skip
_TIMES: Final = '[itemprop~="datePublished"],[itemprop~="dateModified"],time'
_NAMED: Final = '[class*="date" i],[class*="ublish"],[class*="yline"],[class*="uthor"]'
"""Selectors cost most of what metadata costs: each is tried on every element, those that ignore case for longer."""
_HOLDERS: Final = frozenset({"article", "main", "body", "html"})
_MARK_NAMES = re.compile(r"(byline|author(?!i[szt]))|(date|publish|time)", re.IGNORECASE)
_DATE_NAMES = re.compile(r"(?<![a-z])(?:pub-?)?dates?(?![a-z])|publish", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOT_MARKS = re.compile(
    r"comment|related|sidebar|bio|description|avatar|image|social|newsletter|categor|separator|history|byline__tag|licen[sc]e|dashboard",
    re.IGNORECASE,
)
_MAX_MARKS: Final = 60
_OPEN = re.compile(r"(?:[,;&/:]|\b(?i:by|von|par|por|di|av|af|door|and|und|et|y|e|en|och|og|with|mit))$")
_BY = re.compile(
    r"(?:(?:written|posted|published|reported|words|text|story)\s+)?(?:by|von|par|por|door|av|af)\b", re.IGNORECASE
)
_GOES_ON = re.compile(r"[,;&/.:]|(?i:and|und|et|y|e|en|och|og|with|mit)\b")
_ONE_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+\.?$")
_INITIALS = re.compile(r"[A-Z]{1,3}")
"""Where a byline goes on after the edge of an element, and the halves of a name that each have their own;
initials stand for a portrait."""


Part = LexborHTMLParser | LexborNode
"""A part of a page, or the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMarks:
    """Short texts of elements whose markup says date, in document order, the surest markup first."""

    published: tuple[str, ...]
    modified: tuple[str, ...]
    sure: tuple[str, ...]


def holder_of(doc: Document) -> Part:
    """The article, main part or body that holds the headline: outside of it stand marks of other things."""
    node = doc.tree.css_first("h1")
    while node is not None and node.tag not in _HOLDERS:
        node = node.parent
    return doc.tree if node is None else node


def author_marks(holder: Part, names: str) -> Iterator[str]:
    """Texts of elements around the headline whose markup says author, the surest markup first, in document order.

    ``names`` holds the names of all block-level elements with text: where none of them says author, only inline ones
    are asked.
    """
    selector = _AUTHORS if "uthor" in names or "yline" in names else _INLINE_AUTHORS
    for _, node, attributes, kind in _marked(holder, selector):
        stated = attributes.get("datetime") or attributes.get("content")
        text = stated or short_text(node)
        if text and _what(kind, node.tag or "", text) == "author":
            yield stated or _signature(node) or text


def read_times(holder: Part) -> DateMarks:
    """By elements that are there for dates: ``time``, and those of microdata."""
    return _date_marks(holder, _TIMES)


def read_named_dates(holder: Part) -> DateMarks:
    """By the names of elements, for pages that have no other."""
    return _date_marks(holder, _NAMED)


def _date_marks(holder: Part, selector: str) -> DateMarks:
    found: dict[str, list[tuple[int, str]]] = {"author": [], "published": [], "modified": []}
    for rank, node, attributes, kind in _marked(holder, selector):
        if text := attributes.get("datetime") or attributes.get("content") or short_text(node):
            found[_what(kind, node.tag or "", text)].append((rank, text))
    published, modified = found["published"], found["modified"]
    return DateMarks(
        published=tuple(text for _, text in published),
        modified=tuple(text for _, text in modified),
        sure=tuple(text for rank, text in published if rank == 0),
    )


def _marked(holder: Part, selector: str) -> list[tuple[int, LexborNode, Mapping[str, str | None], str]]:
    """Rank, node, attributes and names of what a selector finds in the part of the page that holds its headline."""
    found = []
    for node in holder.css(selector)[:_MAX_MARKS]:
        attributes = node.attributes
        kind = " ".join([attributes.get(name) or "" for name in ("itemprop", "rel", "class", "href")])
        if not _NOT_MARKS.search(kind):
            found.append((_rank(attributes), node, attributes, kind))
    return sorted(found, key=itemgetter(0))


def _signature(node: LexborNode) -> str:
    """The text of a byline's element, with a bar where another element begins: behind it stands an office or a date."""
    texts = (inner for inner in node.traverse(include_text=True) if inner.text_content)
    seen = (text for text in texts if text.parent is None or text.parent.tag not in ("script", "style"))
    runs = [" ".join((text.text_content or "").split()) for text in seen]
    line = ""
    for run in filter(None, runs):
        if _BY.match(run) or _INITIALS.fullmatch(line):
            line = ""
        goes_on = (
            not line or _OPEN.search(line) or _GOES_ON.match(run) or (_ONE_NAME.match(line) and _ONE_NAME.match(run))
        )
        line += run if not line else f" {run}" if goes_on else f" | {run}"
    return line


def _what(kind: str, tag: str, text: str) -> str:
    named = _MARK_NAMES.search(kind)
    if named is not None and named[1] and tag != "time" and not (_DATE_NAMES.search(kind) and _YEAR.search(text)):
        return "author"
    return "modified" if "modified" in kind.lower() or "update" in kind.lower() or says_modified(text) else "published"


def _rank(attributes: Mapping[str, str | None]) -> int:
    return 0 if attributes.get("itemprop") else 1 if attributes.get("rel") or attributes.get("datetime") else 2
