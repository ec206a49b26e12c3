"""From a page to its article: the one place that knows the order of the readers."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from extractors.article import Article, OptOut, Reading
from extractors.charset import decode_body
from extractors.dom import Document, parse
from extractors.generic import Body, Steps, read_steps
from extractors.metadata import Metadata, read_metadata
from extractors.optout import header_optouts, meta_optouts
from extractors.page import Page
from extractors.plaintext import Dump, read_dump
from extractors.registry import Readers, plaintext_label, readers
from extractors.ruled import Ruled, read_ruled
from extractors.text import canonical_text, canonical_title, word_count
from extractors.urls import is_url
from extractors.walls import is_cut_off

Favour = Literal["precision", "recall"]
"""What the generic reader does with a section that may or may not be the article's: leave it out, or keep it."""

EMPTY: Final = "empty"
NOT_HTML: Final = "not-html"
NO_ARTICLE: Final = "no-article"
REASONS: Final = frozenset({EMPTY, NOT_HTML, NO_ARTICLE})
"""Why there is no article: a body of nothing but spaces; a body that is neither HTML nor text, by its type or its
bytes; a page that has none, such as a listing, an error page, or too few words."""

_HTML_TYPES = frozenset(
    {"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/octet-stream"}
)
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h[1-6]|meta|title|span|table|a|br)\b", re.IGNORECASE
)
_LOOKED_AT = 65_536  # characters that decide whether a body is HTML
_BINARY: Final = bytes((*range(9), *range(14, 27), *range(28, 32)))  # single bytes in UTF-8, too
_BINARY_SHARE = 0.01
_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"', "»", "।", "。")
_FEWEST_WORDS = 30  # of a page that does not call itself an article
_RULED_CONFIDENCE = 0.95
_PLUG_IN_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlTrace:
    """What an HTML page went through. ``generic`` is the generic reader's article, ``ruled`` what the site's rules
    found and ``plugged`` what its plug-in gave; both are None where they have no say."""

    doc: Document
    metadata: Metadata
    url: str
    steps: Steps
    generic: Article
    own: Readers
    ruled: Ruled | None = None
    plugged: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A reading, and what led to it: ``html`` or ``dump``, neither for a page that is not looked into."""

    reading: Reading
    html: HtmlTrace | None = None
    dump: Dump | None = None


def extract(page: Page, *, favour: Favour = "precision") -> Article | None:
    """The article of a page, or None if it has none. Never raises, whatever the bytes are.

    ``favour="recall"`` keeps more of the page where the generic reader is in doubt about a whole section: galleries,
    tables and scattered corporate pages lose less, and some readers' comments or further articles may come along.
    """
    return read(page, favour=favour).article


def read(page: Page, *, favour: Favour = "precision") -> Reading:
    """Everything that one parse gives: the article or the reason why there is none, opt-outs, and rules that drifted.

    Site rules and plug-ins are chosen by ``page.final_url`` and ``page.fetched_at``. Reasons: see ``REASONS``;
    ``favour``: see :func:`extract`. An article's ``rules`` end in ``+recall`` where that was favoured. Raises
    ValueError for a ``favour`` that is none.
    """
    if favour not in ("precision", "recall"):
        raise ValueError(f"favour is {favour!r}; give 'precision' or 'recall'")
    return trace(page, favour=favour).reading


def trace(page: Page, own: Readers | None = None, *, favour: Favour = "precision") -> Trace:
    """What :func:`read` gives, with everything that led to it, for whoever has to explain it.

    ``own`` are the readers to try instead of the registry's.
    """
    asked = header_optouts(page)
    if not page.body.strip():
        return Trace(reading=Reading(article=None, reason=EMPTY, optouts=asked))
    html_like = page.media_type in _HTML_TYPES
    if page.media_type != "text/plain" and not html_like:
        return Trace(reading=Reading(article=None, reason=NOT_HTML, optouts=asked))
    text, _ = decode_body(page.body, page.charset, page.media_type)
    sample = text[:_LOOKED_AT]
    if _binary_characters(sample) > _BINARY_SHARE * len(sample) or (html_like and not _MARKUP.search(sample)):
        return Trace(reading=Reading(article=None, reason=NOT_HTML, optouts=asked))
    return _read_html(text, page, asked, own, favour) if html_like else _read_text(text, page, asked)


def _binary_characters(text: str) -> int:
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw) - len(raw.translate(None, _BINARY))


def _read_text(text: str, page: Page, asked: tuple[OptOut, ...]) -> Trace:
    dump = read_dump(text, page.fetched_at)
    if dump.article is None:
        return Trace(reading=Reading(article=None, reason=NO_ARTICLE, optouts=asked), dump=dump)
    return Trace(reading=Reading(article=replace(dump.article, rules=plaintext_label()), optouts=asked), dump=dump)


def _read_html(html: str, page: Page, asked: tuple[OptOut, ...], own: Readers | None, favour: Favour) -> Trace:
    doc = parse(html)
    url = page.final_url if is_url(page.final_url) else ""
    metadata = read_metadata(doc, url)
    optouts = asked + meta_optouts(doc.head.metas)
    own = own or readers(page.final_url, page.fetched_at)
    drift: list[str] = []
    recall = favour == "recall"
    steps = read_steps(doc, metadata, page.fetched_at, url, recall=recall)
    cut_off = not (metadata.paywalled or metadata.free) and is_cut_off(doc, steps.kept)
    generic = _generic(metadata, steps.body, paywalled=metadata.paywalled or cut_off)
    ruled = _by_rules(doc, generic, page, own, drift)
    plugged = None if ruled else _by_plug_in(generic, page, own, drift)
    article = _with_ruled(generic, ruled) if ruled else plugged
    if article is None and _is_article(doc, metadata, generic):
        article = generic
    reading = Reading(
        article=replace(article, rules=f"{own.label}+recall" if recall else own.label) if article else None,
        reason="" if article else NO_ARTICLE,
        optouts=optouts,
        drift=tuple(drift),
    )
    html_trace = HtmlTrace(
        doc=doc, metadata=metadata, url=url, steps=steps, generic=generic, own=own, ruled=ruled, plugged=plugged
    )
    return Trace(reading=reading, html=html_trace)


def _generic(metadata: Metadata, body: Body, *, paywalled: bool) -> Article:
    return Article(
        title=metadata.title,
        text=body.text,
        authors=metadata.authors,
        agencies=metadata.agencies,
        live=metadata.live,
        published=metadata.published,
        modified=metadata.modified,
        section=metadata.section,
        language=metadata.language,
        tags=metadata.tags,
        image=metadata.image,
        paywalled=paywalled,
        canonical_url=metadata.canonical_url,
        lists=body.lists,
        confidence=body.confidence,
    )


def _by_rules(doc: Document, generic: Article, page: Page, own: Readers, drift: list[str]) -> Ruled | None:
    if own.site is None or own.block is None:
        return None
    found = read_ruled(doc.tree, own.block, page, generic.language)
    if not found.text:
        drift.append(f"{own.site.label(own.block)}: body {own.block.body!r} finds nothing in {page.final_url}")
        return None
    return found


def _with_ruled(generic: Article, found: Ruled) -> Article:
    return replace(
        generic,
        title=found.title or generic.title,
        text=found.text,
        authors=found.authors or generic.authors,
        published=found.published or generic.published,
        modified=found.modified or generic.modified,
        section=found.section or generic.section,
        tags=found.tags or generic.tags,
        image=found.image or generic.image,
        lists=found.lists or generic.lists,
        confidence=_RULED_CONFIDENCE,
    )


def _by_plug_in(generic: Article, page: Page, own: Readers, drift: list[str]) -> Article | None:
    """The plug-in's article in canonical form; its empty fields come from the generic reader."""
    if own.plug_in is None:
        return None
    try:
        found: object = own.plug_in.function(page)
    except Exception as error:  # noqa: BLE001  # foreign code may raise anything, and that must not cost the page
        drift.append(f"{own.plug_in.label}: it raises {type(error).__name__}: {error}")
        return None
    if not isinstance(found, Article):
        if found is not None:
            drift.append(f"{own.plug_in.label}: it gives {type(found).__name__}, not an Article or None")
        return None
    return Article(
        title=canonical_title(found.title) or generic.title,
        text=canonical_text(found.text),
        authors=found.authors or generic.authors,
        agencies=found.agencies or generic.agencies,
        live=found.live or generic.live,
        published=found.published or generic.published,
        modified=found.modified or generic.modified,
        section=found.section or generic.section,
        language=found.language or generic.language,
        tags=found.tags or generic.tags,
        image=found.image or generic.image,
        paywalled=found.paywalled or generic.paywalled,
        canonical_url=found.canonical_url or generic.canonical_url,
        lists=found.lists or generic.lists,
        confidence=found.confidence or _PLUG_IN_CONFIDENCE,
    )


def _is_article(doc: Document, metadata: Metadata, found: Article) -> bool:
    """Whether what the generic reader found is an article: by its stated type, or by its prose against the links."""
    if not found.text or metadata.is_article:
        return bool(found.text)
    if word_count(found.text) < _FEWEST_WORDS:
        return False
    lines = [(word_count(line), line) for line in found.text.split("\n\n")]
    prose = sum(size for size, _ in lines if size >= 20)
    sentences = sum(size for size, line in lines if size >= 6 and line.endswith(_SENTENCE_ENDS))
    blocks = doc.blocks
    linked = sum(size for size, share in zip(blocks.words, blocks.link, strict=True) if share > 0.5)
    if prose >= 100 or (prose >= _FEWEST_WORDS and linked <= 4 * prose):
        return True
    # news of short paragraphs: sentences count as well, where links do not outweigh them as on a front page
    return sentences >= _FEWEST_WORDS and linked <= sentences
