"""Lists of cards whose headline is no link: a heading, perhaps a teaser, and a link over it all or behind it.

Such a link has no words, or only some that say to go on. Cards lead to stories of the page's own site.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from extractors.dom import Document
from extractors.runs import MAX_ITEM_BLOCKS, MAX_ITEM_WORDS, MAX_TEASER_WORDS, MIN_ITEMS, Run, is_headline
from extractors.siblings import Spans
from extractors.table import FORM, HEADING
from extractors.vocabulary import heading_kind

_LEVELS: Final = 6  # between a heading and its card
_MIN_WORDS: Final = 3
_GO_ON_WORDS: Final = 4
_FILES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf")
_NO_PAGE: Final = ("#", "javascript:", "mailto:", "tel:", "data:")


class Anchors:
    """The links of a page by the elements that they stand in."""

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self._order = sorted(range(1, len(doc.blocks.holders)), key=doc.blocks.holders.__getitem__)
        self._holders = [doc.blocks.holders[anchor] for anchor in self._order]

    def stories(self, element: int) -> list[str]:
        """Addresses of the pages that links inside an element lead to, without repetition, in document order."""
        low = bisect_left(self._holders, element)
        high = bisect_left(self._holders, self._doc.elements.end[element])
        hrefs = (self._doc.blocks.hrefs[anchor].strip() for anchor in sorted(self._order[low:high]))
        return list(dict.fromkeys(href for href in hrefs if _is_page(href)))


def _is_page(href: str) -> bool:
    path = href.partition("?")[0].lower()
    return bool(href) and not href.lower().startswith(_NO_PAGE) and not path.endswith(_FILES)


def item_element(doc: Document, first: int, past: int) -> int:
    """The largest element that holds blocks of ``range(first, past)`` and no other."""
    elements, owners = doc.elements, doc.blocks.element
    outside = [owners[block] for block in (first - 1, past) if 0 <= block < len(owners)]
    element = owners[first]
    while element:
        parent = elements.parent[element]
        if any(parent <= owner < elements.end[parent] for owner in outside):
            break
        element = parent
    return element


def card_runs(doc: Document, leads: bytes, taken: bytearray, ranges: Spans, host: str) -> Iterator[Run]:
    """Runs of cards side by side. ``host`` is the page's own, "" where it is not known."""
    found = [block for block in range(len(taken)) if not taken[block] and _is_title(doc, leads, block)]
    if len(found) < 2:
        return
    cards = _Cards(doc, ranges, host)
    row: list[tuple[int, int]] = []
    last = -1
    for one, other in pairwise([*found, -1]):
        pair = cards.pair(one, other) if other >= 0 else None
        if pair is None or not row or row[-1] != pair[0] or last != pair[2]:
            yield from cards.run(row)
            row = [pair[0]] if pair else []
        if pair:
            row.append(pair[1])
            last = pair[2]


def _is_title(doc: Document, leads: bytes, block: int) -> bool:
    flags, blocks = doc.elements.flags[doc.blocks.element[block]], doc.blocks
    if not flags & HEADING or flags & FORM or leads[block] or blocks.link[block] > 0:
        return False
    return blocks.words[block] >= _MIN_WORDS and is_headline(blocks.text[block], blocks.words[block])


class _Cards:
    """Tells cards from parts of an article that have a heading each."""

    def __init__(self, doc: Document, ranges: Spans, host: str) -> None:
        self.doc = doc
        self.host = host
        self.first, self.past = ranges
        self.known: dict[int, tuple[int, int] | None] = {}

    def pair(self, one: int, other: int) -> tuple[tuple[int, int], tuple[int, int], int] | None:
        """The blocks of two cards that follow each other, and the element that holds both, by their headings."""
        elements, owners = self.doc.elements, self.doc.blocks.element
        left, right = owners[one], owners[other]
        if elements.tag[left] != elements.tag[right] or elements.depth[left] != elements.depth[right]:
            return None
        for _ in range(_LEVELS):
            if elements.parent[left] == elements.parent[right]:
                break
            left, right = elements.parent[left], elements.parent[right]
        else:
            return None
        before, behind = self.span(left), self.span(right)
        if before is None or behind is None or before[1] != behind[0] or elements.tag[left] != elements.tag[right]:
            return None
        return before, behind, elements.parent[left]

    @cached_property
    def anchors(self) -> Anchors:
        return Anchors(self.doc)

    def span(self, element: int) -> tuple[int, int] | None:
        """The blocks of an element that is a card, None where it is none."""
        if element not in self.known:
            first, past = self.first[element], self.past[element]
            self.known[element] = (first, past) if self._is_card(element, first, past) else None
        return self.known[element]

    def _is_card(self, element: int, first: int, past: int) -> bool:
        if past - first > MAX_ITEM_BLOCKS or sum(self.doc.blocks.words[first:past]) > MAX_ITEM_WORDS:
            return False
        stories = self.anchors.stories(element)
        if not 1 <= len(stories) <= 2 or not self._is_own(stories[0]):
            return False
        blocks, flags, owners = self.doc.blocks, self.doc.elements.flags, self.doc.blocks.element
        headings = sum(bool(flags[owners[block]] & HEADING) for block in range(first, past))
        return headings == 1 and all(
            blocks.words[block] <= (_GO_ON_WORDS if blocks.anchor[block] else MAX_TEASER_WORDS)
            for block in range(first, past)
        )

    def _is_own(self, href: str) -> bool:
        """Whether an address lies on the page's own site, as far as the last two parts of its host say."""
        part = href.split("/", 3)
        if len(part) < 3 or part[1]:
            return True
        return self.host != "" and part[2].lower().split(".")[-2:] == self.host.lower().split(".")[-2:]

    def run(self, row: Sequence[tuple[int, int]]) -> Iterator[Run]:
        """The cards of a row as a list, if they are enough and lead to different stories."""
        addresses = {tuple(self.anchors.stories(item_element(self.doc, *span))[:1]) for span in row}
        if row and len(addresses) == len(row):
            known = row[0][0] > 0 and heading_kind(self.doc.blocks.text[row[0][0] - 1]) is not None
            if len(row) >= (2 if known else MIN_ITEMS):
                yield Run(row[0][0], row[-1][1], tuple(row))
