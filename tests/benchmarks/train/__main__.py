"""Train the model: ``python -m tests.benchmarks.train --pages DIR --out extractors/model``.

Prints cross-validated scores first (every page judged by models and tables of other hosts), then fits on everything,
writes the weights, and checks that numpy gives the same probabilities as lightgbm. Deterministic for one seed and one
version of lightgbm.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

from extractors.boosted import forest_from
from extractors.decision import combine
from extractors.paths import Floats
from tests.benchmarks.train.corpus import FOLDS, SETS
from tests.benchmarks.train.crossfit import (
    bad_gold,
    clock,
    inject,
    out_of_fold,
    out_of_fold_sections,
    read_corpus,
    report,
    usable,
)
from tests.benchmarks.train.export import forest_record
from tests.benchmarks.train.models import Settings, section_table, train_blocks, train_sections
from tests.benchmarks.train.pages import Example, names_of
from tests.benchmarks.train.tables import Odds

_SAME = 1e-4  # leaf values are written with five digits


def main() -> None:
    options = _options()
    settings = Settings(
        trees=options.trees, leaves=options.leaves, rate=options.rate, seed=options.seed, threads=options.threads
    )
    start = time.process_time()
    corpus = read_corpus(options.pages, options.sets.split(","), options.limit)
    clean = [page for page in corpus.examples() if page is not None]
    clock(start, f"{len(clean)} pages, {sum(len(page.labels) for page in clean)} blocks")
    bad = bad_gold(clean, out_of_fold(clean, [], settings, frozenset()))
    injected = inject(corpus, bad, settings.seed)
    clock(start, f"{len(bad)} pages left out of training, {len(injected)} with sections set in")
    chance = out_of_fold(clean, injected, settings, bad)
    gate = out_of_fold_sections(clean, injected, chance, settings, bad)
    _reports(clean, injected, chance, gate)
    clock(start, "cross-validated")
    if options.out:
        sections = _fit_sections(clean, injected, chance, settings, bad)
        blocks = _fit_blocks([page for page in (*clean, *injected) if page.case.key not in bad], settings)
        _write(options.out, corpus.odds[FOLDS], blocks, sections)
        clock(start, f"written to {options.out}")


def _options() -> argparse.Namespace:
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.train", description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="folder of the page sets")
    parser.add_argument("--out", type=Path, help="folder for weights.json; without it only the scores are printed")
    parser.add_argument("--sets", default=",".join(SETS), help="comma-separated set names (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=0, help="pages of each set, for a quick try")
    parser.add_argument("--trees", type=int, default=usual.trees)
    parser.add_argument("--leaves", type=int, default=usual.leaves)
    parser.add_argument("--rate", type=float, default=usual.rate)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _reports(
    clean: Sequence[Example], injected: Sequence[Example], chance: Mapping[int, Floats], gate: Mapping[int, Floats]
) -> None:
    def open_gate(page: Example) -> Floats:
        return np.ones(len(page.labels))

    report(
        "rules alone", clean, injected,
        lambda page: combine(page.frame, page.rows, page.vote, page.vote, open_gate(page)),
    )  # fmt: skip
    report(
        "recall (without the gate)", clean, injected,
        lambda page: combine(page.frame, page.rows, chance[id(page)], page.vote, open_gate(page)),
    )  # fmt: skip
    report(
        "all", clean, injected,
        lambda page: combine(page.frame, page.rows, chance[id(page)], page.vote, gate[id(page)]),
    )  # fmt: skip


Trained = tuple[lgb.Booster, tuple[str, ...], list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]]


def _fit_sections(
    clean: Sequence[Example], injected: Sequence[Example], chance: Mapping[int, Floats], settings: Settings,
    bad: frozenset[str],
) -> Trained:  # fmt: skip
    """On out-of-fold probabilities: those of a model that saw the page would be too good to learn from."""
    pages = [page for page in (*clean, *injected) if page.case.key not in bad]
    tables = {id(page): section_table(page, chance[id(page)]) for page in pages}
    used = usable(pages, tables)
    return train_sections(used, settings), used[0].names, [table.table for table in used]


def _fit_blocks(pages: Sequence[Example], settings: Settings) -> Trained:
    """On the cross-fitted tables: with its own page's words in the table a model would trust the table too much."""
    names = names_of(pages)
    return train_blocks(pages, names, settings), names, [page.table for page in pages]


def _write(folder: Path, odds: Odds, blocks: Trained, sections: Trained) -> None:
    record: dict[str, Any] = {"name_odds": odds.names, "word_odds": odds.words}
    for name, (booster, names, tables) in (("blocks", blocks), ("sections", sections)):
        record[name] = forest_record(booster, names)
        forest = forest_from(record[name])
        worst = max(float(np.abs(forest.predict(table) - booster.predict(table)).max()) for table in tables)
        sys.stdout.write(f"{name}: numpy differs from lightgbm by at most {worst:.1e}\n")
        if worst > _SAME:
            raise SystemExit(f"{name}: the exported trees do not say the same as the trained ones")
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    (folder / "weights.json").write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
