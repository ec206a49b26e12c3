"""Whole sections: a page is cut into the parts that a reader sees, and each is kept or lost as one.

A model of single blocks cannot tell a reader's well-written comment or the next article from the article itself; a
section can be told by what surrounds it. Sections hang on the path from the root to where the kept words are; text
elements side by side on that path form one section, cut at headings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.features import as_table
from extractors.frame import Column, Frame, headings
from extractors.paths import Bools, Floats, Ints
from extractors.rows import Rows

_SHARE: Final = 0.55  # of the kept words that a child must hold for the path to go down to it
_HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FLOW_TAGS: Final = _HEADING_TAGS | frozenset(("p", "ul", "ol", "blockquote", "figure", "pre", "dl", "table", "li"))
_FAR: Final = 30
_MAIN_LOOK: Final = 0.2  # of the kept words: a look (tags and names) that the article's paragraphs have


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """``of_block`` numbers the section of each block; ``first`` is each section's first block, ``level`` its height."""

    of_block: Ints
    first: Ints
    level: Floats


def sections(frame: Frame, kept: Floats) -> Sections:
    """``kept`` is the probability of each block."""
    path = _path(frame, kept * frame.words)
    height = {element: up for up, element in enumerate(reversed(path))}
    branch = _branch_of_blocks(frame, path)
    tag, parent = frame.document.elements.tag, frame.document.elements.parent
    alone = (frame.subtree[2] <= 1).tolist()
    of_block: list[int] = []
    first: list[int] = []
    level: list[int] = []
    last = last_above = -1
    flowing = heading = False
    for k, (element, own) in enumerate(zip(branch, frame.element.tolist(), strict=True)):
        above = element if element in height else parent[element]
        flows = element in height or alone[element] or tag[element] in _FLOW_TAGS
        is_heading = tag[own] in _HEADING_TAGS
        if element != last:
            new = not (flows and flowing and last_above == above) or is_heading
        else:
            new = flows and is_heading and not heading
        if new or not first:
            first.append(k)
            level.append(height.get(above, 0))
        of_block.append(len(first) - 1)
        last, last_above, flowing, heading = element, above, flows, is_heading
    return Sections(of_block=np.array(of_block), first=np.array(first), level=np.array(level, dtype=np.float64))


def _path(frame: Frame, mass: Floats) -> list[int]:
    """From the root down as long as one child holds most of the mass."""
    held, end = frame.below(mass).tolist(), frame.document.elements.end
    path = [0]
    least = _SHARE * held[0]
    while True:
        at, best = path[-1] + 1, -1
        while at < end[path[-1]]:
            if held[at] > max(least, held[best] if best >= 0 else 0):
                best = at
            at = end[at]
        if best < 0:
            return path
        path.append(best)


def _branch_of_blocks(frame: Frame, path: Sequence[int]) -> list[int]:
    """For each block the element off the path that it lies in, or the path's own element."""
    end = frame.document.elements.end
    roots = []
    for element, child in pairwise([*path, -1]):
        at = element + 1
        while at < end[element]:
            if at != child:
                roots.append(at)
            at = end[at]
    edges = np.array(sorted([*roots, *path]))
    nearest = edges[np.searchsorted(edges, frame.element, "right") - 1]
    direct = np.isin(frame.element, path)
    result: list[int] = np.where(direct, frame.element, nearest).tolist()
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Per section: words, blocks, kept words and words of long paragraphs."""

    words: Floats
    blocks: Floats
    kept: Floats
    long_words: Floats

    @property
    def safe_words(self) -> Floats:
        return np.maximum(self.words, 1)


def section_features(
    frame: Frame, rows: Rows, parts: Sections, kept: Floats, vote: Floats
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """One row for each section, from the block probabilities, the vote and the frame."""
    number = len(parts.first)

    def total(column: Floats | Bools) -> Floats:
        return np.bincount(parts.of_block, column, number).astype(np.float64)

    sums = _Sums(
        words=total(frame.words),
        blocks=np.bincount(parts.of_block, minlength=number).astype(np.float64),
        kept=total(kept * frame.words),
        long_words=total(frame.long_words),
    )
    columns: dict[str, Column] = {
        **_probability_columns(frame, parts, sums, kept),
        **_mass_columns(parts, sums),
        **_text_columns(frame, rows, parts, sums),
        **_place_columns(frame, rows, parts, sums, vote),
    }
    return tuple(columns), as_table(columns, number)


def _probability_columns(frame: Frame, parts: Sections, sums: _Sums, kept: Floats) -> dict[str, Column]:
    number = len(parts.first)
    mean = sums.kept / sums.safe_words
    squares = np.bincount(parts.of_block, frame.words * kept * kept, number) / sums.safe_words
    group = frame.alike
    share = np.bincount(group, kept * frame.words) / max(sums.kept.sum(), 1e-6)
    main_look = np.bincount(parts.of_block, frame.words * (share[group] >= _MAIN_LOOK), number)
    return {
        "mean": mean,
        "max": np.maximum.reduceat(kept, parts.first),
        "spread": np.sqrt(np.maximum(squares - mean * mean, 0)),
        "main_look": main_look / sums.safe_words,
        "mean_before": np.concatenate([[0.0], mean[:-1]]),
        "mean_after": np.concatenate([mean[1:], [0.0]]),
    }


def _mass_columns(parts: Sections, sums: _Sums) -> dict[str, Column]:
    total = max(float(sums.kept.sum()), 1e-6)
    before = np.cumsum(sums.kept) - sums.kept
    main = int(sums.kept.argmax())
    order = np.arange(len(parts.first))
    return {
        "words": np.log1p(sums.words),
        "kept": np.log1p(sums.kept),
        "long": np.log1p(sums.long_words),
        "blocks": np.log1p(sums.blocks),
        "share": sums.kept / total,
        "before": before / total,
        "after": 1 - (before + sums.kept) / total,
        "level": parts.level,
        "is_main": order == main,
        "from_main": np.clip(order - main, -20, 20),
        "relative": sums.words / max(float(sums.words[main]), 1),
        "average": sums.words / sums.blocks,
        "page_kept": float(np.log1p(total)),
        "page_sections": float(np.log1p(len(order))),
        "main_mean": float(sums.kept[main] / max(float(sums.words[main]), 1)),
        "page_share": total / max(float(sums.words.sum()), 1),
        "position": order / max(1, len(order) - 1),
    }


def _text_columns(frame: Frame, rows: Rows, parts: Sections, sums: _Sums) -> dict[str, Column]:
    number, first = len(parts.first), parts.first

    def total(column: Floats | Bools) -> Floats:
        return np.bincount(parts.of_block, column, number).astype(np.float64)

    return {
        "link": total(frame.words * frame.link) / sums.safe_words,
        "linked_blocks": total(frame.link > 0.8) / sums.blocks,
        "dated_share": total(rows.dated) / sums.blocks,
        "name_share": total(rows.name) / sums.blocks,
        "dated": np.log1p(total(rows.dated)),
        "names": np.log1p(total(rows.name)),
        "final": total(rows.final * frame.words) / sums.safe_words,
        "long_share": total(frame.long_words > 0) / sums.blocks,
        "first_mean": total(rows.mean) / sums.blocks,
        "first_low": rows.low[first],
        "title": np.maximum.reduceat(rows.title_match, first),
        "title_mean": total(rows.title_match) / sums.blocks,
        "described": np.maximum.reduceat(rows.described, first),
    }


def _place_columns(frame: Frame, rows: Rows, parts: Sections, sums: _Sums, vote: Floats) -> dict[str, Column]:
    number, first, marks, element = len(parts.first), parts.first, frame.marks, frame.element
    is_heading = headings(frame)

    def mean(column: Floats | Ints | Bools) -> Floats:
        return np.bincount(parts.of_block, frame.words * column, number) / sums.safe_words

    h1 = np.bincount(parts.of_block, rows.headline, number)
    title = parts.of_block[rows.title] if rows.title >= 0 else -50
    return {
        "starts_with_heading": is_heading[first],
        "heading_first": np.where(is_heading[first], rows.mean[first], 0),
        "headings": np.bincount(parts.of_block, is_heading, number),
        "h1": h1,
        "h1_above": np.cumsum(h1) - h1,
        "from_title": np.clip(np.arange(number) - title, -_FAR, _FAR),
        "vote": mean(vote),
        "comment": mean(marks.comment[element]),
        "name_own": marks.own[element[first]],
        "name_sum": mean(marks.path_sum[element]),
        "bad_names": mean(marks.bad[element]),
        "levels": frame.level[first],
    }
