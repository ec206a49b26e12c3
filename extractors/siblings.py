"""Lists by their elements: siblings in a row that each hold one headline link and little else, whatever they are."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise

from extractors.dom import Document
from extractors.names import NEGATIVE
from extractors.runs import FINAL, MAX_ITEM_BLOCKS, MAX_ITEM_WORDS, MAX_TEASER_WORDS, MIN_ITEMS, Run, lead_block
from extractors.table import ASIDE, HEADING
from extractors.vocabulary import heading_kind

_LINE_WORDS, _LABEL_WORDS, _LINKED = 12, 4, 0.5  # of a line beside a headline, of the link in it, and their share
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
    rows: list[tuple[int, list[int]]] = []
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
        if all(shapes) and all(tags[kid] == tags[kids[0]] for kid in kids):
            rows.append((parent, kids))
        for low, high in _item_runs([tags[kid] for kid in kids], shapes):
            items = tuple((first[kid], past[kid]) for kid in kids[low:high])
            if len(items) >= MIN_ITEMS or _is_promoted(doc, parent, first[kids[low]]):
                yield Run(first[kids[low]], past[kids[high - 1]], items)
                if high - low == len(kids):
                    covered = ends[parent]
    yield from _Grids(doc, ranges, children, shape).runs(rows)


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


class _Grids:
    """Rows of items, one under the other. The last row may be shorter, and two items a row are enough."""

    def __init__(self, doc: Document, ranges: Spans, children: Mapping[int, Sequence[int]], shape: "_Shape") -> None:
        self.doc = doc
        self.first, self.past = ranges
        self.children = children
        self.shape = shape

    def runs(self, rows: Sequence[tuple[int, list[int]]]) -> Iterator[Run]:
        """What is no list of its own: rows of two, and the short row that ends a grid."""
        parents = self.doc.elements.parent
        for home, group in groupby(rows, key=lambda row: parents[row[0]]):
            row = list(group)
            if len(row) > 1 and len(row[-1][1]) < len(row[-2][1]):
                row.pop()
            items = [self.span(kid) for _, kids in row if len(kids) == 2 for kid in kids]
            tail = self.tail(home, *row[-1])
            if len(items) == 2 * len(row) and len(row) + bool(tail) > 1 and self.is_whole([*items, *tail]):
                yield Run(items[0][0], [*items, *tail][-1][1], (*items, *tail))
            elif tail:
                yield Run(tail[0][0], tail[-1][1], tuple(tail))

    def span(self, element: int) -> tuple[int, int]:
        return self.first[element], self.past[element]

    def tail(self, home: int, last: int, kids: Sequence[int]) -> list[tuple[int, int]]:
        """The items of the row behind the last whole one, if it is like that, but shorter, and ends the grid."""
        look, siblings = self.doc.elements.look, self.children[home]
        if siblings[-2:-1] != [last] or look[siblings[-1]] != look[last]:
            return []
        own = self.children.get(siblings[-1], [])
        items = [self.span(kid) for kid in own]
        alike = len(own) < len(kids) and all(look[kid] == look[kids[0]] for kid in own)
        return items if alike and all(self.shape.is_item(*item) for item in items) else []

    def is_whole(self, items: Sequence[tuple[int, int]]) -> bool:
        """Whether nothing stands between the items."""
        return all(left[1] == right[0] for left, right in pairwise(items))


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
            elif words <= _LINE_WORDS and self.is_note(block, lead):
                continue
            elif words > 4 and blocks.hrefs[anchor] != address and 2 * len(blocks.text[block]) > size:
                other = not self.doc.lines.stamp(block)  # a byline with a date is looked for last: it costs most
                if other:
                    return False
        return True

    def is_note(self, block: int, lead: int) -> bool:
        """Whether a line beside a headline is none: its link is a small part of it (a number of comments, a place), or
        only the other one is a heading, as over "by" and the name of who wrote it."""
        blocks, flags = self.doc.blocks, self.doc.elements.flags
        small = blocks.link[block] < _LINKED and blocks.label[block].count(" ") < _LABEL_WORDS
        headed = flags[blocks.element[lead]] & ~flags[blocks.element[block]] & HEADING
        return bool(small or headed) and blocks.text[block][-1] not in FINAL
