"""The words that sites name their elements with: furniture, article text, reader comments, standfirst.

Tables first; the functions only fold a string and look it up. Decisions are remembered by attribute string, since a
site repeats the same few hundred on every page.
"""

import re
from functools import lru_cache
from typing import Final

NEGATIVE, POSITIVE, COMMENTS, STANDFIRST = 1, 2, 4, 8
"""Marks of an element's names: furniture or promotion, article text, reader comments, standfirst."""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


_NEGATIVE: Final = _words(
    """
    related relateds recommend recommended recommendation recommendations recommender recirc recirculation recent
    popular trending share shares sharing sharebar sharethis addtoany socialmedia social newsletter newsletters
    subscribe subscription subscriptions signup promo promos promotion promoted sponsor sponsored sponsors advert
    adverts advertisement advertising advertorial ad ads adslot dfp banner cookie cookies consent gdpr sidebar
    widget widgets footer breadcrumb breadcrumbs nav navbar navigation menu submenu masthead toolbar tags taglist
    tagcloud topics categories byline bylines author authors authorbox bio caption captions credit credits copyright
    disclaimer pagination pager login popup modal overlay lightbox toc meta metadata postmeta timestamp dateline
    date pubdate skip print rating ratings outbrain taboola teaser teasers teaserlist card cards carousel gallery
    slideshow slider donate donation donations kicker eyebrow infobox infobar appdownload hidden hide hideonprint
    sharedaddy yarpp crp mostread readmore readalso seealso lesenswert abo share-buttons poll quiz ticker marquee
    weather stocks factbox livestream audioplayer player video-player webpush notification tooltip flyout dropdown
    disclosure affiliate shop shopping product products jobs horoscope relacionadas relacionados leiamais verwandt
    correlati ampad
    """
)
_NEGATIVE_PAIRS: Final = _words(
    """
    most-read most-viewed most-popular more-stories more-news more-from more-on more-articles read-more read-next
    read-also up-next next-post next-article prev-next post-navigation see-also also-read tag-list tag-cloud sign-up
    app-download screen-reader sr-only visually-hidden entry-meta post-meta article-meta author-info about-author
    post-tags article-tags entry-footer post-footer article-footer post-date posted-on you-may latest-news
    latest-posts top-stories top-news top-headlines
    """
)
_POSITIVE_HEADS: Final = frozenset(
    {"article", "story", "post", "entry", "blog", "main", "page", "news", "body", "text"}
)
_POSITIVE_TAILS: Final = frozenset({"body", "content", "text", "copy", "inner", "main"})
_POSITIVE: Final = _words(
    """
    articlebody articletext storybody bodytext bodycopy richtext wysiwyg prose hentry paragraph paragraphs
    """
)
_COMMENTS: Final = _words(
    """
    comments commentlist commentary-list disqus livefyre coral spotim respond replies viafoura talkback
    """
)
_STANDFIRST: Final = _words(
    """
    standfirst subtitle subheadline subhead subheading subtitulo sottotitolo dek deck lead lede intro introduction
    chapo chapeau summary excerpt abstract teasertext vorspann entradilla bajada strapline tagline occhiello ingress
    description
    """
)
_WORD_MARKS: Final = {
    word: (
        NEGATIVE * (word in _NEGATIVE or word in _COMMENTS)
        | POSITIVE * (word in _POSITIVE)
        | COMMENTS * (word in _COMMENTS)
        | STANDFIRST * (word in _STANDFIRST)
    )
    for word in _NEGATIVE | _POSITIVE | _COMMENTS | _STANDFIRST
}
_TELLING: Final = _WORD_MARKS.keys() | _POSITIVE_HEADS | {pair.partition("-")[0] for pair in _NEGATIVE_PAIRS}
"""A name without any of these words has no marks."""
_VALUE_CLASS = re.compile(
    r"^(?:category|tag|post|format|type|status|author|topic|page|elementor|has|is|wp)-.+|^elementor\b"
)
_STATES: Final = ("has-", "no-", "with-")
"""Before "comments", a state of a story or a page ("has-comments"), not where its comments are."""
_KEPT_VALUES: Final = _words("post-meta post-tags post-date post-footer post-navigation author-info")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LETTERS = re.compile(r"[a-z]+")


@lru_cache(maxsize=1 << 15)
def name_marks(names: str) -> int:
    """Marks of an element's attribute string (class, id, role, …)."""
    marks = 0
    for token in names.split()[:16]:
        if len(token) <= 60:
            marks |= _told(token)[0]
    return marks & ~NEGATIVE if marks & POSITIVE else marks


def name_words(name: str) -> list[str]:
    """The lower-case words of one name, which may be written with humps, dashes or anything else between them."""
    return _told(name)[1]


@lru_cache(maxsize=1 << 15)
def _told(name: str) -> tuple[int, list[str]]:
    """The marks and the words of one name."""
    words = _LETTERS.findall(name if name.islower() else _CAMEL.sub("-", name).lower())
    return (0 if _TELLING.isdisjoint(words) else _token_marks(name, words)), words


def _token_marks(token: str, words: list[str]) -> int:
    marks = paired = 0
    before = ""
    for word in words:
        marks |= _WORD_MARKS.get(word, 0)
        if before:
            if before in _POSITIVE_HEADS and word in _POSITIVE_TAILS:
                marks |= POSITIVE
            if f"{before}-{word}" in _NEGATIVE_PAIRS:
                paired = NEGATIVE
        before = word
    if marks & COMMENTS and token.lower().startswith(_STATES):
        marks &= ~(COMMENTS | NEGATIVE)
    if marks & NEGATIVE and not marks & COMMENTS and _is_value(token.lower()):
        marks &= ~NEGATIVE
    return marks | paired


def _is_value(token: str) -> bool:
    """Whether a name only files the page away (``tag-print``), which says nothing about the element."""
    return _VALUE_CLASS.match(token) is not None and token not in _KEPT_VALUES
