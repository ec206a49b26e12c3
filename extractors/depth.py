"""A bound on how deep elements nest, as browsers have one: a parser looks through all open elements at each tag."""

import re
from typing import Final

DEEPEST: Final = 512
"""Elements within each other; the limit of Chromium and WebKit, so no reader sees more. Their text stays."""

_SUSPICIOUS: Final = 10_000  # tags; a page with fewer is parsed in no time, however they nest
_NESTING = re.compile(
    r"<(/?)(?:a|abbr|article|aside|b|big|blockquote|center|code|del|details|div|em|fieldset|figure|font|footer|form|header"
    r"|i|ins|label|main|nav|ol|q|s|section|small|span|strike|strong|sub|sup|tt|u|ul|[a-z]+-[a-z-]+)\b[^<>]*>",
    re.IGNORECASE,
)
"""Elements that only an end tag closes; paragraphs, items and cells also close each other."""


def within_depth(html: str) -> str:
    """The page without the tags beyond the limit; nearly always the page itself."""
    if html.count("<") < _SUSPICIOUS:
        return html
    depth = done = 0
    parts: list[str] = []
    for tag in _NESTING.finditer(html):
        depth += -1 if tag[1] else 1
        if depth < 0:
            depth = 0
        elif depth > DEEPEST or (depth == DEEPEST and tag[1]):
            parts.append(html[done : tag.start()])
            done = tag.end()
    return "".join((*parts, html[done:])) if parts else html
