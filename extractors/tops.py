"""What stands over a list: its heading, and a first item of another form, such as a large card over small ones."""

from typing import Final

from extractors.dom import Document
from extractors.runs import MAX_ITEM_WORDS, MAX_TEASER_WORDS, Run
from extractors.siblings import Spans
from extractors.table import ASIDE, HEADING
from extractors.vocabulary import heading_kind

_FIRST_BLOCKS: Final = 4
_FEWEST_WORDS: Final = 5  # of a line that is a first item by itself; shorter ones are tabs
_KICKER_WORDS: Final = 3
_HEADLINE_WORDS: Final = 7  # of a linked line that is rather a story than a heading
_HEADING_WORDS: Final = 8  # of a line over a list that is no heading element ...
_LOWER_WORDS: Final = 3  # ... and begins with a small letter, as the last item of the article's own list may
_MOST_BETWEEN: Final = 2  # lines between the heading of a box and its list ...
_TAB_SHARE: Final = 0.9  # ... each of at most three words, or a link
_PROSE_BLOCKS: Final = 2  # behind a list, in which the text would go on
_PROSE_WORDS: Final = 12


class Tops:
    """Looks at the lines over runs. ``taken`` marks the blocks of all runs, and takes up the first items found here."""

    def __init__(self, doc: Document, leads: bytes, taken: bytearray, ranges: Spans) -> None:
        self.doc = doc
        self.leads = leads
        self.taken = taken
        self.first = ranges[0]

    def with_first(self, run: Run) -> Run:
        """The run with a first item of another form, between its heading and the rest."""
        for lead in range(run.start - 1, max(0, run.start - _FIRST_BLOCKS) - 1, -1):
            if heading_kind(self.doc.blocks.text[lead]) is not None:
                break
            if self.leads[lead] and not self.taken[lead] and not self.doc.lines.times[lead]:
                first = self.item_start(lead, run)
                if first is not None:
                    return self.extended(run, first)
        return run

    def item_start(self, lead: int, run: Run) -> int | None:
        """Where a first item begins, right under its list's heading: with its headline, or a short kicker over that."""
        short = lead > 1 and self.doc.blocks.words[lead - 1] <= _KICKER_WORDS
        for first in (lead, lead - 1) if short else (lead,):
            if first and not any(self.taken[first - 1 : run.start]) and self.opens(first - 1, run):
                return first
        return None

    def extended(self, run: Run, first: int) -> Run:
        """The run with what stands before it from ``first`` on, if that is of an item's size."""
        words = self.doc.blocks.words[first : run.start]
        if not _FEWEST_WORDS <= sum(words) <= MAX_ITEM_WORDS or max(words) > MAX_TEASER_WORDS:
            return run
        self.taken[first : run.start] = b"\x01" * (run.start - first)
        return Run(first, run.end, ((first, run.start), *run.items))

    def opens(self, above: int, run: Run) -> bool:
        """Whether a line is a heading of other stories in an element that holds the run too, and nothing behind it."""
        elements, owners = self.doc.elements, self.doc.blocks.element
        if heading_kind(self.doc.blocks.text[above]) is None:
            marked = elements.flags[owners[above]] & HEADING and not self.leads[above]
            return bool(marked) and self.begins_box(above, run)
        home = elements.parent[owners[above]]
        holds = home <= owners[run.start] and owners[run.end - 1] < elements.end[home]
        return holds and (run.end >= len(owners) or not home <= owners[run.end] < elements.end[home])

    def with_heading(self, run: Run) -> Run:
        """The run with the short line over it: a known heading, a heading element, or any line that has no stop.

        A line of the text is no heading of a list that is set in behind it: the text goes on after the list. A linked
        headline is a story. Where a box begins with its heading, tabs or a link to more may stand between that and
        the list.
        """
        above = run.start - 1
        if above < 0 or self.taken[above]:
            return run
        text, words = self.doc.blocks.text[above], self.doc.blocks.words[above]
        if heading_kind(text) is not None:
            return Run(run.start, run.end, run.items, above)
        if (higher := self.box_heading(run)) is not None:
            return Run(run.start, run.end, run.items, higher)
        if self.leads[above] and words >= _HEADLINE_WORDS:
            return run
        marked = self.doc.elements.flags[self.doc.blocks.element[above]] & HEADING
        plain = words <= (_LOWER_WORDS if text[0].islower() else _HEADING_WORDS) and text[-1] not in '.!?…"”»'
        plain = plain and not self.doc.lines.times[above] and not self.doc.lines.is_junk(above)
        if not (plain or (marked and words <= 12)) or self.in_prose(above, run):
            return run
        return Run(run.start, run.end, run.items, above)

    def box_heading(self, run: Run) -> int | None:
        """A heading of known words, or in a heading element, with one or two tabs or links between it and the run."""
        words, link, flags = self.doc.blocks.words, self.doc.blocks.link, self.doc.elements.flags
        marked = flags[self.doc.blocks.element[run.start - 1]] & HEADING
        for above in range(run.start - 2, max(-1, run.start - 2 - _MOST_BETWEEN), -1):
            tab = words[above + 1] <= 3 or link[above + 1] >= _TAB_SHARE
            if self.taken[above] or words[above] > _HEADING_WORDS or not tab:
                return None
            named = heading_kind(self.doc.blocks.text[above]) is not None
            headed = flags[self.doc.blocks.element[above]] & HEADING and not marked
            if (named or headed) and self.begins_box(above, run):
                return above
        return None

    def begins_box(self, above: int, run: Run) -> bool:
        """Whether a line is the first of the smallest element that holds it and the run."""
        elements, owner = self.doc.elements, self.doc.blocks.element[above]
        last = self.doc.blocks.element[run.end - 1]
        while not owner <= last < elements.end[owner]:
            owner = elements.parent[owner]
        return self.first[owner] == above and not self.in_prose(above, run)

    def in_prose(self, above: int, run: Run) -> bool:
        """Whether a line is the page's headline, or stands over a text too that goes on after the run."""
        elements, blocks = self.doc.elements, self.doc.blocks
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
