"""Dates and times as options."""

import re
from datetime import UTC, datetime, timedelta

import click

_SPAN = re.compile(r"(\d{1,5})\s*(s|m|min|h)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours"}


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """An option's value as an aware time; a date is its first moment in UTC."""
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date; write it like 2026-11-22 or 2026-11-22T08:30Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def end_time(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """An option's value as the aware time at which something ends: 45m from now, the next 06:30 here, or a date."""
    if value is None:
        return None
    now = datetime.now().astimezone()
    if span := _SPAN.fullmatch(value.strip()):
        return now + timedelta(**{_UNITS[span[2]]: int(span[1])})
    if clock := _CLOCK.fullmatch(value.strip()):
        end = now.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return end if end > now else end + timedelta(days=1)
    try:
        end_given = moment(context, parameter, value)
    except click.BadParameter as error:
        raise click.BadParameter(f"{value!r} is no time; write it like 06:30, 45m, 2h or 2026-11-22T08:30Z") from error
    if end_given is not None and end_given <= now:
        raise click.BadParameter(f"{value!r} is past; write a time to come, such as 06:30, 45m or 2h")
    return end_given
