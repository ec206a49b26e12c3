"""The formulas of the public benchmarks: ScrapingHub shingles, WCXB words, trafilatura segments."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.benchmarks.train.corpus import Case

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of one set: shingle F1, precision, recall, exact share; mean word F1; pooled segment F; None where undefined."""

    pages: int
    f1: float | None
    precision: float | None
    recall: float | None
    exact: float | None
    words: float | None
    segments: float | None

    def __str__(self) -> str:
        if self.segments is not None:
            return f"F {self.segments:.4f} (P {self.precision:.3f} R {self.recall:.3f})"
        parts = f"P {self.precision:.3f} R {self.recall:.3f} exact {self.exact:.3f}"
        return f"sh {self.f1:.4f} ({parts}) word {self.words:.4f}"


def score(pairs: Iterable[tuple[Case, str]]) -> Score:
    """Of (case, predicted text) pairs of one set."""
    rows = list(pairs)
    return _full(rows) if rows[0][0].text is not None else _segments(rows)


def page_f1(truth: str, text: str) -> float:
    """Shingle F1 of one page."""
    same, extra, lost = _shingle_counts(truth, text)
    return 2 * same / (2 * same + extra + lost) if same else float(extra == lost == 0)


def _full(rows: list[tuple[Case, str]]) -> Score:
    counts = [_shingle_counts(case.text or "", text) for case, text in rows]
    precision = _mean(s / (s + e) for s, e, _ in counts if s + e)
    recall = _mean(s / (s + m) for s, _, m in counts if s + m)
    exact = _mean(float(_WORD.findall(case.text or "") == _WORD.findall(text)) for case, text in rows)
    words = _mean(_word_f1(case.text or "", text) for case, text in rows)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(pages=len(rows), f1=f1, precision=precision, recall=recall, exact=exact, words=words, segments=None)


def _segments(rows: list[tuple[Case, str]]) -> Score:
    hits = leaks = wanted = 0
    for case, text in rows:
        flat = _squeeze(text)
        wanted += len(case.wanted)
        hits += sum(_squeeze(s) in flat for s in case.wanted)
        leaks += sum(_squeeze(s) in flat for s in case.unwanted)
    f1 = 2 * hits / (hits + leaks + wanted) if hits else 0.0
    precision = hits / (hits + leaks) if hits else 0.0
    recall = hits / wanted if wanted else 0.0
    return Score(pages=len(rows), f1=None, precision=precision, recall=recall, exact=None, words=None, segments=f1)


def _shingle_counts(truth: str, text: str) -> tuple[int, int, int]:
    true, found = _shingles(truth), _shingles(text)
    same = (true & found).total()
    return same, found.total() - same, true.total() - same


def _shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    tokens = _WORD.findall(text)
    return Counter(tuple(tokens[i : i + n]) for i in range(max(1, len(tokens) - n + 1)) if tokens)


def _word_f1(truth: str, text: str) -> float:
    true, found = Counter(_WORD.findall(truth.lower())), Counter(_WORD.findall(text.lower()))
    if not true or not found:
        return float(not true and not found)
    return 2 * (true & found).total() / (true.total() + found.total())


def _squeeze(text: str) -> str:
    return " ".join(text.split())


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0
