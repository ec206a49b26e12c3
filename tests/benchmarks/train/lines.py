"""Trains the model of text dumps: which lines are the article, seen without any markup.

    python -m tests.benchmarks.train.lines --pages DIR [--out extractors/model]

Needs presskeep[train]; about five minutes on one core. Only the hosts of the ``dev`` half are learned from, so that
``python -m tests.benchmarks.plaintext`` reports on hosts that nothing was learned from. Each page is shown three times:
whole, around its article, and as a clean dump of article and lists.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from extractors.boosted import forest_from
from extractors.linefeatures import line_features
from extractors.plaintext import LIST, TEXT, rule_roles
from tests.benchmarks.plaintext import ARTICLE, FURNITURE, LISTED, DumpCase, dumps
from tests.benchmarks.train.export import forest_record

FOLDS = 3
TREES = 80
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.12, "num_leaves": 15, "min_data_in_leaf": 80, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63, "lambda_l2": 5.0, "verbose": -1, "num_threads": 1,
    "seed": 7, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
_VIEW_WEIGHTS = (1.0, 0.5, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One rendering of a page, ready to be learned from."""

    host: str
    whole: bool
    names: tuple[str, ...]
    table: NDArray[np.float32]
    article: NDArray[np.float64]
    known: NDArray[np.bool_]
    words: NDArray[np.float64]
    weight: NDArray[np.float64]


def main() -> None:
    options = _options()
    views = [view for case in dumps(options.pages) if case.half == "dev" for view in views_of(case)]
    sys.stdout.write(f"{sum(view.whole for view in views)} pages, {sum(len(view.words) for view in views)} lines\n")
    hosts = sorted({view.host for view in views})
    Random(7).shuffle(hosts)
    chance: list[NDArray[np.float64]] = [np.zeros(0)] * len(views)
    for fold in range(FOLDS):
        held = set(hosts[fold::FOLDS])
        booster = train([view for view in views if view.host not in held])
        for at, view in enumerate(views):
            if view.host in held:
                chance[at] = np.asarray(booster.predict(view.table))
    voted = [np.asarray(view.table[:, view.names.index("vote")] > 0) for view in views]
    _tell("rules alone", views, voted)
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        _tell(str(threshold), views, [each >= threshold for each in chance])
    if options.out:
        write(options.out, train(views), views)


def _tell(title: str, views: Sequence[View], said: Sequence[NDArray[np.bool_]]) -> None:
    whole = [_f1(view, each) for view, each in zip(views, said, strict=True) if view.whole]
    parts = [_f1(view, each) for view, each in zip(views, said, strict=True) if not view.whole]
    sys.stdout.write(f"  {title}: whole pages {np.mean(whole):.4f}, parts {np.mean(parts):.4f}\n")
    sys.stdout.flush()


def views_of(case: DumpCase) -> Iterator[View]:
    for shown, weight in zip(renderings(case), _VIEW_WEIGHTS, strict=True):
        if shown.lines:
            yield _view(shown, weight, whole=shown is case)


def renderings(case: DumpCase) -> Iterator[DumpCase]:
    """The page as it is; what lies around its article; article, lists and a few other lines."""
    random = Random(case.key)
    yield case
    article = [at for at, kind in enumerate(case.truth) if kind == ARTICLE] or [0]
    low, high = max(0, article[0] - random.choice((0, 1, 3, 6))), article[-1] + 1 + random.choice((0, 2, 8, 20))
    yield _only(case, range(low, min(high, len(case.lines))))
    rare = random.choice((0.0, 0.0, 0.03, 0.1))
    listed = random.choice((0.0, 1.0, 1.0))
    keep = {ARTICLE: 1.0, LISTED: listed, FURNITURE: rare, "": rare}
    near = range(max(0, article[0] - 4), article[0])
    yield _only(case, [at for at, kind in enumerate(case.truth) if random.random() < keep[kind] or at in near])


def _only(case: DumpCase, chosen: Iterable[int]) -> DumpCase:
    kept = list(chosen)
    return replace(case, lines=tuple(case.lines[at] for at in kept), truth=tuple(case.truth[at] for at in kept))


def _view(case: DumpCase, weight: float, *, whole: bool) -> View:
    roles = rule_roles(list(case.lines))
    names, table = line_features(case.lines, [role == TEXT for role in roles], [role == LIST for role in roles])
    words = np.array([len(line.split()) for line in case.lines], dtype=np.float64)
    known = np.array([bool(kind) for kind in case.truth])
    each = (np.minimum(words, 60) / 15 + 0.3) * known
    return View(
        host=case.host, whole=whole, names=names, table=table.astype(np.float32),
        article=np.array([float(kind == ARTICLE) for kind in case.truth]), known=known, words=words,
        weight=weight * each / np.sqrt(max(1.0, each.sum())),
    )  # fmt: skip


def train(views: Sequence[View]) -> lgb.Booster:
    table, target = np.concatenate([v.table for v in views]), np.concatenate([v.article for v in views])
    weight = np.concatenate([v.weight for v in views])
    used = weight > 0
    data = lgb.Dataset(table[used], target[used], weight=weight[used] / weight[used].mean())
    return lgb.train(PARAMETERS, data, TREES)


def _f1(view: View, said: NDArray[np.bool_]) -> float:
    words = view.words * view.known
    told, true = (words * said).sum(), (words * view.article).sum()
    return float(2 * (words * said * view.article).sum() / (told + true)) if told + true else 1.0


def write(folder: Path, booster: lgb.Booster, views: Sequence[View]) -> None:
    record = forest_record(booster, views[0].names)
    forest = forest_from(record)
    worst = max(float(np.abs(forest.predict(view.table) - booster.predict(view.table)).max()) for view in views)
    if worst > 1e-4:
        raise SystemExit(f"the exported trees differ from the trained ones by {worst:.1e}")
    text = json.dumps(record, separators=(",", ":"))
    (folder / "lines.json").write_text(text + "\n", encoding="utf8")
    gain = dict(zip(views[0].names, booster.feature_importance("gain"), strict=True))
    best = sorted(gain, key=lambda name: -gain[name])[:25]
    sys.stdout.write(f"{len(text)} bytes; most used: {', '.join(best)}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.train.lines", description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="folder of the page sets")
    parser.add_argument("--out", type=Path, help="folder for lines.json; without it only the scores are printed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
