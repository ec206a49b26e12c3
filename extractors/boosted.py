"""Boosted trees evaluated with numpy, rows and trees all at once.

QuickScorer (Lucchese et al., SIGIR 2015): every inner node holds a bit mask of the leaves that are ruled out when its
test fails; the row falls into the first leaf that none of a tree's failed tests has ruled out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""Most leaves that a tree may have: a mask is a 16-bit word."""

_TOGETHER: Final = 2048  # rows; bounds the memory of a page with very many blocks
_NEVER: Final = np.float32(np.inf)  # a threshold that no value exceeds
_FIRST_LEFT = np.array([(~m & -~m).bit_length() - 1 for m in range((1 << LEAVES) - 1)] + [0], dtype=np.uint8)
"""For the leaves that tests have ruled out, the first that is left."""


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Rows are the first inner node of each tree, then the second of each, and so on; trees with fewer are filled up
    with nodes that no row fails. ``gone`` are the leaves that a node rules out when its test fails. ``leaves`` is
    trees x LEAVES.
    """

    names: tuple[str, ...]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    gone: NDArray[np.uint16]
    leaves: NDArray[np.float64]

    def predict(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """A probability for each row; columns as in ``names``."""
        raw = np.zeros(len(rows))
        for start in range(0, len(rows), _TOGETHER):
            raw[start : start + _TOGETHER] = self._raw(rows[start : start + _TOGETHER])
        return 1.0 / (1.0 + np.exp(-raw))

    def _raw(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        columns = np.ascontiguousarray(rows.T)
        gone = np.zeros((len(self.leaves), len(rows)), dtype=np.uint16)
        for feature, threshold, mask in zip(self.feature, self.threshold, self.gone, strict=True):
            gone |= np.multiply(columns.take(feature, axis=0) > threshold, mask, dtype=np.uint16)
        leaf = _FIRST_LEFT.take(gone) + self._first_leaf
        total: NDArray[np.float64] = self.leaves.ravel().take(leaf).sum(axis=0)
        return total

    @cached_property
    def _first_leaf(self) -> NDArray[np.intp]:
        return (np.arange(len(self.leaves)) * LEAVES)[:, None]


def forest_from(record: Mapping[str, Any]) -> Forest:
    """The forest of a parsed weights file."""
    trees = len(record["start"])
    leaves = np.zeros((trees, LEAVES))
    feature = np.zeros((LEAVES - 1, trees), dtype=np.intp)
    threshold = np.full(feature.shape, _NEVER)
    gone = np.zeros(feature.shape, dtype=np.uint16)
    for tree, (first, past) in enumerate(pairwise([*record["start"], len(record["feature"])])):
        leaves[tree, : len(record["leaves"][tree])] = record["leaves"][tree]
        feature[: past - first, tree] = record["feature"][first:past]
        threshold[: past - first, tree] = record["threshold"][first:past]
        gone[: past - first, tree] = ~np.array(record["mask"][first:past], dtype=np.uint16)
    most = max(map(len, record["leaves"])) - 1
    return Forest(
        names=tuple(record["names"]),
        feature=feature[:most],
        threshold=threshold[:most, :, None],
        gone=gone[:most, :, None],
        leaves=leaves,
    )
