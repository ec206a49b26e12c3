"""Lists by their rhythm: lines in which a mark comes again and again, each time with a headline before or after it.

A mark is an age, a date, or a teaser that breaks off. Nothing needs to be linked, nor to have an element of its own.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import Final

from extractors.dom import Document
from extractors.lines import dated_headline
from extractors.runs import (
    MAX_ITEM_BLOCKS,
    MAX_ITEM_WORDS,
    MAX_TEASER_WORDS,
    MIN_ITEMS,
    Run,
    is_broken_off,
    is_headline,
    leads_home,
    story_address,
)
from extractors.vocabulary import heading_kind

_WAY_WORDS: Final = 4  # of a link that says to go on
_DATED_WORDS: Final = 34
_MARK_WORDS: Final = 12  # of a line that says when and by whom
_LEAD_TEASERS: Final = 3
_HEAD_TAGS: Final = frozenset({"dt", "h2", "h3", "h4", "h5", "h6"})
_LEAD_TAGS: Final = _HEAD_TAGS | {"p", "div", "li"}

Shape = tuple[tuple[str, int, str], ...]


def rhythm_runs(doc: Document, leads: bytes, taken: bytearray, host: str) -> Iterator[Run]:
    """Runs of items that end with (or begin with) a mark, in blocks that no other run has taken.

    A mark is also a link that says to go on, again and again, to other pages of ``host``.
    """
    texts, words, lines = doc.blocks.text, doc.blocks.words, doc.lines
    ages = [
        block
        for block, size in enumerate(words)
        if not taken[block] and ((size <= 8 and lines.times[block]) or (size <= _MARK_WORDS and lines.stamp(block)))
    ]
    teasers = [
        block for block, size in enumerate(words) if size > 4 and not taken[block] and is_broken_off(texts[block])
    ]
    yield from _dated_runs(doc, taken)
    for marks in (ages, teasers, _ways_on(doc, taken, host)):
        for row in _rows(doc, marks):
            group = _trimmed(doc, row)
            if len(group) > 1:
                run = _run(doc, leads, group, may_start=marks is ages)
                if run is not None:
                    yield run


def _ways_on(doc: Document, taken: bytearray, host: str) -> list[int]:
    blocks = doc.blocks
    found: dict[str, list[int]] = {}
    for block, label in enumerate(blocks.label):
        if label and blocks.words[block] <= _WAY_WORDS and not taken[block] and blocks.link[block] >= 0.9:
            found.setdefault(label, []).append(block)
    return sorted(
        block
        for same in found.values()
        if len({story_address(doc, block) for block in same}) >= MIN_ITEMS and leads_home(doc, same[0], host)
        for block in same
    )


def _dated_runs(doc: Document, taken: bytearray) -> Iterator[Run]:
    """Lines side by side that each end with their time."""
    texts, words, owners = doc.blocks.text, doc.blocks.words, doc.blocks.element
    row: list[int] = []
    for block in range(len(texts) + 1):
        dated = (
            block < len(texts)
            and 4 < words[block] <= _DATED_WORDS
            and not taken[block]
            and dated_headline(texts[block])[1]
        )
        if row and dated and doc.elements.parent[owners[row[-1]]] == doc.elements.parent[owners[block]]:
            row.append(block)
            continue
        if len(row) >= MIN_ITEMS:
            yield Run(row[0], row[-1] + 1, tuple((at, at + 1) for at in row))
        row = [block] if dated else []


def lead_runs(doc: Document, leads: bytes, taken: bytearray, host: str) -> Iterator[Run]:
    """Runs of items that begin with a linked heading (or term, or paragraph) and go on with a teaser, side by side.

    Parts of an article whose headings lead to other sites are no items of a list of the page's own stories.
    """
    tags, owners = doc.elements.tag, doc.blocks.element
    marks = [
        block
        for block, lead in enumerate(leads)
        if lead and not taken[block] and tags[owners[block]] in _LEAD_TAGS and doc.blocks.link[block] >= 0.8
    ]
    at_home = groupby(marks, key=lambda block: leads_home(doc, block, host))
    for group in chain.from_iterable(_rows(doc, list(same)) for _, same in at_home):
        known = group and group[0] > 0 and heading_kind(doc.blocks.text[group[0] - 1]) is not None
        least = 2 if known else MIN_ITEMS
        if len(group) < least:
            continue
        shapes = Counter(_shape(doc, leads, left + 1, right) for left, right in pairwise(group))
        length = len(shapes.most_common(1)[0][0])
        if length == 1 and (signed := _signed_run(doc, leads, group, shapes)):
            yield signed
            continue
        if tags[owners[group[0]]] not in _HEAD_TAGS and not known:
            continue
        past = min(len(owners), group[-1] + 1 + length)
        if length and _shape(doc, leads, group[-1] + 1, past) in shapes:
            items = [(left, right) for left, right in pairwise([*group, past]) if _is_teased(doc, leads, left, right)]
            if len(items) == len(group):
                yield Run(group[0], past, tuple(items))


def _signed_run(doc: Document, leads: bytes, marks: Sequence[int], shapes: Counter[Shape]) -> Run | None:
    """Linked headlines with one short line before each: a name or a section."""
    (shape, count), *_ = shapes.most_common(1)
    if shape[0][2] != "short" or count < len(marks) - 1 or len(marks) < MIN_ITEMS:
        return None
    items = [(left + 1, right + 1) for left, right in pairwise(marks)]
    if _fits(doc, leads, marks[0] - 1, marks[0], shapes) and heading_kind(doc.blocks.text[marks[0] - 1]) is None:
        items.insert(0, (marks[0] - 1, marks[0] + 1))
    else:
        items.insert(0, (marks[0], marks[0] + 1))
    return Run(items[0][0], items[-1][1], tuple(items))


def _is_teased(doc: Document, leads: bytes, first: int, past: int) -> bool:
    """A linked headline, a short teaser beside it, and no further headline."""
    blocks, elements = doc.blocks, doc.elements
    home = elements.parent[blocks.element[first]]
    rest = range(first + 1, past)
    return (
        1 <= len(rest) <= _LEAD_TEASERS
        and not any(leads[block] and not _same_story(doc, first, block) for block in rest)
        and all(blocks.words[block] <= MAX_TEASER_WORDS and blocks.link[block] < 0.4 for block in rest)
        and all(elements.parent[blocks.element[block]] == home for block in rest)
        and sum(blocks.words[first:past]) <= MAX_ITEM_WORDS
    )


def _same_story(doc: Document, one: int, other: int) -> bool:
    return story_address(doc, one) == story_address(doc, other)


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


def _trimmed(doc: Document, marks: list[int]) -> list[int]:
    """Marks without a first or last one that stands elsewhere while all others are side by side: the article's own."""
    parents = [doc.elements.parent[doc.blocks.element[mark]] for mark in marks]
    if len(marks) > 2 and parents[0] != parents[1] == parents[2]:
        return marks[1:]
    if len(marks) > 2 and parents[-1] != parents[-2] == parents[-3]:
        return marks[:-1]
    return marks


def _run(doc: Document, leads: bytes, marks: Sequence[int], *, may_start: bool) -> Run | None:
    """Items that end with their mark (headline, teaser, age; or section, headline, date), or that begin with it.

    What stands between two marks shows what an item is made of; the lines before the first mark or behind the last one
    tell by being made alike to which side the marks belong.
    """
    shapes = Counter(_shape(doc, leads, left + 1, right) for left, right in pairwise(marks))
    lengths = list(dict.fromkeys(len(shape) for shape, _ in shapes.most_common() if shape))
    before = next((marks[0] - size for size in lengths if _fits(doc, leads, marks[0] - size, marks[0], shapes)), None)
    tail = marks[-1] + 1
    behind = next((tail + size for size in lengths if _fits(doc, leads, tail, tail + size, shapes)), None)
    opened = marks[0] > 0 and heading_kind(doc.blocks.text[marks[0] - 1]) is not None
    if may_start and behind is not None and (before is None or opened):
        starting = _checked(doc, leads, [*pairwise(marks), (marks[-1], behind)], mark_first=True)
        if starting is not None and starting.start == marks[0]:
            return starting
    ending = [(left + 1, right + 1) for left, right in pairwise(marks)]
    if before is None and behind is None and lengths and not opened:
        before = _guessed(doc, marks[0], lengths[0], ending[0])
    if before is not None and not opened:
        ending.insert(0, (before, marks[0] + 1))
    first, past = ending[0]
    if past - first > 2 and heading_kind(doc.blocks.text[first]) is not None:
        ending[0] = (first + 1, past)
    return _checked(doc, leads, ending, mark_first=False)


def _guessed(doc: Document, mark: int, length: int, like: tuple[int, int]) -> int | None:
    """Where the first item begins, if its lines are elements of the same kinds as those of the next one."""
    tags, owners = doc.elements.tag, doc.blocks.element
    known = {tags[owners[block]] for block in range(*like)}
    first = max(0, mark - length)
    return first if known.issuperset(tags[owners[block]] for block in range(first, mark)) else None


def _fits(doc: Document, leads: bytes, first: int, past: int, shapes: Counter[Shape]) -> bool:
    return first >= 0 and past <= len(leads) and _shape(doc, leads, first, past) in shapes


def _shape(doc: Document, leads: bytes, first: int, past: int) -> Shape:
    """For each line the kind and depth of its element, and what it looks like."""
    tags, depths, owners = doc.elements.tag, doc.elements.depth, doc.blocks.element
    return tuple(
        (tags[owners[block]], depths[owners[block]], _line_kind(doc, leads, block)) for block in range(first, past)
    )


def _line_kind(doc: Document, leads: bytes, block: int) -> str:
    text, words = doc.blocks.text[block], doc.blocks.words[block]
    if leads[block]:
        return "link"
    if is_broken_off(text):
        return "broken"
    if not is_headline(text, words):
        return "long" if words > 4 else "short"
    return "headline" if words > 4 else "short"


def _checked(doc: Document, leads: bytes, items: list[tuple[int, int]], *, mark_first: bool) -> Run | None:
    """The longest stretch of good items, if it is long enough for a list."""
    best: list[tuple[int, int]] = []
    row: list[tuple[int, int]] = []
    for item in items:
        row = [*row, item] if _is_group(doc, leads, *item, mark_first=mark_first) else []
        best = row if len(row) > len(best) else best
    least = 2 if best and best[0][0] > 0 and heading_kind(doc.blocks.text[best[0][0] - 1]) else MIN_ITEMS
    return Run(best[0][0], best[-1][1], tuple(best)) if len(best) >= least else None


def _is_group(doc: Document, leads: bytes, first: int, past: int, *, mark_first: bool) -> bool:
    """A headline with at most one longer text, which is short or breaks off, between short lines."""
    texts, words = doc.blocks.text, doc.blocks.words
    if past - first < 2 or past - first > MAX_ITEM_BLOCKS or sum(words[first:past]) > MAX_ITEM_WORDS:
        return False
    inner = range(first + 1, past) if mark_first else range(first, past)
    long = [block for block in inner if words[block] > 4 and not is_headline(texts[block], words[block])]
    heads = [
        block
        for block in inner
        if words[block] >= 3 and is_headline(texts[block], words[block]) and not is_broken_off(texts[block])
    ]
    if not heads or any(words[block] > MAX_TEASER_WORDS or block < heads[0] for block in long) or len(long) > 1:
        return False
    return not mark_first or leads[heads[0]] == 1 or all(is_broken_off(texts[block]) for block in long)
