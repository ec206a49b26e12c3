"""What one block of a site's rules finds in a parsed page. Fields that it does not find stay empty."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.article import LinkList, ListItem, Moment
from extractors.bylines import names
from extractors.dates import moment
from extractors.dom import paragraphs
from extractors.links import absolute
from extractors.page import Page
from extractors.rules import Block, ListRule
from extractors.text import canonical_text, canonical_title
from extractors.when import when_interval

_ATTRIBUTES = {"meta": ("content",), "time": ("datetime",), "img": ("src", "data-src"), "amp-img": ("src",)}
"""Elements whose value is an attribute when they have it; every other element's value is its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The fields that a block found; ``text`` is "" when its body selector found nothing."""

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    lists: tuple[LinkList, ...] = ()


def read_ruled(tree: LexborHTMLParser, block: Block, page: Page, language: str | None) -> Ruled:
    """Everything that ``block`` says about a page."""
    return Ruled(
        text=_text(tree, block),
        title=_first(tree, block.title),
        authors=names(_values(tree, block.authors)),
        published=_moment(tree, block.published),
        modified=_moment(tree, block.modified),
        section=_first(tree, block.section) or None,
        tags=tuple(dict.fromkeys(_values(tree, block.tags))),
        image=absolute(page.final_url, _first(tree, block.image)) or None,
        lists=tuple(found for rule in block.lists if (found := _list(tree, rule, page, language))),
    )


def _text(tree: LexborHTMLParser, block: Block) -> str:
    """The outermost elements that the body selector matches, without what is dropped and without the lists."""
    return canonical_text("\n\n".join(line for _, lines in ruled_lines(tree, block) for line in lines))


def ruled_lines(tree: LexborHTMLParser, block: Block) -> list[tuple[LexborNode, list[str]]]:
    """The elements of the body selector, each with the lines that are text in it."""
    drop = (*block.drop, *(part for rule in block.lists for part in (rule.item, rule.heading) if part))
    return [(node, paragraphs(node, drop)) for node in _outermost(tree.css(block.body))]


def list_places(
    tree: LexborHTMLParser, block: Block, page: Page, language: str | None
) -> list[tuple[int, ListRule, str, list[LexborNode]]]:
    """For each list that the block finds: its number among them, its rule, its heading and its items' elements."""
    fitting = [(rule, found) for rule in block.lists if (found := _list(tree, rule, page, language))]
    return [(number, rule, found.heading, tree.css(rule.item)) for number, (rule, found) in enumerate(fitting)]


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    inside: set[int] = set()
    kept = []
    for node in nodes:
        if node.mem_id not in inside:
            kept.append(node)
            inside.update(child.mem_id for child in node.traverse())
    return kept


def _list(tree: LexborHTMLParser, rule: ListRule, page: Page, language: str | None) -> LinkList | None:
    heading = rule.text or _first(tree, rule.heading)
    found = (_item(node, rule, page, language) for node in tree.css(rule.item))
    items = tuple(dict.fromkeys(item for item in found if item.title))
    return LinkList(heading=canonical_title(heading), kind=rule.kind, items=items) if items else None


def _item(node: LexborNode, rule: ListRule, page: Page, language: str | None) -> ListItem:
    when_text = _first(node, rule.when) or None
    interval = when_interval(when_text, page.fetched_at, language) if when_text else None
    return ListItem(
        title=_first(node, rule.title) if rule.title else canonical_title(node.text(separator=" ")),
        url=_target(node, rule, page.final_url),
        teaser=_first(node, rule.teaser) or None,
        section=_first(node, rule.section) or None,
        when_text=when_text,
        when_at=interval[0] if interval else None,
        when_until=interval[1] if interval else None,
    )


def _target(node: LexborNode, rule: ListRule, base: str) -> str | None:
    found = node.css_first(rule.url) if rule.url else node if node.tag == "a" else node.css_first("a[href]")
    return absolute(base, found.attributes.get("href")) or None if found else None


def _moment(tree: LexborHTMLParser, selector: str) -> Moment | None:
    return next((known for value in _values(tree, selector) if (known := moment(value)) is not None), None)


def _first(node: LexborHTMLParser | LexborNode, selector: str) -> str:
    return next(iter(_values(node, selector)), "")


def _values(node: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    found = node.css(selector) if selector else []
    return [value for each in found if (value := canonical_title(_value(each)))]


def _value(node: LexborNode) -> str:
    stated = (node.attributes.get(name) for name in _ATTRIBUTES.get(node.tag or "", ()))
    return next(filter(None, stated), None) or node.text(separator=" ")
