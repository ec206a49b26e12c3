"""A page as the reader of articles sees it: what no list has taken, what speaks against it, and sums by element."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from extractors.dom import Document
from extractors.metadata import Metadata
from extractors.names import COMMENTS, NEGATIVE
from extractors.table import ASIDE, CAPTION, FIGURE, FORM, HIDDEN

_NEUTRAL_TAGS: Final = frozenset({"html", "body", "main", "article"})
_MOST_PROSE: Final = 0.5
_ALL_PROSE: Final = 0.9


@dataclass(frozen=True, slots=True)
class View:
    """Columns that all steps share. ``open`` are the blocks that no list has taken; ``negative`` counts on the path."""

    doc: Document
    metadata: Metadata
    open: list[int]
    bad: int
    negative: list[int]
    comments: bytearray
    good: bytearray
    words: list[float]
    links: list[float]
    prose: list[float]

    def marks(self, element: int) -> int:
        """What an element's names say."""
        return self.doc.lines.marks[self.doc.elements.look[element]]

    def below(self, sums: list[float], element: int) -> float:
        """The sum over a subtree from running sums, such as ``words``, ``links`` or ``prose``."""
        return sums[self.doc.elements.end[element]] - sums[element]


def view_of(doc: Document, metadata: Metadata, free: list[int]) -> View:
    """The view of a page whose ``free`` blocks are in no list."""
    owners, sizes, shares = doc.blocks.element, doc.blocks.words, doc.blocks.link
    prose = {block: sizes[block] for block in free if sizes[block] >= 8 and shares[block] < 0.4}
    negative, comments = _suspicions(doc, _running(doc, prose))
    bad = _bad_flags(doc, prose)
    barred = (bad | FIGURE) & ~FORM
    good = bytearray(len(sizes))
    for block in prose:
        owner = owners[block]
        good[block] = not doc.elements.flags[owner] & barred and negative[owner] <= 1 and not comments[owner]
    return View(
        doc, metadata, free, bad, negative, comments, good,
        _running(doc, {block: float(sizes[block]) for block in free}),
        _running(doc, {block: sizes[block] * shares[block] for block in free if shares[block]}),
        _running(doc, {block: float(size) for block, size in prose.items() if good[block]}),
    )  # fmt: skip


def _suspicions(doc: Document, prose: Sequence[float]) -> tuple[list[int], bytearray]:
    """For each element how many names on its path speak against it, and whether it lies in reader comments.

    A name that most of the page's prose stands under, alone or together with others of that name, says nothing; a
    thread of comments may well be longer than its article, so there nearly all of the prose has to.
    """
    elements, marks = doc.elements, doc.lines.marks
    end, look, looks = elements.end, elements.look, elements.looks
    suspects = [element for element, own in enumerate(look) if marks[own] & NEGATIVE]
    shares: Counter[str] = Counter()
    for element in suspects:
        shares[looks[look[element]][1]] += int(prose[end[element]] - prose[element])
    total = prose[-1]
    steps = [0] * (len(end) + 1)
    comments = bytearray(len(end))
    for element in suspects:
        tag, names = looks[look[element]]
        thread = bool(marks[look[element]] & COMMENTS)
        if tag in _NEUTRAL_TAGS or shares[names] >= max(1.0, (_ALL_PROSE if thread else _MOST_PROSE) * total):
            continue
        past = end[element]
        steps[element] += 1
        steps[past] -= 1
        if thread and not comments[element]:
            comments[element:past] = b"\x01" * (past - element)
    steps.pop()
    return list(accumulate(steps)), comments


def _bad_flags(doc: Document, prose: Mapping[int, int]) -> int:
    """The flags that speak against a block; one that most of the prose has says nothing (a page shown by script)."""
    flags, owners = doc.elements.flags, doc.blocks.element
    total = sum(prose.values())
    flagged = dict.fromkeys((ASIDE, CAPTION, FORM, HIDDEN), 0)
    any_flag = ASIDE | CAPTION | FORM | HIDDEN
    for block, size in prose.items():
        if own := flags[owners[block]] & any_flag:
            for flag in flagged:
                flagged[flag] += size if own & flag else 0
    return sum(flag for flag, size in flagged.items() if size < _MOST_PROSE * total or not total)


def _running(doc: Document, weights: Mapping[int, int] | Mapping[int, float]) -> list[float]:
    """Sums of what the blocks weigh over all elements before each, in preorder: a subtree's is a difference of two."""
    own = [0.0] * len(doc.elements.tag)
    owners = doc.blocks.element
    for block, weight in weights.items():
        own[owners[block]] += weight
    return list(accumulate(own, initial=0.0))
