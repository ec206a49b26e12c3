"""What the lines of one page say by their words alone, each asked at most once."""

import re
from functools import cached_property
from typing import Final
from unicodedata import is_normalized

from extractors.names import name_marks
from extractors.table import Blocks, Elements
from extractors.vocabulary import is_junk
from extractors.when import LONGEST, is_when
from extractors.when_words import AGO, DATE_FILLERS, DAY_WORDS, MONTHS, NOW, NUMBERS, PHRASES, UNITS, WEEKDAYS, ZONES

_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN: Final = frozenset(
    _LETTERS.findall(
        " ".join(
            (*AGO, *DATE_FILLERS, *DAY_WORDS, *MONTHS, *NOW, *NUMBERS, *PHRASES, *UNITS, *WEEKDAYS, *ZONES,
             "am pm uhr st nd rd th er t of de di del")
        )
    )
)  # fmt: skip
"""Every run of letters that a time text may hold."""


def is_time(text: str) -> bool:
    """:func:`extractors.when.is_when`, which costs so much that lines with an unknown word do not get there."""
    if not 1 < len(text) <= LONGEST:
        return False
    first = text.partition(" ")[0].lower()
    if first.isalpha() and first.isascii() and first not in _KNOWN:
        return False
    if is_normalized("NFKC", text) and not _KNOWN.issuperset(_LETTERS.findall(text.lower())):
        return False
    return is_when(text)


class Lines:
    """The blocks and names of one page."""

    def __init__(self, elements: Elements, blocks: Blocks) -> None:
        self._texts = blocks.text
        self._looks = elements.looks
        self._times: dict[int, bool] = {}
        self._junk: dict[int, bool] = {}

    def is_time(self, block: int) -> bool:
        """Whether a block is a time text and nothing else."""
        known = self._times.get(block)
        if known is None:
            known = self._times[block] = is_time(self._texts[block])
        return known

    def is_junk(self, block: int) -> bool:
        """Whether a block is furniture by its words alone."""
        known = self._junk.get(block)
        if known is None:
            known = self._junk[block] = is_junk(self._texts[block])
        return known

    @cached_property
    def marks(self) -> list[int]:
        """The marks of each look's names, 0 where it has none."""
        return [name_marks(names) if names else 0 for _, names in self._looks]
