"""What the names that a page gives its elements (class, id, role, test ids) say, by learned log-odds.

A table tells of each token how much more often it stands around article text than around other text. Names are also
looked up in pieces, so that ``ArticleBody__text-3`` is known by ``article``, ``body`` and ``text``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from extractors.vocabulary import COMMENTS, NEGATIVE, POSITIVE, name_marks, name_words

_WIDEST: Final = 14  # names of one element that are looked at
_LONGEST: Final = 60  # longer ones are generated, and say nothing on another page
_DIGITS = re.compile(r"\d+")
_NO_DIGITS: Final = "abcdefghijklmnopqrstuvwxyz-_"


class Mark(NamedTuple):
    """Lowest and highest log-odds of an element's tokens, and whether its names sound bad, good, like comments."""

    low: float
    high: float
    bad: bool
    good: bool
    comment: bool


def pieces(name: str) -> set[str]:
    """The tokens of one name: itself with digits folded, and its words of two letters or more."""
    if len(name) > _LONGEST:
        return set()
    whole = name.lower()
    folded = _DIGITS.sub("#", whole) if whole.strip(_NO_DIGITS) else whole
    return {folded, *(word for word in name_words(name) if len(word) > 1)}


def tokens(names: str) -> set[str]:
    """The tokens of all names of one element."""
    return set().union(*map(pieces, names.split()[:_WIDEST])) if names else set()


class Marker:
    """Marks by a learned table; remembers the names that it has seen, within bounds."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = odds
        self.token = lru_cache(maxsize=1 << 16)(self._token)
        self.element = lru_cache(maxsize=1 << 16)(self._element)

    def _element(self, names: str) -> Mark:
        found = [self.token(name) for name in names.split()[:_WIDEST]]
        marks = name_marks(names)
        return Mark(
            min((low for low, _ in found), default=0.0),
            max((high for _, high in found), default=0.0),
            bool(marks & NEGATIVE),
            bool(marks & POSITIVE),
            bool(marks & COMMENTS),
        )

    def _token(self, name: str) -> tuple[float, float]:
        odds = [self.odds[piece] for piece in pieces(name) if piece in self.odds]
        return min(0.0, *odds) if odds else 0.0, max(0.0, *odds) if odds else 0.0
