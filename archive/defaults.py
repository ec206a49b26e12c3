"""What an archive works with unless it is told otherwise: a clock, a name, a reader of pages and its rules."""

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from extractors import Page, Reading


def now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


@cache  # each look-up reads folders, and remembers some of what it read
def software() -> str:
    """This program and its version."""
    try:
        return f"presskeep/{version('presskeep')}"
    except PackageNotFoundError:
        return "presskeep"


def read(page: Page) -> Reading:
    """The reader of pages."""
    from extractors import read as read_page  # here, as below, so that looking into an archive waits for no reader

    return read_page(page)


def rules_digest(url: str, fetched_at: datetime | None, media_type: str) -> str:
    """The rules under which that reader reads a page."""
    from extractors import rules_digest as digest

    return digest(url, fetched_at, media_type)
