"""The entries of a live blog, each with its time: from JSON-LD's liveBlogUpdate, else from the same microdata."""

from collections.abc import Iterator
from typing import Final

from extractors import jsonld
from extractors.article import LiveEntry, Moment
from extractors.dates import moment
from extractors.dom import Document, paragraphs
from extractors.sources import Sources, unescape
from extractors.text import canonical_text, canonical_title

MAX_ENTRIES: Final = 1000
_ENTRY: Final = '[itemprop~="liveBlogUpdate"]'
_NAME: Final = "liveBlogUpdate"


def read_live(found: Sources) -> tuple[LiveEntry, ...]:
    """In the page's order; () where the page is no live blog or marks no entries."""
    stated = [entry for thing in found.articles for entry in _updates(thing) if entry.text or entry.title]
    marked = stated or (list(_marked(found.doc)) if _NAME in found.names else [])
    return tuple(dict.fromkeys(marked))[:MAX_ENTRIES]


def _updates(thing: jsonld.Thing) -> Iterator[LiveEntry]:
    updates = thing.get(_NAME)
    for update in updates if isinstance(updates, list) else [updates]:
        if isinstance(update, dict):
            yield LiveEntry(
                title=canonical_title(unescape(jsonld.first([update], "headline") or "")),
                text=canonical_text(unescape(jsonld.first([update], "articleBody") or "")),
                published=_moment(jsonld.first([update], "datePublished")),
                modified=_moment(jsonld.first([update], "dateModified")),
            )


def _marked(doc: Document) -> Iterator[LiveEntry]:
    for node in doc.tree.css(_ENTRY)[:MAX_ENTRIES]:
        heading = node.css_first('[itemprop~="headline"],h2,h3')
        body = node.css_first('[itemprop~="articleBody"]') or node
        dates = {
            name: next(
                (
                    stated
                    for inner in node.css(f'[itemprop~="{name}"]')
                    if (stated := inner.attributes.get("datetime") or inner.attributes.get("content"))
                ),
                None,
            )
            for name in ("datePublished", "dateModified")
        }
        yield LiveEntry(
            title=canonical_title(heading.text() if heading is not None else ""),
            text=canonical_text("\n\n".join(paragraphs(body))),
            published=_moment(dates["datePublished"]),
            modified=_moment(dates["dateModified"]),
        )


def _moment(text: str | None) -> Moment | None:
    return moment(text) if text else None
