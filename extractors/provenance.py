"""Where each field of an article comes from: who read it, and which places of the page state this value.

The places are found by their value and not by repeating the order in which metadata is read, so they stay true
whatever that order is: a page often states one value in several places, and all of them are named.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import urljoin

from extractors import bylines, jsonld
from extractors.article import Article, Moment, moment_text
from extractors.dates import moment
from extractors.explanation import FieldSource
from extractors.extract import HtmlTrace
from extractors.marks import author_marks
from extractors.publication import address_day
from extractors.registry import generic_label
from extractors.rules import Block
from extractors.sources import Sources, unescape
from extractors.text import canonical_title

_DUMP: Final = "plain text"
_LD_KEYS: Final = {
    "title": ("headline", "name"), "published": ("datePublished", "dateCreated", "uploadDate", "dateModified"),
    "modified": ("dateModified",), "section": ("articleSection",), "language": ("inLanguage",), "tags": ("keywords",),
    "image": ("image", "thumbnailUrl"), "canonical_url": ("url", "mainEntityOfPage", "@id"),
}  # fmt: skip
_SELECTED: Final = ("title", "authors", "published", "modified", "section", "tags", "image")
_OTHER_DATE: Final = {
    "published": re.compile("modif|updat", re.IGNORECASE),
    "modified": re.compile("publi|created|issued", re.IGNORECASE),
}
"""Meta elements that may hold the same time and say of it that it is another."""
_SOLE_PLACES: Final = {
    "text": ["block model"], "lists": ["runs of like blocks"],
    "paywalled": ["what the page states of access to it"],
}  # fmt: skip
_MOST_PLACES: Final = 6

Place = tuple[str, str]
"""The name of a place, and what stands there."""


def html_sources(html: HtmlTrace, article: Article | None) -> tuple[FieldSource, ...]:
    """The sources of every field that has a value; nothing for a page without an article."""
    if article is None:
        return ()
    found = Sources(html.doc, html.url)
    sources = []
    for name, value in values(article):
        reader = _reader(html, name)
        selector = _selector(html.own.block, name) if reader not in ("generic", "plug-in") else ""
        places = [f"selector {selector}"] if selector else _places(found, name, article)
        if name == "paywalled" and reader == "generic" and not html.metadata.paywalled:
            places = ["a wall below the text"]
        sources.append(FieldSource(name=name, value=value, reader=_label(html, reader), places=tuple(places)))
    return tuple(sources)


def dump_sources(article: Article | None) -> tuple[FieldSource, ...]:
    """Likewise for a text dump, whose lines are all there is."""
    found = values(article) if article else ()
    return tuple(FieldSource(name=name, value=value, reader=_DUMP) for name, value in found)


def values(article: Article) -> Iterator[tuple[str, str]]:
    """Name and value, as text, of each field of an article that has one; the text is told by its number of words."""
    shown = {
        "title": article.title,
        "authors": ", ".join(article.authors),
        "published": moment_text(article.published),
        "modified": moment_text(article.modified),
        "section": article.section,
        "language": article.language,
        "tags": ", ".join(article.tags),
        "image": article.image,
        "canonical_url": article.canonical_url,
        "paywalled": "yes" if article.paywalled else "",
        "text": f"{len(article.text.split())} words",
        "lists": _counted(len(article.lists), "list") if article.lists else "",
        "confidence": f"{article.confidence:.3f}",
    }
    return ((name, value) for name, value in shown.items() if value)


def _reader(html: HtmlTrace, name: str) -> str:
    """Whether the rules, the plug-in or the generic reader gave a field."""
    if html.ruled is not None:
        return "rules" if name == "confidence" or getattr(html.ruled, name, None) else "generic"
    if html.plugged is not None:
        given = getattr(html.plugged, name, None)
        return "plug-in" if given and (name == "text" or given != getattr(html.generic, name)) else "generic"
    return "generic"


def _label(html: HtmlTrace, reader: str) -> str:
    own = html.own
    if reader == "rules" and own.site is not None and own.block is not None:
        return f"rules {own.site.label(own.block)}"
    if reader == "plug-in" and own.plug_in is not None:
        return f"plug-in {own.plug_in.label}"
    return generic_label()


def _selector(block: Block | None, name: str) -> str:
    if block is None:
        return ""
    if name == "lists":
        return ", ".join(rule.item for rule in block.lists)
    named = {"text": block.body} | {field: getattr(block, field) for field in _SELECTED}
    selector: str = named.get(name, "")
    return selector


def _places(found: Sources, name: str, article: Article) -> list[str]:
    """The places that state the field's value."""
    if name in ("text", "lists", "confidence", "paywalled"):
        return _SOLE_PLACES.get(name, [])
    same = _tests(found, article)[name]
    stated = (place for place, text in _stated(found, name, article.title) if _holds(same, text))
    return list(dict.fromkeys(stated))[:_MOST_PLACES]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _holds(same: Callable[[str], bool], text: str) -> bool:
    try:
        return same(text)
    except ValueError:  # an address that is none
        return False


def _tests(found: Sources, article: Article) -> dict[str, Callable[[str], bool]]:
    """For each field whether a stated text means its value."""

    def text(value: str | None) -> Callable[[str], bool]:
        return lambda stated: canonical_title(unescape(stated)) == value

    def time(value: Moment | None) -> Callable[[str], bool]:
        return lambda stated: moment(stated, found.doc.head.language) == value

    def address(value: str | None) -> Callable[[str], bool]:
        return lambda stated: urljoin(found.url, stated) == value

    title = article.title
    return {
        "title": lambda stated: (
            title == canonical_title(unescape(stated))
            or (bool(title) and title in canonical_title(unescape(stated)) and len(stated) < 2 * len(title) + 40)
        ),
        "authors": lambda stated: bool(set(bylines.names([unescape(stated)])) & set(article.authors)),
        "published": time(article.published),
        "modified": time(article.modified),
        "section": text(article.section),
        "language": lambda stated: stated.lower().replace("_", "-").split("-")[0] == article.language,
        "tags": lambda stated: article.tags[0] in {canonical_title(tag) for tag in unescape(stated).split(",")},
        "image": address(article.image),
        "canonical_url": address(article.canonical_url),
    }


def _stated(found: Sources, name: str, title: str) -> Iterable[Place]:
    """What the page states that may be a field, place by place."""
    for thing in found.articles if name == "authors" else ():
        yield from (("JSON-LD author", text) for text in jsonld.people(thing, found.by_id))
    for thing in found.things:
        for key in _LD_KEYS.get(name, ()):
            yield from ((f"JSON-LD {key}", text) for text in jsonld.strings(thing.get(key)))
    yield from _metas(found, name)
    if name == "title":
        yield "title element", found.doc.head.title
        yield from _headings(found)
    if name == "language":
        yield "html lang", found.doc.head.language
    if name == "canonical_url":
        yield from (("link canonical", href) for relation, href in found.doc.head.links if "canonical" in relation)
    if name == "authors":
        yield from (("byline in the page", text) for text in author_marks(found.holder, found.names))
    if name in ("published", "modified"):
        marked = (*getattr(found.times, name), *getattr(found.named_dates, name))
        yield from ((f"{name} mark in the page", text) for text in marked)
        if day := address_day(found.url):
            yield "address", day
    if name in ("authors", "published", "modified"):
        yield from _lines(found, name, title)


def _metas(found: Sources, name: str) -> Iterator[Place]:
    other = _OTHER_DATE.get(name)
    for meta, content in found.doc.head.metas:
        if other is None or not other.search(meta):
            yield f"meta {meta}", content


def _lines(found: Sources, name: str, title: str) -> Iterator[Place]:
    """What lines of text say that no markup names."""
    near = found.datelines(title)
    if name == "authors":
        yield from (("line near the headline", text) for text in (*near.bylines, *near.people))
        return
    dates = (near.dates.published, near.dates.modified)
    if any(dates):
        yield from (("line near the headline", stated.isoformat()) for stated in dates if stated)
    else:
        yield from (("line of the page", stated.isoformat()) for stated in found.stray_dates if stated)


def _headings(found: Sources) -> Iterator[Place]:
    elements, blocks = found.doc.elements, found.doc.blocks
    for element, tag in enumerate(elements.tag):
        if tag == "h1":
            inside = range(element, elements.end[element])
            owned = (text for text, owner in zip(blocks.text, blocks.element, strict=True) if owner in inside)
            yield "h1", " ".join(owned)
