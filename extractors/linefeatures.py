"""What the line model looks at: one row for each line of a text dump, one column for each name.

A dump has no markup, so a line is told by its own shape, by its neighbours', by where the mass of prose lies, and by
whether it speaks of the same things as that mass.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.dumps import is_prose, is_sentence, is_teaser
from extractors.text import word_count
from extractors.vocabulary import heading_kind, is_junk, is_stop
from extractors.when import is_when

Floats = NDArray[np.float64]

_FAR: Final = 40  # lines; distances beyond are all the same
_NEAR: Final = (1, 2, 3)
_WINDOWS: Final = (3, 8, 20)
_NOISE: Final = 12.0  # words of prose that a line without any costs the body it lies in
_LONG: Final = 5  # letters of a word that may say what a text is about
_CONTENT = re.compile(rf"[^\W\d_]{{{_LONG},}}")
_COOKIES = re.compile(
    r"\bcookies?\b|\bconsent\b|\bprivacy\b|datenschutz|einwillig|\be-?mail\b|\blog ?in\b", re.IGNORECASE
)

_SHAPES: Final[dict[str, Callable[[str], object]]] = {
    "sentence": is_sentence,
    "teaser": is_teaser,
    "prose": is_prose,
    "when": is_when,
    "junk": lambda line: is_junk(line.lower()),
    "stop": is_stop,
    "heading": lambda line: heading_kind(line) is not None,
    "asks": lambda line: line.endswith("?"),
    "colon": lambda line: line.endswith((":", ":")),
    "comma": lambda line: line.endswith((",", ";")),
    "quoted": lambda line: line[:1] in "\"'“”„«‘",
    "low_start": lambda line: line[:1].islower(),
    "digit_start": lambda line: line[:1].isdigit(),
    "symbol_start": lambda line: not line[:1].isalnum(),
    "bar": lambda line: "|" in line or "»" in line or "›" in line,
    "address": lambda line: "://" in line or "@" in line or "©" in line,
    "service": lambda line: bool(_COOKIES.search(line)),
    "first_person": lambda line: bool(re.match(r"(?:I|My|Hi|Thanks?|Thank you|Great|Love)\b", line)),
}
"""What a line is by itself."""


def line_features(lines: Sequence[str], text: Sequence[bool], listed: Sequence[bool]) -> tuple[tuple[str, ...], Floats]:
    """The names of the columns and the table. ``text`` and ``listed`` are what the rules take each line for."""
    shape = {name: np.array([bool(test(line)) for line in lines], dtype=np.float64) for name, test in _SHAPES.items()}
    words = np.array([word_count(line) for line in lines], dtype=np.float64)
    prose = np.where(shape["prose"] > 0, words, 0.0)
    vote = np.array(text, dtype=np.float64)
    list_vote = np.array(listed, dtype=np.float64)
    columns: dict[str, Floats | float] = {"words": np.log1p(words), "vote": vote, "listed": list_vote, **shape}
    columns |= _characters(lines, words)
    columns |= _around(words, prose, shape, vote, list_vote)
    columns |= _order(words, prose, shape)
    columns |= _body(lines, prose)
    table = np.empty((len(lines), len(columns)))
    for k, column in enumerate(columns.values()):
        table[:, k] = column
    return tuple(columns), table


def _characters(lines: Sequence[str], words: Floats) -> dict[str, Floats | float]:
    counts = Counter(line.casefold() for line in lines)
    size = np.array([max(1, len(line)) for line in lines], dtype=np.float64)
    capitals = [sum(word[:1].isupper() for word in line.split()) for line in lines]
    return {
        "characters": np.log1p(size),
        "word_length": size / np.maximum(words, 1),
        "digits": np.array([sum(map(str.isdigit, line)) for line in lines]) / size,
        "capitals": np.array(capitals) / np.maximum(words, 1),
        "marks": np.array([sum(line.count(mark) for mark in ",;.") for line in lines]) / np.maximum(words, 1),
        "repeats": np.log1p(np.array([counts[line.casefold()] for line in lines], dtype=np.float64)),
    }


def _around(
    words: Floats, prose: Floats, shape: dict[str, Floats], vote: Floats, listed: Floats
) -> dict[str, Floats | float]:
    found: dict[str, Floats | float] = {}
    for name, column in (("words", np.log1p(words)), ("sentence", shape["sentence"]), ("prose", shape["prose"])):
        for step in _NEAR:
            found[f"{name}_before{step}"] = _shifted(column, step)
            found[f"{name}_after{step}"] = _shifted(column, -step)
    for size in _WINDOWS:
        for name, column in (("prose", prose), ("words", words), ("junk", shape["junk"]), ("when", shape["when"]),
                             ("vote", vote), ("listed", listed), ("service", shape["service"])):  # fmt: skip
            found[f"{name}_within{size}"] = _windowed(column, size)
    return found


def _shifted(column: Floats, step: int) -> Floats:
    shifted = np.full(len(column), -1.0)
    if step > 0:
        shifted[step:] = column[:-step]
    else:
        shifted[:step] = column[-step:]
    return shifted


def _windowed(column: Floats, size: int) -> Floats:
    """The mean over the lines at most ``size`` away."""
    sums = np.concatenate([[0.0], np.cumsum(column)])
    order = np.arange(len(column))
    low, high = np.maximum(order - size, 0), np.minimum(order + size + 1, len(column))
    mean: Floats = (sums[high] - sums[low]) / (high - low)
    return mean


def _order(words: Floats, prose: Floats, shape: dict[str, Floats]) -> dict[str, Floats | float]:
    count = len(words)
    order = np.arange(count)
    past = np.concatenate([[-_FAR], np.maximum.accumulate(np.where(prose > 0, order, -_FAR))[:-1]])
    coming = np.minimum.accumulate(np.where(prose > 0, order, count + _FAR)[::-1])[::-1]
    coming = np.concatenate([coming[1:], [count + _FAR]])
    total = max(1.0, float(prose.sum()))
    heads = np.maximum.accumulate(np.where((shape["heading"] + shape["stop"]) > 0, order, -_FAR))
    return {
        "position": order / max(1, count - 1),
        "lines_before": np.log1p(order),
        "prose_before": (np.cumsum(prose) - prose) / total,
        "prose_after": 1 - np.cumsum(prose) / total,
        "since_prose": np.minimum(_FAR, order - past),
        "to_prose": np.minimum(_FAR, coming - order),
        "since_heading": np.minimum(_FAR, order - heads),
        "headings_before": np.cumsum(shape["heading"] + shape["stop"]),
        "page_lines": float(np.log1p(count)),
        "page_prose": float(np.log1p(prose.sum())),
        "page_share": float(prose.sum() / max(1.0, words.sum())),
    }


def _body(lines: Sequence[str], prose: Floats) -> dict[str, Floats | float]:
    """Where the mass of prose lies (the run of lines with most prose less noise), and who speaks of the same things."""
    start, end = _heaviest(np.where(prose > 0, np.minimum(prose, 100.0), -_NOISE))
    order = np.arange(len(lines))
    outside = np.where(order < start, order - start, np.where(order >= end, order - end + 1, 0))
    topics = Counter(word for line in lines[start:end] for word in set(_CONTENT.findall(line.casefold())))
    shares = []
    for at, line in enumerate(lines):
        own = set(_CONTENT.findall(line.casefold()))
        inside = start <= at < end
        known = sum(topics[word] > inside for word in own)
        shares.append(known / len(own) if own else -1.0)
    return {
        "body_distance": np.sign(outside) * np.log1p(np.abs(outside)),
        "body_position": (order - start) / max(1, end - start),
        "body_lines": float(np.log1p(end - start)),
        "body_share": float(prose[start:end].sum() / max(1.0, prose.sum())),
        "topic": np.array(shares),
    }


def _heaviest(value: Floats) -> tuple[int, int]:
    """The range with the largest sum (Kadane)."""
    best, best_range, total, start = 0.0, (0, 0), 0.0, 0
    for at, each in enumerate(value.tolist()):
        if total <= 0:
            total, start = 0.0, at
        total += each
        if total > best:
            best, best_range = total, (start, at + 1)
    return best_range
