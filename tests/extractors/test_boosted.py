import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.boosted import LEAVES, forest_from

# Two trees. The first: x0 <= 1 ? (x1 <= 5 ? A : B) : C. The second: x1 <= 0 ? D : E.
FULL = (1 << LEAVES) - 1
RECORD = {
    "names": ["x0", "x1"],
    "feature": [0, 1, 1],
    "threshold": [1.0, 5.0, 0.0],
    "mask": [FULL & ~0b011, FULL & ~0b001, FULL & ~0b001],
    "start": [0, 2],
    "leaves": [[0.5, -1.0, 2.0], [0.25, -0.25]],
}
NUMBERS = st.floats(-10, 10, width=32)


def by_hand(x0: float, x1: float) -> float:
    first = (0.5 if x1 <= 5 else -1.0) if x0 <= 1 else 2.0
    return first + (0.25 if x1 <= 0 else -0.25)


@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_all_rows_at_once_give_what_walking_the_trees_gives(rows: list[tuple[float, float]]) -> None:
    found = forest_from(RECORD).predict(np.array(rows, dtype=np.float32))
    assert found == pytest.approx([1 / (1 + np.exp(-by_hand(*row))) for row in rows])


def test_a_value_on_the_threshold_goes_left() -> None:
    on, past = forest_from(RECORD).predict(np.array([[1, 5], [1.0001, 5]], dtype=np.float32))
    assert on == pytest.approx(1 / (1 + np.exp(-0.25)))
    assert past == pytest.approx(1 / (1 + np.exp(-1.75)))


def test_no_rows() -> None:
    assert forest_from(RECORD).predict(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def test_very_many_rows_are_taken_in_parts() -> None:
    row = np.array([[0, 0]], dtype=np.float32)
    found = forest_from(RECORD).predict(np.repeat(row, 5000, axis=0))
    assert found.shape == (5000,)
    assert np.unique(found).size == 1
