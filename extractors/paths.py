"""Paths from the root of a page to its elements, as columns; all linear in the page, however deep it is."""

import numpy as np
from numpy.typing import NDArray

from extractors.table import Elements

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def on_path(own: Bools, end: Ints) -> Ints:
    """For each element how many of it and its ancestors are marked."""
    steps = np.zeros(len(end) + 1, dtype=np.int64)
    steps[:-1] = own
    steps -= np.bincount(end[own], minlength=len(steps))
    count: Ints = np.cumsum(steps[:-1])
    return count


def path_to(elements: Elements, element: int) -> list[int]:
    """The element and its ancestors, the root last."""
    path = [element]
    while path[-1]:
        path.append(elements.parent[path[-1]])
    return path


def branches(elements: Elements, path: list[int], element: Ints) -> tuple[Ints, Floats]:
    """For each of some elements the ancestor (or itself) that hangs on a path to the root, and how high on it."""
    end = elements.end
    edges: list[int] = []
    levels: list[int] = []
    child = -1
    for level, at in enumerate(path):
        edges.append(at)
        levels.append(level)
        inner = at + 1
        while inner < end[at]:
            if inner != child:
                edges.append(inner)
                levels.append(level)
            inner = end[inner]
        child = at
    starts = np.array(edges)
    order = np.argsort(starts)
    found = order[np.searchsorted(starts, element, "right", sorter=order) - 1]
    return starts[found], np.array(levels, dtype=np.float64)[found]
