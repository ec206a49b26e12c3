"""What a time text such as "4 hours ago" or "December 04, 2025" means, as an interval.

A line is a time text when every word of it is known and the words fit one of three patterns: an age, a day word, or a
date. The words of all languages lie in :mod:`extractors.when_words`; no pattern looks at anything else.

What an interval means, with T the time of the fetch:

* "4 hours ago" is ``[T - 5 h, T - 3.5 h]``: some sites round an age down, others to the nearest unit (WordPress does),
  and a page does not say which. "a few" is 2 to 10. A month counts 28 to 31 days and a year 365 or 366.
* "just now" is the five minutes before T. "yesterday" is the day before T's, in UTC or in the
  zone that the text names; with a time of day and a zone it is that minute. "Monday, 14:05" and "last Monday" are the
  last Monday before T's day, but on a Monday the first is unknown; a weekday alone is no time text.
* A date is its UTC day, or its day in the zone that the text names. A date with a time and a zone is that minute. A
  time without a zone says no more than its date. A date without a year is its last occurrence up to the day after T.
* ``04/05/2025`` is known only to a reader who knows the site's language: without one, or in English without a country
  that writes the day first, it means nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from extractors.when_calendar import WEEKDAY_NUMBERS
from extractors.when_dates import PUNCTUATION, TOKEN, StatedDate, order_unknown, read_clock, read_date
from extractors.when_words import (
    AGO,
    AND,
    DAY_WORDS,
    FILLERS,
    LAST,
    NOW,
    NUMBERS,
    PART_OF_DAY,
    PHRASES,
    UNITS,
    UNITS_ALONE,
    UNSPACED,
    WHOLE_LINES,
)

LONGEST = 80
"""Characters; a longer line is no time text."""

_DAY = timedelta(days=1)
_SPACED_PHRASES = tuple((f" {phrase} ", f" {word} ") for phrase, word in PHRASES.items())
_FIRST_WORDS = frozenset(phrase.split()[0] for phrase in PHRASES)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Age:
    """Between ``newest`` and ``oldest`` before the fetch."""

    newest: timedelta
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class _DayBefore:
    """A day some days before the fetch, or the last one of that weekday (Monday is 0) before the fetch's day."""

    days: int
    weekday: int | None
    past: bool
    clock: time | None
    offset: timedelta | None


_Meaning = _Age | _DayBefore | StatedDate


def is_when(text: str) -> bool:
    """Whether a short line is a time text and nothing else."""
    return _meaning(text) is not None


def is_age(text: str) -> bool:
    """Whether a time text counts from the fetch ("4 hours ago", "yesterday"), so that it changes from look to look."""
    return isinstance(_meaning(text), _Age | _DayBefore)


def when_interval(text: str, fetched_at: datetime | None, language: str | None = None) -> Interval | None:
    """The aware UTC interval that a time text means at ``fetched_at``, or None if it means none.

    A full date needs no ``fetched_at``. ``language`` (a tag such as "de-AT") decides the order of day and month.
    """
    meaning = _meaning(text)
    try:
        if isinstance(meaning, StatedDate):
            return _of_date(meaning, fetched_at, language or "en")
        if meaning is None or fetched_at is None:
            return None
        now = fetched_at.astimezone(UTC)
        if isinstance(meaning, _Age):
            return now - meaning.oldest, now - meaning.newest
        return _of_day(meaning, now)
    except (OverflowError, ValueError):  # no calendar has it (31 February), or it is not clear
        return None


def stated_moment(text: str, language: str = "en") -> datetime | date | None:
    """The full date that a text states and nothing else: an aware datetime where it gives time and zone.

    ``04/05/2025`` is known only where ``language`` settles the order.
    """
    stated = _meaning(text)
    if not isinstance(stated, StatedDate) or stated.year is None:
        return None
    if stated.either_order and order_unknown(language):
        return None
    try:
        day = date(stated.year, stated.month, stated.day)
        if stated.clock is None or stated.offset is None:
            return day
        return datetime.combine(day, stated.clock, timezone(stated.offset))
    except ValueError:  # no calendar has the day, or no place is a day or more away from Greenwich
        return None


def _meaning(text: str) -> _Meaning | None:
    return _meaning_of(text) if 1 < len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _meaning_of(text: str) -> _Meaning | None:
    line = folded(text)
    tokens = [token for token in TOKEN.findall(line) if token not in PUNCTUATION]
    return _age(tokens) or _day_word(line) or read_date(line)


def folded(text: str) -> str:
    """Lower case, decimal digits of any script as 0-9, phrases of several words as one."""
    words = (text.lower() if text.isascii() else _plain(text)).split()
    line = " ".join(words)
    if not _FIRST_WORDS.isdisjoint(words):
        line = f" {line} "
        for phrase, word in _SPACED_PHRASES:
            if phrase in line:
                line = line.replace(phrase, word)
        line = line.strip()
    return WHOLE_LINES.get(line, line)


def _plain(text: str) -> str:
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    lowered = "".join(digits).lower().replace("’", "'")
    if not lowered.isascii():
        for unit, spaced in UNSPACED.items():
            lowered = lowered.replace(unit, spaced)
        lowered = PART_OF_DAY.sub(_with_half, lowered)
    return lowered


def _with_half(found: re.Match[str]) -> str:
    """A Hindi clock with its part of the day, as one with "am" or "pm"."""
    hour = int(found[2])
    late = found[1] == "शाम" or (found[1] == "दोपहर" and hour != 11) or (found[1] == "रात" and 6 <= hour < 12)
    return f"{found[2]}{found[3] or ''} {'pm' if late else 'am'}"


def _age(tokens: list[str]) -> _Age | None:
    """An "ago" word with one or two pairs of number and unit, or "just now"; without "ago" only such as "4h"."""
    rest = [token for token in tokens if token not in FILLERS and token not in AGO]
    ago = len(tokens) > len(rest) and any(token in AGO for token in tokens)
    if len(rest) == 1 and rest[0] in NOW:
        return _Age(timedelta(0), timedelta(minutes=5))
    if len(rest) == 5 and rest[2] in AND:
        del rest[2]
    numbers, units = rest[::2], rest[1::2]
    if len(numbers) != len(units) or not 1 <= len(units) <= 2 or any(unit not in UNITS for unit in units):
        return None
    counts = [count for count in map(_count, numbers) if count]
    if len(counts) != len(units) or not (ago or units[-1] in UNITS_ALONE):
        return None
    return _span(counts, units)


def _count(token: str) -> tuple[int, int] | None:
    if token.isdecimal() and len(token) < 6:
        return int(token), int(token)
    return NUMBERS.get(token)


def _span(counts: list[tuple[int, int]], units: list[str]) -> _Age:
    """From the smallest reading less half a unit to the largest reading and one unit more."""
    newest, oldest = -UNITS[units[-1]][0] / 2, UNITS[units[-1]][1]
    for (fewest, most), unit in zip(counts, units, strict=True):
        shortest, longest = UNITS[unit]
        newest += fewest * shortest
        oldest += most * longest
    return _Age(max(newest, timedelta(0)), oldest)


def _day_word(line: str) -> _DayBefore | None:
    """A day word, or a weekday with a time of day or a word that makes it past, and perhaps a zone."""
    tokens = TOKEN.findall(line)
    named = [token for token in tokens if token in DAY_WORDS]
    if not named:
        return _weekday(line, tokens)
    before, _, after = line.partition(named[0])
    clock = read_clock(before, after) if len(named) == 1 else None
    return None if clock is None else _DayBefore(DAY_WORDS[named[0]], None, True, *clock)


def _weekday(line: str, tokens: list[str]) -> _DayBefore | None:
    named = [token for token in tokens if token in WEEKDAY_NUMBERS]
    if len(named) != 1:
        return None
    past = any(token in LAST for token in tokens)
    before, _, after = " ".join(token for token in line.split() if token not in LAST).partition(named[0])
    clock = read_clock(before, after)
    if clock is None or not (past or clock[0]):
        return None
    return _DayBefore(0, WEEKDAY_NUMBERS[named[0]], past, *clock)


def _of_date(stated: StatedDate, fetched_at: datetime | None, language: str) -> Interval | None:
    if stated.either_order and order_unknown(language):
        return None
    year = stated.year or _latest_year(stated, fetched_at)
    if year is None:
        return None
    day = date(year, stated.month, stated.day)
    zone = UTC if stated.offset is None else timezone(stated.offset)
    if stated.clock is None or stated.offset is None:
        return _day(day, zone)
    start = datetime.combine(day, stated.clock, zone).astimezone(UTC)
    return start, start + timedelta(minutes=1)


def _of_day(meaning: _DayBefore, now: datetime) -> Interval:
    zone = UTC if meaning.offset is None else timezone(meaning.offset)
    today = now.astimezone(zone).date()
    if meaning.weekday == today.weekday() and not meaning.past:
        raise ValueError("today or a week ago")
    days = meaning.days if meaning.weekday is None else (today.weekday() - meaning.weekday - 1) % 7 + 1
    day = today - _DAY * days
    if meaning.clock is None or meaning.offset is None:
        return _day(day, zone)
    start = datetime.combine(day, meaning.clock, zone).astimezone(UTC)
    return start, start + timedelta(minutes=1)


def _latest_year(stated: StatedDate, fetched_at: datetime | None) -> int | None:
    if fetched_at is None:
        return None
    last = (fetched_at.astimezone(UTC) + _DAY).date()
    return last.year if (stated.month, stated.day) <= (last.month, last.day) else last.year - 1


def _day(day: date, zone: timezone) -> Interval:
    start = datetime.combine(day, time(0), zone).astimezone(UTC)
    return start, start + _DAY
