"""Lists by their elements: siblings in a row that each hold one headline link and little else, whatever they are."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise

from extractors.dom import Document
from extractors.names import NEGATIVE
from extractors.runs import MAX_ITEM_BLOCKS, MAX_ITEM_WORDS, MAX_TEASER_WORDS, MIN_ITEMS, Run, lead_block
from extractors.table import ASIDE
from extractors.vocabulary import heading_kind

_LARGE_BLOCKS = 3  # of a large first card, between a heading and the small cards


Spans = tuple[list[int], list[int]]


def spans(doc: Document) -> Spans:
    """For each element the half-open range of its blocks; empty elements have first == none, past == 0."""
    count = len(doc.elements.tag)
    none = len(doc.blocks.text)
    first, past = [none] * count, [0] * count
    for block, element in enumerate(doc.blocks.element):
        if past[element] == 0:
            first[element] = block
        past[element] = block + 1
    parents = doc.elements.parent
    for element in range(count - 1, 0, -1):
        end = past[element]
        if end:
            parent = parents[element]
            if first[element] < first[parent]:
                first[parent] = first[element]
            if end > past[parent]:
                past[parent] = end
    return first, past


def sibling_runs(doc: Document, leads: bytes, ranges: Spans) -> Iterator[Run]:
    """Runs of sibling elements with the shape of items; outer runs before inner ones. ``ranges`` are :func:`spans`."""
    if sum(leads) < 2:
        return
    first, past = ranges
    tags, ends = doc.elements.tag, doc.elements.end
    shape = _Shape(doc, leads)
    children = _children(doc, past)
    pairs: list[tuple[int, list[int]]] = []
    covered = 0
    for parent, kids in sorted(children.items()):
        if parent < covered or len(kids) < 2:
            continue
        if leads.count(1, first[kids[0]], past[kids[-1]]) < 2:
            continue
        shapes = [
            past[kid] - first[kid] <= MAX_ITEM_BLOCKS
            and leads.find(1, first[kid], past[kid]) >= 0
            and shape.is_item(first[kid], past[kid])
            for kid in kids
        ]
        if sum(shapes) < 2:
            continue
        if len(kids) == 2 and tags[kids[0]] == tags[kids[1]] and all(shapes):
            pairs.append((parent, kids))
        for low, high in _item_runs([tags[kid] for kid in kids], shapes):
            items = tuple((first[kid], past[kid]) for kid in kids[low:high])
            if len(items) >= MIN_ITEMS or _is_promoted(doc, parent, first[kids[low]]):
                yield Run(first[kids[low]], past[kids[high - 1]], items)
                if high - low == len(kids):
                    covered = ends[parent]
    yield from _grids(doc, pairs, ranges)


def _children(doc: Document, past: Sequence[int]) -> dict[int, list[int]]:
    """For each element its children that hold text."""
    children: dict[int, list[int]] = {}
    for element, (parent, size) in enumerate(zip(doc.elements.parent, past, strict=True)):
        if size and element:
            if parent in children:
                children[parent].append(element)
            else:
                children[parent] = [element]
    return children


def _grids(doc: Document, pairs: list[tuple[int, list[int]]], ranges: Spans) -> Iterator[Run]:
    """Rows of two items each, one under the other: a grid of two columns."""
    first, past = ranges
    parents = doc.elements.parent
    for _, group in groupby(pairs, key=lambda pair: parents[pair[0]]):
        row = [tuple((first[kid], past[kid]) for kid in kids) for _, kids in group]
        items = [item for two in row for item in two]
        if len(row) > 1 and all(left[1] == right[0] for left, right in pairwise(items)):
            yield Run(items[0][0], items[-1][1], tuple(items))


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
    if doc.elements.flags[parent] & ASIDE or doc.lines.marks[doc.elements.look[parent]] & NEGATIVE:
        return True
    home = doc.elements.parent[parent]
    for above in range(block - 1, max(-1, block - 1 - _LARGE_BLOCKS), -1):
        if heading_kind(doc.blocks.text[above]) is not None:
            return True
        if not home < doc.blocks.element[above]:
            break
    return False


class _Shape:
    """Tells items: one headline link, and else only short lines, an age, a teaser."""

    def __init__(self, doc: Document, leads: bytes) -> None:
        self.doc = doc
        self.leads = leads
        self.words_before = [0, *accumulate(doc.blocks.words)]

    def is_item(self, first: int, past: int) -> bool:
        lead = lead_block(self.doc, self.leads, first, past)
        if lead is None or self.words_before[past] - self.words_before[first] > MAX_ITEM_WORDS:
            return False
        blocks = self.doc.blocks
        address, size = blocks.hrefs[blocks.anchor[lead]], len(blocks.label[lead])
        for block in range(first, past):
            if block == lead:
                continue
            anchor, words = blocks.anchor[block], blocks.words[block]
            if not anchor:
                if words > MAX_TEASER_WORDS:
                    return False
            elif words > 4 and blocks.hrefs[anchor] != address and 2 * len(blocks.text[block]) > size:
                other = not self.doc.lines.stamp(block)  # a byline with a date is looked for last: it costs most
                if other:
                    return False
        return True
