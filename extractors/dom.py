"""One parse and one walk of a page: the tree for selectors, and the table that everything else reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.depth import within_depth
from extractors.lines import Lines
from extractors.table import SKIPPED_TAGS, Blocks, Elements, Head
from extractors.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed page. ``tree`` is for selectors; nothing may change it. ``footers`` are those that promote stories, each
    read like a page of its own: only their lists count."""

    tree: LexborHTMLParser
    head: Head
    elements: Elements
    blocks: Blocks
    lines: Lines
    footers: "tuple[Document, ...]" = ()


def parse(html: str) -> Document:
    """The page as a table. Never fails: for any text there is a tree, if need be an empty one."""
    tree = parse_tree(html)
    walk = Walk(frozenset(), SKIPPED_TAGS)
    language = ""
    if tree.root is not None:
        walk.run(tree.root)
        language = tree.root.attributes.get("lang") or ""
    footers = tuple(_document(tree, _walked(node, SKIPPED_TAGS - {"footer"})) for node in walk.footers)
    return _document(tree, walk, language, footers)


def _document(tree: LexborHTMLParser, walk: Walk, language: str = "", footers: tuple[Document, ...] = ()) -> Document:
    head = Head(
        title=walk.title,
        language=language,
        metas=tuple(walk.metas),
        links=tuple(walk.links),
        scripts=tuple(walk.scripts),
    )
    elements, blocks = walk.elements(), walk.blocks()
    lines = Lines(elements, blocks)
    return Document(tree=tree, head=head, elements=elements, blocks=blocks, lines=lines, footers=footers)


def _walked(node: LexborNode, skipped: frozenset[str], dropped: frozenset[int] = frozenset()) -> Walk:
    walk = Walk(dropped, skipped)
    walk.run(node)
    return walk


def parse_tree(html: str) -> LexborHTMLParser:
    """The tree alone, for who reads none of the page's columns: a walk costs three times as much."""
    return LexborHTMLParser(within_depth(html))


def paragraphs(node: LexborNode, drop: Iterable[str] = ()) -> list[str]:
    """The visible text of a node, block by block, without what the CSS selectors of ``drop`` match."""
    dropped = frozenset(found.mem_id for selector in drop for found in node.css(selector))
    return _walked(node, SKIPPED_TAGS - {"footer", "nav", "button"}, dropped).texts


def block_lines(node: LexborNode) -> list[str]:
    """The text of a node cut into the blocks that the page's own walk makes of it."""
    return _walked(node, SKIPPED_TAGS).texts


def short_text(node: LexborNode, limit: int = 200) -> str:
    """The text of a node in one line, or "" when it is longer than ``limit`` characters."""
    parts: list[str] = []
    size = 0
    for count, inner in enumerate(node.traverse(include_text=True, skip_empty=False)):
        if size > limit or count > limit:
            return ""
        if inner.tag == "-text" and inner.parent is not None and inner.parent.tag not in ("script", "style"):
            parts.append(inner.text_content or "")
            size += len(parts[-1].strip())
    return " ".join(" ".join(parts).split()) if size <= limit else ""
