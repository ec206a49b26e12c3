"""The two models: blocks, and sections on out-of-fold block probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np

from extractors.paths import Floats
from extractors.sections import Sections, section_features, sections
from tests.benchmarks.train.pages import Example

SET_WEIGHTS: Final = {"wcxb-dev-article": 1.0, "fundus": 4.0, "trafilatura": 0.6, "readability": 0.5}
INJECTED_WEIGHT: Final = 0.6
_SEGMENT_WEIGHT: Final = 3.0  # of each block with a label, where few blocks of a page have one

RISING: Final = ("name_sum", "name_low", "first_low", "first_mean")
FALLING: Final = ("link", "levels", "unit_link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of one run."""

    trees: int = 150
    leaves: int = 16
    rate: float = 0.08
    section_trees: int = 60
    seed: int = 7
    threads: int = 1

    def blocks(self, names: Sequence[str]) -> dict[str, Any]:
        return {
            "objective": "binary",
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": 60,
            "feature_fraction": 0.4,
            "bagging_fraction": 0.6,
            "bagging_freq": 1,
            "max_bin": 63,
            "lambda_l2": 5.0,
            "monotone_constraints": [(name in RISING) - (name in FALLING) for name in names],
            **self._common(),
        }

    def sections(self, names: Sequence[str]) -> dict[str, Any]:
        return {
            "objective": "cross_entropy",
            "learning_rate": 0.1,
            "num_leaves": 8,
            "min_data_in_leaf": 40,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "max_bin": 63,
            "lambda_l2": 5.0,
            "monotone_constraints": [int(name in ("mean", "max")) for name in names],
            **self._common(),
        }

    def _common(self) -> dict[str, Any]:
        return {
            "verbose": -1,
            "num_threads": self.threads,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
        }


def train_blocks(pages: Sequence[Example], names: Sequence[str], settings: Settings) -> lgb.Booster:
    table = np.concatenate([page.table for page in pages])
    target = np.concatenate([page.labels >= 0.5 for page in pages]).astype(float)
    weight = np.concatenate([_block_weights(page) for page in pages])
    used = weight > 0
    data = lgb.Dataset(table[used], target[used], weight=weight[used])
    return lgb.train(settings.blocks(names), data, settings.trees)


def _block_weights(page: Example) -> Floats:
    known = page.labels >= 0
    base = SET_WEIGHTS[page.case.set] * (INJECTED_WEIGHT if page.injected else 1.0)
    if page.case.text is None:
        return np.where(known, base * _SEGMENT_WEIGHT, 0.0)
    weight = np.where(known, (page.gold_words + 1) ** 0.6, 0.0)
    return base * 100 * weight / max(float(weight.sum()), 1e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionTable:
    """A page's sections with their target, the share of article words."""

    parts: Sections
    names: tuple[str, ...]
    table: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
    target: Floats
    weight: Floats


def section_table(page: Example, chance: Floats) -> SectionTable:
    parts = sections(page.frame, chance)
    names, table = section_features(page.frame, page.rows, parts, chance, page.vote)
    words = np.where(page.labels >= 0, page.gold_words, 0.0)
    total = np.bincount(parts.of_block, words, len(parts.first))
    inside = np.bincount(parts.of_block, words * (page.labels >= 0.5), len(parts.first))
    weight = total**0.7
    base = SET_WEIGHTS[page.case.set] * (INJECTED_WEIGHT if page.injected else 1.0)
    return SectionTable(
        parts=parts,
        names=names,
        table=table,
        target=inside / np.maximum(total, 1),
        weight=base * 100 * weight / max(float(weight.sum()), 1e-6),
    )


def train_sections(tables: Sequence[SectionTable], settings: Settings) -> lgb.Booster:
    table = np.concatenate([page.table for page in tables])
    target = np.concatenate([page.target for page in tables])
    weight = np.concatenate([page.weight for page in tables])
    used = weight > 0
    data = lgb.Dataset(table[used], target[used], weight=weight[used])
    return lgb.train(settings.sections(tables[0].names), data, settings.section_trees)
