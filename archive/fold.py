"""The folded form of a text, in which two texts are equal when they differ in typography only.

Folded away: kinds of quotes, dashes and spaces, invisible characters, and punctuation that is not part of a number.
Kept: letters and their case, accents, digits and what stands between two digits (1.5 is not 15, 9-0 is not 90), a
minus before a number, and the signs that carry meaning beside a word: per cent, currency, mathematical signs, @ and &.
"""

import re
import unicodedata
from functools import lru_cache

_DASHES = "-‐‑‒–—―−"
# the sign comes first and what stands before it is looked at afterwards: re finds a sign much faster than a look-behind
_BETWEEN_DIGITS = re.compile(rf"[{_DASHES}.,:/٫٬·'’](?<=\d.)(?=\d)")
_MINUS = re.compile(rf"[{_DASHES}](?=\d)(?<![^\s(\[].)")
_INITIALS = re.compile(r"\.(?<=(?<!\w)\w\.)(?=\w(?!\w))")
_CANONICAL = {"’": "'", **dict.fromkeys(_DASHES, "-")}
_KEPT_PUNCTUATION = frozenset("%‰‱@&#§")
_KEPT_SYMBOLS = frozenset({"Sc", "Sm", "So"})
_DROPPED = frozenset("'’‘`´ʼ′|")
_SHIELD = 0xE000  # private-use characters carry protected punctuation through the table below


class _Folding(dict[int, str]):
    """A translation table that is computed character by character, once each."""

    def __missing__(self, point: int) -> str:
        folded = _folded_character(chr(point))
        self[point] = folded
        return folded


def _folded_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _KEPT_PUNCTUATION:
        return character
    if character in _DROPPED or category == "Cf" or category == "Sk" or "\ufe00" <= character <= "\ufe0f":
        return " " if character == "|" else ""
    if character == "−" or category[0] == "P" or category[0] == "Z" or category == "Cc":
        return " "
    if category[0] == "S" and category not in _KEPT_SYMBOLS:
        return " "
    return character


_TABLE = _Folding()


def fold(text: str) -> str:
    """The folded form, one line with single spaces."""
    shielded = _MINUS.sub(_shielded, _BETWEEN_DIGITS.sub(_shielded, unicodedata.normalize("NFC", text)))
    return " ".join(_INITIALS.sub("", shielded).translate(_TABLE).split())


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """The folded form of one short word, remembered: news repeats its words."""
    return fold(word)


def _shielded(match: re.Match[str]) -> str:
    mark = match[0]
    return chr(_SHIELD + ord(_CANONICAL.get(mark, mark)))
