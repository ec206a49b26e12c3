"""Whether ``confidence`` means what it says: of the pages that promise .9, how many are read badly.

    python -m tests.benchmarks.confidence --pages DIR            # several minutes on one core; needs presskeep[train]

Every page is read by a model that saw no page of its host, and is compared with its truth by the F1 of its words in
shingles of four. ``--fit`` also shows what a monotone table from promise to truth would bring, fitted on the other
hosts. It brings so little that there is none: the confidence is the model's own promise.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean

from extractors.decision import combine
from extractors.generic import FULL_TEXT_WORDS
from tests.benchmarks.train.corpus import FOLDS, Case
from tests.benchmarks.train.crossfit import (
    bad_gold,
    clock,
    inject,
    out_of_fold,
    out_of_fold_sections,
    read_corpus,
)
from tests.benchmarks.train.models import Settings
from tests.benchmarks.train.pages import text_of
from tests.benchmarks.train.score import page_f1

GOOD = 0.8  # F1 below which a page was read badly
SURE = 0.9  # confidence from which people take a page without looking
Curve = tuple[tuple[float, float], ...]
EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One page: what the model promised (``raw``), the words of its text, and the F1 that it really has."""

    set: str
    host: str
    fold: int
    raw: float
    words: int
    f1: float


def main() -> None:
    options = _options()
    if options.cache and options.cache.exists():
        rows = [Read(**row) for row in json.loads(options.cache.read_text("utf-8"))]
    else:
        rows = read_pages(options.pages, options.limit)
        if options.cache:
            options.cache.write_text(json.dumps([{k: getattr(r, k) for k in Read.__slots__} for r in rows]), "utf-8")
    names = dict.fromkeys(row.set for row in rows)
    groups = {"all": rows} | {name: [row for row in rows if row.set == name] for name in names}
    for name, found in groups.items():
        sys.stdout.write(f"\n{name}: {len(found)} pages\n")
        show("confidence", found, [confidence(row.raw, row.words) for row in found])
        if options.fit:
            curves = {fold: fit([row for row in rows if row.fold != fold]) for fold in range(FOLDS)}
            mapped = [confidence(along(curves[row.fold], row.raw), row.words) for row in found]
            show("through a table of other hosts", found, mapped)


def confidence(promised: float, words: int) -> float:
    """As the generic reader says it: less for a text so short that it may not be an article."""
    return promised * min(1.0, words / FULL_TEXT_WORDS)


def along(curve: Curve, value: float) -> float:
    """Straight lines between the points, level after the last."""
    for (low, real_low), (high, real_high) in pairwise(curve):
        if value <= high:
            return real_low + (real_high - real_low) * (value - low) / (high - low)
    return curve[-1][1]


def read_pages(root: Path, limit: int) -> list[Read]:
    start, settings = time.process_time(), Settings()
    corpus = read_corpus(root, limit=limit)
    clean = [page for page in corpus.examples() if page is not None]
    bad = bad_gold(clean, out_of_fold(clean, [], settings, frozenset()))
    injected = inject(corpus, bad, settings.seed)
    chance = out_of_fold(clean, injected, settings, bad)
    gate = out_of_fold_sections(clean, injected, chance, settings, bad)
    clock(start, f"{len(clean)} pages and {len(injected)} with sections set in")
    found = []
    for page in (*clean, *injected):
        if page.case.text is None:
            continue
        decision = combine(page.frame, page.rows, chance[id(page)], page.vote, gate[id(page)])
        found.append(_read(page.case, text_of(page, decision.kept), decision.expected, injected=page.injected))
    return found


def _read(case: Case, text: str, raw: float, *, injected: bool) -> Read:
    name = ("challenge " if injected else "") + case.set
    words = text.count(" ") + text.count("\n")
    return Read(
        set=name, host=case.host, fold=case.fold, raw=raw, words=words, f1=page_f1(case.text or "", text)
    )  # fmt: skip


def fit(rows: Sequence[Read], bins: int = 12) -> Curve:
    """Mean F1 by bins of the promise, made monotone by pooling neighbours that are out of order."""
    ordered = sorted((row for row in rows if row.raw > 0), key=lambda row: row.raw)
    size = len(ordered) / bins
    pools = [ordered[round(k * size) : round((k + 1) * size)] for k in range(bins)]
    groups = [[mean(r.raw for r in pool), mean(r.f1 for r in pool), float(len(pool))] for pool in pools if pool]
    k = 1
    while k < len(groups):
        if groups[k][1] >= groups[k - 1][1]:
            k += 1
            continue
        one, two = groups[k - 1], groups.pop(k)
        total = one[2] + two[2]
        groups[k - 1] = [*((one[at] * one[2] + two[at] * two[2]) / total for at in (0, 1)), total]
        k = max(1, k - 1)
    return ((0.0, 0.0), *((round(raw, 3), round(f1, 3)) for raw, f1, _ in groups))


def show(title: str, rows: Sequence[Read], promised: Sequence[float]) -> None:
    """One line of sums and a table by bins; ``error`` is the mean distance of promise and truth by bins (ECE)."""
    pairs = list(zip(promised, (row.f1 for row in rows), strict=True))
    table, error = [], 0.0
    for low, high in pairwise(EDGES):
        inside = [(said, f1) for said, f1 in pairs if low <= said < high]
        if inside:
            said, true = mean(s for s, _ in inside), mean(f for _, f in inside)
            poor = sum(f < GOOD for _, f in inside) / len(inside)
            error += abs(said - true) * len(inside) / len(pairs)
            table.append(f"    {low:4.2f}-{min(high, 1):4.2f} {len(inside):6d} {said:9.3f} {true:8.3f} {poor:8.1%}\n")
    sure = [f1 for said, f1 in pairs if said >= SURE]
    poor = sum(f1 < GOOD for f1 in sure) / len(sure) if sure else 0.0
    sys.stdout.write(
        f"  {title}: {len(sure)} pages ({len(sure) / len(pairs):.0%}) say {SURE} or more, {poor:.1%} of them have F1 "
        f"< {GOOD}; of all {sum(f1 < GOOD for _, f1 in pairs) / len(pairs):.1%}; error {error:.3f}\n"
        f"    confidence  pages promised  mean F1  F1 < {GOOD}\n" + "".join(table)
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.confidence", description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="folder of the page sets")
    parser.add_argument("--limit", type=int, default=0, help="pages of each set, for a quick try")
    parser.add_argument("--cache", type=Path, help="JSON file that keeps what was read for further runs")
    parser.add_argument("--fit", action="store_true", help="also a table, cross-validated by host")
    return parser.parse_args()


if __name__ == "__main__":
    main()
