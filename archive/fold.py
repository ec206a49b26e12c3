"""The folded form of a text, in which two texts are equal when they differ in typography only.

Folded away: kinds of quotes, dashes and spaces, invisible characters, and punctuation that is not part of a number.
Kept: letters and their case, accents, digits and what stands between two digits (1.5 is not 15, 9-0 is not 90), a
minus before a number, and the signs that carry meaning beside a word: per cent, currency, mathematical signs, @ and &.
"""

import re
import unicodedata
from collections.abc import Iterator
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
_ASCII = bytes(range(0x80))
_BYTES = bytes(ord(_TABLE[point] or " ") if point < 0x80 else point for point in range(256))
_DROPPED_BYTES = bytes(point for point in _ASCII if not _TABLE[point])
_MOSTLY_ASCII = 4  # such characters for each other byte of UTF-8
_SHORT = 80  # characters, for which the other table is as quick
_FEW = 64  # different characters beside ASCII, each of which is looked for in the whole text
_SPACES = re.compile(b"  +")
_PIECE = 100_000
_UTF_8 = ("utf-8", "surrogatepass")


def fold(text: str) -> str:
    """The folded form, one line with single spaces."""
    if len(text) <= _PIECE:
        return _folded(text)
    return " ".join(filter(None, map(_folded, pieces(text))))  # nothing above looks past the end of a paragraph


def pieces(text: str, size: int = _PIECE) -> Iterator[str]:
    """A text in parts that end where a paragraph ends, each as short as its paragraphs let it be from ``size``
    characters on: work on all words of a text at once takes twenty times its memory."""
    begin = 0
    while (end := text.find("\n\n", begin + size)) >= 0:
        yield text[begin:end]
        begin = end + 2
    yield text[begin:]


def _folded(text: str) -> str:
    shielded = _MINUS.sub(_shielded, _BETWEEN_DIGITS.sub(_shielded, unicodedata.normalize("NFC", text)))
    text = _INITIALS.sub("", shielded)
    return (len(text) > _SHORT and _through_bytes(text)) or " ".join(text.translate(_TABLE).split())


def _through_bytes(text: str) -> str | None:
    """The same as through the table of characters, in a third of the time; None where most of it is not ASCII.

    The table of characters makes a space of all that str.split splits at.
    """
    foreign = text.encode(*_UTF_8).translate(None, _ASCII)
    if len(foreign) * _MOSTLY_ASCII > len(text):
        return None
    characters = set(foreign.decode(*_UTF_8))
    if len(characters) > _FEW:
        return None
    for character in characters:
        text = text.replace(character, _TABLE[ord(character)])
    return _SPACES.sub(b" ", text.encode(*_UTF_8).translate(_BYTES, _DROPPED_BYTES)).strip(b" ").decode(*_UTF_8)


@lru_cache(maxsize=1 << 16)
def fold_word(word: str) -> str:
    """The folded form of one short word, remembered: news repeats its words."""
    return fold(word)


def _shielded(match: re.Match[str]) -> str:
    mark = match[0]
    return chr(_SHIELD + ord(_CANONICAL.get(mark, mark)))
