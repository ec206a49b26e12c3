"""Gold labels of blocks, by aligning their words with the reference text."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from tests.benchmarks.train.corpus import Case

_WORD = re.compile(r"\w+")
_SHORT = 5  # words; below it a shingle of four says too little
_WINDOW = 60  # words of gold searched for a short block before the first and after the last anchor
_NEAR = 6  # blocks on either side that tell which of two equal blocks is the article's

UNKNOWN = -1.0


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def labels(case: Case, texts: Sequence[str]) -> list[float]:
    """For each block the share of its words in the gold, or UNKNOWN."""
    if case.text is None:
        return _segment_labels(texts, case.wanted, case.unwanted)
    return _aligned(texts, case.text)


def _segment_labels(texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> list[float]:
    flat = [" ".join(text.split()) for text in texts]
    found = [UNKNOWN] * len(flat)
    for segment in unwanted:
        needle = " ".join(segment.split())
        found = [0.0 if needle in text else label for text, label in zip(flat, found, strict=True)]
    for segment in wanted:
        needle = " ".join(segment.split())
        holders = [k for k, text in enumerate(flat) if needle in text]
        if holders:
            found[max(holders, key=lambda k: len(flat[k]))] = 1.0
    return found


def _aligned(texts: Sequence[str], gold: str) -> list[float]:
    gold_words = words(gold)
    blocks = [words(text) for text in texts]
    found, anchors = _long_blocks(blocks, gold_words)
    _drop_repeats(blocks, gold_words, found, anchors)
    order = sorted(anchors)
    for k, block in enumerate(blocks):
        if not block:
            found[k] = UNKNOWN
        elif len(block) < _SHORT or (found[k] < 0.3 and len(block) < 8):
            found[k] = float(_in_gap(k, block, gold_words, order, anchors))
    return found


def _long_blocks(blocks: list[list[str]], gold: list[str]) -> tuple[list[float], dict[int, tuple[int, int]]]:
    """Coverage by shingles, and where in the gold each well covered block begins and ends."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in range(len(gold) - 3):
        where[tuple(gold[i : i + 4])].append(i)
    found, anchors, last = [0.0] * len(blocks), {}, 0
    for k, block in enumerate(blocks):
        if len(block) < _SHORT:
            continue
        hits = [i for i in range(len(block) - 3) if tuple(block[i : i + 4]) in where]
        found[k] = len({j for i in hits for j in range(i, i + 4)}) / len(block)
        if found[k] >= 0.5:
            starts = [p - hits[0] for p in where[tuple(block[hits[0] : hits[0] + 4])]]
            start = min(starts, key=lambda p: (p < last - 3, abs(p - last)))
            anchors[k] = (start, start + len(block))
            last = max(last, start + len(block))
    return found, anchors


def _drop_repeats(
    blocks: list[list[str]], gold: list[str], found: list[float], anchors: dict[int, tuple[int, int]]
) -> None:
    """Of equal blocks only as many stay positive as the gold has, those in the densest surroundings."""
    equal: dict[str, list[int]] = defaultdict(list)
    for k in anchors:
        equal[" ".join(blocks[k])].append(k)
    flat = " ".join(gold)
    for text, members in equal.items():
        spare = len(members) - max(1, flat.count(text))
        if spare > 0:
            density = {k: sum(j in anchors for j in range(k - _NEAR, k + _NEAR + 1)) for k in members}
            for k in sorted(members, key=density.__getitem__)[:spare]:
                found[k] = 0.0
                del anchors[k]


def _in_gap(k: int, block: list[str], gold: list[str], order: list[int], anchors: dict[int, tuple[int, int]]) -> bool:
    """Whether a short block's words stand in the gold between its anchored neighbours."""
    i = bisect_left(order, k)
    if not order:
        return False
    low = anchors[order[i - 1]][1] if i else max(0, anchors[order[0]][0] - _WINDOW)
    high = anchors[order[i]][0] if i < len(order) else min(len(gold), low + _WINDOW)
    gap = gold[max(0, low) : max(0, high)]
    if len(gap) > 400:
        gap = [*gap[:200], "|", *gap[-200:]]
    return any(gap[j : j + len(block)] == block for j in range(len(gap) - len(block) + 1))
