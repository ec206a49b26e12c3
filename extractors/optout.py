"""Machine-readable wishes not to be archived or mined, observed and never interpreted here.

X-Robots-Tag and meta robots: developers.google.com/search/docs/crawling-indexing/robots-meta-tag, and ``noai`` as
DeviantArt introduced it. TDM-Reservation: the W3C community group's TDM Reservation Protocol.
"""

from collections.abc import Iterator

from extractors.article import OptOut
from extractors.page import Page

WISHES = frozenset({"noarchive", "noindex", "none", "noai", "noimageai", "nocache", "notrain"})
"""Directives that ask not to be kept, found or learned from. Others, such as nofollow, are no wish of this kind."""

_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})


def header_optouts(page: Page) -> tuple[OptOut, ...]:
    """The wishes in a page's headers, in order, with an agent's name kept as in ``googlebot: noarchive``."""
    found: list[OptOut] = []
    for name, value in page.headers:
        if name == "x-robots-tag":
            found += [OptOut(signal="x-robots-tag", value=wish) for wish in _wishes(value)]
        elif name == "tdm-reservation" and value.strip() == "1":
            found.append(OptOut(signal="tdm-reservation-header", value="1"))
    return tuple(dict.fromkeys(found))


def meta_optouts(robots: str | None, tdm: str | None) -> tuple[OptOut, ...]:
    """The wishes in the contents of the meta elements ``robots`` and ``tdm-reservation``."""
    found = [OptOut(signal="meta-robots", value=wish) for wish in _wishes(robots or "")]
    if (tdm or "").strip() == "1":
        found.append(OptOut(signal="tdm-reservation-meta", value="1"))
    return tuple(dict.fromkeys(found))


def _wishes(value: str) -> Iterator[str]:
    """``googlebot: noarchive, noindex`` addresses both to googlebot, until another agent is named."""
    agent = ""
    for part in value.lower().split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip() in _VALUED:
            continue
        if colon:
            agent, part = f"{name.strip()}: ", rest  # noqa: PLW2901
        if part.strip() in WISHES:
            yield agent + part.strip()
