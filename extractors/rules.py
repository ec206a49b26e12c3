"""The rules of a site as data: one TOML file a site, dated blocks in it, CSS selectors in each block.

    host = "example.com"              # www.example.com is meant too
    also = ["m.example.com"]          # further hosts with the same pages

    [[block]]
    valid_from = 2024-01-01           # the block is chosen by a page's fetch date; the last one for a page without
    valid_until = 2025-06-30          # optional and inclusive; else until the next block begins
    body = "article .text"            # the only key that a block needs
    drop = [".caption", ".share"]     # parts of the body that are no text
    title = "h1"                      # also: authors, published, modified, section, tags, image
    [[block.lists]]
    heading = ".side h3"              # a selector, or text = "Top stories" where the page prints none
    item = ".side li"                 # title, url, teaser, section and when are looked up inside each item
    title = "a"
    kind = "top"

    [[tests]]                         # what a page of the site is known to give; `presskeep sites test` tries it
    page = "bridge.html"              # a file beside the rules, or a raw key or URL of an archive
    url = "https://example.com/bridge"
    fetched = 2025-03-04T12:00:00Z    # picks the dated block, and says what "4 hours ago" meant
    title = "Bridge stays"            # also: authors, published, modified, section, tags, image, first, last,
    lists = ["Top stories"]           # digest, lists (their headings)

A comma separates alternatives. Nothing is executed and no regular expression is read, so a rule can be reviewed at a
glance; what a block does not say comes from the generic reader.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from extractors.article import ListKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRule:
    """Where one promoted list lies. ``heading`` and ``item`` are looked up in the page, the others in each item."""

    item: str
    title: str = ""
    heading: str = ""
    text: str = ""
    url: str = ""
    teaser: str = ""
    section: str = ""
    when: str = ""
    kind: ListKind = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """How a site's pages were built from ``valid_from`` to ``valid_until``, both inclusive. "" means: not said."""

    body: str
    valid_from: date
    valid_until: date | None = None
    drop: tuple[str, ...] = ()
    title: str = ""
    authors: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    tags: str = ""
    image: str = ""
    lists: tuple[ListRule, ...] = ()

    @property
    def digest(self) -> str:
        """8 hex digits that change whenever the block says something else."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one stored page is known to give. None: nothing is expected of that field; () and "" expect it empty.

    ``published`` and ``modified`` are in the archive's form. ``first`` and ``last`` are how the text begins and ends,
    ``digest`` the first hex digits of the SHA-256 of its UTF-8, and ``lists`` the headings of its lists, in order.
    """

    page: str
    url: str = ""
    fetched: datetime | None = None
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    tags: tuple[str, ...] | None = None
    image: str | None = None
    first: str | None = None
    last: str | None = None
    digest: str | None = None
    lists: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """One site's blocks, the earliest first, and what its stored pages are known to give."""

    host: str
    also: tuple[str, ...]
    blocks: tuple[Block, ...]
    tests: tuple[Expectation, ...] = ()

    def block(self, fetched_at: datetime | None) -> Block | None:
        """The block for a page that was fetched then; the last one when nobody knows when that was."""
        if fetched_at is None:
            return self.blocks[-1]
        day = fetched_at.astimezone(UTC).date()
        fitting = (block for block in reversed(self.blocks) if block.valid_from <= day)
        return next((block for block in fitting if block.valid_until is None or day <= block.valid_until), None)

    def label(self, block: Block) -> str:
        """What a rules digest calls the block."""
        return f"{self.host}@{block.valid_from}/{block.digest}"
