"""What the block model looks at: one row for each block, one column for each of ``NAMES``.

The columns are those that kept their worth in ablations: where a block lies relative to the element that holds most
prose, how its neighbours, its look-alikes and its repeated siblings read, and what learned tables say about its first
words and the names around it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors import table as tables
from extractors.frame import TEXT_TAGS, Column, Frame, headings
from extractors.paths import Floats, Ints
from extractors.rows import Rows

_FLAGS: Final[Mapping[str, int]] = {
    "link": tables.LINK, "main": tables.MAIN, "aside": tables.ASIDE, "header": tables.HEADER, "figure": tables.FIGURE,
    "item": tables.ITEM, "table": tables.TABLE, "form": tables.FORM, "quote": tables.QUOTE, "heading": tables.HEADING,
    "caption": tables.CAPTION, "hidden": tables.HIDDEN, "articlebody": tables.BODY,
}  # fmt: skip
_TAG_CODES: Final = """
    p div li h1 h2 h3 h4 h5 h6 td th blockquote figcaption section article header footer aside nav body dd dt pre
    main button label figure form address ul ol caption summary
    """
_TAGS: Final = {tag: code for code, tag in enumerate(_TAG_CODES.split())}
_OTHER_TAG: Final = 40
_FAR: Final = 30  # blocks; distances beyond are all the same


def features(frame: Frame, rows: Rows) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """The names of the columns and the table, 32-bit as the trees want it."""
    columns: dict[str, Column] = {
        **_own(frame, rows),
        **_surroundings(frame),
        **_order(frame, rows),
        **_look_alikes(frame, rows),
        **_siblings(frame),
        **_heading_above(frame, rows),
        **_unit(frame, rows),
    }
    return tuple(columns), as_table(columns, len(frame.texts))


def as_table(columns: Mapping[str, Column], rows: int) -> NDArray[np.float32]:
    """Columns side by side, each contiguous."""
    table = np.empty((len(columns), rows), dtype=np.float32)
    for k, column in enumerate(columns.values()):
        table[k] = column
    return table.T


def _own(frame: Frame, rows: Rows) -> dict[str, Column]:
    element, marks, up = frame.element, frame.marks, frame.up1
    tags = np.array([_TAGS.get(tag, _OTHER_TAG) for tag, _ in frame.document.elements.looks])
    characters = np.array([len(text) for text in frame.texts], dtype=np.float64)
    flags = frame.flags[element]
    return {
        "words": np.log1p(frame.words),
        "characters": np.log1p(characters),
        "link": frame.link,
        "tag": tags[frame.look[element]],
        "depth": frame.depth[element],
        "final": rows.final,
        "symbol": rows.symbol,
        "first_low": rows.low,
        "first_high": rows.high,
        "first_mean": rows.mean,
        "name_low": marks.path_low[element],
        "name_high": marks.path_high[element],
        "name_sum": marks.path_sum[element],
        "name_own": marks.own[element],
        "name_up1": marks.own[up],
        "name_up2": marks.own[frame.parent[up]],
        "bad_names": marks.bad[element],
        **{f"in_{name}": (flags & bit) > 0 for name, bit in _FLAGS.items()},
    }


def _surroundings(frame: Frame) -> dict[str, Column]:
    words, _, _, long_words = frame.subtree
    linked = frame.linked_share()
    long_total = max(1.0, float(long_words[0]))
    columns: dict[str, Column] = {}
    up = frame.up1
    for name, at in (("up0", frame.element), ("up1", up), ("up2", frame.parent[up])):
        columns[f"{name}_words"] = np.log1p(words[at])
        columns[f"{name}_link"] = linked[at]
        columns[f"{name}_long"] = long_words[at] / np.maximum(words[at], 1)
        columns[f"{name}_share"] = long_words[at] / long_total
    return columns | {
        "levels": frame.level,
        "depth_below": frame.depth[frame.element] - frame.depth[frame.container],
        "in_container": up == frame.container,
        "in_body": (frame.element >= frame.body) & (frame.element < frame.end[frame.body]),
    }


def _order(frame: Frame, rows: Rows) -> dict[str, Column]:
    count = len(frame.texts)
    order = np.arange(count)
    long_sum = np.cumsum(frame.long_words)
    before = np.concatenate([[0.0], long_sum])
    total, long_total = max(1.0, float(frame.words.sum())), max(1.0, float(long_sum[-1]))
    past = np.maximum.accumulate(np.where(frame.long_words > 0, order, -99))
    coming = np.minimum.accumulate(np.where(frame.long_words > 0, order, count + 99)[::-1])[::-1]
    from_title = order - rows.title if rows.title >= 0 else np.full(count, -50)
    return {
        "position": order / max(1, count - 1),
        "word_position": (np.cumsum(frame.words) - frame.words) / total,
        "blocks_before": np.log1p(order),
        "long_position": long_sum / long_total,
        "page_words": np.log1p(total),
        "page_long": long_total / total,
        "to_next_long": np.minimum(_FAR, np.concatenate([coming[1:], [count + 99]]) - order),
        "since_last_long": np.minimum(_FAR, order - np.concatenate([[-99], past[:-1]])),
        "near3": np.log1p(before[np.minimum(order + 4, count)] - before[np.maximum(order - 3, 0)]),
        "near8": np.log1p(before[np.minimum(order + 9, count)] - before[np.maximum(order - 8, 0)]),
        "title_match": rows.title_match,
        "from_title": np.sign(from_title) * np.log1p(np.abs(from_title)),
        "described": rows.described,
        "repeats": rows.repeats,
    }


def _look_alikes(frame: Frame, rows: Rows) -> dict[str, Column]:
    group = frame.alike
    count = np.bincount(group)
    words = np.log1p(frame.words)

    def mean(column: Floats) -> Floats:
        result: Floats = np.bincount(group, column) / count
        return result

    average = mean(words)
    spread = np.sqrt(np.maximum(mean(words * words) - average * average, 0))
    total = max(1.0, float(frame.words.sum()))
    return {
        "alike_words": average[group],
        "alike_link": mean(frame.link)[group],
        "alike_final": mean(rows.final)[group],
        "alike_first": mean(rows.mean)[group],
        "alike_spread": spread[group],
        "alike_count": np.log1p(count)[group],
        "alike_share": (np.bincount(group, frame.words) / total)[group],
    }


def _siblings(frame: Frame) -> dict[str, Column]:
    """Of the largest group of like siblings that the block or an ancestor belongs to."""
    words, _, blocks, long_words = frame.subtree
    textual = np.array([tag in TEXT_TAGS for tag, _ in frame.document.elements.looks])
    holders = np.nonzero((blocks > 0) & ~textual[frame.look])[0]
    key = frame.parent[holders] * (1 << 32) + frame.look[holders]
    _, group, count = np.unique(key, return_inverse=True, return_counts=True)
    sizes, groups = _largest_above(frame, holders, group, count)
    at, found = groups[frame.element], groups[frame.element] >= 0
    each_words = np.bincount(group, words[holders]) / count
    each_long = np.bincount(group, long_words[holders] > 0) / count
    return {
        "siblings": np.log1p(sizes[frame.element]),
        "siblings_words": np.where(found, np.log1p(each_words)[at], 0),
        "siblings_long": np.where(found, each_long[at], 0),
    }


def _largest_above(frame: Frame, holders: Ints, group: Ints, count: Ints) -> tuple[Ints, Ints]:
    sizes, groups = [0] * len(frame.end), [-1] * len(frame.end)
    for element, number, size in zip(holders.tolist(), group.tolist(), count[group].tolist(), strict=True):
        if size > 1:
            sizes[element], groups[element] = size, number
    for element, parent in enumerate(frame.document.elements.parent):
        if sizes[parent] > sizes[element]:
            sizes[element], groups[element] = sizes[parent], groups[parent]
    return np.array(sizes), np.array(groups)


def _heading_above(frame: Frame, rows: Rows) -> dict[str, Column]:
    count = len(frame.texts)
    order = np.arange(count)
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(headings(frame), order, -1))[:-1]])
    found, at = last >= 0, np.maximum(last, 0)
    return {
        "heading_distance": np.where(found, np.minimum(_FAR, order - last), _FAR),
        "heading_first": np.where(found, rows.mean[at], 0),
        "heading_link": np.where(found, frame.link[at], 0),
        "heading_low": np.where(found, rows.low[at], 0),
        "h1_above": np.cumsum(rows.headline),
        "h1_count": float(rows.headline.sum()),
    }


def _unit(frame: Frame, rows: Rows) -> dict[str, Column]:
    """Of the branch off the path to the container that the block lies in."""
    unit = frame.branch
    count, elements = len(frame.texts), len(frame.end)
    order = np.arange(count)
    words = np.bincount(unit, frame.words, elements)
    linked = np.bincount(unit, frame.words * frame.link, elements)
    long_words = np.bincount(unit, frame.long_words, elements)
    dated = np.bincount(unit, rows.dated, elements)
    blocks = np.bincount(unit, minlength=elements)
    first = np.full(elements, count)
    np.minimum.at(first, unit, order)
    main = int(long_words.argmax())
    distance = first[unit] - first[main]
    return {
        "unit_words": np.log1p(words[unit]),
        "unit_share": long_words[unit] / max(1.0, float(frame.long_words.sum())),
        "unit_relative": long_words[unit] / max(1.0, float(long_words[main])),
        "unit_link": (linked / np.maximum(words, 1))[unit],
        "unit_distance": np.sign(distance) * np.log1p(np.abs(distance)),
        "unit_offset": np.log1p(order - first[unit]),
        "unit_dated": dated[unit] / blocks[unit],
        "unit_name": frame.marks.own[unit],
        "unit_first": rows.mean[first[unit]],
        "unit_title": rows.title_match[first[unit]],
    }
