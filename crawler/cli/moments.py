"""Dates and times as options."""

from datetime import UTC, datetime

import click


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """An option's value as an aware time; a date is its first moment in UTC."""
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date; write it like 2026-11-22 or 2026-11-22T08:30Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
