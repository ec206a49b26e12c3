"""The calendar dates of time texts: a core of day, month and year, and around it nothing but a clock, a zone and
words that say nothing. Works on folded text (see :mod:`extractors.when`)."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from extractors.when_calendar import MONTHS, WEEKDAYS, ZONES
from extractors.when_words import DATE_FILLERS

PUNCTUATION = frozenset(",.:;|·•–—-()/")
TOKEN = re.compile(r"\d+|[^\s\d,.:;|·•–—()/!?+\"]+|\S")

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_SEPARATOR = r"[\s.,/-]{0,3}"
_CORES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]",
        r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/.])(?:(?<=\.)\s)?(?P<b>\d{1,2})(?P=sep)(?:(?<=\.)\s)?(?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<a>\d{2})(?P<sep>[/.])(?P<b>\d{2})(?P=sep)(?P<y>\d{2})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|°)?{_SEPARATOR}(?:(?:de|di|of)\s)?(?P<name>{_MONTH})(?=[\s\d,./-]|$)"
        rf"(?:{_SEPARATOR}(?:(?:de|del|of)\s)?(?P<y>\d{{4}})(?![\d:]))?",
        rf"(?<![^\s,.:;|·•–—(/-])(?P<name>{_MONTH})\.?\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
        r"(?:[\s,]{1,3}(?P<y>\d{4})(?![\d:]))?",
    )
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([/-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")
"""What every core holds, and every full one: cheaper to look for than the cores."""

_CLOCK = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})(?:\s?[:.h]\s?(?P<min>\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s?(?:(?P<half>[ap]m)|hs?\b)?"
    r"|\s?(?P<lone>[ap]m|uhr|h|बजे))(?![^\W\d_yz])"
)
_DAY_FIRST = frozenset({"gb", "uk", "ie", "au", "nz", "in", "za", "ng", "ke", "pk", "sg", "my"})
_OFFSET = re.compile(r"(?:utc|gmt)?\s?(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<min>\d{2})?$")


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as stated. ``year`` is None when there is none; ``either_order`` when day and month may be exchanged;
    ``offset`` is the zone's distance from UTC when the text names one."""

    year: int | None
    month: int
    day: int
    either_order: bool = False
    clock: time | None = None
    offset: timedelta | None = None


def read_clock(before: str, after: str) -> tuple[time | None, timedelta | None] | None:
    """The time of day and zone around a day word; None where the line holds anything else."""
    found = _with_clock(StatedDate(None, 1, 1), before, after)
    return None if found is None else (found.clock, found.offset)


def read_date(line: str) -> StatedDate | None:
    """The one date that a folded line states, or None when it holds anything else."""
    for core in _CORES if _DIGIT.search(line) else ():
        found = core.search(line)
        stated = found and _stated(found.groupdict())
        if found and stated:
            return _with_clock(stated, line[: found.start()], line[found.end() :].removeprefix("t"))
    return None


def find_dates(line: str) -> list[tuple[int, StatedDate]]:
    """Every date with a year of four digits inside a line, in the line's order, with the place where it starts."""
    if _YEAR.search(line) is None:
        return []
    lowered = line.lower()
    found = [
        (match.start(), stated)
        for core in _CORES
        for match in core.finditer(lowered)
        if len(match["y"] or "") == 4 and (stated := _stated(match.groupdict()))
    ]
    return sorted(found, key=lambda pair: pair[0])


def stated_days(
    line: str, language: str, month_first: Callable[[], bool | None] = lambda: None
) -> Iterator[tuple[int, date]]:
    """The full dates inside a longer line, each with the place where it starts, whatever stands around them.

    ``04/05/2025`` counts only where ``language`` settles the order, or else ``month_first``, which is asked for no
    other date. Dates with two digits for the year do not count.
    """
    for start, stated in find_dates(line):
        month, day = stated.month, stated.day
        if stated.either_order and order_unknown(language):
            if (exchanged := month_first()) is None:
                continue
            month, day = (day, month) if exchanged else (month, day)
        if stated.year is not None:
            try:
                yield start, date(stated.year, month, day)
            except ValueError:
                continue


def month_first(lines: Iterable[str]) -> bool | None:
    """Whether a page writes the month before the day, by its dates that allow one order only; None if unclear."""
    found = [(int(date[1]) > 12, int(date[3]) > 12) for line in lines for date in _NUMERIC.finditer(line)]
    day_first, month_first = any(day for day, _ in found), any(day for _, day in found)
    return None if day_first == month_first else month_first


def order_unknown(language: str) -> bool:
    """Whether the order of day and month is open: in English without a country, or of the United States, a tag that
    sites everywhere carry by default."""
    return language[:2].lower() in ("en", "") and language[3:].lower() not in _DAY_FIRST


def _stated(parts: dict[str, str | None]) -> StatedDate | None:
    year = int(parts["y"]) if parts["y"] else None
    if year is not None and year < 100:
        year += 2000
    if "a" in parts:
        return _numeric(int(parts["a"] or 0), int(parts["b"] or 0), parts["sep"] or "", year)
    name = parts.get("name")
    month = MONTHS[name] if name else int(parts.get("m") or 0)
    return _checked(StatedDate(year, month, int(parts["d"] or 0)))


def _numeric(first: int, second: int, separator: str, year: int | None) -> StatedDate | None:
    """Dots always mean day first; so does a first number that can be no month."""
    if second > 12:
        return _checked(StatedDate(year, first, second))
    either = separator != "." and first <= 12 and first != second
    return _checked(StatedDate(year, second, first, either))


def _checked(stated: StatedDate) -> StatedDate | None:
    possible = 1 <= stated.month <= 12 and 1 <= stated.day <= 31
    return stated if possible and (stated.year is None or 1000 <= stated.year <= 9000) else None


def _with_clock(stated: StatedDate, before: str, after: str) -> StatedDate | None:
    rest = f"{before} {after}".strip()
    clock = _CLOCK.search(rest)
    if clock:
        stated = replace(stated, clock=_clock(clock))
        rest = f"{rest[: clock.start()]} {rest[clock.end() :]}".strip()
    offset = _OFFSET.search(rest)
    if offset and clock:
        distance = timedelta(hours=int(offset["h"]), minutes=int(offset["min"] or 0))
        stated = replace(stated, offset=distance if offset["sign"] == "+" else -distance)
        rest = rest[: offset.start()]
    return _with_zone(stated, [token for token in TOKEN.findall(rest) if token not in PUNCTUATION])


def _with_zone(stated: StatedDate, tokens: list[str]) -> StatedDate | None:
    """``tokens`` may be zone names, weekdays and fillers, and nothing else."""
    unknown = [token for token in tokens if token not in DATE_FILLERS and token not in WEEKDAYS]
    if len(unknown) > 1 or not all(token in ZONES for token in unknown):
        return None
    return replace(stated, offset=ZONES[unknown[0]]) if unknown else stated


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found["h"]), int(found["min"] or 0)
    half = found["half"] or found["lone"]
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
