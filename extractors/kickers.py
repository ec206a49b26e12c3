"""Which of an item's links is its headline, told by all items of its list together: a kicker often comes first."""

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from extractors.dom import Document
from extractors.names import name_words
from extractors.runs import FINAL, is_broken_off, lead_block, lead_blocks
from extractors.table import HEADING

_KICKERS: Final = frozenset(
    {"kicker", "eyebrow", "overline", "roofline", "topline", "dachzeile", "spitzmarke", "label", "category", "section"}
)
_TITLES: Final = frozenset({"title", "headline", "titel", "titre", "titulo", "titolo", "rubrik", "hed"})
_LONGEST_KICKER: Final = 5.0  # words, on average
_LONGEST_TITLE: Final = 20.0  # words, on average
_GROWTH: Final = 1.5


def title_blocks(doc: Document, leads: bytes, items: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each item the block that holds its headline link, None for an item without one."""
    columns = [lead_blocks(doc, leads, first, past) for first, past in items]
    while any(len(column) > 1 for column in columns):
        shorter = [column[1:] if len(column) > 1 and _is_kicker(doc, column) else column for column in columns]
        if shorter == columns:
            shorter = _without_short(doc, columns)
        if shorter == columns:
            break
        columns = shorter
    return [
        column[0] if column and len(column) < len(lead_blocks(doc, leads, *item)) else lead_block(doc, leads, *item)
        for column, item in zip(columns, items, strict=True)
    ]


def _is_kicker(doc: Document, column: Sequence[int]) -> bool:
    """Whether the first link says itself that the headline follows: by its colon, or by the names of both."""
    first, second = column[:2]
    if doc.blocks.text[first].endswith(":"):
        return True
    one, two = _names(doc, first), _names(doc, second)
    return not one.isdisjoint(_KICKERS) and one.isdisjoint(_TITLES) and two.isdisjoint(_KICKERS)


def _names(doc: Document, block: int) -> frozenset[str]:
    names = doc.elements.names[doc.blocks.element[block]]
    return frozenset(word for name in names.split()[:4] for word in name_words(name))


def _without_short(doc: Document, columns: list[list[int]]) -> list[list[int]]:
    """Without the first links, where they are short and the second ones are as long as headlines are."""
    pairs = [column[:2] for column in columns if len(column) > 1]
    if 2 * len(pairs) < len(columns) or any(_outranks(doc, first, second) for first, second in pairs):
        return columns
    first, second = (fmean(doc.blocks.words[pair[side]] for pair in pairs) for side in (0, 1))
    ends = sum(doc.blocks.text[pair[1]][-1] in FINAL or is_broken_off(doc.blocks.text[pair[1]]) for pair in pairs)
    if first > _LONGEST_KICKER or not _GROWTH * first <= second <= _LONGEST_TITLE or 2 * ends >= len(pairs):
        return columns
    return [column[1:] if len(column) > 1 else column for column in columns]


def _outranks(doc: Document, first: int, second: int) -> bool:
    """Whether the first is a heading and the second is none."""
    flags, owners = doc.elements.flags, doc.blocks.element
    return bool(flags[owners[first]] & ~flags[owners[second]] & HEADING)
