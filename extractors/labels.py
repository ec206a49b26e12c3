"""Lines of an article that are no text of it: the headline, a byline, a date, furniture."""

from typing import Final

from extractors.dom import Document
from extractors.metadata import Metadata
from extractors.runs import is_headline
from extractors.vocabulary import is_stop
from extractors.wordsets import SIMILAR, may_be_similar, similar, words

CELL_TAGS: Final = frozenset({"td", "th"})
LINE_WORDS: Final = 35
"""Words of a line that can be furniture."""

_TITLE_WORDS: Final = 25
_BYLINE_WORDS: Final = 16
_STOP_WORDS: Final = 8


class Labels:
    """The labels of one page, told by what it states of itself."""

    def __init__(self, doc: Document, metadata: Metadata) -> None:
        self._doc = doc
        self._title = frozenset(words(metadata.title))
        self._authors = [name.casefold() for name in metadata.authors]
        self._known: dict[int, bool] = {}
        shared = sorted(map(len, self._title))[: int(SIMILAR * len(self._title)) + 1]
        self._least = sum(shared) + len(shared) - 1  # characters that a line like the title has, one between two words

    def has(self, block: int) -> bool:
        """Whether a line is a label by its words; asked twice for most lines, for the vote and for the text."""
        known = self._known.get(block)
        if known is None:
            known = self._known[block] = self._is_label(block)
        return known

    def _is_label(self, block: int) -> bool:
        lines, text, size = self._doc.lines, self._doc.blocks.text[block], self._doc.blocks.words[block]
        if size <= LINE_WORDS and not _is_figure(self._doc, block):
            if size <= _STOP_WORDS and (lines.times[block] or is_stop(text)):
                return True
            if lines.is_junk(block):
                return True
        if size <= _BYLINE_WORDS and self._authors and self._is_byline(text, size):
            return True
        return size < _TITLE_WORDS and self._is_title(lines.lower[block])

    def _is_byline(self, text: str, size: int) -> bool:
        line = text.casefold()
        for name in self._authors:
            if name in line:
                return (size == 1 and line in self._authors) or is_headline(text, size)
        return False

    def _is_title(self, line: str) -> bool:
        return len(line) >= self._least and may_be_similar(line, self._title) and similar(words(line), self._title)


def _is_figure(doc: Document, block: int) -> bool:
    """Whether a block is the cell of a table with a number in it: a date or a price is data there."""
    cell = doc.elements.tag[doc.blocks.element[block]] in CELL_TAGS
    return cell and any(map(str.isdecimal, doc.blocks.text[block]))
