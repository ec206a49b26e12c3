"""Single stories that a page promotes in the middle of its text: a line that is one link, or a card around one.

They are no list, and no text either. All of them lead to the page's own site.
"""

from typing import Final

from extractors.cards import Anchors
from extractors.dom import Document
from extractors.runs import FINAL, MAX_ITEM_WORDS, MAX_TEASER_WORDS, leads_home
from extractors.siblings import Spans
from extractors.table import FIGURE, HEADING, TABLE
from extractors.vocabulary import heading_kind

_LINE_SHARE: Final = 0.9
_LED_SHARE: Final = 0.5  # where the words before the link promise another story
_LEAST_WORDS: Final = 5
_LINE_TAGS: Final = frozenset({"p", "div", "blockquote", "section", "aside", "h5", "h6"})
_CARD_TAGS: Final = frozenset({"div", "aside", "section", "article", "blockquote", "figure"})
_CARD_BLOCKS: Final = 4
_MOST_CARDS: Final = 3  # more are the article itself
_PROSE_WORDS: Final = 12
_LABEL_WORDS: Final = 8
_LEVELS: Final = 4
_EDGES: Final = " :.|()[]*→►▶»›•–—-"


def single_promos(doc: Document, leads: bytes, taken: bytearray, ranges: Spans, host: str) -> list[tuple[int, int]]:
    """Ranges of blocks, in document order. ``host`` is the page's own, "" where it is not known."""
    cards: list[tuple[int, int]] = []
    lines: list[tuple[int, int]] = []
    anchors: Anchors | None = None
    block = -1
    while (block := leads.find(1, block + 1)) >= 0:
        if taken[block] or not leads_home(doc, block, host) or doc.elements.tag[doc.blocks.element[block]] == "h1":
            continue
        anchors = anchors or Anchors(doc)
        card = _card(doc, block, ranges, anchors)
        if card is not None and not any(taken[slice(*card)]):
            cards.append(card)
        elif _is_line(doc, block):
            lines.append((block, block + 1))
    return sorted((*lines, *(cards if len(cards) <= _MOST_CARDS else ())))


def _is_line(doc: Document, block: int) -> bool:
    blocks, owner = doc.blocks, doc.blocks.element[block]
    if doc.elements.tag[owner] not in _LINE_TAGS or doc.elements.flags[owner] & (TABLE | FIGURE):
        return False
    text, label = blocks.text[block], blocks.label[block]
    if label.count(" ") + 1 < _LEAST_WORDS or text[-1] in FINAL:
        return False
    before, _, behind = text.partition(label)
    if blocks.link[block] >= _LINE_SHARE:
        return True
    led = before.strip(_EDGES)
    return blocks.link[block] >= _LED_SHARE and not behind.strip(_EDGES) and heading_kind(led) is not None


def _card(doc: Document, block: int, ranges: Spans, anchors: Anchors) -> tuple[int, int] | None:
    """The blocks of the smallest element that holds the headline and more, if it is a card: one story, one teaser."""
    elements, blocks = doc.elements, doc.blocks
    first, past = ranges
    element = blocks.element[block]
    for _ in range(_LEVELS):
        if past[element] - first[element] > 1:
            break
        element = elements.parent[element]
    span = first[element], past[element]
    size = span[1] - span[0]
    if not 1 < size <= _CARD_BLOCKS or elements.tag[element] not in _CARD_TAGS:
        return None
    if sum(blocks.words[slice(*span)]) > MAX_ITEM_WORDS or len(anchors.stories(element)) != 1:
        return None
    above, below = range(span[0], block), range(block + 1, span[1])
    if any(blocks.words[other] > _LABEL_WORDS for other in above) or len(below) > 2:
        return None
    if any(blocks.words[other] > MAX_TEASER_WORDS or _is_heading(doc, other) for other in below):
        return None
    return span if _is_in_prose(doc, element, span) else None


def _is_in_prose(doc: Document, element: int, span: tuple[int, int]) -> bool:
    """Whether a paragraph of prose stands beside the element, or behind a short line that does."""
    blocks, parents = doc.blocks, doc.elements.parent
    return any(
        0 <= near < len(blocks.text)
        and blocks.words[near] >= _PROSE_WORDS
        and blocks.link[near] < 0.4
        and parents[blocks.element[near]] == parents[element]
        for near in (span[0] - 1, span[0] - 2, span[1], span[1] + 1)
    )


def _is_heading(doc: Document, block: int) -> bool:
    return bool(doc.elements.flags[doc.blocks.element[block]] & HEADING)
