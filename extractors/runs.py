"""What a run of items is, and the shapes of the lines in it: headline, linked headline, teaser that breaks off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from extractors.dom import Document
from extractors.lines import is_time
from extractors.table import FORM, HEADING

MAX_ITEM_BLOCKS: Final = 9
MAX_ITEM_WORDS: Final = 90
MAX_TEASER_WORDS: Final = 60
MIN_ITEMS: Final = 3
LEAD_BLOCKS: Final = 4  # of an item, among which its headline is
FINAL: Final = frozenset(".!?。！？।;:,")
_CLOSERS: Final = "\"'”’»)] "
_NO_STORY: Final = ("mailto:", "tel:", "sms:", "whatsapp:")
_BYLINE = re.compile(
    r"(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Aa]v|[Dd]oor)(?:\s(?:[vd][aeiou]n? |and )?[A-ZÀ-Þ][\w.'’-]+){1,3}"
)
_REPEATED: Final = 3
"""Addresses from which on a link's words are none of their stories' titles."""


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


def find_leads(doc: Document) -> bytes:
    """For each block whether it is a headline that links to its story.

    Words that link to three stories or more ("Read the full story") are a headline of none.
    """
    blocks = doc.blocks
    leads = bytearray(label != "" and is_lead(doc, block) for block, label in enumerate(blocks.label))
    seen: dict[str, set[str]] = {}
    for block in _marked(leads):
        seen.setdefault(blocks.label[block], set()).add(story_address(doc, block))
    for block in _marked(leads):
        if len(seen[blocks.label[block]]) >= _REPEATED:
            leads[block] = 0
    return bytes(leads)


def _marked(leads: bytearray) -> Iterator[int]:
    block = leads.find(1)
    while block >= 0:
        yield block
        block = leads.find(1, block + 1)


def story_address(doc: Document, block: int) -> str:
    """Where a block's first link leads, without query and fragment."""
    return doc.blocks.hrefs[doc.blocks.anchor[block]].partition("#")[0].partition("?")[0]


def lead_block(doc: Document, leads: bytes, first: int, past: int) -> int | None:
    """The block that holds an item's headline link: a linked heading, else the first that is all link."""
    past = min(past, first + LEAD_BLOCKS)
    lead = leads.find(1, first, past)
    if lead < 0:
        return None
    flags, owners = doc.elements.flags, doc.blocks.element
    return next((block for block in range(lead, past) if leads[block] and flags[owners[block]] & HEADING), lead)


def leads_home(doc: Document, block: int, host: str) -> bool:
    """Whether a block's link leads to a page of the page's own site; ``host`` is "" where that is not known."""
    href = doc.blocks.hrefs[doc.blocks.anchor[block]].strip()
    if not href or href.startswith(("#", "javascript:")):
        return False
    part = href.split("/", 3)
    if len(part) < 3 or part[1]:
        return True
    return host != "" and part[2].lower().split(".")[-2:] == host.lower().split(".")[-2:]


def lead_blocks(doc: Document, leads: bytes, first: int, past: int) -> list[int]:
    """The blocks among an item's first that may be its headline: :func:`lead_block`, and others of its address."""
    lead = lead_block(doc, leads, first, past)
    if lead is None:
        return []
    address = story_address(doc, lead)
    near = range(first, min(past, first + LEAD_BLOCKS + 1))
    return [block for block in near if leads[block] and story_address(doc, block) == address]


def is_lead(doc: Document, block: int) -> bool:
    """Whether a block is a headline that links to its story."""
    blocks = doc.blocks
    label = blocks.label[block]
    words = label.count(" ") + 1
    if not label or not (words >= 3 or (len(label) >= 8 and not label.isascii())):
        return False
    if blocks.link[block] < 0.8 and (
        blocks.words[block] - words > 5 or blocks.text[block].rstrip(_CLOSERS)[-1:] in FINAL
    ):
        return False
    if blocks.hrefs[blocks.anchor[block]].startswith(_NO_STORY):
        return False
    if doc.elements.flags[blocks.element[block]] & FORM or is_time(label):
        return False
    return words > 5 or _BYLINE.fullmatch(label) is None
