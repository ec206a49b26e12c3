"""Cases parsed, labelled, and turned into the columns that models are trained on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.decision import votes
from extractors.dom import Document, parse
from extractors.features import features
from extractors.frame import Frame, frame
from extractors.generic import apply_rules, without_labels
from extractors.lists import read_lists
from extractors.metadata import read_metadata
from extractors.paths import Floats
from extractors.rows import Rows, read_rows
from extractors.tokens import Marker
from tests.benchmarks.train.corpus import Case
from tests.benchmarks.train.labels import labels, words
from tests.benchmarks.train.tables import Labelled, Odds


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One page ready for training: ``table`` has a row per block, ``labels`` and ``gold_words`` belong to the rows.

    ``lines`` are the blocks that the reader never prints, whatever the model says.
    """

    case: Case
    injected: bool
    frame: Frame
    rows: Rows
    table: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
    vote: Floats
    labels: Floats
    gold_words: Floats
    lines: frozenset[int]


def labelled(case: Case, html: str | None = None) -> tuple[Document, Labelled]:
    document = parse(html or case.html)
    texts = document.blocks.text
    page = Labelled(
        document=document, host=case.host, labels=labels(case, texts), words=[len(words(text)) for text in texts]
    )
    return document, page


def example(case: Case, page: Labelled, odds: Odds, marker: Marker, *, injected: bool = False) -> Example | None:
    document = page.document
    metadata = read_metadata(document, case.url)
    rules = apply_rules(document, metadata, read_lists(document, "", None, None).taken)
    columns = frame(document, rules.hidden, marker)
    if columns is None:
        return None
    rows = read_rows(columns, odds.words)
    return Example(
        case=replace(case, html=""),
        injected=injected,
        frame=columns,
        rows=rows,
        table=features(columns, rows)[1],
        vote=votes(columns, rules.kept),
        labels=np.array([page.labels[k] for k in columns.index]),
        gold_words=np.array([page.words[k] for k in columns.index], dtype=np.float64),
        lines=frozenset(columns.index).difference(without_labels(rules.labels, columns.index)),
    )


def text_of(page: Example, kept: Iterable[int]) -> str:
    return "\n".join(page.frame.document.blocks.text[k] for k in kept if k not in page.lines)


def names_of(pages: Sequence[Example]) -> tuple[str, ...]:
    return features(pages[0].frame, pages[0].rows)[0]
