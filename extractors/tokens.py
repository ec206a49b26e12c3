"""What the names that a page gives its elements (class, id, role, test ids) say, by learned log-odds.

A table tells of each token how much more often it stands around article text than around other text. Names are also
looked up in pieces, so that ``ArticleBody__text-3`` is known by ``article``, ``body`` and ``text``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from extractors.names import name_words

_WIDEST: Final = 14  # names of one element that are looked at
_LONGEST: Final = 60  # longer ones are generated, and say nothing on another page
_DIGITS = re.compile(r"\d+")
_NO_DIGITS: Final = "abcdefghijklmnopqrstuvwxyz-_"


class Mark(NamedTuple):
    """Lowest and highest log-odds of an element's tokens, 0 where they say nothing."""

    low: float
    high: float


def pieces(name: str) -> set[str]:
    """The tokens of one name: itself with digits folded, and its words of two letters or more."""
    if len(name) > _LONGEST:
        return set()
    return {_folded(name), *(word for word in name_words(name) if len(word) > 1)}


def _folded(name: str) -> str:
    whole = name.lower()
    return _DIGITS.sub("#", whole) if whole.strip(_NO_DIGITS) else whole


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
        low = high = 0.0
        for name in names.split()[:_WIDEST]:
            least, most = self.token(name)
            if least < low:
                low = least
            if most > high:
                high = most
        return Mark(low, high)

    def _token(self, name: str) -> tuple[float, float]:
        """The extremes over all :func:`pieces`, without a set of them: every new name of a site comes here."""
        if len(name) > _LONGEST:
            return 0.0, 0.0
        known = self.odds.get
        value = known(_folded(name), 0.0)
        low, high = (value, 0.0) if value < 0 else (0.0, value)
        for word in name_words(name):
            value = known(word, 0.0)
            if value < low and len(word) > 1:
                low = value
            elif value > high and len(word) > 1:
                high = value
        return low, high
