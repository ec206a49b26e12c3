"""Lists by their rhythm: lines in which a mark comes again and again, each time with a headline before or after it.

A mark is an age, a date, or a teaser that breaks off. Nothing needs to be linked, nor to have an element of its own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.dom import Document
from extractors.runs import (
    MAX_ITEM_BLOCKS,
    MAX_ITEM_WORDS,
    MAX_TEASER_WORDS,
    MIN_ITEMS,
    Run,
    is_broken_off,
    is_headline,
)
from extractors.vocabulary import heading_kind


def rhythm_runs(doc: Document, taken: bytearray) -> Iterator[Run]:
    """Runs of items that end with (or begin with) a mark, in blocks that no other run has taken."""
    texts, words = doc.blocks.text, doc.blocks.words
    is_time = doc.lines.is_time
    ages = [block for block, size in enumerate(words) if size <= 8 and not taken[block] and is_time(block)]
    teasers = [
        block for block, size in enumerate(words) if size > 4 and not taken[block] and is_broken_off(texts[block])
    ]
    for marks in (ages, teasers):
        for group in _rows(doc, marks):
            ending = _ending_run(doc, group)
            run = _starting_run(doc, group, ending) if marks is ages else ending
            if run is not None:
                yield run


def _rows(doc: Document, marks: Sequence[int]) -> Iterator[list[int]]:
    """Marks that follow each other within a few blocks and at one depth of one part of the page."""
    row: list[int] = []
    for mark in marks:
        if row and (mark - row[-1] > MAX_ITEM_BLOCKS or not _alike(doc, row[-1], mark)):
            yield row
            row = []
        row.append(mark)
    yield row


def _alike(doc: Document, one: int, other: int) -> bool:
    elements, owners = doc.elements, doc.blocks.element
    left, right = owners[one], owners[other]
    if elements.tag[left] != elements.tag[right] or elements.depth[left] != elements.depth[right]:
        return False
    for _ in range(4):
        left, right = elements.parent[left], elements.parent[right]
        if left == right:
            return True
    return False


def _ending_run(doc: Document, marks: Sequence[int]) -> Run | None:
    """Items that end with their mark: headline, teaser, age; or dash, section, headline, date."""
    if len(marks) < 2:
        return None
    gaps = Counter(right - left for left, right in pairwise(marks))
    period = gaps.most_common(1)[0][0]
    items = [(max(0, marks[0] - period + 1), marks[0] + 1)]
    items += [(left + 1, right + 1) for left, right in pairwise(marks)]
    return _checked(doc, items, mark_first=False)


def _starting_run(doc: Document, marks: Sequence[int], ending: Run | None) -> Run | None:
    """Items that begin with their mark (age, headline, perhaps a teaser), unless they end with it."""
    if len(marks) < 2:
        return None
    opened = marks[0] > 0 and heading_kind(doc.blocks.text[marks[0] - 1]) is not None
    if ending is not None and ending.start <= marks[0] and not opened:
        return ending
    period = Counter(right - left for left, right in pairwise(marks)).most_common(1)[0][0]
    items = [*pairwise(marks), (marks[-1], min(len(doc.blocks.text), marks[-1] + period))]
    starting = _checked(doc, items, mark_first=True)
    return starting if starting is not None and starting.start == marks[0] else ending


def _checked(doc: Document, items: list[tuple[int, int]], *, mark_first: bool) -> Run | None:
    """The longest stretch of good items, if it is long enough for a list."""
    best: list[tuple[int, int]] = []
    row: list[tuple[int, int]] = []
    for item in items:
        row = [*row, item] if _is_group(doc, *item, mark_first=mark_first) else []
        best = row if len(row) > len(best) else best
    least = 2 if best and best[0][0] > 0 and heading_kind(doc.blocks.text[best[0][0] - 1]) else MIN_ITEMS
    return Run(best[0][0], best[-1][1], tuple(best)) if len(best) >= least else None


def _is_group(doc: Document, first: int, past: int, *, mark_first: bool) -> bool:
    """A headline with at most one longer text, which is short or breaks off, between short lines."""
    texts, words = doc.blocks.text, doc.blocks.words
    inner = range(first + 1, past) if mark_first else range(first, past)
    long = [block for block in inner if words[block] > 4 and not is_headline(texts[block], words[block])]
    leads = [
        block
        for block in inner
        if words[block] >= 3 and is_headline(texts[block], words[block]) and not is_broken_off(texts[block])
    ]
    if not leads or past - first < 2 or past - first > MAX_ITEM_BLOCKS or sum(words[first:past]) > MAX_ITEM_WORDS:
        return False
    if any(words[block] > MAX_TEASER_WORDS or block < leads[0] for block in long) or len(long) > 1:
        return False
    return not mark_first or all(is_broken_off(texts[block]) for block in long)
