"""What a page says about its article: JSON-LD first, then meta elements, then marked-up elements, then the address."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from extractors import bylines, jsonld
from extractors.article import LiveEntry, Moment
from extractors.bylines import Signed
from extractors.dom import Document
from extractors.languages import language_of, plainly_english
from extractors.live import read_live
from extractors.marks import author_marks
from extractors.publication import read_dates
from extractors.sources import Sources, unescape
from extractors.strays import read_signatures
from extractors.text import canonical_title
from extractors.titles import title
from extractors.wordsets import words

_AUTHOR_METAS: Final = (
    "parsely-author", "author", "article:author", "byl", "dc.creator", "dcterms.creator", "sailthru.author",
    "citation_author", "article:author_name", "cxenseparse:author", "og:article:author", "rbauthors",
)  # fmt: skip
_LABELLED: Final = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
_WROTE = re.compile(r"written|author|by", re.IGNORECASE)
_SECTION_METAS: Final = ("article:section", "parsely-section", "og:article:section", "cxenseparse:category", "section")
_TAG_METAS: Final = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
_DESCRIPTION_METAS: Final = ("og:description", "description", "twitter:description", "dc.description")
_IMAGE_METAS: Final = ("og:image", "og:image:url", "twitter:image", "twitter:image:src", "parsely-image-url")

_LONGEST_NAME: Final = 4  # words
_LANGUAGE_METAS: Final = ("og:locale", "language", "content-language", "dc.language", "dcterms.language")
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(?=[-_]|$)")
_SETTING = re.compile(r"(?:[a-z]+[A-Z-][A-Za-z-]*|locale|(?:sub)?section):\s")
"""What a system files beside the keywords: "displayType: standard article"."""
_PLAIN_ADDRESS = re.compile(r"https?://[\w.-]+/[\w/.,~%+=&-]*(?:\?[\w/.,~%+=&?-]+)?\Z", re.ASCII)
"""An address that joining would leave as it is."""
_NOT_FREE: Final = frozenset({"false", "no", "0", "http://schema.org/false", "https://schema.org/false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page states, also that it is ``free``. ``body`` is JSON-LD's articleBody; ``is_article`` is None where no
    type is stated."""

    title: str = ""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    live: tuple[LiveEntry, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    section: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    paywalled: bool = False
    free: bool = False
    canonical_url: str | None = None
    amp_url: str | None = None
    description: str | None = None
    body: str | None = None
    is_article: bool | None = None


def read_metadata(doc: Document, url: str) -> Metadata:
    """Everything that the page at ``url`` states about its article. URLs are absolute; nothing is fetched."""
    found = Sources(doc, url)
    headline = title(found)
    signed = _authors(found, headline)
    dates = read_dates(found, headline)
    paywalled, free = _access(found)
    return Metadata(
        title=headline,
        authors=signed.people,
        agencies=signed.agencies,
        live=read_live(found),
        published=dates.published,
        modified=dates.modified,
        section=_section(found),
        language=_language(found),
        tags=_tags(found),
        image=_absolute(url, found.meta(_IMAGE_METAS) or _image(found)),
        paywalled=paywalled,
        free=free,
        canonical_url=_absolute(url, _link(doc, "canonical") or found.meta(["og:url"])),
        amp_url=_absolute(url, _link(doc, "amphtml")),
        description=_clean(found.meta(_DESCRIPTION_METAS) or jsonld.first(found.articles, "description")),
        body=jsonld.first(found.articles, "articleBody"),
        is_article=_is_article(found),
    )


def _authors(found: Sources, headline: str) -> Signed:
    """The first source that names people; one that names only the site, its publisher or an agency stands back."""
    second: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    for sure, source in _author_sources(found, headline):
        if not (texts := list(map(unescape, source))):
            continue
        known = bylines.signed(texts)
        agencies = agencies or known.agencies
        named = [name for name in known.people if sure or not (bylines.is_label(name) or name == headline)]
        people = tuple(name for name in named if not found.is_site(name))
        if not sure and (second or agencies):
            people = tuple(filter(bylines.is_person, people))
        if people:
            signed = people if not sure or found.is_news else _shown(found, headline, people)
            return Signed(people=signed, agencies=agencies)
        second = second or tuple(named)
    return Signed(people=second or agencies, agencies=agencies)


def _shown(found: Sources, headline: str, stated: tuple[str, ...]) -> tuple[str, ...]:
    """Who signs in the line under the headline, where it is somebody else: systems state whose account was used."""
    known = {word for name in stated for word in words(name)}
    for line in found.datelines(headline).bylines:
        people = bylines.names([line])
        if people and all(map(bylines.is_person, people)):
            return people if known.isdisjoint(word for name in people for word in words(name)) else stated
    return stated


def _author_sources(found: Sources, headline: str) -> Iterator[tuple[bool, Iterable[str]]]:
    """Each with whether it holds nothing but names."""
    for thing in found.articles:
        yield True, jsonld.people(thing, found.by_id)
    for name in _AUTHOR_METAS:
        if name in found.metas:
            yield True, [_in_order(name, text) for text in found.metas[name] if "/" not in text]
    for label, stated in _LABELLED:
        if label in found.metas and _WROTE.search(found.metas[label][0]):
            yield True, found.metas.get(stated, [])
    for text in author_marks(found.holder, found.names):
        yield False, [text]
    for line in found.datelines(headline).bylines:
        yield False, [line]
    yield False, found.datelines(headline).people
    for thing in found.pages:
        yield True, jsonld.people(thing, found.by_id)
    for line in read_signatures(found.doc):
        yield False, filter(bylines.is_person, bylines.names([line]))


def _in_order(meta: str, name: str) -> str:
    """A name of a citation, which may begin with the family's ("Quill, Ada")."""
    family, comma, given = name.partition(", ")
    turned = comma and meta == "citation_author" and "," not in given and len(name.split()) <= _LONGEST_NAME
    return f"{given} {family}" if turned else name


def _language(found: Sources) -> str | None:
    """What the page states, the html element first; else what its text is. "en" alone is often a template's."""
    stated = [
        found.doc.head.language, jsonld.first(found.articles, "inLanguage"), found.meta(_LANGUAGE_METAS),
    ]  # fmt: skip
    codes = [code[0].lower() for text in stated if (code := _LANGUAGE_CODE.match(text or ""))]
    if codes and codes[0] != "en":
        return codes[0]
    if plainly_english(_prose(found.doc)):
        return "en"
    return language_of(_prose(found.doc)) or next(iter(codes), None)


def _prose(doc: Document) -> Iterator[str]:
    """The first blocks of running text: what the language of a page is told by."""
    blocks = doc.blocks
    rows = zip(blocks.words, blocks.link, blocks.text, strict=True)
    return islice((text for size, link, text in rows if link < 0.5 and (size >= 12 or len(text) >= 80)), 20)


def _section(found: Sources) -> str | None:
    """The first, where a system states all that the article is filed under in one text."""
    stated = _clean(jsonld.first(found.articles, "articleSection") or found.meta(_SECTION_METAS))
    return stated.split(", ")[0] if stated and stated.count(", ") > 1 else stated


def _image(found: Sources) -> str | None:
    """The address of the article's image in JSON-LD, which is often a reference to an object elsewhere."""
    for thing in found.articles:
        stated = thing.get("image")
        first = stated[0] if isinstance(stated, list) and stated else stated
        name = first.get("@id") if isinstance(first, dict) else None
        known = found.address_of(name) if isinstance(name, str) else None
        if known or (known := next(jsonld.strings(first), None)):
            return known
    return None


def _tags(found: Sources) -> tuple[str, ...]:
    stated = [text for thing in found.articles[:1] for text in jsonld.strings(thing.get("keywords"))]
    texts = stated or next((found.metas[name] for name in _TAG_METAS if name in found.metas), [])
    split = (part for text in texts for part in (text.split(",") if len(texts) == 1 else [text]))
    cleaned = (canonical_title(unescape(part)) for part in split)
    return tuple(dict.fromkeys(part for part in cleaned if 1 < len(part) <= 80 and not _SETTING.match(part)))[:50]


def _access(found: Sources) -> tuple[bool, bool]:
    """Whether the article states that it is not free, or that it is; a part that is not counts where it states
    nothing of the whole."""
    stated = {str(thing["isAccessibleForFree"]).lower() for thing in found.articles if "isAccessibleForFree" in thing}
    if stated:
        return bool(stated & _NOT_FREE), not stated & _NOT_FREE
    tier = (found.meta(["article:content_tier", "og:article:content_tier"]) or "").lower()
    parts = {
        str(part.get("isAccessibleForFree")).lower()
        for thing in (*found.articles, *found.pages)
        for part in jsonld.parts(thing)
    }
    return tier in {"locked", "metered"} or bool(parts & _NOT_FREE), tier == "free"


def _is_article(found: Sources) -> bool | None:
    if found.articles or (found.meta(["og:type"]) or "").lower() in {"article", "news", "og:article"}:
        return True
    kinds = frozenset().union(*found.kinds)
    if kinds & jsonld.LISTING_TYPES or (found.meta(["og:type"]) or "").lower() == "website":
        return False
    return None


def _link(doc: Document, relation: str) -> str | None:
    return next((href for stated, href in doc.head.links if relation in stated.split()), None)


def _absolute(base: str, address: str | None) -> str | None:
    """An http(s) address seen from the page; None for what is none."""
    if address and _PLAIN_ADDRESS.match(address):
        return address
    try:
        whole = urljoin(base, address) if address else ""
    except ValueError:
        return None
    return whole if whole.startswith(("http://", "https://")) else None


def _clean(text: str | None) -> str | None:
    return canonical_title(unescape(text)) or None if text else None
