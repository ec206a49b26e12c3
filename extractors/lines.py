"""What the lines of one page say by their words alone, each asked at most once."""

import re
from functools import cached_property
from typing import Final
from unicodedata import is_normalized

from extractors.moving import is_consent, is_newsletter, is_portrait
from extractors.names import name_marks
from extractors.table import Blocks, Elements
from extractors.vocabulary import is_junk, is_stop
from extractors.when import LONGEST, is_age, is_when
from extractors.when_calendar import MONTHS, WEEKDAYS, ZONES
from extractors.when_dates import month_first
from extractors.when_words import (
    AGO,
    AND,
    DATE_FILLERS,
    DAY_WORDS,
    LAST,
    NOW,
    NUMBERS,
    PART_OF_DAY,
    PHRASES,
    UNITS,
    UNSPACED,
)

_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN: Final = frozenset(
    _LETTERS.findall(
        " ".join(
            (*AGO, *AND, *DATE_FILLERS, *DAY_WORDS, *LAST, *MONTHS, *NOW, *NUMBERS, *PHRASES, *UNITS, *UNSPACED,
             *WEEKDAYS, *ZONES, PART_OF_DAY.pattern, "am pm uhr st nd rd th er t of de di del")
        )
    )
)  # fmt: skip
"""Every run of letters that a time text may hold."""
MIN_STAMP: Final = 4
_AGE_DISTANCE: Final = 12  # blocks without another age
_LETTER_WORDS, _TITLE_WORDS = 60, 5
_AGE_WORDS, _NAME_WORDS, _CONSENT_WORDS, _PORTRAIT_WORDS = 8, 4, 9, 60
_MOST_BESIDE: Final = 6  # words beside the time: a name, a section
_DIGIT = re.compile(r"\d")
_HEADLINE_WORDS: Final = 3
_BEFORE_TIME = re.compile(r"\s[–—|·•-]\s|\s?\(")
_SEPARATOR = re.compile(r"[|·•/,]|\s[–—-]\s")


def is_time(text: str) -> bool:
    """:func:`extractors.when.is_when`, which costs so much that lines with an unknown word do not get there."""
    return 1 < len(text) <= LONGEST and _may_be_time(text, text.lower()) and is_when(text)


def _may_be_time(text: str, line: str) -> bool:
    """Whether every word is one of times; ``line`` is the text in lower case."""
    first = line.partition(" ")[0]
    if first not in _KNOWN and first.isalpha() and first.isascii():
        return False
    return _KNOWN.issuperset(_LETTERS.findall(line)) or not is_normalized("NFKC", text)


def stamp(text: str) -> str:
    """The time in a line that says little more ("By Nora Falk, 3 May 2025", "Sport | 2 hours ago"), "" for none."""
    if not (MIN_STAMP < len(text) <= LONGEST and _DIGIT.search(text) and _SEPARATOR.search(text)):
        return ""
    found = ""
    for bar in _SEPARATOR.finditer(text):
        before, after = text[: bar.start()].strip(), text[bar.end() :].strip()
        if len(before.split()) <= _MOST_BESIDE and is_time(after):
            return after
        if len(after.split()) <= _MOST_BESIDE and is_time(before):
            found = before  # a longer one may come: "May 3, 2025 | Nora Falk"
    return found


def dated_headline(text: str) -> tuple[str, str]:
    """Headline and time of a line that ends with it ("Ferry line closes – 3 hours ago"); else the text and ""."""
    for bar in reversed(list(_BEFORE_TIME.finditer(text[-LONGEST:]))) if _DIGIT.search(text) else ():
        at = max(0, len(text) - LONGEST) + bar.start()
        when = text[at + len(bar[0]) :].strip(" ()")
        if is_time(when) and text[:at].count(" ") >= _HEADLINE_WORDS - 1:
            return text[:at].strip(), when
    return text, ""


class Lines:
    """The blocks and names of one page."""

    def __init__(self, elements: Elements, blocks: Blocks) -> None:
        self._texts = blocks.text
        self._words = blocks.words
        self._looks = elements.looks
        self.lower = "\n".join(blocks.text).lower().split("\n") if blocks.text else []
        self._junk: dict[int, bool] = {}
        self._stamps: dict[int, str] = {}

    @cached_property
    def times(self) -> bytes:
        """A mark on each block that is a time text and nothing else."""
        found = bytearray(len(self._texts))
        for block, (text, line) in enumerate(zip(self._texts, self.lower, strict=True)):
            if 1 < len(text) <= LONGEST and _may_be_time(text, line):
                found[block] = is_when(text)
        return bytes(found)

    def stamp(self, block: int) -> str:
        """The time in a block that says when and by whom or where (:func:`stamp`), "" for none."""
        known = self._stamps.get(block)
        if known is None:
            known = self._stamps[block] = stamp(self._texts[block])
        return known

    @cached_property
    def month_first(self) -> bool | None:
        """:func:`extractors.when_dates.month_first` of all lines: how a page that leaves it open writes its dates."""
        return month_first(self._texts)

    def is_junk(self, block: int) -> bool:
        """Whether a block is furniture by its words alone."""
        known = self._junk.get(block)
        if known is None:
            known = self._junk[block] = is_junk(self.lower[block])
        return known

    @cached_property
    def moving(self) -> bytes:
        """A mark on each block that moves while the article stays, by its words and those next to it.

        That is an age by itself (many in a row tell lists and comments), a paragraph that asks for consent or offers a
        newsletter, or the portrait of a reporter with the name over it.
        """
        found = bytearray(len(self._texts))
        ages = [-_AGE_DISTANCE]
        times = self.times
        for block, size in enumerate(self._words):
            if size >= _CONSENT_WORDS:
                found[block] |= is_consent(self.lower[block])
                if size <= _LETTER_WORDS and is_newsletter(self.lower[block]):
                    first = block - 1 if self._is_short(block - 1) else block
                    found[first : block + 1] = b"\x01" * (block + 1 - first)
            elif size <= _AGE_WORDS and times[block] and is_age(self._texts[block]):
                ages.append(block)
            elif 1 < size <= _NAME_WORDS and self._is_over_portrait(block):
                first = block - 1 if block and is_stop(self._texts[block - 1]) else block
                found[first : block + 2] = b"\x01" * (block + 2 - first)
        for above, age, below in zip(ages, ages[1:], [*ages[2:], len(found) + _AGE_DISTANCE], strict=False):
            found[age] |= min(age - above, below - age) >= _AGE_DISTANCE
        return bytes(found)

    def _is_short(self, block: int) -> bool:
        return block >= 0 and self._words[block] <= _TITLE_WORDS and self._texts[block][-1] not in ".,;:"

    def _is_over_portrait(self, block: int) -> bool:
        below = block + 1
        if below >= len(self._texts) or self._words[below] > _PORTRAIT_WORDS:
            return False
        return is_portrait(self._texts[block], self._texts[below])

    @cached_property
    def marks(self) -> list[int]:
        """The marks of each look's names, 0 where it has none."""
        return [name_marks(names) if names else 0 for _, names in self._looks]
