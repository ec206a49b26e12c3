"""Machine-readable wishes not to be archived or mined, observed and never interpreted here.

X-Robots-Tag and meta robots: developers.google.com/search/docs/crawling-indexing/robots-meta-tag, and ``noai`` as
DeviantArt introduced it. TDM-Reservation: the W3C community group's TDM Reservation Protocol.
"""

import re
from collections.abc import Iterable, Iterator

from extractors.article import OptOut
from extractors.page import Page

WISHES = frozenset({"noarchive", "noindex", "none", "noai", "noimageai", "nocache", "notrain"})
"""Directives that ask not to be kept, found or learned from. Others, such as nofollow, are no wish of this kind."""

_DIRECTIVES = WISHES | {
    "all",
    "index",
    "follow",
    "nofollow",
    "noodp",
    "noydir",
    "nosnippet",
    "noimageindex",
    "notranslate",
}
"""Whatever meta element holds nothing but these speaks to the robot that it is named after."""

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


def meta_optouts(metas: Iterable[tuple[str, str]]) -> tuple[OptOut, ...]:
    """The wishes in meta elements, given as names in lower case and contents, in order: those of ``robots`` and
    ``tdm-reservation``, and those to one robot, such as ``<meta name="googlebot">``, as ``googlebot: noarchive``.
    """
    found: list[OptOut] = []
    for name, content in metas:
        if name == "tdm-reservation":
            found += [OptOut(signal="tdm-reservation-meta", value="1")] if content.strip() == "1" else []
        elif name == "robots" or (_ROBOT.fullmatch(name) and _is_to_robots(content)):
            agent = "" if name == "robots" else f"{name}: "
            found += [OptOut(signal="meta-robots", value=agent + wish) for wish in _wishes(content)]
    return tuple(dict.fromkeys(found))


_ROBOT = re.compile(r"[a-z][a-z0-9_-]{2,40}")
_LONGEST = 200  # characters of a list of directives


def _is_to_robots(content: str) -> bool:
    tokens = _tokens(content) if len(content) <= _LONGEST else []
    return bool(tokens) and all(token in _DIRECTIVES or token.partition(":")[0] in _VALUED for token in tokens)


def _tokens(text: str) -> list[str]:
    """Directives stand between commas; some sites write spaces only."""
    return [token for token in re.split(r"[,\s]+", text.lower()) if token]


def _wishes(value: str) -> Iterator[str]:
    """``googlebot: noarchive, noindex`` addresses both to googlebot, until another agent is named."""
    agent = ""
    for part in value.lower().split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip() in _VALUED:
            continue
        if colon:
            agent, part = f"{name.strip()}: ", rest  # noqa: PLW2901
        yield from (agent + token for token in _tokens(part) if token in WISHES)
