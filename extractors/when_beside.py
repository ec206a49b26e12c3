"""What a line means beside a headline that by itself would be no time text: "Monday", "14:05", "last week".

Such a line dates an item of a list, and nothing else. With T the time of the fetch:

* A weekday is the last one before T's day (UTC); on the day itself it is unknown whether today or a week ago is meant.
* A time of day with a zone is its last minute before T; without one, the 24 hours before T.
* "last week" is the week before T's, from Monday or from Sunday; "last month" and "last year" are the calendar's.
* "May 2025" is the month, "5.12." the last such day up to T's next one.
* "this morning" and "earlier today" are T's day.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from extractors.when import LONGEST, Interval, folded
from extractors.when_calendar import MONTHS, WEEKDAY_NUMBERS
from extractors.when_dates import PUNCTUATION, TOKEN, read_clock
from extractors.when_words import ARTICLES, FILLERS, LAST, LAST_UNITS, TODAY_PHRASES

_DAY: Final = timedelta(days=1)
_CLOCK_WORDS: Final = 4
_EMPTY: Final = ARTICLES | (FILLERS - LAST)
_SHORT_DATE: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:[\s,|·–-]{1,3}\d{1,2}[:.]\d{2}(?: uhr)?)?")
"""Always day first."""


def beside_interval(text: str, fetched_at: datetime) -> Interval | None:
    """The aware UTC interval that a line beside a headline means at ``fetched_at``, or None if it means none."""
    line = folded(text) if 1 < len(text) <= LONGEST else ""
    now = fetched_at.astimezone(UTC)
    today = now.date()
    plain = [token for token in TOKEN.findall(line) if token not in PUNCTUATION]
    words = [token for token in plain if token not in _EMPTY]
    told = [token for token in plain if token not in FILLERS]
    if " ".join(plain) in TODAY_PHRASES:
        return _days(today, today + _DAY)
    if len(told) == 1 and told[0] in WEEKDAY_NUMBERS:
        return _weekday(WEEKDAY_NUMBERS[told[0]], today)
    if len(words) == 2 and not LAST.isdisjoint(words):
        return _last(next((LAST_UNITS[word] for word in words if word in LAST_UNITS), ""), today)
    if len(words) == 2 and words[0] in MONTHS and words[1].isdecimal() and len(words[1]) == 4:
        return _month(int(words[1]), MONTHS[words[0]])
    if short := _SHORT_DATE.fullmatch(line):
        return _day_of_year(int(short[2]), int(short[1]), today)
    return _clock(line, now) if len(line.split()) <= _CLOCK_WORDS else None


def _weekday(weekday: int, today: date) -> Interval | None:
    days = (today.weekday() - weekday) % 7
    return _days(today - _DAY * days, today - _DAY * (days - 1)) if days else None


def _last(unit: str, today: date) -> Interval | None:
    if unit == "week":
        monday = today - _DAY * today.weekday()
        return _days(monday - 8 * _DAY, monday)
    if unit == "month":
        last = today.replace(day=1) - _DAY
        return _month(last.year, last.month)
    return _days(date(today.year - 1, 1, 1), date(today.year, 1, 1)) if unit else None


def _day_of_year(month: int, day: int, today: date) -> Interval | None:
    """The last such day up to tomorrow."""
    latest = today + _DAY
    year = latest.year if (month, day) <= (latest.month, latest.day) else latest.year - 1
    try:
        found = date(year, month, day)
    except ValueError:  # no calendar has it
        return None
    return _days(found, found + _DAY)


def _month(year: int, month: int) -> Interval | None:
    if not 1000 <= year <= 9000:
        return None
    return _days(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


def _clock(line: str, now: datetime) -> Interval | None:
    clock, offset = read_clock(line, "") or (None, None)
    if clock is None:
        return None
    if offset is None:
        return now - _DAY, now
    here = now.astimezone(timezone(offset))
    start = datetime.combine(here.date(), clock, here.tzinfo)
    start = (start if start <= here else start - _DAY).astimezone(UTC)
    return start, start + timedelta(minutes=1)


def _days(first: date, past: date) -> Interval:
    return datetime.combine(first, time(0), UTC), datetime.combine(past, time(0), UTC)
