"""The columns that a walk of a page fills, and the names of their flags.

Plain lists by field: a reader or a feature extractor runs down a column, and an index joins the columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


BLOCK_TAGS: Final = _words(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    form h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu ol p pre search section summary table
    tbody td tfoot th thead tr ul
    """
)
"""Elements that end a run of text. Everything else is inline, also elements that HTML does not know."""

SKIPPED_TAGS: Final = _words(
    """
    amp-ad amp-sidebar audio button canvas datalist dialog iframe math nav footer noscript object option select
    style svg template textarea video
    """
)
"""Elements whose text is never an article's."""

INLINE_SKIPPED: Final = _words("img math noscript source style svg template")
"""Of these and images, those that may stand in the middle of a sentence: the run of text goes on after them."""

LINK, ASIDE, FIGURE, CAPTION, FORM, ITEM, TABLE, QUOTE, HEADING, HIDDEN, BODY, HEADER, MAIN, PRE = (
    1 << bit for bit in range(14)
)
"""Flags of an element: what it is or lies in."""

TAG_FLAGS: Final[Mapping[str, int]] = {
    "aside": ASIDE, "figure": FIGURE, "figcaption": CAPTION, "caption": CAPTION, "form": FORM, "label": FORM,
    "fieldset": FORM, "li": ITEM, "dd": ITEM, "dt": ITEM, "table": TABLE, "blockquote": QUOTE, "pre": PRE,
    "header": HEADER, "main": MAIN, "article": MAIN,
} | {f"h{level}": HEADING for level in range(1, 7)}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says about itself outside its text, in document order and undecoded beyond HTML."""

    title: str
    language: str
    metas: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    scripts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """Columns of the block-level elements in preorder; the subtree of element i is ``range(i, end[i])``.

    Only elements that hold text are there. ``flags`` are inherited; ``names`` holds class, id, role, itemprop and test
    ids as written. ``look`` indexes the element's tag and names in ``looks``, where each pair stands once.
    """

    tag: list[str]
    parent: list[int]
    end: list[int]
    depth: list[int]
    flags: list[int]
    names: list[str]
    look: list[int]
    looks: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Columns of the text blocks in document order: runs of text under one element with no element's edge in between.

    ``link`` is the share of characters inside links; ``label`` is the text of the first link and ``anchor`` indexes its
    address in ``hrefs`` ("" and 0 where there is no link). ``holders`` are the elements that the links of ``hrefs``
    stand in, also of links without a text.
    """

    text: list[str]
    words: list[int]
    element: list[int]
    link: list[float]
    anchor: list[int]
    label: list[str]
    hrefs: list[str]
    holders: list[int]
