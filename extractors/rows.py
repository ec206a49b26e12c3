"""What the text of each block says by itself: its first words, its end, the title and the description in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from extractors.frame import Frame
from extractors.paths import Bools, Floats

_FINAL: Final = frozenset('.!?…"”’»。:)।')
_DIGIT = re.compile(r"[0-9]")
_COLUMNS: Final = 9  # of a row
_TITLE_WORDS: Final = 26  # longer blocks are no titles
_BEGINNING: Final = 120  # characters
_FIRST_WORDS: Final = 6
_SYMBOLS: Final = frozenset("©|•»›→▶<>#@&·*-–—+[(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What each block's own text says, as columns; ``title`` is the block that shows the page's title, -1 for none."""

    low: Floats
    high: Floats
    mean: Floats
    title_match: Floats
    final: Floats
    symbol: Floats
    described: Floats
    dated: Floats
    name: Floats
    repeats: Floats
    headline: Bools
    title: int


def read_rows(frame: Frame, odds: Mapping[str, float]) -> Rows:
    """The text columns; ``odds`` are the learned log-odds of first words (``^`` before the very first)."""
    head = frame.document.head
    metas = dict(reversed(head.metas))
    title = frozenset((metas.get("og:title") or head.title).lower().split())
    description = (metas.get("og:description") or metas.get("description") or "")[:80].lower()
    lower = frame.document.lines.lower
    seen: dict[str, int] = {}
    found = []
    columns = zip(frame.texts, frame.index, frame.words.tolist(), frame.link.tolist(), strict=True)
    for text, block, words, link in columns:
        found.append(_row(text, lower[block], words, odds, title, description if link < 0.8 else ""))
        if words > 4:
            seen[text] = seen.get(text, 0) + 1
    flat = np.fromiter(chain.from_iterable(found), dtype=np.float64, count=len(found) * _COLUMNS)
    low, high, mean, match, final, symbol, described, dated, name = flat.reshape(-1, _COLUMNS).T
    h1 = np.array([tag == "h1" for tag, _ in frame.document.elements.looks])
    headline = h1[frame.look[frame.element]]
    return Rows(
        low=low,
        high=high,
        mean=mean,
        title_match=match,
        final=final,
        symbol=symbol,
        described=described,
        dated=dated,
        name=name,
        repeats=np.array([seen.get(text, 1) for text in frame.texts], dtype=np.float64),
        headline=headline,
        title=_title_block(headline, match),
    )


def _row(
    text: str, line: str, words: float, odds: Mapping[str, float], title: frozenset[str], description: str
) -> tuple[float, ...]:
    """``line`` is the text in lower case."""
    match = 0.0
    if words < _TITLE_WORDS and len(line) <= _BEGINNING:
        first = line.split()
        if words > 1 and not title.isdisjoint(first):
            match = _overlap(first, title)
        del first[_FIRST_WORDS:]
    else:
        first = line[:_BEGINNING].split(None, _FIRST_WORDS)[:_FIRST_WORDS]
        if words < _TITLE_WORDS:
            match = _overlap(line.split(), title)
    low = high = mean = odds.get("^" + first[0], 0.0)
    if known := [odds[word] for word in first if word in odds]:
        known.append(mean)
        low, high, mean = min(known), max(known), sum(known) / len(known)
    final = text[-1] in _FINAL
    dated = name = described = False
    if words <= 10:
        dated = first[-1] == "ago" or _has_digit(text)
        name = words <= 4 and not final and not dated and text[0].isupper() and text.rpartition(" ")[2][0].isupper()
    elif description:
        described = line[:40] in description
    return low, high, mean, match, final, text[0] in _SYMBOLS, described, dated, name


def _has_digit(text: str) -> bool:
    if text.isascii():
        return _DIGIT.search(text) is not None
    return any(map(str.isdigit, text))


def _overlap(words: Sequence[str], title: frozenset[str]) -> float:
    """The share of distinct words that a line and the title have in common."""
    distinct = frozenset(words)
    same = len(distinct & title)
    return same / (len(distinct) + len(title) - same) if same else 0.0


def _title_block(headline: Bools, match: Floats) -> int:
    value = match + 0.5 * (headline & (match > 0.5))
    if value.max() > 0.5:
        return int(value.argmax())
    return int(headline.argmax()) if headline.any() else -1
