"""One thing that is not as it should be in an archive."""

from dataclasses import dataclass

OLDER_RULES = "older rules"
PUBLISHED = "published copy"

HARMLESS = frozenset({OLDER_RULES, PUBLISHED})
"""Kinds of problems that are no damage: nothing was lost or changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong in a word or two, where, and what helps against it: a command of presskeep, or SQL."""

    kind: str
    where: str
    cure: str
