"""Cross-validation by host: every page is scored by tables and models that never saw its host."""

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from extractors.decision import Decision, combine
from extractors.names import COMMENTS, name_marks
from extractors.paths import Floats
from extractors.tokens import Marker
from tests.benchmarks.train.corpus import FOLDS, SETS, Case, load
from tests.benchmarks.train.inject import Donors, Injector
from tests.benchmarks.train.models import SectionTable, Settings, section_table, train_blocks, train_sections
from tests.benchmarks.train.pages import Example, example, labelled, names_of, text_of
from tests.benchmarks.train.score import Score, page_f1, score
from tests.benchmarks.train.tables import Labelled, Odds, learn

_BAD_GOLD = 0.72  # shingle F1 below which we rather doubt the truth than the model
_COPIES = {"wcxb-dev-article": 1, "fundus": 3}  # injected pages for each page of a set


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Labelled pages with the tables for each fold; ``odds[FOLDS]`` is learned from all."""

    cases: list[Case]
    pages: list[Labelled]
    odds: list[Odds]

    def examples(self, fold: int | None = None) -> list[Example | None]:
        """Each page with the tables of its own fold, or all with one."""
        markers = [Marker(odds.names) for odds in self.odds]
        found = []
        for case, page in zip(self.cases, self.pages, strict=True):
            at = case.fold if fold is None else fold
            found.append(example(case, page, self.odds[at], markers[at]))
        return found


def read_corpus(root: Path, sets: Sequence[str] = SETS, limit: int = 0) -> Corpus:
    cases = [case for name in sets for case in list(load(root, name))[: limit or None]]
    pages = [labelled(case)[1] for case in cases]
    odds = [
        learn(page for case, page in zip(cases, pages, strict=True) if case.fold != fold) for fold in range(FOLDS + 1)
    ]
    return Corpus(cases=cases, pages=pages, odds=odds)


def out_of_fold(
    clean: Sequence[Example], injected: Sequence[Example], settings: Settings, bad: frozenset[str]
) -> dict[int, Floats]:
    """Block probabilities of every example, by ``id()``, each from the model of the other folds."""
    names, found = names_of(clean), {}
    for fold in range(FOLDS):
        train = [p for p in (*clean, *injected) if p.case.fold != fold and p.case.key not in bad]
        booster = train_blocks(train, names, settings)
        for page in (*clean, *injected):
            if page.case.fold == fold:
                found[id(page)] = np.asarray(booster.predict(page.table), dtype=np.float64)
    return found


def out_of_fold_sections(
    clean: Sequence[Example], injected: Sequence[Example], chance: Mapping[int, Floats], settings: Settings,
    bad: frozenset[str],
) -> dict[int, Floats]:  # fmt: skip
    """For each block the probability of its section, likewise."""
    pages = [*clean, *injected]
    tables = {id(page): section_table(page, chance[id(page)]) for page in pages}
    found = {}
    for fold in range(FOLDS):
        train = [page for page in pages if page.case.fold != fold and page.case.key not in bad]
        booster = train_sections(usable(train, tables), settings)
        for page in pages:
            if page.case.fold == fold:
                table = tables[id(page)]
                found[id(page)] = np.asarray(booster.predict(table.table))[table.parts.of_block]
    return found


def usable(pages: Iterable[Example], tables: Mapping[int, SectionTable]) -> list[SectionTable]:
    """Only pages with a full text say what a whole section is."""
    return [tables[id(page)] for page in pages if page.case.text is not None]


def bad_gold(pages: Sequence[Example], chance: Mapping[int, Floats]) -> frozenset[str]:
    """Pages whose truth a model of other hosts contradicts so much that they are not worth learning from."""
    bad = set()
    for page in pages:
        if page.case.text is not None:
            p = chance[id(page)]
            kept = combine(page.frame, page.rows, p, page.vote, np.ones(len(p))).kept
            if page_f1(page.case.text, text_of(page, kept)) < _BAD_GOLD:
                bad.add(page.case.key)
    return frozenset(bad)


def inject(corpus: Corpus, bad: frozenset[str], seed: int) -> list[Example]:
    """Pages with sections set in, in the tables of their own fold."""
    markers = [Marker(odds.names) for odds in corpus.odds]
    donors = _donors(corpus, bad)
    found = []
    for case, page in zip(corpus.cases, corpus.pages, strict=True):
        for copy in range(_COPIES.get(case.set, 0) if case.key not in bad else 0):
            random = Random(f"{seed}/{case.key}/{copy}")
            html = Injector(donors[case.fold], random).inject(case, page)
            if html is None:
                continue
            made = example(case, labelled(case, html)[1], corpus.odds[case.fold], markers[case.fold], injected=True)
            if made is not None:
                found.append(made)
    return found


def _donors(corpus: Corpus, bad: frozenset[str]) -> list[Donors]:
    donors = [Donors() for _ in range(FOLDS)]
    for case, page in zip(corpus.cases, corpus.pages, strict=True):
        if case.text is not None and case.key not in bad:
            elements = page.document.elements
            commented = list[bool]()
            for parent, names in zip(elements.parent, elements.names, strict=True):
                own = bool(name_marks(names) & COMMENTS)
                commented.append(own or (bool(commented) and commented[parent]))
            donors[case.fold].add(case, page, [commented[k] for k in page.document.blocks.element])
    return donors


Decide = Callable[[Example], Decision]


def report(title: str, clean: Sequence[Example], injected: Sequence[Example], decide: Decide) -> dict[str, Score]:
    """One line a set; the challenge is the injected pages."""
    groups = defaultdict(list)
    for page in (*clean, *injected):
        name = ("challenge " if page.injected else "") + page.case.set
        groups[name].append((page.case, text_of(page, decide(page).kept)))
    scores = {name: score(rows) for name, rows in groups.items()}
    sys.stdout.write(f"{title}\n" + "".join(f"    {name:28s} {found}\n" for name, found in scores.items()))
    sys.stdout.flush()
    return scores


def clock(start: float, text: str) -> None:
    sys.stdout.write(f"[{time.process_time() - start:6.1f} s] {text}\n")
    sys.stdout.flush()
