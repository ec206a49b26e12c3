"""What a run of items is, and the shapes of the lines in it: headline, linked headline, teaser that breaks off."""

from dataclasses import dataclass
from typing import Final

from extractors.dom import Document
from extractors.table import FORM, HEADING
from extractors.when import is_when

MAX_ITEM_BLOCKS: Final = 9
MAX_ITEM_WORDS: Final = 90
MAX_TEASER_WORDS: Final = 60
MIN_ITEMS: Final = 3
FINAL: Final = frozenset(".!?。！？।;:,")
_CLOSERS: Final = "\"'”’»)] "


@dataclass(frozen=True, slots=True)
class Run:
    """The blocks ``range(start, end)`` as items, each a range of blocks; ``heading`` is the block over them, if any."""

    start: int
    end: int
    items: tuple[tuple[int, int], ...]
    heading: int | None = None


def is_headline(text: str, words: int) -> bool:
    """Two to thirty words (or some letters of a script without spaces) that do not end as a sentence does."""
    if not (2 <= words <= 30 or (words == 1 and len(text) >= 8 and not text.isascii())):
        return False
    return text.rstrip(_CLOSERS)[-1:] not in FINAL or text.endswith(("?", "!"))


def is_broken_off(text: str) -> bool:
    """Whether a teaser ends in an ellipsis."""
    return text.rstrip("])» ").endswith(("…", "...", "[…", "[..."))


def lead_block(doc: Document, first: int, past: int) -> int | None:
    """The block that holds an item's headline link: a linked heading, else the first that is all link."""
    blocks = doc.blocks
    found = [block for block in range(first, min(past, first + 4)) if is_lead(doc, block)]
    headings = [block for block in found if doc.elements.flags[blocks.element[block]] & HEADING]
    return next(iter(headings or found), None)


def is_lead(doc: Document, block: int) -> bool:
    blocks = doc.blocks
    label = blocks.label[block]
    words = label.count(" ") + 1
    if not label or not (words >= 3 or (len(label) >= 8 and not label.isascii())) or is_when(label):
        return False
    if doc.elements.flags[blocks.element[block]] & FORM:
        return False
    return blocks.link[block] >= 0.8 or (
        blocks.words[block] - words <= 5 and blocks.text[block].rstrip(_CLOSERS)[-1:] not in FINAL
    )
