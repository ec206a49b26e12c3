"""Comparing a line of the page with what the page says elsewhere: its title, its description."""

import re
from collections.abc import Sequence
from typing import Final

_WORD = re.compile(r"\w+")
_ALIKE_LETTERS: Final = 40


def words(text: str) -> list[str]:
    """Lower-case words in order."""
    return _WORD.findall(text.lower())


def similar(line: Sequence[str], title: Sequence[str]) -> bool:
    """Whether two short texts share more than 70 % of their distinct words."""
    one, other = set(line), set(title)
    return bool(one) and len(one & other) > 0.7 * len(one | other)


def starts_alike(text: str, description: str) -> bool:
    """Whether a block begins as the description does, whatever the spaces and quotes between the words."""
    one, other = "".join(words(text[:120])), "".join(words(description[:120]))
    return len(other) >= _ALIKE_LETTERS // 2 and one[:_ALIKE_LETTERS] == other[:_ALIKE_LETTERS]
