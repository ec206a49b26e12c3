"""The headline among the many titles that a page states, without the name of its site."""

import re
from typing import Final
from urllib.parse import urlsplit

from extractors import jsonld
from extractors.dom import Document
from extractors.sources import Sources, unescape
from extractors.text import canonical_title
from extractors.wordsets import words

_TITLE_METAS: Final = ("og:title", "twitter:title", "parsely-title", "dc.title", "dcterms.title", "sailthru.title")
_DASHES: Final = " |·•»«—–:-"
_FEWEST: Final = 3  # words of a headline
_LINKED: Final = 0.9
_HOME = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?(?:index\.\w+)?#?|\./|\.\.(?:/\.\.)*/?")
_SEPARATOR = re.compile(r"\s+[|·•»«—–:-]\s+|\s*[|»]\s*|\s+::\s+")


def title(found: Sources) -> str:
    """The headline on one line, "" if the page has none."""
    stated = jsonld.first(found.articles, "headline")
    if shared := _shared_title(found):
        return shared
    page = found.meta(_TITLE_METAS) or found.doc.head.title
    known = set(words(" ".join(text for text in (stated, page, found.doc.head.title) if text)))
    heading = _heading(found.doc, known)
    own = _without_kicker(canonical_title(heading or unescape(stated or "")), stated, page)
    return own or _without_site(canonical_title(page), found) or _first_heading(found.doc)


def _shared_title(found: Sources) -> str:
    """The title that a news page gives to be shown elsewhere, where it is neither the window's nor carries the site.

    Such a title is the headline without the kicker that an h1 often holds. On pages that are no news it is as often
    written for search engines, so there the h1 goes first.
    """
    shared = canonical_title(unescape(found.meta(["og:title"]) or ""))
    if not found.is_news or words(shared) == words(found.doc.head.title) or _site_parts(shared, found):
        return ""
    return shared


def _site_parts(title: str, found: Sources) -> list[str]:
    """The parts of a title between separators that name the site."""
    host = urlsplit(found.url).hostname or ""
    site = set(words(found.meta(["og:site_name"]) or "")) | set(words(host))
    whole = "".join(words(host))
    return [part for part in _SEPARATOR.split(title) if set(words(part)) <= site or "".join(words(part)) in whole]


def _without_kicker(title: str, *stated: str | None) -> str:
    """The title without words set before it in the same heading, where the page states it elsewhere without them."""
    for other in stated:
        short = canonical_title(unescape(other or ""))
        if len(words(short)) >= _FEWEST and len(short) < len(title) and title.casefold().endswith(short.casefold()):
            return title[-len(short) :]
    kicker, bar, rest = title.partition(" | ")
    return rest if bar and " | " not in rest and 2 * len(kicker) < len(rest) else title


def _heading(doc: Document, known: set[str]) -> str:
    """The h1 whose words stand in the stated titles: most words first, then the earliest."""
    best, score = "", 0.0
    for element in _h1(doc):
        text = _element_text(doc, element)
        tokens = set(words(text))
        share = len(tokens & known) / len(tokens) if tokens else 0.0
        if len(tokens) >= 2 and share >= 0.6 and len(text) < 300 and share * min(len(tokens), 8) > score:
            best, score = text, share * min(len(tokens), 8)
    return best


def _h1(doc: Document) -> list[int]:
    """The first headings, without those that lead home: they name the site."""
    found = [index for index, tag in enumerate(doc.elements.tag) if tag == "h1"][:10]
    return [index for index in found if not _leads_home(doc, index)] if found else []


def _leads_home(doc: Document, element: int) -> bool:
    blocks, owned = doc.blocks, _owned(doc, element)
    if not owned or blocks.link[owned[0]] < _LINKED:
        return False
    return _HOME.fullmatch(blocks.hrefs[blocks.anchor[owned[0]]].strip()) is not None


def _first_heading(doc: Document) -> str:
    return next((text for element in _h1(doc) if (text := _element_text(doc, element))), "")


def _element_text(doc: Document, element: int) -> str:
    texts = doc.blocks.text
    return canonical_title(" ".join([texts[place] for place in _owned(doc, element)]))


def _owned(doc: Document, element: int) -> list[int]:
    """The blocks of an element and of what it holds."""
    end = doc.elements.end[element]
    return [place for place, owner in enumerate(doc.blocks.element) if element <= owner < end]


def _without_site(title: str, found: Sources) -> str:
    """The title without the name of its site (and of a section before it) at its end or beginning."""
    for part in reversed(_site_parts(title, found)):
        if part and title.endswith(part) and part != title:
            title = title.removesuffix(part).rstrip(_DASHES)
        elif part and title.startswith(part) and part != title:
            title = title.removeprefix(part).lstrip(_DASHES)
    head, bar, tail = title.rpartition(" | ")
    return head if bar and len(tail) < len(head) / 2 else title
