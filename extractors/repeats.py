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
from extractors.runs import MAX_ITEM_WORDS, MAX_TEASER_WORDS, MIN_ITEMS, Run, is_headline, lead_block, story_address
from extractors.siblings import Spans, sibling_runs, spans
from extractors.table import ASIDE, HEADING
from extractors.vocabulary import heading_kind

_ROW_SHARE: Final = 0.6  # linked characters of a line in a row of links; the rest is an age
_BULLETS: Final = frozenset("•▪►▶»›→–-*")
_FIRST_BLOCKS: Final = 4
_LEAST_WORDS: Final = 4  # of a heading that is a headline
_HEADING_WORDS: Final = 8  # of a line over a list that is no heading element ...
_LOWER_WORDS: Final = 3  # ... and begins with a small letter, as the last item of the article's own list may
_MOST_BETWEEN: Final = 2  # lines between the heading of a box and its list ...
_TAB_SHARE: Final = 0.9  # ... each of at most three words, or a link
_PROSE_BLOCKS: Final = 2  # behind a list, in which the text would go on
_PROSE_WORDS: Final = 12


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
    found = [_with_heading(doc, _with_first(doc, run, leads, taken), taken, ranges) for run in _merged(doc, runs)]
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


def _with_first(doc: Document, run: Run, leads: bytes, taken: bytearray) -> Run:
    """The run with a first item of another form, between its heading and the rest: a large card over small ones."""
    for first in range(run.start - 1, max(0, run.start - _FIRST_BLOCKS) - 1, -1):
        if taken[first] or doc.lines.times[first]:
            continue
        if first and not taken[first - 1] and leads[first] and _opens(doc, first - 1, run):
            title = lead_block(doc, leads, first, run.start)
            words = doc.blocks.words[first : run.start]
            if title is None or any(taken[first : run.start]) or sum(words) > MAX_ITEM_WORDS:
                return run
            if max(words) > MAX_TEASER_WORDS:
                return run
            taken[first : run.start] = b"\x01" * (run.start - first)
            return Run(first, run.end, ((first, run.start), *run.items))
    return run


def _opens(doc: Document, above: int, run: Run) -> bool:
    """Whether a line is a heading of other stories in an element that holds the run too, and nothing behind it."""
    elements, owners = doc.elements, doc.blocks.element
    if heading_kind(doc.blocks.text[above]) is None:
        return False
    home = elements.parent[owners[above]]
    holds = home <= owners[run.start] and owners[run.end - 1] < elements.end[home]
    return holds and (run.end >= len(owners) or not home <= owners[run.end] < elements.end[home])


def _with_heading(doc: Document, run: Run, taken: bytearray, ranges: Spans) -> Run:
    """The run with the short line over it: a known heading, a heading element, or any line that ends without a stop.

    A line of the text is no heading of a list that is set in behind it: the text goes on after the list. Where a box
    begins with its heading, tabs or a link to more may stand between that and the list.
    """
    above = run.start - 1
    if above < 0 or taken[above]:
        return run
    text, words = doc.blocks.text[above], doc.blocks.words[above]
    if heading_kind(text) is not None:
        return Run(run.start, run.end, run.items, above)
    if (higher := _box_heading(doc, run, taken, ranges)) is not None:
        return Run(run.start, run.end, run.items, higher)
    marked = doc.elements.flags[doc.blocks.element[above]] & HEADING
    plain = words <= (_LOWER_WORDS if text[0].islower() else _HEADING_WORDS) and text[-1] not in '.!?…"”»'
    plain = plain and not doc.lines.times[above] and not doc.lines.is_junk(above)
    if not (plain or (marked and words <= 12)) or _in_prose(doc, above, run):
        return run
    return Run(run.start, run.end, run.items, above)


def _box_heading(doc: Document, run: Run, taken: bytearray, ranges: Spans) -> int | None:
    """A heading of known words, or in a heading element, with one or two tabs or links between it and the run."""
    words, link, flags = doc.blocks.words, doc.blocks.link, doc.elements.flags
    marked = flags[doc.blocks.element[run.start - 1]] & HEADING
    for above in range(run.start - 2, max(-1, run.start - 2 - _MOST_BETWEEN), -1):
        between = above + 1
        if taken[above] or words[above] > _HEADING_WORDS or not (words[between] <= 3 or link[between] >= _TAB_SHARE):
            return None
        named = heading_kind(doc.blocks.text[above]) is not None
        headed = flags[doc.blocks.element[above]] & HEADING and not marked
        if (named or headed) and _begins_box(doc, above, run, ranges):
            return above
    return None


def _begins_box(doc: Document, above: int, run: Run, ranges: Spans) -> bool:
    """Whether a line is the first of the smallest element that holds it and the run."""
    elements, owner = doc.elements, doc.blocks.element[above]
    last = doc.blocks.element[run.end - 1]
    while not owner <= last < elements.end[owner]:
        owner = elements.parent[owner]
    return ranges[0][owner] == above and not _in_prose(doc, above, run)


def _in_prose(doc: Document, above: int, run: Run) -> bool:
    """Whether a line is the page's headline, or stands over a text too that goes on after the run."""
    elements, blocks = doc.elements, doc.blocks
    owner = blocks.element[above]
    if elements.tag[owner] == "h1" and not elements.flags[owner] & ASIDE:
        return True
    if owner == blocks.element[run.start]:
        return False
    home, inside = elements.parent[owner], blocks.element[run.start]
    while not home <= inside < elements.end[home]:
        home = elements.parent[home]
    for block in range(run.end, min(run.end + _PROSE_BLOCKS, len(blocks.text))):
        if blocks.words[block] >= _PROSE_WORDS and blocks.link[block] < 0.4:
            return home <= blocks.element[block] < elements.end[home]
    return False
