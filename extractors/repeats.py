"""Where a page repeats itself: runs of blocks that are lists of other stories, found by their shape alone.

What is decided here never depends on what an item says or on how many there are, so a list that moves, grows or
vanishes takes nothing of the article with it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from extractors.cards import card_runs
from extractors.dom import Document
from extractors.promos import single_promos
from extractors.rhythm import lead_runs, rhythm_runs
from extractors.runs import MIN_ITEMS, Run, is_headline, story_address
from extractors.siblings import sibling_runs, spans
from extractors.table import ASIDE, HEADING
from extractors.tops import Tops
from extractors.vocabulary import heading_kind

_ROW_SHARE: Final = 0.6  # linked characters of a line in a row of links; the rest is an age
_BULLETS: Final = frozenset("•▪►▶»›→–-*")
_LEAST_WORDS: Final = 4  # of a heading that is a headline


def find_runs(doc: Document, leads: bytes, host: str = "") -> list[Run]:
    """Every list of the page in document order, and each single story as a run of one; runs do not overlap.

    ``leads`` marks the linked headlines; ``host`` is the page's own, "" where it is not known.
    """
    taken = bytearray(len(doc.blocks.text))
    runs: list[Run] = []
    ranges = spans(doc)
    finders = (
        sibling_runs(doc, leads, ranges),
        rhythm_runs(doc, leads, taken, host),
        lead_runs(doc, leads, taken, host),
        card_runs(doc, leads, taken, ranges, host),
        _link_rows(doc, taken, leads),
        _heading_rows(doc, taken),
    )
    for finder in finders:
        for run in finder:
            if not any(taken[run.start : run.end]) and not _points_elsewhere(doc, run):
                runs.append(run)
                taken[run.start : run.end] = b"\x01" * (run.end - run.start)
    runs.sort(key=lambda run: run.start)
    tops = Tops(doc, leads, taken, ranges)
    found = [tops.with_heading(tops.with_first(run)) for run in _merged(doc, runs)]
    promos = [Run(first, past, ((first, past),)) for first, past in single_promos(doc, leads, taken, ranges, host)]
    return sorted([*found, *promos], key=lambda run: run.start)


def _points_elsewhere(doc: Document, run: Run) -> bool:
    """Whether a run leads within its page or to many sites: a table of contents, questions that unfold, references.

    Lists that a page promotes lead to stories of its own.
    """
    blocks = doc.blocks
    addresses = {blocks.hrefs[blocks.anchor[block]] for block in range(run.start, run.end) if blocks.anchor[block]}
    if 2 * sum(address.startswith("#") for address in addresses) > len(addresses):
        return True
    parts = [address.split("/", 3) for address in addresses]
    hosts = {part[2].lower().removeprefix("www.") for part in parts if len(part) > 2 and not part[1]}
    if len(hosts) < MIN_ITEMS or 2 * len(hosts) <= len(run.items):
        return False
    if doc.elements.flags[blocks.element[run.start]] & ASIDE:  # a house may have a site for each of its titles
        return False
    return not run.start or heading_kind(blocks.text[run.start - 1]) is None


def _link_rows(doc: Document, taken: bytearray, leads: bytes) -> Iterator[Run]:
    """Lines that are one link each, in a row in one element or under a heading that promises other stories."""
    past = 0
    while (first := leads.find(1, past)) >= 0:
        past = first + 1
        if taken[first] or doc.blocks.link[first] < _ROW_SHARE:
            continue
        while past < len(leads) and leads[past] and not taken[past] and doc.blocks.link[past] >= _ROW_SHARE:
            past += 1
        if _is_headed(doc, first, taken):
            items = _by_address(doc, first, past)
            if len(items) >= 2:
                yield Run(first, past, items)
            continue
        for _, row in groupby(range(first, past), key=doc.blocks.element.__getitem__):
            blocks = list(row)
            items = _by_address(doc, blocks[0], blocks[-1] + 1)
            if len(items) >= (2 if _is_headed(doc, blocks[0], taken) else MIN_ITEMS):
                yield Run(blocks[0], blocks[-1] + 1, items)


def _heading_rows(doc: Document, taken: bytearray) -> Iterator[Run]:
    """Headings with nothing between them, or lines that begin with a bullet, under words that promise other stories."""
    flags, tags, owners = doc.elements.flags, doc.elements.tag, doc.blocks.element
    marked = [
        block
        for block, text in enumerate(doc.blocks.text)
        if (text[0] in _BULLETS or flags[owners[block]] & HEADING) and not taken[block] and _is_row_line(doc, block)
    ]
    row: list[int] = []
    for block in (*marked, -1):
        if row and block == row[-1] + 1 and tags[owners[row[-1]]] == tags[owners[block]]:
            row.append(block)
            continue
        if len(row) > MIN_ITEMS and _stands_apart(doc, row):
            row.pop()
        if len(row) >= MIN_ITEMS and _is_headed(doc, row[0], taken):
            yield Run(row[0], row[-1] + 1, tuple((at, at + 1) for at in row))
        row = [block]


def _stands_apart(doc: Document, row: Sequence[int]) -> bool:
    """Whether the last line of a row lies in another element than all others: the next heading of the text."""
    homes = [doc.elements.parent[doc.blocks.element[block]] for block in row]
    return homes[-1] != homes[0] and homes[:-1].count(homes[0]) == len(row) - 1


def _is_row_line(doc: Document, block: int) -> bool:
    words = doc.blocks.words[block]
    return words >= _LEAST_WORDS and is_headline(doc.blocks.text[block], words)


def _by_address(doc: Document, first: int, past: int) -> tuple[tuple[int, int], ...]:
    """Lines as items, those of one address together: a headline and a teaser, or a kicker before it."""
    starts = [
        block
        for block in range(first, past)
        if block == first or story_address(doc, block) != story_address(doc, block - 1)
    ]
    return tuple(pairwise([*starts, past]))


def _is_headed(doc: Document, first: int, taken: bytearray) -> bool:
    above = first - 1
    return above >= 0 and not taken[above] and heading_kind(doc.blocks.text[above]) is not None


def _merged(doc: Document, runs: Sequence[Run]) -> Iterator[Run]:
    """Rows of a grid as one run: runs with nothing between them."""
    last: Run | None = None
    for run in runs:
        if (
            last is not None
            and last.end == run.start
            and doc.elements.depth[doc.blocks.element[last.items[0][0]]]
            == (doc.elements.depth[doc.blocks.element[run.items[0][0]]])
        ):
            last = Run(last.start, run.end, last.items + run.items)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last
