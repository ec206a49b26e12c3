"""Which blocks are the article: the learned model, the rules' vote, the section gate, and a threshold for the page.

    q = 0.7 · model · (0.1 in comment sections) + 0.3 · vote;   q · (0.2 + 2.5 · gate, at most 1) for its section;
    the cells of a table of data are kept or left out together;
    t = the threshold that would give the best expected F1 if q were true, a little above, within bounds

What is decided depends on the page and the weights alone; hidden blocks (lists, comments) leave no trace.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import numpy as np

from extractors.boosted import Forest, forest_from
from extractors.dom import Document
from extractors.features import features
from extractors.frame import Frame, frame
from extractors.paths import Bools, Floats
from extractors.rows import Rows, read_rows
from extractors.sections import section_features, sections
from extractors.table import TABLE
from extractors.tokens import Marker

VOTE: Final = 0.3
CELL_VOTE: Final = 0.5  # for cells of tables, which part of the training truths leaves out on principle
COMMENT: Final = 0.1
SHUT: Final = 0.2  # of a score passes where the gate of its section is 0
OPENING: Final = 2.5  # how much more passes as it opens; all does from .32 on
LOWEST, HIGHEST, STRICTNESS = 0.25, 0.65, 1.1
TITLE: Final = 0.7  # overlap with the title from which a block is the headline
REPEATED: Final = 3  # times that a page says the same line, from which it is furniture: consent, embeds, calls
MOST_REPEATED: Final = 0.3  # of the words in long paragraphs
CELL_WORDS: Final = 12  # of a table's cell that is data rather than layout
_PROSE: Final = 140  # characters; the first kept block of this length lies in the article, whatever its names say


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights and tables. ``digest`` names them."""

    blocks: Forest
    sections: Forest | None
    marker: Marker
    words: dict[str, float]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``index`` are the document's blocks that took part; the other columns belong to them, ``kept`` is the decision.

    ``score`` is compared with ``threshold``; ``model``, ``vote`` and ``section`` say where it comes from.
    ``expected`` is the F1 that the scores themselves promise for what is kept.
    """

    index: list[int]
    kept: list[int]
    model: Floats
    vote: Floats
    section: Floats
    score: Floats
    threshold: float
    expected: float


@cache
def load_model() -> Model:
    """The weights of this package."""
    raw = (files("extractors") / "model" / "weights.json").read_bytes()
    record = json.loads(raw)
    return Model(
        blocks=forest_from(record["blocks"]),
        sections=forest_from(record["sections"]),
        marker=Marker(record["name_odds"]),
        words=record["word_odds"],
        digest=sha256(raw).hexdigest()[:8],
    )


def decide(
    document: Document, hidden: bytes, rules: Collection[int], *, recall: bool = False, model: Model | None = None
) -> Decision | None:
    """The article's blocks of a page without the hidden ones; None when there is no text at all.

    ``recall`` leaves the section gate out: more text, and on pages with comments or further articles more of those.
    """
    model = model or load_model()
    page = frame(document, hidden, model.marker)
    if page is None:
        return None
    rows = read_rows(page, model.words)
    chance = model.blocks.predict(features(page, rows)[1])
    vote = votes(page, rules)
    gate = np.ones(len(chance))
    if not recall and model.sections is not None:
        gate = gate_sections(page, rows, chance, vote, model.sections)
    return combine(page, rows, chance, vote, gate)


def votes(page: Frame, rules: Collection[int]) -> Floats:
    """1 for each block of the page that the rules keep, else 0."""
    chosen = frozenset(rules)
    return np.array([float(block in chosen) for block in page.index])


def gate_sections(page: Frame, rows: Rows, chance: Floats, vote: Floats, forest: Forest) -> Floats:
    """For each block the probability that its section is the article's."""
    parts = sections(page, chance)
    table = section_features(page, rows, parts, chance, vote)[1]
    of_block: Floats = forest.predict(table)[parts.of_block]
    return of_block


def passing(section: Floats) -> Floats:
    """The share of a block's score that the gate of its section lets through."""
    return np.minimum(1.0, SHUT + OPENING * section)


def combine(page: Frame, rows: Rows, chance: Floats, vote: Floats, section: Floats) -> Decision:
    """The decision from its parts.

    Neither the headline nor what the page repeats is kept; the standfirst is not lost with its section.
    """
    cell = (page.flags[page.element] & TABLE > 0) & (page.words <= CELL_WORDS)
    share = np.where(cell, CELL_VOTE, VOTE)
    score = (1 - share) * chance * np.where(_commented(page, chance), COMMENT, 1.0) + share * vote
    score = score * np.where(rows.described == 0, passing(section), 1.0)
    score = np.where(rows.headline | (rows.title_match > TITLE) | _repeated(page, rows), 0.0, score)
    score = _tables_level(page, score, cell)
    expected = best_expected(page.words, score)
    threshold = min(HIGHEST, max(LOWEST, STRICTNESS * expected / 2))
    kept = [k for k, value in zip(page.index, score.tolist(), strict=True) if value >= threshold]
    return Decision(
        index=page.index, kept=kept, model=chance, vote=vote, section=section, score=score, threshold=threshold,
        expected=expected if kept else 0.0,
    )  # fmt: skip


def _commented(page: Frame, chance: Floats) -> Bools:
    """Blocks in elements named after comments, unless the article itself stands in such an element."""
    inside = page.marks.comment[page.element]
    if not inside.any():
        return inside
    likely = (chance >= 0.5) & (np.array([len(text) for text in page.texts]) > _PROSE)
    first = int(likely.argmax())
    if likely[first] and inside[first]:
        top = int(page.element[first])
        while top and page.marks.comment[page.parent[top]]:
            top = int(page.parent[top])
        inside = inside & ~((page.element >= top) & (page.element < page.end[top]))
    return inside


def _repeated(page: Frame, rows: Rows) -> Bools:
    """Lines outside tables that the page says again and again, unless much of its prose is such."""
    again: Bools = (rows.repeats >= REPEATED) & (page.flags[page.element] & TABLE == 0)
    return again if page.long_words[again].sum() < MOST_REPEATED * page.long_words.sum() else np.zeros_like(again)


def _tables_level(page: Frame, score: Floats, cell: Bools) -> Floats:
    """Short cells of one table share their mean score: a table of data is kept or left out as a whole."""
    tag, parent = page.document.elements.tag, page.document.elements.parent
    cells: dict[int, list[int]] = {}
    for k in np.nonzero(cell)[0].tolist():
        element = int(page.element[k])
        while element and tag[element] != "table":
            element = parent[element]
        cells.setdefault(element, []).append(k)
    for group in cells.values():
        score[group] = np.average(score[group], weights=page.words[group])
    return score


def best_expected(words: Floats, score: Floats) -> float:
    """The best expected F1 of any number of blocks; half of it is the threshold that gives it (Lipton et al. 2014)."""
    weight = words + 0.01
    order = np.argsort(-score, kind="stable")
    gained, taken = np.cumsum((score * weight)[order]), np.cumsum(weight[order])
    return float((2 * gained / (taken + (score * weight).sum())).max())
