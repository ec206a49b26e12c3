"""The reader for every host without rules: which blocks of a page are its article.

Lists are taken out first, so that nothing here can see what they hold. Then the rules give their vote: prose points to
the element that contains it, the winner is widened while that gains more prose than noise, and what is left inside is
pruned block by block. The learned model has the last word (``decision.py``), and headline, byline and dates go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from extractors.article import LinkList
from extractors.decision import Decision, decide
from extractors.dom import Document
from extractors.labels import CELL_TAGS, LINE_WORDS, Labels
from extractors.lists import Promoted, read_lists
from extractors.metadata import Metadata
from extractors.names import POSITIVE, STANDFIRST
from extractors.table import BODY, FIGURE, HEADER, HEADING, TABLE
from extractors.text import canonical_paragraphs, word_count
from extractors.view import View, view_of
from extractors.vocabulary import is_stop
from extractors.wordsets import opening, starts_alike

_LINE_TAGS: Final = frozenset({"p", "blockquote", "pre", "li", "h2", "h3", "h4"})
_LINK_HOLDERS: Final = frozenset({"ul", "ol", "div", "section", "li", "dl", "p"})
_CELL_WORDS: Final = 12
CELL_BAR: Final = " | "
FULL_TEXT_WORDS: Final = 100
_VOTE_LEVELS: Final = 4
_VOTE_DECAY: Final = 0.6
_NOISE_COST: Final = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An article's canonical text ("" if the page has none), the page's lists, and how sure the reader is (0 to 1)."""

    text: str
    lists: tuple[LinkList, ...]
    confidence: float


def read_body(
    doc: Document, metadata: Metadata, fetched_at: datetime | None, url: str = "", *, recall: bool = False
) -> Body:
    """The article of a page. ``url`` (or else the canonical one) makes list addresses absolute.

    ``recall`` keeps sections that the model would close.
    """
    return read_steps(doc, metadata, fetched_at, url, recall=recall).body


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How a body came about. ``kept`` are the blocks of its text, in order."""

    promoted: Promoted
    rules: "Rules"
    decision: Decision | None
    kept: list[int]
    body: Body


def read_steps(
    doc: Document, metadata: Metadata, fetched_at: datetime | None, url: str = "", *, recall: bool = False
) -> Steps:
    """What :func:`read_body` gives, with everything that led to it."""
    url = url or metadata.canonical_url or ""
    promoted = read_lists(doc, url, fetched_at, metadata.language)
    below = chain.from_iterable(read_lists(foot, url, fetched_at, metadata.language).lists for foot in doc.footers)
    lists = (*promoted.lists, *(found for found in below if found.kind != "other"))
    rules = apply_rules(doc, metadata, promoted.taken)
    decision = decide(doc, rules.hidden, rules.kept, recall=recall)
    if decision is None:
        body = Body(text="", lists=lists, confidence=0.0)
        return Steps(promoted=promoted, rules=rules, decision=None, kept=[], body=body)
    kept = without_labels(rules.labels, decision.kept)
    text = canonical_paragraphs(_paragraphs(doc, kept))
    body = Body(text=text, lists=lists, confidence=_confidence(text, decision))
    return Steps(promoted=promoted, rules=rules, decision=decision, kept=kept, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The blocks that the rules alone would keep, and a mark on each block that the model must not see.

    Hidden are lists, reader comments and lines about the page: what moves while the article stays moves no feature.
    """

    kept: list[int]
    hidden: bytes
    labels: Labels


def apply_rules(doc: Document, metadata: Metadata, taken: bytes) -> Rules:
    """``taken`` marks the blocks of lists."""
    hidden = bytearray(doc.lines.moving)
    for block, gone in enumerate(taken):
        hidden[block] |= gone
    view = view_of(doc, metadata, [block for block, gone in enumerate(hidden) if not gone])
    owners = doc.blocks.element
    for block in view.open:
        hidden[block] = view.comments[owners[block]] or _is_furniture(doc, block)
    labels = Labels(doc, metadata)
    return Rules(kept=_kept(view, _container(view), labels), hidden=bytes(hidden), labels=labels)


def _is_furniture(doc: Document, block: int) -> bool:
    if doc.blocks.words[block] > LINE_WORDS or not doc.lines.is_junk(block):
        return False
    return doc.elements.tag[doc.blocks.element[block]] not in CELL_TAGS


def without_labels(labels: Labels, kept: Sequence[int]) -> list[int]:
    """The kept blocks without headline, byline, dates and furniture: lines that move while the article stays."""
    return [block for block in kept if not labels.has(block)]


def _confidence(text: str, decision: Decision) -> float:
    """The F1 that the model expects, less for a text so short that it may not be an article."""
    spaces = text.count(" ")  # as many words at least; counting those of a long text costs more
    full = spaces >= FULL_TEXT_WORDS
    return round(decision.expected * (1.0 if full else min(1.0, word_count(text) / FULL_TEXT_WORDS)), 3)


def _paragraphs(doc: Document, kept: Sequence[int]) -> list[str]:
    """The text of the blocks; the cells of a data table's row are one paragraph."""
    texts: list[str] = []
    for block, goes_on in zip(kept, in_row(doc, kept), strict=True):
        if goes_on:
            texts[-1] += CELL_BAR + doc.blocks.text[block]
        else:
            texts.append(doc.blocks.text[block])
    return texts


def in_row(doc: Document, kept: Sequence[int]) -> list[bool]:
    """For each kept block whether it is a cell that goes on with the row of the one before it."""
    elements, blocks = doc.elements, doc.blocks
    found: list[bool] = []
    row = 0
    for block in kept:
        owner = blocks.element[block]
        cell = elements.tag[owner] in CELL_TAGS and blocks.words[block] <= _CELL_WORDS
        found.append(cell and elements.parent[owner] == row)
        row = elements.parent[owner] if cell else 0
    return found


def _container(view: View) -> int:
    """The element that holds the article, 0 for the whole page."""
    scores = _votes(view)
    if not scores:
        return 0
    best = max(scores, key=lambda element: _worth(view, element, scores[element]))
    parents = view.doc.elements.parent
    home, gain, element = best, float("-inf"), best
    while True:
        prose = view.below(view.prose, element)
        value = prose - _NOISE_COST * (view.below(view.words, element) - prose)
        if value > gain:
            home, gain = element, value
        if element == 0:
            return home
        element = parents[element]


def _votes(view: View) -> dict[int, float]:
    elements, blocks = view.doc.elements, view.doc.blocks
    scores: dict[int, float] = {}
    for block in view.open:
        if not view.good[block]:
            continue
        owner = blocks.element[block]
        element = elements.parent[owner] if elements.tag[owner] in _LINE_TAGS else owner
        vote = min(blocks.words[block], 100) * (1 - blocks.link[block]) * (0.4 if view.negative[owner] else 1.0)
        for _ in range(_VOTE_LEVELS):
            scores[element] = scores.get(element, 0.0) + vote
            if element == 0:
                break
            element, vote = elements.parent[element], vote * _VOTE_DECAY
    return scores


def _worth(view: View, element: int, score: float) -> float:
    linked = view.below(view.links, element) / max(1, view.below(view.words, element))
    telling = view.marks(element) & POSITIVE or view.doc.elements.flags[element] & BODY
    return score * (1 - linked) * (1.25 if telling else 1.0) * (0.5 if view.negative[element] else 1.0)


def _kept(view: View, home: int, labels: Labels) -> list[int]:
    """The article's blocks in order: standfirst, then what pruning leaves of the container."""
    elements, blocks = view.doc.elements, view.doc.blocks
    end = elements.end[home]
    inside = [block for block in view.open if home <= blocks.element[block] < end]
    prose = sum(blocks.words[block] for block in inside if view.good[block])
    kept: list[int] = []
    in_links: dict[int, bool] = {}
    read = 0
    for block in inside:
        if read > 0.6 * prose and blocks.words[block] <= 8 and is_stop(blocks.text[block]):
            break
        if _is_article(view, home, block, in_links) and not labels.has(block):
            kept.append(block)
            read += blocks.words[block]
    while kept and elements.flags[blocks.element[kept[-1]]] & HEADING and blocks.words[kept[-1]] < 12:
        kept.pop()
    if not kept:
        kept = [block for block in inside if view.good[block]]
    return _standfirst(view, kept) + kept


def _is_article(view: View, home: int, block: int, in_links: dict[int, bool]) -> bool:
    """Whether the place of a block within the container is one of text. ``in_links`` remembers elements."""
    elements, blocks = view.doc.elements, view.doc.blocks
    owner = blocks.element[block]
    flags = elements.flags[owner] & ~elements.flags[home]
    if flags & view.bad or (flags & FIGURE and not flags & TABLE) or elements.tag[owner] == "h1":
        return False
    if view.negative[owner] > view.negative[home] or (view.comments[owner] and not view.comments[home]):
        return False
    if flags & HEADER and blocks.words[block] < 8:
        return False
    if blocks.link[block] > 0.6 and blocks.words[block] < 30:
        return False
    if owner not in in_links:
        in_links[owner] = _in_link_list(view, home, owner)
    return not in_links[owner]


def _in_link_list(view: View, home: int, element: int) -> bool:
    """Whether most words of one of the next three elements upwards are links."""
    elements = view.doc.elements
    for _ in range(3):
        if element in (home, 0):
            return False
        size = view.below(view.words, element)
        if size > 8 and view.below(view.links, element) > 0.5 * size and elements.tag[element] in _LINK_HOLDERS:
            return True
        element = elements.parent[element]
    return False


def _standfirst(view: View, kept: Sequence[int]) -> list[int]:
    """The standfirst before the text: a block that begins as the stated description does, or that is named so."""
    elements, blocks, texts = view.doc.elements, view.doc.blocks, view.doc.blocks.text
    start = opening(view.metadata.description or "")
    if not kept or any(starts_alike(texts[block], start) for block in kept):
        return []
    before = [
        block
        for block in view.open
        if block < kept[0]
        and not elements.flags[blocks.element[block]] & (view.bad | FIGURE)
        and blocks.words[block] >= 8
    ]
    alike = [block for block in before if starts_alike(texts[block], start)]
    named = [block for block in before if view.marks(blocks.element[block]) & STANDFIRST and blocks.link[block] < 0.4]
    return alike[:1] or named[-1:]
