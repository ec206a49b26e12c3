"""Boosted trees evaluated with numpy, rows and trees all at once.

QuickScorer (Lucchese et al., SIGIR 2015): every inner node holds a bit mask of the leaves that stay possible when its
test fails; the AND of a tree's masks has its lowest set bit at the leaf that the row falls into.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""Most leaves that a tree may have: a mask is a 16-bit word."""

_TOGETHER: Final = 2048  # rows; bounds the memory of a page with very many blocks
_ALL = np.uint16(0xFFFF)
_LOWEST = np.array([(m & -m).bit_length() - 1 if m else 0 for m in range(1 << LEAVES)], dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Inner nodes of all trees in one row each, trees one after the other; ``leaves`` is trees x LEAVES."""

    names: tuple[str, ...]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    mask: NDArray[np.uint16]
    start: NDArray[np.intp]
    leaves: NDArray[np.float64]

    def predict(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """A probability for each row; columns as in ``names``."""
        raw = np.zeros(len(rows))
        for start in range(0, len(rows), _TOGETHER):
            raw[start : start + _TOGETHER] = self._raw(rows[start : start + _TOGETHER])
        return 1.0 / (1.0 + np.exp(-raw))

    def _raw(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        columns = np.ascontiguousarray(rows.T)
        failed = columns[self.feature] > self.threshold[:, None]
        masks = np.bitwise_and.reduceat(np.where(failed, self.mask[:, None], _ALL), self.start, axis=0)
        leaf = _LOWEST[masks.T] + self._first_leaf
        total: NDArray[np.float64] = self.leaves.ravel()[leaf].sum(axis=1)
        return total

    @cached_property
    def _first_leaf(self) -> NDArray[np.intp]:
        return np.arange(len(self.start)) * LEAVES


def forest_from(record: Mapping[str, Any]) -> Forest:
    """The forest of a parsed weights file."""
    leaves = np.zeros((len(record["start"]), LEAVES))
    for tree, values in enumerate(record["leaves"]):
        leaves[tree, : len(values)] = values
    return Forest(
        names=tuple(record["names"]),
        feature=np.array(record["feature"], dtype=np.intp),
        threshold=np.array(record["threshold"], dtype=np.float32),
        mask=np.array(record["mask"], dtype=np.uint16),
        start=np.array(record["start"], dtype=np.intp),
        leaves=leaves,
    )
