"""What was fetched or imported: the only input of an extractor."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response, after transfer and content decoding, before any parsing.

    ``url`` is the URL that was asked for and ``final_url`` the one that answered (equal to ``url`` when not given).
    ``headers`` are (lower-case name, value) pairs. ``media_type`` is the lower-case type without parameters and
    ``charset`` the label that the transport declared, if any. ``fetched_at`` is an aware UTC time; None means that
    nobody knows when the page looked like this (a text dump), so relative times in it stay unresolved.
    """

    url: str
    body: bytes
    final_url: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "text/html"
    charset: str | None = None
    fetched_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.final_url:
            object.__setattr__(self, "final_url", self.url)
        if self.fetched_at is not None and self.fetched_at.tzinfo is None:
            raise ValueError(f"Page {self.url}: fetched_at {self.fetched_at} has no time zone; give an aware time")

    def header(self, name: str) -> str | None:
        """The first value of a header, or None. ``name`` in lower case."""
        return next((value for key, value in self.headers if key == name), None)
