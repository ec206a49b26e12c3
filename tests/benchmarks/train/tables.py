"""Learned log-odds of names and of first words. Only what occurs on several hosts is kept: statistics, not copies."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractors.dom import Document
from extractors.tokens import tokens

_NAME_HOSTS = 3
_WORD_HOSTS = 4
_NAME_LEAST = 0.15  # weaker log-odds are left out
_WORD_LEAST = 0.3
_LONGEST = 24  # characters of a word; longer ones are URLs and the like
_PER_PAGE = 3  # times that one page may count a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A parsed page with its labels; ``index`` are the blocks that take part."""

    document: Document
    host: str
    labels: list[float]
    words: list[int]


@dataclass(frozen=True, slots=True)
class Odds:
    names: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)


class _Counts:
    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self.outside: Counter[str] = Counter()
        self.hosts: dict[str, set[str]] = defaultdict(set)

    def add(self, token: str, inside: float, outside: float, host: str) -> None:
        self.inside[token] += inside  # type: ignore[assignment]
        self.outside[token] += outside  # type: ignore[assignment]
        self.hosts[token].add(host)

    def odds(self, least_hosts: int, least: float, prior: float, balance: float = 1.0) -> dict[str, float]:
        found = {
            token: round(math.log((self.inside[token] * balance + prior) / (self.outside[token] + prior)), 2)
            for token, hosts in self.hosts.items()
            if len(hosts) >= least_hosts
        }
        return {token: value for token, value in sorted(found.items()) if abs(value) > least}


def learn(pages: Iterable[Labelled]) -> Odds:
    names, first_words = _Counts(), _Counts()
    for page in pages:
        _count_names(page, names)
        _count_words(page, first_words)
    balance = first_words.outside.total() / max(1, first_words.inside.total())
    return Odds(
        names.odds(_NAME_HOSTS, _NAME_LEAST, 0.15),
        first_words.odds(_WORD_HOSTS, _WORD_LEAST, 0.6, balance),
    )


def _count_names(page: Labelled, counts: _Counts) -> None:
    """Of each token the share of the page's article words, and of its other words, that stand below it."""
    elements, blocks = page.document.elements, page.document.blocks
    paths: list[frozenset[str]] = []
    for parent, names in zip(elements.parent, elements.names, strict=True):
        above = paths[parent] if paths else frozenset[str]()
        paths.append(above | tokens(names) if names else above)
    inside, outside = Counter[str](), Counter[str]()
    inside_words = outside_words = 0
    for element, label, words in zip(blocks.element, page.labels, page.words, strict=True):
        if label < 0:
            continue
        counter = inside if label >= 0.5 else outside
        for token in paths[element]:
            counter[token] += words + 0.5  # type: ignore[assignment]
        inside_words += words if label >= 0.5 else 0
        outside_words += words if label < 0.5 else 0
    for token in inside.keys() | outside.keys():
        counts.add(token, inside[token] / max(1, inside_words), outside[token] / max(1, outside_words), page.host)


def _count_words(page: Labelled, counts: _Counts) -> None:
    inside, outside = Counter[str](), Counter[str]()
    for text, label in zip(page.document.blocks.text, page.labels, strict=True):
        if label < 0:
            continue
        first = text[:120].lower().split(None, 6)[:6]
        (inside if label >= 0.5 else outside).update(word for word in {*first, "^" + first[0]} if len(word) <= _LONGEST)
    for word in inside.keys() | outside.keys():
        counts.add(word, min(inside[word], _PER_PAGE), min(outside[word], _PER_PAGE), page.host)
