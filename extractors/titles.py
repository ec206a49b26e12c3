"""The headline among the many titles that a page states, without the name of its site."""

import re
from collections.abc import Iterator, Sequence, Set
from typing import Final

from extractors import jsonld
from extractors.dom import Document
from extractors.sources import Sources, unescape
from extractors.text import canonical_title
from extractors.wordsets import words

_TITLE_METAS: Final = ("og:title", "twitter:title", "parsely-title", "dc.title", "dcterms.title", "sailthru.title")
_DASHES: Final = " |·•»«—–:-"
_FEWEST: Final = 3  # words of a headline
_KNOWN: Final = 0.6  # of an h1's words that stand in the stated titles
_ALIKE: Final = 0.35  # the same where it is the only one
_SENTENCE: Final = 5  # words
_LONGEST: Final = 300  # characters
_LONGEST_SITE: Final = 60  # characters
_MOST_HEADINGS: Final = 10
_LINKED: Final = 0.9
_HOME = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?(?:index\.\w+)?#?|\./|\.\.(?:/\.\.)*/?")
_COUNTER = re.compile(r"(?: \(?(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|\d+)\)?){1,2}", re.IGNORECASE)
"""The address of a source, or how many comments there are, in the same heading."""
_BARS: Final = frozenset("|·•»«—–-")
_SIGNS: Final = frozenset("|·•»«—–:-")
_SEPARATOR = re.compile(r"\s+[|·•»«—–:-]\s+|\s*[|»]\s*|\s+::\s+")


def title(found: Sources) -> str:
    """The headline on one line, "" if the page has none."""
    stated = canonical_title(unescape(jsonld.first(found.articles, "headline") or ""))
    headings = _headings(found.doc)
    if shared := _shared_title(found, stated):
        return shared
    page = canonical_title(unescape(found.meta(_TITLE_METAS) or found.doc.head.title))
    if site := next((heading for heading in headings if _is_tail(heading, page)), ""):
        headings.remove(site)
        page = page.rstrip(_DASHES).removesuffix(site).rstrip(_DASHES)
    if heading := next((known for known in headings if known in (stated, page) and " | " not in known), ""):
        return heading
    known = set(words(f"{stated} {page} {found.doc.head.title}"))
    heading = _known_heading(headings, known) or ("" if found.is_news else _only_heading(headings, known))
    bare = _without_site(page, found)
    own = _without_label(heading, stated, page, bare) or _without_kicker(_without_site(stated, found), page)
    return own or bare or next(iter(headings), "")


def _shared_title(found: Sources, stated: str) -> str:
    """The title that a news page gives to be shown elsewhere, where it is neither the window's nor carries the site.

    Such a title is the headline without the kicker that an h1 often holds. On pages that are no news it is as often
    written for search engines, so there the h1 goes first.
    """
    shared = canonical_title(unescape(found.meta(["og:title"]) or ""))
    if not found.is_news or words(shared) == words(found.doc.head.title) or _site_parts(shared, found):
        return ""
    return stated if stated and shared.endswith(f" | {stated}") else shared


def _site_parts(title: str, found: Sources) -> list[str]:
    """The parts of a title between separators that name the site."""
    parts = [title] if _SIGNS.isdisjoint(title) else _SEPARATOR.split(title)
    if len(parts) == 1 and len(title) > _LONGEST_SITE:
        return []
    return [
        part for part in parts if found.site_words.issuperset(tokens := words(part)) or "".join(tokens) in found.host
    ]


def _without_label(heading: str, *stated: str) -> str:
    """An h1 without the kicker before it, and without the source, the counter or the section behind it."""
    heading = _without_kicker(heading, *stated)
    for short in stated:
        rest = heading[len(short) :]
        if len(words(short)) > _FEWEST and heading.startswith(short) and _COUNTER.fullmatch(rest):
            return short
    head, bar, tail = heading.partition(" | ")
    return head if bar and len(words(head)) > _FEWEST and len(tail) < len(head) else heading


def _without_kicker(title: str, *stated: str) -> str:
    """The title without words set before it in the same heading, where the page states it elsewhere without them."""
    for short in stated:
        if len(words(short)) >= _FEWEST and len(short) < len(title) and title.casefold().endswith(short.casefold()):
            return title if title[: -len(short)].strip().isdecimal() else title[-len(short) :]
    kicker, bar, rest = title.partition(" | ")
    return rest if bar and " | " not in rest and 2 * len(kicker) < len(rest) else title


def _is_tail(heading: str, page: str) -> bool:
    """Whether a heading is what stands behind the last separator of a longer title: the name of the site."""
    before = page.rstrip(_DASHES).removesuffix(heading)
    short = len(heading) < len(before) < len(page) and len(words(heading)) < _SENTENCE
    return short and before.rstrip()[-1:] in _BARS


def _known_heading(headings: Sequence[str], known: Set[str]) -> str:
    """The h1 whose words stand in the stated titles: most words first, then the earliest."""
    best, score = "", 0.0
    for text in headings:
        tokens = set(words(text))
        share = len(tokens & known) / len(tokens) if tokens else 0.0
        if len(tokens) >= 2 and share >= _KNOWN and len(text) < _LONGEST and share * min(len(tokens), 8) > score:
            best, score = text, share * min(len(tokens), 8)
    return best


def _only_heading(headings: Sequence[str], known: Set[str]) -> str:
    """The only h1 of a page, if it is a whole sentence of which a part stands in the stated titles: those are often
    worded for search engines."""
    tokens = set(words(headings[0])) if len(headings) == 1 and len(headings[0]) < _LONGEST else set()
    return headings[0] if len(tokens) >= _SENTENCE and len(tokens & known) >= _ALIKE * len(tokens) else ""


def _headings(doc: Document) -> list[str]:
    """The texts of the first h1, each once, without those that lead home: they name the site."""
    texts = (_element_text(doc, index) for index in _h1(doc.elements.tag) if not _leads_home(doc, index))
    return list(dict.fromkeys(text for text in texts if text))


def _h1(tags: list[str]) -> Iterator[int]:
    place = -1
    try:
        for _ in range(_MOST_HEADINGS):
            place = tags.index("h1", place + 1)
            yield place
    except ValueError:
        return


def _leads_home(doc: Document, element: int) -> bool:
    blocks, owned = doc.blocks, _owned(doc, element)
    if not owned or blocks.link[owned[0]] < _LINKED:
        return False
    return _HOME.fullmatch(blocks.hrefs[blocks.anchor[owned[0]]].strip()) is not None


def _element_text(doc: Document, element: int) -> str:
    texts = doc.blocks.text
    return canonical_title(" ".join([texts[place] for place in _owned(doc, element)])).rstrip("¶ ")


def _owned(doc: Document, element: int) -> Sequence[int]:
    """The blocks of an element and of what it holds."""
    owners, end = doc.blocks.element, doc.elements.end[element]
    if end > element + 1 or element not in owners:
        return [place for place, owner in enumerate(owners) if element <= owner < end]
    first = past = owners.index(element)  # it holds no other: its blocks stand side by side
    while past < len(owners) and owners[past] == element:
        past += 1
    return range(first, past)


def _without_site(title: str, found: Sources) -> str:
    """The title without the name of its site (and of a section before it) at its end or beginning."""
    for part in reversed(_site_parts(title, found)):
        if part and title.endswith(part) and part != title:
            title = title.removesuffix(part).rstrip(_DASHES)
        elif part and title.startswith(part) and part != title:
            title = title.removeprefix(part).lstrip(_DASHES)
    head, bar, tail = title.rpartition(" | ")
    return head if bar and len(tail) < len(head) / 2 else title
