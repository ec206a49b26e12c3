"""Authors and dates that only the markup of the page's body gives away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from extractors.datelines import says_modified
from extractors.dom import Document, short_text

_MARKED: Final = (
    '[itemprop~="author"],[itemprop~="datePublished"],[itemprop~="dateModified"],[rel~="author"],time,'
    '[class*="byline" i],[class*="author" i],[class*="date" i],[class*="publish" i],a[href*="/author"]'
)
_MARK_NAMES = re.compile(r"(byline|author(?!i[szt]))|(date|publish|time)", re.IGNORECASE)
_DATE_NAMES = re.compile(r"(?<![a-z])(?:pub-?)?dates?(?![a-z])|publish", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOT_MARKS = re.compile(
    r"comment|related|sidebar|bio|description|avatar|image|social|newsletter|categor|separator|history|byline__tag",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Short texts of elements whose markup says author or date, in document order, the surest markup first."""

    authors: tuple[str, ...]
    published: tuple[str, ...]
    modified: tuple[str, ...]
    sure: tuple[str, ...]


def read_marks(doc: Document) -> Marks:
    """One selector over the tree, for pages whose head and JSON-LD leave something open."""
    found: dict[str, list[tuple[int, str]]] = {"author": [], "published": [], "modified": []}
    for node in doc.tree.css(_MARKED)[:_MAX_MARKS]:
        attributes = node.attributes
        kind = " ".join(attributes.get(name) or "" for name in ("itemprop", "rel", "class", "href"))
        text = attributes.get("datetime") or attributes.get("content") or short_text(node)
        if text and not _NOT_MARKS.search(kind):
            what = _what(kind, node.tag or "", text)
            if what == "author" and not attributes.get("content"):
                text = _signature(node) or text
            found[what].append((_rank(attributes), text))
    ordered = {
        what: tuple(text for _, text in sorted(marks, key=lambda mark: mark[0])) for what, marks in found.items()
    }
    sure = tuple(text for rank, text in found["published"] if rank == 0)
    return Marks(authors=ordered["author"], published=ordered["published"], modified=ordered["modified"], sure=sure)


def _signature(node: LexborNode) -> str:
    """The text of a byline's element, with a bar where another element begins: behind it stands an office or a date."""
    runs = [" ".join(inner.text_content.split()) for inner in node.traverse(include_text=True) if inner.text_content]
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
