"""An article that a site's rules or plug-in read, found again among the page's blocks.

Both give text, not blocks. Their paragraphs are looked up in page order; one that no block holds (the rules cut the
page differently) stands as a block of its own where the text goes on, so that nothing is lost or invented.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from extractors.article import Article, LinkList
from extractors.dom import block_lines
from extractors.explanation import Cause, ExplainedBlock
from extractors.extract import HtmlTrace
from extractors.page import Page
from extractors.ruled import list_places, ruled_lines
from extractors.text import canonical_text, canonical_title

_PLACES = (
    50  # of one and the same line that are tried; a page that repeats itself without end must not cost without end
)


class _Texts:
    """The blocks' texts and where each of them stands."""

    def __init__(self, blocks: Sequence[ExplainedBlock]) -> None:
        self.texts = [canonical_title(block.text) for block in blocks]
        self.where: dict[str, list[int]] = defaultdict(list)
        for k, text in enumerate(self.texts):
            self.where[text].append(k)

    def following(self, text: str, start: int, end: int) -> int | None:
        """The next block with this text in ``range(start, end)``."""
        places = self.where.get(text, [])
        at = bisect_left(places, start)
        return places[at] if at < len(places) and places[at] < end else None

    def run(self, lines: Sequence[str], start: int = 0) -> range | None:
        """The first blocks from ``start`` on that hold exactly these lines, one after the other."""
        if not lines:
            return None
        places = self.where.get(lines[0], [])
        first = bisect_left(places, start)
        for at in places[first : first + _PLACES]:
            if self.texts[at : at + len(lines)] == lines:
                return range(at, at + len(lines))
        return None


def by_rules(
    blocks: list[ExplainedBlock], html: HtmlTrace, page: Page, lists: tuple[LinkList, ...]
) -> list[ExplainedBlock]:
    """The blocks as the site's rules took them; ``lists`` are the article's."""
    own = html.own
    assert own.site is not None
    assert own.block is not None
    assert html.ruled is not None
    label = own.site.label(own.block)
    texts = _Texts(blocks)
    found = [_outside(block, f"outside of the body of {label}") for block in blocks]
    if html.ruled.lists:
        for number, _, heading, items in list_places(html.doc.tree, own.block, page, html.generic.language):
            reason = f"list of kind {lists[number].kind}, items of {label}"
            _mark_list(found, texts, number, heading, items, reason)
    else:
        found = [block if old.list is None else old for block, old in zip(found, blocks, strict=True)]
    extra: dict[int, list[ExplainedBlock]] = defaultdict(list)
    start = 0
    for node, lines in ruled_lines(html.doc.tree, own.block):
        place = texts.run(_lines(node), start) or range(start, len(blocks))
        inside = place if len(place) < len(blocks) - start else range(0)
        for k in inside:
            if found[k].role == "furniture":
                found[k] = replace(found[k], cause="dropped", reason=f"dropped from the body by {label}")
        behind = _place(found, texts, extra, lines, place, "rules", f"text of the body of {label}")
        start = place.stop if inside else behind
    return _merged(found, extra)


def by_plug_in(
    blocks: list[ExplainedBlock], plugged: Article, generic: Article, lists: tuple[LinkList, ...]
) -> list[ExplainedBlock]:
    """The blocks as the site's plug-in took them. Which of them are its lists only their titles tell."""
    texts = _Texts(blocks)
    found = [_outside(block, "the plug-in does not take it for text") for block in blocks]
    if lists == generic.lists:
        found = [block if old.list is None else old for block, old in zip(found, blocks, strict=True)]
    else:
        for number, each in enumerate(lists):
            for item, listed in enumerate(each.items):
                at = texts.following(listed.title, 0, len(blocks))
                if at is not None:
                    found[at] = _listed(found[at], number, item, f"list of kind {each.kind} of the plug-in")
    extra: dict[int, list[ExplainedBlock]] = defaultdict(list)
    lines = plugged.text.split("\n\n") if plugged.text else []
    _place(found, texts, extra, lines, range(len(blocks)), "plug-in", "text of the site's plug-in")
    return _merged(found, extra)


def _outside(block: ExplainedBlock, reason: str) -> ExplainedBlock:
    return replace(block, role="furniture", cause="outside", reason=reason, list=None, item=None, goes_on=False)


def _listed(block: ExplainedBlock, number: int, item: int | None, reason: str) -> ExplainedBlock:
    return replace(block, role="list", cause="list", reason=reason, list=number, item=item)


def _lines(node: LexborNode) -> list[str]:
    return [canonical_title(line) for line in block_lines(node)]


def _mark_list(
    found: list[ExplainedBlock], texts: _Texts, number: int, heading: str, items: Iterable[LexborNode], reason: str
) -> None:
    start, first = 0, None
    for item, node in enumerate(items):
        lines = _lines(node)
        place = texts.run(lines, start)
        if place is None:  # an item within a line: the line that holds it
            joined = " ".join(lines)
            at = next((k for k in range(start, len(found)) if joined and joined in texts.texts[k]), None)
            place = range(0) if at is None else range(at, at + 1)
        for k in place:
            found[k] = _listed(found[k], number, item, reason)
            first = k if first is None else first
        start = max(start, place.stop if place else start)
    over = [k for k in texts.where.get(heading, []) if first is not None and k < first] if heading else []
    if over:
        found[over[-1]] = _listed(found[over[-1]], number, None, reason)


def _place(
    found: list[ExplainedBlock], texts: _Texts, extra: dict[int, list[ExplainedBlock]], lines: Iterable[str],
    place: range, cause: Cause, reason: str,
) -> int:  # fmt: skip
    """Marks the blocks that hold the lines; the others are kept for :func:`_merged`. Gives the block behind."""
    at = place.start
    for raw in lines:
        line = canonical_text(raw)
        hit = texts.following(canonical_title(raw), at, place.stop)
        if hit is None:
            extra[at].append(ExplainedBlock(text=line, role="article", cause=cause, reason=reason, tag="", path=""))
        else:
            found[hit] = replace(found[hit], role="article", cause=cause, reason=reason, list=None, item=None)
            at = hit + 1
    return at


def _merged(found: Sequence[ExplainedBlock], extra: Mapping[int, Sequence[ExplainedBlock]]) -> list[ExplainedBlock]:
    merged: list[ExplainedBlock] = []
    for k in range(len(found) + 1):
        merged += extra.get(k, ())
        merged += found[k : k + 1]
    return merged
