"""Moments out of machine-readable (and, failing that, human) date texts."""

import re
from datetime import UTC, date, datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from extractors.article import Moment
from extractors.when import stated_moment
from extractors.when_calendar import MONTHS, ZONES

EARLIEST: Final = 1990
LATEST: Final = 2100

_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_PRINTED = re.compile(
    r"\w{3} (?P<month>\w{3}) (?P<day>\d{1,2}) (?:(?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) GMT(?P<zone>[+-]\d{4})"
    r"|(?P<time_>\d\d:\d\d:\d\d) (?P<zone_>[A-Z]{2,5}) (?P<year_>\d{4}))"
)
"""As JavaScript and Java print a date: "Wed Mar 04 2026 07:30:00 GMT+0100 (CET)", "Wed Mar 04 07:30:00 CET 2026"."""
_EPOCH = re.compile(r"\A1\d{9}(?:\d{3})?\Z")


def moment(text: str, language: str = "en") -> Moment | None:
    """An aware datetime, or a date where the text gives no zone; None for what is no date between 1990 and 2100.

    ``language`` (a tag such as "de-AT") decides the order of day and month where nothing else does.
    """
    text = text.strip(" \t\r\n\"'")[:100]
    if _DIGIT.search(text) is None:
        return None
    found = _iso(text) or _printed(text) or _mail(text, language) or _epoch(text) or _day(text)
    found = found or stated_moment(text, language)
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
    if text.endswith((" UTC", " GMT")):
        text = f"{text[:-4]}+00:00"
    try:
        return _dated(datetime.fromisoformat(text)) if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        return None


def _printed(text: str) -> Moment | None:
    found = _PRINTED.match(text)
    if found is None:
        return None
    month, zone = MONTHS.get(found["month"].lower(), 0), found["zone"] or found["zone_"]
    day = f"{found['year'] or found['year_']}-{month:02}-{int(found['day']):02}"
    stated, offset = f"{day}T{found['time'] or found['time_']}", ZONES.get(zone.lower())
    try:
        if offset is not None:
            return datetime.fromisoformat(stated).replace(tzinfo=timezone(offset))
        return _dated(datetime.fromisoformat(f"{stated}{found['zone'] or ''}"))
    except ValueError:
        return None


def _mail(text: str, language: str) -> Moment | None:
    try:
        known = _dated(parsedate_to_datetime(text))
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return known if isinstance(known, datetime) else stated_moment(text, language) or known


def _epoch(text: str) -> Moment | None:
    return datetime.fromtimestamp(int(text[:10]), UTC) if _EPOCH.match(text) else None


def _day(text: str) -> Moment | None:
    found = _DAY.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
