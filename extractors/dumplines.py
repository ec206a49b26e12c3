"""Which lines of a text dump are the article: the rules' roles, corrected by the learned line model.

The rules know the shapes of clean dumps. Dumps of whole pages are full of furniture that looks like text, and there the
model of lines is far better (``model/card.md``). A dump of few lines leaves it nothing to go by and stays the rules'.
"""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import numpy as np

from extractors.boosted import Forest, forest_from
from extractors.linefeatures import line_features

THRESHOLD: Final = 0.4  # the best on held-out hosts of the half that was learned from
FEWEST_LINES: Final = 12


@cache
def load_lines() -> tuple[Forest, str]:
    """The trees of this package, and the first 8 hex digits of their digest."""
    raw = (files("extractors") / "model" / "lines.json").read_bytes()
    return forest_from(json.loads(raw)), sha256(raw).hexdigest()[:8]


def article_chances(lines: Sequence[str], text: Sequence[bool], listed: Sequence[bool]) -> list[float] | None:
    """For each line the probability that it is the article's; None for a dump of too few lines.

    ``text`` and ``listed`` are what the rules take each line for.
    """
    if len(lines) < FEWEST_LINES:
        return None
    chance: list[float] = load_lines()[0].predict(line_features(lines, text, listed)[1].astype(np.float32)).tolist()
    return chance
