"""One walk over a tree, linear whatever the page does.

No selector is run for a node, no ancestor is climbed, node objects are not kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate, compress, islice
from typing import Final

from selectolax.lexbor import LexborNode

from extractors.linkrows import BREAK, ROW_SHARE, TIMED_SHARE, LinkRow, link_rows, timed_rows
from extractors.table import BLOCK_TAGS, BODY, HIDDEN, INLINE_SKIPPED, LINK, TAG_FLAGS, Blocks, Elements
from extractors.text import word_count
from extractors.vocabulary import heading_kind

MAX_NODES: Final = 400_000
"""Beyond this a page is cut off: the largest real pages that we measured have about 60,000 nodes."""

MAX_FOOTERS: Final = 16
"""Those that promote stories, of one page; each is read like a small page, and cards have footers too."""

_NAMED: Final = ("class", "id", "role", "itemprop", "data-testid", "data-component", "property")
_TELLING: Final = frozenset((*_NAMED[1:], "style", "hidden", "aria-hidden"))
_tag_flags = TAG_FLAGS.get
_CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONG_WORDS: Final = 12  # letters of a word on average: beyond, the script may be one without spaces
_BITS: Final = 24  # a place is (element << _BITS) | anchor
_MASK: Final = (1 << _BITS) - 1


class Walk:
    """The state of one walk."""

    def __init__(self, dropped: frozenset[int], skipped: frozenset[str]) -> None:
        self.dropped = dropped
        self.title = ""
        self.metas: list[tuple[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.footers: list[LexborNode] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.names: list[str] = []
        self.depths: list[int] = []
        self.flags: list[int] = []
        self.texts: list[str] = []
        self.words: list[int] = []
        self.owners: list[int] = []
        self.shares: list[float] = []
        self.anchors: list[int] = []
        self.labels: list[str] = []
        self.hrefs: list[str] = [""]
        self.holders: list[int] = [0]
        self.parts: list[str] = []
        self.sources: list[int] = []
        self.label: list[str] = []
        self.owner = 0
        self.anchor = 0
        self.linked = 0
        self.several = False
        self.breaks = 0
        self.broken = True
        self.skipped = skipped

    def run(self, root: LexborNode) -> None:
        """Depth first by hand, for what lies in a skipped element is not even visited then."""
        handler, dropped = _handlers(self.skipped).get, self.dropped
        pending: list[tuple[LexborNode, int]] = []
        place = self.enter(root, root.tag or "html", 0)
        node = None if root.mem_id in dropped else root.first_child
        for _ in range(MAX_NODES):
            if node is None:
                break
            tag, following, inner = node.tag, node.next, None
            if tag == "-text":
                text = node.text_content or ""
                if not (text.isspace() and (self.broken or place >> _BITS != self.owner)):
                    self.text(text, place)
            elif tag is not None:
                known = handler(tag)
                inner = known(self, node, tag, place) if known is not None else None if tag[0] == "-" else place
                if dropped and node.mem_id in dropped:
                    inner = None
            if inner is not None and (child := node.first_child) is not None:
                if following is not None:
                    pending.append((following, place))
                node, place = child, inner
            elif following is None and pending:
                node, place = pending.pop()
            else:
                node = following
        self.flush()

    def text(self, text: str, place: int) -> None:
        if self.broken or place >> _BITS != self.owner:
            self.begin(place >> _BITS)
        elif self.breaks and not text.isspace():
            self.breaks = 0
        self.parts.append(text)
        anchor = place & _MASK
        self.sources.append(anchor)
        if anchor:
            self.add_label(text, anchor)

    def begin(self, owner: int) -> None:
        """A run of text under another element, or after the edge of one."""
        if self.parts:
            self.flush()
        self.broken = False
        self.owner = owner

    def add_label(self, text: str, anchor: int) -> None:
        self.linked += len(text.strip())
        self.anchor = self.anchor or anchor
        if anchor == self.anchor:
            self.label.append(text)
        else:
            self.several = True

    def flush(self) -> None:
        parts = self.parts
        words = (parts[0] if len(parts) == 1 else "".join(parts)).split()
        if words:
            text = " ".join(words)
            rows = self.rows_of(parts, text) if self.anchor and len(parts) > 1 else ()
            for row in rows:
                self.block(*row)
            if not rows:
                label = " ".join("".join(self.label).split()) if self.anchor else ""
                self.block(text, len(words), self.anchor, label, self.linked)
        parts.clear()
        self.sources.clear()
        if self.anchor:
            self.label = []
            self.anchor = self.linked = 0
            self.several = False
        self.breaks = 0
        self.broken = False

    def rows_of(self, parts: list[str], text: str) -> Sequence[LinkRow]:
        if self.several:
            return link_rows(parts, self.sources) if self.linked >= ROW_SHARE * len(text) else ()
        return timed_rows(parts, self.anchor) if self.linked >= TIMED_SHARE * len(text) else ()

    def block(self, text: str, words: int, anchor: int, label: str, linked: int) -> None:
        if len(text) > _LONG_WORDS * words and not text.isascii():
            words = word_count(text)
        self.texts.append(text)
        self.words.append(words)
        self.owners.append(self.owner)
        self.anchors.append(anchor)
        self.shares.append(min(1.0, linked / len(text)) if anchor else 0.0)
        self.labels.append(label)

    def enter(self, node: LexborNode, tag: str, place: int) -> int:
        self.broken = True
        element, parent = len(self.tags), place >> _BITS
        depth = flags = 0
        if element:
            depth, flags = self.depths[parent] + 1, self.flags[parent]
        if own := _tag_flags(tag):
            flags |= own
        if anchor := place & _MASK:
            flags |= LINK
        attributes = node.attributes
        names = ""
        if attributes:
            names = attributes.get("class") or ""
            if not _TELLING.isdisjoint(attributes):
                names = " ".join([value for name in _NAMED if name in attributes and (value := attributes[name])])
                flags |= _attribute_flags(attributes)
        self.tags.append(tag)
        self.parents.append(parent)
        self.names.append(names)
        self.depths.append(depth)
        self.flags.append(flags)
        return element << _BITS | anchor

    def link(self, node: LexborNode, _tag: str, place: int) -> int:
        self.hrefs.append(node.attributes.get("href") or "")
        self.holders.append(place >> _BITS)
        return place & ~_MASK | min(len(self.hrefs) - 1, _MASK)

    def span(self, node: LexborNode, _tag: str, place: int) -> int | None:
        attributes = node.attributes
        hidden = not _TELLING.isdisjoint(attributes) and _attribute_flags(attributes) & HIDDEN
        return None if hidden else place

    def line_break(self, _node: LexborNode, _tag: str, _place: int) -> None:
        self.breaks += 1
        self.parts.append("\n")
        self.sources.append(BREAK)
        if self.breaks >= 2:
            self.broken = True

    def skip(self, _node: LexborNode, tag: str, _place: int) -> None:
        if tag not in INLINE_SKIPPED:
            self.broken = True

    def footer(self, node: LexborNode, tag: str, place: int) -> None:
        """The end of a page or part holds no text of an article, but it may promote stories."""
        self.skip(node, tag, place)
        if len(self.footers) >= MAX_FOOTERS:
            return
        if any(line and heading_kind(line) for line in map(str.strip, node.text(separator="\n").split("\n"))):
            self.footers.append(node)

    def meta(self, node: LexborNode, _tag: str, _place: int) -> None:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            self.metas.append((name.strip().lower(), content.strip()))

    def head_link(self, node: LexborNode, _tag: str, _place: int) -> None:
        attributes = node.attributes
        if (relation := attributes.get("rel")) and (href := attributes.get("href")):
            self.links.append((relation.lower(), href.strip()))

    def script(self, node: LexborNode, _tag: str, _place: int) -> None:
        if "ld+json" in (node.attributes.get("type") or "").lower():
            self.scripts.append(node.text() or "")

    def head_title(self, node: LexborNode, _tag: str, _place: int) -> None:
        self.title = self.title or " ".join((node.text() or "").split())

    def elements(self) -> Elements:
        """The columns of the elements that hold text. Others are left out; ``owners``, ``holders`` are renumbered."""
        if not self.tags:
            self.tags, self.parents, self.names, self.depths, self.flags = ["html"], [0], [""], [0], [0]
        held = bytearray(len(self.tags))
        held[0] = 1
        for owner in set(self.owners):
            at = owner
            while not held[at]:
                held[at] = 1
                at = self.parents[at]
        number = list(islice(accumulate(held, initial=-1), 1, None))
        self.owners = [number[owner] for owner in self.owners]
        self.holders = [number[_nearest(holder, held, self.parents)] for holder in self.holders]
        parents = [number[element] for element in compress(self.parents, held)]
        tags, names = list(compress(self.tags, held)), list(compress(self.names, held))
        looks: dict[tuple[str, str], int] = {}
        return Elements(
            tag=tags, parent=parents, end=_ends(parents), depth=list(compress(self.depths, held)),
            flags=list(compress(self.flags, held)), names=names,
            look=[looks.setdefault(look, len(looks)) for look in zip(tags, names, strict=True)], looks=list(looks),
        )  # fmt: skip

    def blocks(self) -> Blocks:
        return Blocks(
            text=self.texts, words=self.words, element=self.owners, link=self.shares, anchor=self.anchors,
            label=self.labels, hrefs=self.hrefs, holders=self.holders,
        )  # fmt: skip


def _nearest(element: int, held: bytearray, parents: list[int]) -> int:
    """An element that holds text, else the next one upwards that does."""
    while not held[element]:
        element = parents[element]
    return element


def _ends(parents: list[int]) -> list[int]:
    """For each element in preorder the end of its subtree."""
    end = list(range(1, len(parents) + 1))
    for index in range(len(parents) - 1, 0, -1):
        parent = parents[index]
        if end[index] > end[parent]:
            end[parent] = end[index]
    return end


Handler = Callable[[Walk, LexborNode, str, int], int | None]
"""Takes a walk, an element, its tag and its place; gives the place of what the element holds, None to leave it out."""


@cache
def _handlers(skipped: frozenset[str]) -> dict[str, Handler]:
    """What to do with an element, by its tag. Functions, not a walk's methods: those would keep it alive."""
    found: dict[str, Handler] = dict.fromkeys(BLOCK_TAGS, Walk.enter)
    found |= dict.fromkeys(skipped, Walk.skip)
    return found | {
        "a": Walk.link, "br": Walk.line_break, "span": Walk.span, "meta": Walk.meta, "link": Walk.head_link,
        "script": Walk.script, "title": Walk.head_title, "img": Walk.skip, "source": Walk.skip,
    } | ({"footer": Walk.footer} if "footer" in skipped else {})  # fmt: skip


def _attribute_flags(attributes: Mapping[str, str | None]) -> int:
    style = attributes["style"] if "style" in attributes else None  # noqa: SIM401  # nearly always absent
    hidden = "hidden" in attributes or ("aria-hidden" in attributes and attributes["aria-hidden"] == "true")
    flags = HIDDEN if hidden or (style and _CONCEALED.search(style)) else 0
    if "itemprop" in attributes and "articlebody" in (attributes["itemprop"] or "").lower():
        flags |= BODY
    return flags
