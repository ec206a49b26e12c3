"""Where a page repeats itself: runs of blocks that are lists of other stories, found by their shape alone.

What is decided here never depends on what an item says or on how many there are, so a list that moves, grows or
vanishes takes nothing of the article with it.
"""

from collections.abc import Iterator, Sequence

from extractors.dom import Document
from extractors.rhythm import rhythm_runs
from extractors.runs import MIN_ITEMS, Run
from extractors.siblings import sibling_runs
from extractors.table import HEADING
from extractors.vocabulary import heading_kind


def find_runs(doc: Document, leads: bytes) -> list[Run]:
    """Every list of the page in document order; runs do not overlap. ``leads`` marks the linked headlines."""
    taken = bytearray(len(doc.blocks.text))
    runs: list[Run] = []
    for found in (sibling_runs(doc, leads), rhythm_runs(doc, taken), _headed_links(doc, taken, leads)):
        for run in found:
            if not any(taken[run.start : run.end]) and not _points_elsewhere(doc, run):
                runs.append(run)
                taken[run.start : run.end] = b"\x01" * (run.end - run.start)
    runs.sort(key=lambda run: run.start)
    return [_with_heading(doc, run, taken) for run in _merged(doc, runs)]


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
    return not run.start or heading_kind(blocks.text[run.start - 1]) is None


def _headed_links(doc: Document, taken: bytearray, leads: bytes) -> Iterator[Run]:
    """Lines that are one link each, in a row under a heading that promises other stories, whatever holds them."""
    blocks = doc.blocks
    pair = leads.find(b"\x01\x01", 1)
    while pair > 0:
        heading = past = pair - 1
        pair = leads.find(b"\x01\x01", pair + 1)
        if taken[heading] or blocks.words[heading] > 8 or heading_kind(blocks.text[heading]) is None:
            continue
        past += 1
        while past < len(leads) and leads[past] and not taken[past] and blocks.link[past] >= 0.9:
            past += 1
        if past - heading > 2:
            yield Run(heading + 1, past, tuple((block, block + 1) for block in range(heading + 1, past)))


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


def _with_heading(doc: Document, run: Run, taken: bytearray) -> Run:
    """The run with the short line over it: a known heading, a heading element, or any line that ends without a stop."""
    above = run.start - 1
    if above < 0 or taken[above]:
        return run
    text, words = doc.blocks.text[above], doc.blocks.words[above]
    marked = doc.elements.flags[doc.blocks.element[above]] & HEADING
    known = heading_kind(text) is not None
    plain = words <= 8 and text[-1] not in '.!?…"”»' and not doc.lines.is_time(above) and not doc.lines.is_junk(above)
    return Run(run.start, run.end, run.items, above) if known or plain or (marked and words <= 12) else run
