"""Is this URL an article? Told by its shape alone, before anything is fetched."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


_REFUSED_ANYWHERE: Final = _words("""
    tag tags tagged topic topics category categories author authors authorlist contributor contributors byline profile
    profiles search suche recherche buscar login signin sign-in signup sign-up register account accounts subscribe
    subscription subscriptions newsletter newsletters preferences wp-admin wp-login.php wp-json cdn-cgi cart checkout
    feed feeds rss sitemap sitemaps user users member members label labels
    thema themen schlagwort podcast podcasts autor autoren autores auteur auteurs etiqueta etiquetas
""")
"""Segments that mark a list, a form or a service, also when one name follows; a section and a story may follow too."""

_REFUSED_FIRST: Final = _words("""
    about about-us contact contact-us privacy privacy-policy terms terms-of-use terms-of-service terms-and-conditions
    cookie-policy cookies advertise advertising careers jobs help faq support imprint impressum datenschutz legal
    accessibility corrections-policy editorial-policy ethics-policy shop store donate membership archive archives
    live-tv tv-guide tv-schedule weather-forecast horoscopes crosswords puzzles games
""")
"""First segments of pages about the site itself and of its services."""

_MEDIA: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|mov|avi|ogg|wav|m3u8|pdf|docx?|xlsx?|pptx?|zip|"
    r"gz|tgz|7z|rar|exe|apk|dmg|css|js|mjs|json|xml|rss|atom|ics|csv|txt|woff2?|ttf|epub)\Z",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d([/._-]?)(?:0?[1-9]|1[0-2]|[a-z]{3})\1(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_MONTH: Final = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2]|[a-z]{3})/(?!page/)[^/]*[^\W\d][^/]*")
_PAGE_NUMBER: Final = re.compile(r"/page[/-]\d+/?\Z")
_NUMBER: Final = re.compile(r"\d{4,}")
_YEAR_ALONE: Final = re.compile(r"(?:19|20)\d\d")
_WORD: Final = re.compile(r"[^\W\d_]{2,}|\d+")
_KEY: Final = re.compile(r"(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9-]{8,}", re.IGNORECASE)
_EXTENSION: Final = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cms|ece|amp|do|story|print)\Z")
_INDEX: Final = frozenset({"index", "default", "home", "amp"})
_SLUG_WORDS: Final = 3
_SURE_SLUG_WORDS: Final = 4
_HEADLINE_WORDS: Final = 3
_SURE_HEADLINE_WORDS: Final = 6
_ID_PARAMETERS: Final = frozenset(
    {"p", "id", "aid", "artid", "articleid", "article_id", "newsid", "nid", "storyid", "sid"}
)


def refusal(url: str) -> str:
    """Why a URL cannot be an article: what of it says so, or "" when nothing does.

    Only shapes that articles do not have are refused; a URL of no particular shape is not.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "no URL"
    segments = _segments(parts.path)
    if not segments:
        return "" if _numbered(parts.query) else "a home page"
    if media := _MEDIA.search(parts.path):
        return f"a {media[0].lower()} file"
    if segments[0] in _REFUSED_FIRST and not (_slug(segments[-1]) or _DATE.search(parts.path)):
        return f"/{segments[0]}"
    for place, segment in enumerate(segments):
        story_follows = place < len(segments) - 2 and _tells(segments[-1:])
        if segment in _REFUSED_ANYWHERE and not story_follows:
            return f"/{segment}"
    return "a further page of a list" if _PAGE_NUMBER.search(parts.path.lower()) else ""


def is_article_link(url: str, text: str) -> bool:
    """Whether a link with this text leads to an article: it has words of a headline, and its URL the shape of one.

    A slug of three words may name a section ("news-and-views"): it takes the longer text of a headline to tell.
    """
    words = len(text.split())
    if words < _HEADLINE_WORDS:
        return False
    return is_article_url(url, _SLUG_WORDS if words >= _SURE_HEADLINE_WORDS else _SURE_SLUG_WORDS)


def is_article_url(url: str, slug_words: int = _SLUG_WORDS) -> bool:
    """Whether a URL has the shape of an article: a date, a slug of so many words, a number of four digits or a key; and
    nothing that only lists, forms, services and media have."""
    if refusal(url):
        return False
    parts = urlsplit(url)
    path = unquote(parts.path).lower()
    if _MONTH.search(path) or (_DATE.search(path) and not _DATE.fullmatch(path.strip("/"))):
        return True
    return _tells(_segments(parts.path), slug_words) or _numbered(parts.query)


def _segments(path: str) -> list[str]:
    """The segments of a path in lower case, without the names that stand for a folder and extensions of pages."""
    segments = [_EXTENSION.sub("", segment) for segment in unquote(path).lower().split("/") if segment]
    while segments and segments[-1] in _INDEX:
        segments.pop()
    return segments


def _tells(segments: list[str], slug_words: int = _SLUG_WORDS) -> bool:
    """Whether one of the last two segments is a slug or names a story by its number or key."""
    return any(_slug(segment, slug_words) or _identifies(segment) for segment in segments[-2:])


def _slug(segment: str, words: int = _SLUG_WORDS) -> bool:
    return len(_WORD.findall(segment)) >= words and bool(re.search(r"[-_+ ,]", segment))


def _identifies(segment: str) -> bool:
    numbers = [number for number in _NUMBER.findall(segment) if not _YEAR_ALONE.fullmatch(number)]
    return bool(numbers) or bool(_KEY.fullmatch(segment))


def _numbered(query: str) -> bool:
    return any(name.lower() in _ID_PARAMETERS and value.isdigit() for name, value in parse_qsl(query))
