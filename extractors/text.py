"""The canonical form of a text: what is hashed, compared and searched.

One page read twice must give the same characters, so everything that editors and systems vary without a reader seeing
it is folded here: Unicode form, runs of spaces, line ends, control and zero-width characters.
"""

import re
import unicodedata
from collections.abc import Iterable

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no space
    "\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # soft hyphen, zero width, direction marks
    "\ud800-\udfff]"  # half of a surrogate pair: not encodable
)
"""Not here: ZWNJ and ZWJ (U+200C, U+200D), which Indic and Persian spelling and emoji need."""

_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")


def _visible(text: str) -> str:
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", text)


def _is_canonical(text: str) -> bool:
    """Whether nothing is left to do, as for nearly every article: some quick looks, each of which may say no."""
    return (
        "  " not in text
        and "\n\n\n" not in text
        and text.count("\n") == 2 * text.count("\n\n")
        and " \n" not in text
        and "\n " not in text
        and text.strip() == text
        and text.replace("\n", "").isprintable()
        and unicodedata.is_normalized("NFC", text)
    )


def canonical_title(text: str) -> str:
    """One line in NFC with single spaces; idempotent."""
    return " ".join(_visible(text).split())


def canonical_text(text: str) -> str:
    """Paragraphs in NFC, separated by one blank line each; idempotent.

    A blank line (or U+2029) ends a paragraph. A single line end inside a paragraph is a space, as in HTML.
    """
    if _is_canonical(text):
        return text
    paragraphs: list[str] = []
    words: list[str] = []
    for line in _LINE_END.sub("\n", _visible(text)).replace("\u2029", "\n\n").split("\n"):
        found = line.split()
        if not found and words:
            paragraphs.append(" ".join(words))
            words = []
        words += found
    if words:
        paragraphs.append(" ".join(words))
    return "\n\n".join(paragraphs)


def canonical_paragraphs(paragraphs: Iterable[str]) -> str:
    """The canonical text of paragraphs whose words are parted by single spaces already, which saves most looks."""
    text = "\n\n".join(paragraphs)
    plain = text.replace("\n", "").isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text))
    return text if plain else canonical_text(text)


def word_count(text: str) -> int:
    """Words, where two characters of a script without spaces count as one."""
    words = len(text.split())
    return words if text.isascii() else max(words, len(_WIDE.findall(text)) // 2)
