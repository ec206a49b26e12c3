"""How times, numbers and kinds read on the pages."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup, escape

from archive.search import CLOSE, OPEN

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")

_MISLEADING = re.compile(r"[\s%<>\"\u061c\u115f\u1160\u3164\ufe00-\ufe0f\uffa0]")  # in an address with its letters

_LONGEST = 800  # characters of a headline, a byline or an address on a page
_WHOLE = frozenset({"text", "url", "final_url", "canonical_url", "home", "paragraphs", "rules"})

KINDS = {
    "headline": "headline changed",
    "correction": "note of correction",
    "flip-flop": "back to an earlier text",
    "quote": "quotation changed",
    "number": "number changed",
    "body": "text changed",
    "byline": "byline changed",
    "dates": "dates changed",
    "paywalled": "only its beginning shown",
    "vanished": "vanished",
    "returned": "returned",
    "cosmetic": "typography only",
}
"""What each kind of event is called."""


def brief(data: Any, name: str = "") -> Any:
    """What a page shows of its data: strings cut to a length that any headline has, texts and addresses left whole.

    A browser takes seconds to break one word of 60,000 letters into lines of some fonts.
    """
    if isinstance(data, dict):
        return {key: brief(value, key) for key, value in data.items()}
    if isinstance(data, list):
        return [brief(value, name) for value in data]
    if isinstance(data, str) and len(data) > _LONGEST and name not in _WHOLE:
        return f"{data[:_LONGEST]}…"
    return data


def number(value: int | float | None) -> str:
    """``12,345``; a dash for what is not known."""
    return "–" if value is None else f"{value:,}"


def size(value: int | float | None) -> str:
    """Bytes in the largest unit that leaves a number before the point."""
    if value is None:
        return "–"
    amount, unit = float(value), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    shown = f"{amount:.0f}" if unit == 0 or amount >= 100 else f"{amount:.1f}".removesuffix(".0")
    return f"{shown} {_UNITS[unit]}"


def count(value: int | None, one: str, many: str | None = None) -> str:
    """``1 edit``, ``12 edits``."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def moment(text: object) -> Markup:
    """A stored time as a ``time`` element; a date stays a date, times are UTC, anything else is text."""
    found = _MOMENT.match(text) if isinstance(text, str) else None
    if found is None or not 1 <= int(found[2]) <= 12:
        return escape(str(text)) if text else Markup("–")
    year, month, day, clock = found.groups()
    shown = f"{int(day)} {MONTHS[int(month) - 1]} {year}" + (f", {clock}" if clock else "")
    return Markup('<time datetime="{}">{}</time>').format(text, shown)


def kind(name: str) -> str:
    """An event's kind in words."""
    return KINDS.get(name, name)


def address(url: object) -> str:
    """A URL as people read it: its letters instead of their bytes, where none of them could mislead."""
    text = str(url)
    try:
        shown = unquote(text, errors="strict")
    except UnicodeDecodeError:
        shown = text
    told = shown if shown.isprintable() and not _MISLEADING.search(shown) else text
    return str(brief(told))


def field(name: str) -> str:
    """What a field of an article is called."""
    return name.replace("_url", " address").replace("_", " ").capitalize()


def outcome(name: str) -> str:
    """An outcome in words."""
    return f"HTTP {name[5:]}" if name.startswith("http-") else name.replace("-", " ")


def snippet(text: str) -> Markup:
    """A search snippet with its marks as ``mark`` elements: escaped first, marked up then."""
    marked = str(escape(text)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return Markup(marked)  # noqa: S704 - escaped above


def span(start: object, end: object) -> str:
    """How long something took or stood, in its largest unit: ``3 hours``; empty when it is not known."""
    if not isinstance(start, str) or not isinstance(end, str) or len(start) <= 10 or len(end) <= 10:
        return ""
    try:
        seconds = (_parsed(end) - _parsed(start)).total_seconds()
    except ValueError:
        return ""
    for length, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return count(int(seconds // length), unit)
    return ""


def _parsed(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
