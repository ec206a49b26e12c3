"""The lists that a page promotes, as data: what is a list is never text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from statistics import fmean, median
from typing import Final
from urllib.parse import urljoin

from extractors.article import LinkList, ListItem
from extractors.cards import Anchors, item_element
from extractors.dom import Document
from extractors.kickers import title_blocks
from extractors.lines import dated_headline, is_time, stamp
from extractors.names import COMMENTS
from extractors.repeats import find_runs
from extractors.runs import Run, find_leads, is_broken_off, is_headline
from extractors.table import FORM, HEADING
from extractors.text import canonical_title
from extractors.vocabulary import heading_kind
from extractors.when import Interval, when_interval
from extractors.when_beside import beside_interval

MAX_ITEMS: Final = 200
_MIN_TITLE_WORDS: Final = 3
_MENU_WORDS: Final = 5.0  # headlines are longer on average; links without ages and teasers that are shorter are a menu
_ABSOLUTE = re.compile(r"https?://[a-z\d.-]+(?:/[^\s?#;\\]*(?:\?[^\s#]+)?)?")
_ROOTED = re.compile(r"/[^\s/?#;\\][^\s?#;\\]*(?:\?[^\s#]+)?")
"""Addresses that stay as they are, or need only the page's origin; the rest is left to urljoin, which costs more."""
_ORIGIN = re.compile(r"https?://[a-z\d.-]+(?=[/?#]|$)")
_BULLETS: Final = "•▪►▶»›→ "
_BESIDE_WORDS: Final = 4
_ANY_DAY: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
_WHOLE_PAGE: Final = frozenset(("html", "body", "main"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """The lists of a page, and for each of its blocks whether a list (with its heading) has taken it.

    ``runs`` are the places of ``lists``, in the same order; ``singles`` marks blocks of stories that stand alone.
    """

    lists: tuple[LinkList, ...]
    taken: bytes
    runs: tuple[Run, ...] = ()
    singles: bytes = b""


def read_lists(doc: Document, url: str, fetched_at: datetime | None, language: str | None) -> Promoted:
    """Every promoted list in document order, with absolute addresses and with times as they were meant at the fetch."""
    taken = bytearray(len(doc.blocks.text))
    singles = bytearray(len(taken))
    lists: list[LinkList] = []
    runs: list[Run] = []
    reader = _Reader(doc, url, fetched_at, language)
    for run in find_runs(doc, reader.leads, reader.origin.rpartition("/")[2]):
        start = run.start if run.heading is None else run.heading
        taken[start : run.end] = b"\x01" * (run.end - start)
        if len(run.items) == 1:
            singles[start : run.end] = taken[start : run.end]
        found = reader.link_list(run)
        if found is not None:
            lists.append(found)
            runs.append(run)
    return Promoted(lists=tuple(lists), taken=bytes(taken), runs=tuple(runs), singles=bytes(singles))


class _Reader:
    """Turns runs of blocks into records."""

    def __init__(self, doc: Document, url: str, fetched_at: datetime | None, language: str | None) -> None:
        self.doc = doc
        self.url = url
        origin = _ORIGIN.match(url)
        self.origin = origin[0] if origin else ""
        self.fetched_at = fetched_at
        self.language = language
        self.leads = find_leads(doc)
        self.comments = _comment_elements(doc)

    @cached_property
    def anchors(self) -> Anchors:
        return Anchors(self.doc)

    def link_list(self, run: Run) -> LinkList | None:
        """The run's list; None for what repeats but promotes nothing (navigation, tag clouds, comment threads)."""
        elements, owner = self.doc.elements, self.doc.blocks.element[run.start]
        if elements.flags[owner] & FORM or self.comments[owner]:
            return None
        spans = run.items[:MAX_ITEMS]
        titles = title_blocks(self.doc, self.leads, spans)
        items = [
            item for span, title in zip(spans, titles, strict=True) if (item := self.item(span, title)) is not None
        ]
        if len(items) < 2 or median(_length(item.title) for item in items) < _MIN_TITLE_WORDS:
            return None
        told = any(item.teaser or (item.when_text and is_time(item.when_text)) for item in items)
        addresses = [item.url for item in items if item.url]
        if len(addresses) > 1 and 2 * len(set(addresses)) <= len(addresses):
            return None
        if not told and fmean(_length(item.title) for item in items) < _MENU_WORDS:
            return None
        heading = "" if run.heading is None else canonical_title(self.doc.blocks.text[run.heading])
        return LinkList(heading=heading, kind=heading_kind(heading) or "other", items=tuple(items))

    def item(self, span: tuple[int, int], linked: int | None) -> ListItem | None:
        """The record of one item; ``linked`` is the block of its headline link, if it has one."""
        blocks = self.doc.blocks
        title = self.plain_title(*span) if linked is None else linked
        if title is None:
            return None
        label = blocks.label[title]
        named = label if len(label) >= 0.5 * len(blocks.text[title]) else blocks.text[title]
        rest = [block for block in range(*span) if block != title]
        named, dated = dated_headline(named.lstrip(_BULLETS))
        when = self.when(title, rest) or dated or None
        interval = when_interval(when, self.fetched_at, self.language) if when else None
        if when is None:
            when, interval = self.beside(rest)
        return ListItem(
            title=canonical_title(named),
            url=self.address([title, *rest]) or self.overlay(span),
            teaser=self.teaser(rest),
            section=self.section(range(span[0], title)),
            when_text=canonical_title(when) if when else None,
            when_at=interval[0] if interval else None,
            when_until=interval[1] if interval else None,
        )

    def plain_title(self, first: int, past: int) -> int | None:
        """The headline of an item that links none: a heading, else the first line that could be one."""
        texts, words, times = self.doc.blocks.text, self.doc.blocks.words, self.doc.lines.times
        flags, owners = self.doc.elements.flags, self.doc.blocks.element
        lines = [block for block in range(first, past) if words[block] >= _MIN_TITLE_WORDS]
        found = [block for block in lines if is_headline(texts[block], words[block]) and not times[block]]
        return next((block for block in found if flags[owners[block]] & HEADING), found[0] if found else None)

    def when(self, title: int, rest: Sequence[int]) -> str | None:
        """The age or date of an item: a line of its own, else one beside a name, else one in the headline's line."""
        lines, texts = self.doc.lines, self.doc.blocks.text
        own = next((texts[block] for block in rest if lines.times[block]), None)
        return own or next(filter(None, map(lines.stamp, rest)), None) or self.inline_when(title)

    def beside(self, rest: Sequence[int]) -> tuple[str | None, Interval | None]:
        """A line that is a time only because it stands beside a headline, and the interval that it means."""
        texts, words = self.doc.blocks.text, self.doc.blocks.words
        for block in rest:
            if words[block] <= _BESIDE_WORDS and (found := beside_interval(texts[block], self.fetched_at or _ANY_DAY)):
                return texts[block], found if self.fetched_at else None
        return None, None

    def overlay(self, span: tuple[int, int]) -> str | None:
        """The address of a link without words that stands in the element which holds the item."""
        stories = self.anchors.stories(item_element(self.doc, *span))
        return self.absolute(stories[0]) if stories else None

    def inline_when(self, title: int) -> str | None:
        """An age in the headline's own line, before or behind its link."""
        text, label = self.doc.blocks.text[title], self.doc.blocks.label[title]
        rest = text.replace(label, " ", 1).strip(" |·•-–—,()") if label else ""
        return (rest if is_time(rest) else stamp(rest) or None) if rest else None

    def teaser(self, rest: Sequence[int]) -> str | None:
        texts, words = self.doc.blocks.text, self.doc.blocks.words
        long = [block for block in rest if words[block] >= 6 or is_broken_off(texts[block])]
        lines = self.doc.lines
        plain = (block for block in long if not lines.is_junk(block) and not lines.stamp(block))
        return next((canonical_title(texts[block]) for block in plain), None)

    def section(self, before: Sequence[int]) -> str | None:
        """A label of one to four words over the headline."""
        texts, words, lines = self.doc.blocks.text, self.doc.blocks.words, self.doc.lines
        for block in before:
            lettered = words[block] <= 4 and any(map(str.isalpha, texts[block]))
            if lettered and not (lines.times[block] or lines.is_junk(block) or lines.stamp(block)):
                return canonical_title(texts[block])
        return None

    def address(self, candidates: Sequence[int]) -> str | None:
        blocks = self.doc.blocks
        href = next((blocks.hrefs[anchor] for block in candidates if (anchor := blocks.anchor[block])), "")
        return self.absolute(href.strip())

    def absolute(self, href: str) -> str | None:
        if _ABSOLUTE.fullmatch(href):
            return href
        if self.origin and _ROOTED.fullmatch(href) and "/." not in href:
            return self.origin + href
        try:
            whole = urljoin(self.url, href) if href else ""
        except ValueError:
            return None
        return whole if whole.startswith(("http://", "https://")) else None


def _length(title: str) -> int:
    """Words; for a script without spaces, a word for each three letters."""
    words = title.count(" ") + 1
    return words if title.isascii() else max(words, len(title) // 4)


def _comment_elements(doc: Document) -> bytearray:
    """For each element whether it lies in a thread of reader comments."""
    elements, marks = doc.elements, doc.lines.marks
    telling = frozenset(
        look for look, (tag, _) in enumerate(elements.looks) if marks[look] & COMMENTS and tag not in _WHOLE_PAGE
    )
    inside = bytearray(len(elements.tag))
    for element, look in enumerate(elements.look) if telling else ():
        if look in telling and not inside[element]:
            past = elements.end[element]
            inside[element:past] = b"\x01" * (past - element)
    return inside
