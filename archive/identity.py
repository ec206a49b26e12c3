"""Whose page is it: from the URL asked for, the URL that answered and what the page says of itself."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors import Article, ExtractorError, Page, normalize_url, registrable_domain

IMPORT_SCHEME = "import:"
"""Begins the URL of a page that came without one: ``import:<raw key>``."""

IMPORT_SITE = "import"


@dataclass(frozen=True, slots=True)
class Identity:
    """Normal forms: the URL asked for, the page that answered for it, and the canonical URL that the page claims.

    ``claim`` is None unless it lies in the page's own registrable domain. ``sent_home`` tells that the site answered
    with its home page, which is what some sites do with a removed article.
    """

    asked: str
    page: str
    claim: str | None
    sent_home: bool


def page_url(url: str) -> str:
    """The identity of a URL: its normal form, or the URL itself for a page that came without one."""
    return url if url.startswith(IMPORT_SCHEME) else normalize_url(url)


def site_of(url: str) -> str:
    """The site of a page that no configured site names."""
    return IMPORT_SITE if url.startswith(IMPORT_SCHEME) else registrable_domain(url)


def identify(page: Page, article: Article | None) -> Identity:
    """Redirects and claims count only within one registrable domain. Raises URLError for an unusable ``page.url``."""
    asked = page_url(page.url)
    shown = asked if page.final_url == page.url else _within(asked, page.final_url) or asked
    home = _is_home(shown) and not _is_home(asked)
    shown = asked if home else shown
    return Identity(asked, shown, _claim(shown, article), home)


def sent_home(url: str, final_url: str) -> bool:
    """Whether a site answered with its home page in place of the one asked for."""
    asked = page_url(url)
    return _is_home(_within(asked, final_url) or asked) and not _is_home(asked)


def _claim(shown: str, article: Article | None) -> str | None:
    """A canonical link to the home page is a common mistake of templates and claims nothing."""
    if article is None or not article.canonical_url:
        return None
    if article.canonical_url == shown:
        return shown
    claim = _within(shown, article.canonical_url)
    return None if claim is None or (_is_home(claim) and claim != shown) else claim


def _within(url: str, other: str) -> str | None:
    """The normal form of ``other`` when it belongs to the same owner as ``url``."""
    if url.startswith(IMPORT_SCHEME) or other.startswith(IMPORT_SCHEME):
        return None
    try:
        normal = normalize_url(other, url)
        return normal if _owner(normal) == _owner(url) else None
    except ExtractorError:
        return None


def _owner(url: str) -> str:
    """The registrable domain of a URL in its normal form; asked by host, since hosts have many pages."""
    return registrable_domain(url.partition("://")[2].partition("/")[0].partition("?")[0])


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not url.startswith(IMPORT_SCHEME)
