"""The links of a page: those a reader can follow, and those its head declares for machines."""

from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from extractors.charset import decode_body
from extractors.dom import parse_tree
from extractors.page import Page
from extractors.text import canonical_title


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLink:
    """One ``<link>`` element with an http(s) target: ``rel`` and ``type`` in lower case, ``href`` absolute."""

    rel: str
    type: str
    href: str
    title: str


def links(page: Page) -> tuple[tuple[str, str], ...]:
    """(absolute URL, anchor text) of each ``<a>`` with an http(s) target, in document order, repetitions included."""
    tree = _tree(page)
    base = _base(tree, page.final_url)
    pairs = ((absolute(base, node.attributes.get("href")), node.text()) for node in tree.css("a[href]"))
    return tuple((url, canonical_title(text)) for url, text in pairs if url)


def head_links(page: Page) -> tuple[HeadLink, ...]:
    """The ``<link>`` elements of a page, for example those that announce its feeds."""
    tree = _tree(page)
    base = _base(tree, page.final_url)
    found = []
    for node in tree.css("link[rel][href]"):
        value = {name: canonical_title(content or "") for name, content in node.attributes.items()}
        if href := absolute(base, value["href"]):
            rel, kind = value["rel"].lower(), value.get("type", "").lower()
            found.append(HeadLink(rel=rel, type=kind, href=href, title=value.get("title", "")))
    return tuple(found)


def absolute(base: str, href: str | None) -> str:
    """An http(s) URL seen from ``base``, or "" for anything else."""
    try:
        url = urljoin(base, (href or "").strip()) if href else ""
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""


def _tree(page: Page) -> LexborHTMLParser:
    return parse_tree(decode_body(page.body, page.charset, page.media_type)[0])


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (absolute(url, node.attributes.get("href")) if node else "") or url
