"""Moments out of machine-readable (and, failing that, human) date texts."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from extractors.article import Moment
from extractors.when import when_interval

EARLIEST: Final = 1990
LATEST: Final = 2100

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_NAMED_DAY = re.compile(r"\b\w{3} (\w{3} \d{2}) (\d{4}) \d\d:\d\d")
_EPOCH = re.compile(r"\A1\d{9}(?:\d{3})?\Z")


def moment(text: str) -> Moment | None:
    """An aware datetime, or a date where the text gives no zone; None for what is no date between 1990 and 2100."""
    text = text.strip()[:100]
    if not any(character.isdecimal() for character in text):
        return None
    found = _iso(text) or _mail(text) or _epoch(text) or _day(text) or _human(text)
    return found if found is not None and EARLIEST <= found.year < LATEST else None


def day_of(known: Moment) -> date:
    """The day of a moment, in its own zone."""
    return known.date() if isinstance(known, datetime) else known


def _dated(value: datetime) -> Moment:
    try:
        return value.date() if value.utcoffset() is None else value.astimezone(value.tzinfo)
    except OverflowError:
        return value.date()


def _iso(text: str) -> Moment | None:
    try:
        return _dated(datetime.fromisoformat(text)) if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> Moment | None:
    try:
        return _dated(parsedate_to_datetime(text))
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _epoch(text: str) -> Moment | None:
    return datetime.fromtimestamp(int(text[:10]), UTC) if _EPOCH.match(text) else None


def _day(text: str) -> Moment | None:
    found = _DAY.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _human(text: str) -> Moment | None:
    """A date in words. The middle of the day's interval is that day in every zone west and east of UTC."""
    found = _NAMED_DAY.search(text)
    interval = when_interval(f"{found[1]}, {found[2]}" if found else text, None)
    return None if interval is None else (interval[0] + (interval[1] - interval[0]) / 2).date()
