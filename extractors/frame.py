"""A page's blocks and elements as numpy columns: what the features, the vote and the sections all read."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from extractors.dom import Document
from extractors.names import COMMENTS, NEGATIVE, POSITIVE
from extractors.paths import Bools, Floats, Ints, branches, on_path, path_to
from extractors.table import ASIDE, BODY, CAPTION, FORM, HEADING, HIDDEN
from extractors.tokens import Marker

Column = Floats | Ints | Bools | float
"""What a feature may be before it is cast: one value for each row, or one for all."""

BAD_FLAGS: Final = ASIDE | CAPTION | FORM | HIDDEN
TEXT_TAGS: Final = frozenset(("p", "blockquote", "pre", "li", "h2", "h3", "h4"))
"""Elements that are text themselves; a container is looked for above them."""

_LARGE: Final = frozenset(("body", "html", "main", "article"))
_SKIP_BELOW: Final = -4.2  # log-odds of an element that never held an article in the training pages ...
_SKIP_UNLESS: Final = 1.0  # ... unless another of its names speaks for it
_FEW_WORDS: Final = 100  # a page left with less is read again without the skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Columns of the elements from their names, some summed down the path from the root."""

    own: Floats
    path_sum: Floats
    path_low: Floats
    path_high: Floats
    bad: Ints
    good: Bools
    comment: Bools
    skipped: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Columns of the blocks that take part (``index`` points into the document) and of all elements.

    ``subtree`` holds sums over the blocks below each element: words, linked words, blocks, words of long paragraphs.
    ``up1`` is the parent of each block's element; ``alike`` numbers the blocks whose element and parent look the same;
    ``branch`` is where each block leaves the path from the root to ``container``, ``level`` how far above it that is.
    """

    document: Document
    index: list[int]
    texts: list[str]
    words: Floats
    link: Floats
    element: Ints
    parent: Ints
    end: Ints
    depth: Ints
    flags: Ints
    marks: Marks
    long_words: Floats
    subtree: Floats
    good_words: Floats
    container: int
    body: int
    look: Ints
    up1: Ints
    alike: Ints
    branch: Ints
    level: Floats

    def below(self, per_block: Floats) -> Floats:
        """For each element the sum of a block column over its subtree."""
        sums: Floats = _subtree(per_block[None, :], self.element, self.end)[0]
        return sums

    def linked_share(self) -> Floats:
        share: Floats = self.subtree[1] / np.maximum(self.subtree[0], 1)
        return share


class _Arrays(NamedTuple):
    """Columns of the elements that more than one step needs."""

    parent: Ints
    end: Ints
    flags: Ints
    look: Ints


def frame(document: Document, hidden: bytes, marker: Marker) -> Frame | None:
    """The columns without the hidden blocks; None when no text is left.

    Nothing here or later depends on a hidden block, on how many there are, or on whether there are any.
    """
    elements = document.elements
    arrays = _Arrays(
        np.array(elements.parent, dtype=np.int64),
        np.array(elements.end, dtype=np.int64),
        np.array(elements.flags, dtype=np.int64),
        np.array(elements.look, dtype=np.int64),
    )
    marks = _marks(document, arrays, marker)
    index = _taking_part(document, hidden, marks)
    return _columns(document, arrays, index, marks) if index else None


def _taking_part(document: Document, hidden: bytes, marks: Marks) -> list[int]:
    blocks = document.blocks
    rest = [k for k, gone in enumerate(hidden) if not gone]
    skipped = marks.skipped.tolist()
    index = [k for k in rest if not skipped[blocks.element[k]]]
    few = sum(blocks.words[k] for k in index) < _FEW_WORDS
    return rest if few else index


def _marks(document: Document, arrays: _Arrays, marker: Marker) -> Marks:
    elements = document.elements
    large = np.array([tag in _LARGE for tag, _ in elements.looks], dtype=np.bool_)
    lows, highs = map(list, zip(*[marker.element(names) for _, names in elements.looks], strict=True))
    low, high = np.array(lows), np.array(highs)
    named = np.array(document.lines.marks, dtype=np.int64)
    bad, good, comment = ((named & mark) > 0 for mark in (NEGATIVE, POSITIVE, COMMENTS))
    look, end = arrays.look, arrays.end
    skipped = ((low < _SKIP_BELOW) & (high < _SKIP_UNLESS) & ~large)[look]
    skipped &= (arrays.flags & BODY) == 0
    own = (low + high)[look]
    sums: list[float] = []
    least: list[float] = []
    most: list[float] = []
    for parent, k in zip(elements.parent, elements.look, strict=True):
        value, other = lows[k], highs[k]
        if sums:
            sums.append(sums[parent] * 0.8 + value + other)
            lowest, highest = least[parent], most[parent]
            if value < lowest:
                lowest = value
            if other > highest:
                highest = other
            least.append(lowest)
            most.append(highest)
        else:
            sums.append(value + other)
            least.append(min(0.0, value))
            most.append(max(0.0, other))
    return Marks(
        own=own,
        path_sum=np.array(sums),
        path_low=np.array(least),
        path_high=np.array(most),
        bad=on_path((bad & ~large)[look], end),
        good=good[look],
        comment=on_path((comment & ~large)[look], end) > 0,
        skipped=on_path(skipped, end) > 0,
    )


def _columns(document: Document, arrays: _Arrays, index: list[int], marks: Marks) -> Frame:
    blocks, elements = document.blocks, document.elements
    words = np.array(blocks.words, dtype=np.float64)[index]
    link = np.array(blocks.link, dtype=np.float64)[index]
    element = np.array(blocks.element, dtype=np.int64)[index]
    parent, end, flags, look = arrays
    long_words = np.where((words >= 15) & (link < 0.3), words, 0.0)
    subtree = _subtree(np.stack([words, words * link, np.ones(len(index)), long_words]), element, end)
    textual = np.array([tag in TEXT_TAGS for tag, _ in elements.looks])
    up = parent[element]
    start = np.where(textual[look[element]], up, element)
    unlinked = 1 - subtree[1] / np.maximum(subtree[0], 1)
    nearness = _votes_upwards(
        np.where((words >= 10) & (link < 0.5), np.minimum(words, 80) * (1 - link), 0), start, parent, 0.55
    )
    container = int((nearness * unlinked * (1 + 0.15 * np.clip(marks.path_sum, -3, 3))).argmax())
    bad = marks.bad[element]
    good = (words >= 8) & (link < 0.4) & ((flags[element] & BAD_FLAGS) == 0) & (bad <= 1)
    value = np.where(good, np.minimum(words, 100) * (1 - link) * np.where(bad == 0, 1, 0.4), 0)
    praise = np.where(marks.good | ((flags & BODY) > 0), 1.25, 1.0) * np.where(marks.bad > 0, 0.5, 1.0)
    best = int((_votes_upwards(value, start, parent, 0.6) * unlinked * praise).argmax())
    good_words = _subtree(np.where(good, words, 0.0)[None, :], element, end)[0]
    branch, level = branches(elements, path_to(elements, container), element)
    return Frame(
        document=document,
        index=index,
        texts=[blocks.text[k] for k in index],
        words=words,
        link=link,
        element=element,
        parent=parent,
        end=end,
        depth=np.array(elements.depth, dtype=np.int64),
        flags=flags,
        marks=marks,
        long_words=long_words,
        subtree=subtree,
        good_words=good_words,
        container=container,
        look=look,
        up1=up,
        alike=np.unique(look[element] * (1 << 32) + look[up], return_inverse=True)[1],
        branch=branch,
        level=level,
        body=_climb(best, elements.parent, good_words - 0.4 * (subtree[0] - good_words)),
    )


def _subtree(values: Floats, element: Ints, end: Ints) -> Floats:
    """Sums over subtrees as differences of running sums in preorder."""
    sums = np.zeros((len(values), len(end) + 1))
    for row, value in zip(sums, values, strict=True):
        row[1:] = np.bincount(element, value, len(end))
    np.cumsum(sums, axis=1, out=sums)
    difference: Floats = sums[:, end] - sums[:, :-1]
    return difference


def _votes_upwards(value: Floats, start: Ints, parent: Ints, decay: float) -> Floats:
    """Each block gives its value to four levels of ancestors, less at each."""
    votes = np.zeros(len(parent))
    at, factor = start, 1.0
    for _ in range(4):
        votes += np.bincount(at, value * factor, len(parent))
        value = np.where(at > 0, value, 0)
        at = parent[at]
        factor *= decay
    return votes


def _climb(element: int, parent: list[int], worth: Floats) -> int:
    """The ancestor (or itself) with the most worth."""
    best = element
    while element:
        element = parent[element]
        if worth[element] > worth[best]:
            best = element
    return best


def headings(frame: Frame) -> Bools:
    """Which blocks are headings."""
    return (frame.flags[frame.element] & HEADING) > 0
