"""A page as the reader of articles sees it: what no list has taken, what speaks against it, and sums by element."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from extractors.dom import Document
from extractors.metadata import Metadata
from extractors.table import ASIDE, CAPTION, FIGURE, FORM, HIDDEN
from extractors.vocabulary import COMMENTS, NEGATIVE, name_marks

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
    marks: list[int]
    negative: list[int]
    comments: list[bool]
    good: list[bool]
    words_below: list[float]
    links_below: list[float]
    good_below: list[float]


def view_of(doc: Document, metadata: Metadata, free: list[int]) -> View:
    """The view of a page whose ``free`` blocks are in no list."""
    blocks = doc.blocks
    prose = {block: blocks.words[block] for block in free if blocks.words[block] >= 8 and blocks.link[block] < 0.4}
    marks = [name_marks(names) if names else 0 for names in doc.elements.names]
    negative, comments = _suspicions(doc, marks, _below(doc, prose))
    bad = _bad_flags(doc, prose)
    good = [False] * len(blocks.text)
    for block in prose:
        owner = blocks.element[block]
        plain = not doc.elements.flags[owner] & (bad | FIGURE) & ~FORM
        good[block] = plain and negative[owner] <= 1 and not comments[owner]
    weights = {block: float(blocks.words[block]) for block in free}
    return View(
        doc, metadata, free, bad, marks, negative, comments, good,
        _below(doc, weights),
        _below(doc, {block: weights[block] * blocks.link[block] for block in free}),
        _below(doc, {block: weights[block] for block in prose if good[block]}),
    )  # fmt: skip


def _suspicions(doc: Document, marks: Sequence[int], prose: Sequence[float]) -> tuple[list[int], list[bool]]:
    """For each element how many names on its path speak against it, and whether it lies in reader comments.

    A name that most of the page's prose stands under, alone or together with others of that name, says nothing; a
    thread of comments may well be longer than its article, so there nearly all of the prose has to.
    """
    elements = doc.elements
    shares: Counter[str] = Counter()
    for names, own, size in zip(elements.names, marks, prose, strict=True):
        if own & NEGATIVE:
            shares[names] += int(size)
    total = prose[0] if prose else 0.0
    negative: list[int] = []
    comments: list[bool] = []
    for element, (names, own, tag) in enumerate(zip(elements.names, marks, elements.tag, strict=True)):
        thread = bool(own & COMMENTS)
        said = own & NEGATIVE and tag not in _NEUTRAL_TAGS
        counts = bool(said) and shares[names] < max(1.0, (_ALL_PROSE if thread else _MOST_PROSE) * total)
        above = elements.parent[element]
        negative.append((negative[above] if element else 0) + counts)
        comments.append((element > 0 and comments[above]) or (counts and thread))
    return negative, comments


def _bad_flags(doc: Document, prose: Mapping[int, int]) -> int:
    """The flags that speak against a block; one that most of the prose has says nothing (a page shown by script)."""
    flags = doc.elements.flags
    total = sum(prose.values())
    bad = 0
    for flag in (ASIDE, CAPTION, FORM, HIDDEN):
        flagged = sum(size for block, size in prose.items() if flags[doc.blocks.element[block]] & flag)
        bad |= flag if flagged < _MOST_PROSE * total or not total else 0
    return bad


def _below(doc: Document, weights: Mapping[int, int] | Mapping[int, float]) -> list[float]:
    """For each element the sum over its subtree, as differences of one running sum in preorder."""
    own = [0.0] * len(doc.elements.tag)
    for block, weight in weights.items():
        own[doc.blocks.element[block]] += weight
    sums = list(accumulate(own, initial=0.0))
    return [sums[end] - sums[element] for element, end in enumerate(doc.elements.end)]
