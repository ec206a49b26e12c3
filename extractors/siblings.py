"""Lists by their elements: siblings in a row that each hold one headline link and little else, whatever they are."""

from collections.abc import Iterator, Sequence

from extractors.dom import Document
from extractors.runs import MAX_ITEM_BLOCKS, MAX_ITEM_WORDS, MAX_TEASER_WORDS, MIN_ITEMS, Run, lead_block
from extractors.table import ASIDE
from extractors.vocabulary import NEGATIVE, heading_kind, name_marks


def spans(doc: Document) -> tuple[list[int], list[int]]:
    """For each element the half-open range of its blocks; empty elements have first == past."""
    count = len(doc.elements.tag)
    none = len(doc.blocks.text)
    first, past = [none] * count, [0] * count
    for block, element in enumerate(doc.blocks.element):
        first[element] = min(first[element], block)
        past[element] = block + 1
    parents = doc.elements.parent
    for element in range(count - 1, 0, -1):
        parent = parents[element]
        first[parent] = min(first[parent], first[element])
        past[parent] = max(past[parent], past[element])
    return first, past


def sibling_runs(doc: Document) -> Iterator[Run]:
    """Runs of sibling elements with the shape of items; outer runs before inner ones."""
    first, past = spans(doc)
    tags, ends, parents = doc.elements.tag, doc.elements.end, doc.elements.parent
    children: dict[int, list[int]] = {}
    for element in range(1, len(tags)):
        if past[element] > first[element]:
            children.setdefault(parents[element], []).append(element)
    covered = 0
    for parent, kids in sorted(children.items()):
        if parent < covered or len(kids) < 2:
            continue
        shapes = [_is_item(doc, first[kid], past[kid]) for kid in kids]
        for low, high in _item_runs([tags[kid] for kid in kids], shapes):
            items = tuple((first[kid], past[kid]) for kid in kids[low:high])
            if len(items) >= MIN_ITEMS or _is_promoted(doc, parent, first[kids[low]]):
                yield Run(first[kids[low]], past[kids[high - 1]], items)
                if high - low == len(kids):
                    covered = ends[parent]


def _item_runs(tags: Sequence[str], shapes: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Maximal ranges of children of one tag that are items."""
    low = 0
    while low < len(tags):
        high = low
        while high < len(tags) and shapes[high] and tags[high] == tags[low]:
            high += 1
        if high - low >= 2:
            yield low, high
        low = max(high, low + 1)


def _is_promoted(doc: Document, parent: int, block: int) -> bool:
    """Two items are a list only under a heading that says so, or in an element that is no article's."""
    if doc.elements.flags[parent] & ASIDE or name_marks(doc.elements.names[parent]) & NEGATIVE:
        return True
    return block > 0 and heading_kind(doc.blocks.text[block - 1]) is not None


def _is_item(doc: Document, first: int, past: int) -> bool:
    """One headline link, and else only short lines, an age, a teaser."""
    blocks = doc.blocks
    if past - first > MAX_ITEM_BLOCKS or sum(blocks.words[first:past]) > MAX_ITEM_WORDS:
        return False
    lead = lead_block(doc, first, past)
    if lead is None:
        return False
    address, size = blocks.hrefs[blocks.anchor[lead]], len(blocks.label[lead])
    for block in range(first, past):
        other = blocks.anchor[block] and blocks.hrefs[blocks.anchor[block]] != address
        if block != lead and (other and blocks.words[block] > 4 and 2 * len(blocks.text[block]) > size):
            return False
        if block != lead and not blocks.anchor[block] and blocks.words[block] > MAX_TEASER_WORDS:
            return False
    return True
