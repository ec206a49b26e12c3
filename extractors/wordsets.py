"""Comparing a line of the page with what the page says elsewhere: its title, its description."""

import re
from collections.abc import Iterable, Set
from typing import Final

_WORD = re.compile(r"\w+")
_ALIKE_LETTERS: Final = 40
SIMILAR: Final = 0.7
"""Of the distinct words of two texts, how many they share at least where they are said to be similar."""


def words(text: str) -> list[str]:
    """Lower-case words in order."""
    return _WORD.findall(text.lower())


def may_be_similar(line: str, title: Set[str]) -> bool:
    """Whether a lower-case line holds enough of the title's letters to be worth comparing; cheaper than its words."""
    missing = 0.3 * len(title)
    for word in title:
        if word not in line:
            missing -= 1
            if missing < 0:
                return False
    return bool(title)


def similar(line: Iterable[str], title: Set[str]) -> bool:
    """Whether two short texts share more than 70 % of their distinct words."""
    one = frozenset(line)
    return bool(one) and len(one & title) > SIMILAR * len(one | title)


def opening(text: str) -> str:
    """The first letters of a text, whatever the spaces and quotes between its words; "" when they are too few."""
    letters = "".join(words(text[:120]))
    return letters[:_ALIKE_LETTERS] if len(letters) >= _ALIKE_LETTERS // 2 else ""


def starts_alike(text: str, start: str) -> bool:
    """Whether a block has a given :func:`opening`."""
    first = text[:1].lower()
    if not start or (first.isalnum() and first[0] != start[0]):
        return False
    return "".join(words(text[:120]))[:_ALIKE_LETTERS] == start
