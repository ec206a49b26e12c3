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

A comma separates alternatives. Nothing is executed and no regular expression is read, so a rule can be reviewed at a
glance; what a block does not say comes from the generic reader.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from extractors.article import ListKind
from extractors.errors import RuleError

_LINE_OF = re.compile(r"line (\d+)")


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
class SiteRules:
    """One site's blocks, the earliest first."""

    host: str
    also: tuple[str, ...]
    blocks: tuple[Block, ...]

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


def parse_rules(text: str, file: str) -> SiteRules:
    """The rules in a TOML text; ``file`` is for messages. Raises RuleError for what cannot mean what it says."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE_OF.search(str(error))
        raise RuleError(file, line=int(line[1]) if line else None, found=str(error), cure="write valid TOML") from error
    return _Reader(file, text).site(data)


class _Reader:
    """Turns tables into records and knows where a key stands in the file."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()

    def site(self, data: Mapping[str, Any]) -> SiteRules:
        self.known(data, {"host", "also", "block"}, "")
        host = self.text(data, "host", "")
        if not host:
            raise self.missing("host", 'name the site, as in host = "example.com"')
        tables = self.tables(data, "block", "")
        if not tables:
            raise self.error("block", "", "there is no block", "write at least one [[block]] with a body")
        blocks = sorted((self.block(table) for table in tables), key=lambda block: block.valid_from)
        for earlier, later in pairwise(blocks):
            self.refuse_overlap(earlier, later)
        return SiteRules(host=host.lower(), also=self.texts(data, "also", ""), blocks=tuple(blocks))

    def block(self, table: Mapping[str, Any]) -> Block:
        names = {field.name for field in fields(Block)}
        self.known(table, names, "block")
        if not table.get("body"):
            raise self.missing("block.body", "name the element that holds the article's text")
        start = self.date(table, "valid_from")
        end = self.date(table, "valid_until")
        if start and end and end < start:
            found = f"it lies before valid_from ({start})"
            raise self.error("block.valid_until", str(end), found, "exchange the two dates")
        selectors = {name: self.selector(table, name, "block") for name in names & table.keys() & _SELECTORS}
        drop = self.texts(table, "drop", "block")
        for selector in drop:
            self.check_selector(selector, "block.drop")
        lists = tuple(map(self.list_rule, self.tables(table, "lists", "block")))
        return Block(**selectors, valid_from=start or date.min, valid_until=end, drop=drop, lists=lists)

    def list_rule(self, table: Mapping[str, Any]) -> ListRule:
        where = "block.lists"
        self.known(table, {field.name for field in fields(ListRule)}, where)
        kind = table.get("kind", "other")
        if kind not in get_args(ListKind):
            raise self.error(
                f"{where}.kind", str(kind), f"{kind!r} is no kind", f"use one of {', '.join(get_args(ListKind))}"
            )
        if not table.get("item"):
            raise self.missing(f"{where}.item", "name the element that repeats")
        selectors = {name: self.selector(table, name, where) for name in table.keys() - {"kind", "text"}}
        return ListRule(**selectors, text=self.text(table, "text", where), kind=kind)

    def refuse_overlap(self, earlier: Block, later: Block) -> None:
        """A block without an end may be followed: it ends where the next begins."""
        if earlier.valid_from == later.valid_from or (earlier.valid_until and earlier.valid_until >= later.valid_from):
            found = f"a block begins on {later.valid_from} before the one from {earlier.valid_from} has ended"
            cure = f"end that one by {later.valid_from - timedelta(days=later.valid_from > date.min)}"
            raise self.error("block.valid_from", str(later.valid_from), found, cure)

    def known(self, table: Mapping[str, Any], names: set[str], where: str) -> None:
        for key in table:
            if key not in names:
                raise self.error(
                    _dotted(where, key), "", "the key is unknown", f"use one of {', '.join(sorted(names))}"
                )

    def tables(self, table: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.error(_dotted(where, key), "", "it is no table", f"begin it with [[{_dotted(where, key)}]]")
        return value

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise self.error(_dotted(where, key), "", f"{value!r} is no text", "put it into quotes")
        return value

    def texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.error(_dotted(where, key), "", f"{value!r} is no list of texts", 'write it as ["one", "two"]')
        return tuple(value)

    def date(self, table: Mapping[str, Any], key: str) -> date | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.error(f"block.{key}", "", f"{value!r} is no date", "write it as 2024-01-31, without quotes")
        return value

    def selector(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = self.text(table, key, where)
        self.check_selector(value, _dotted(where, key))
        return value

    def check_selector(self, value: str, key: str) -> None:
        try:
            LexborHTMLParser("<p>").css(value)
        except SelectolaxError as error:
            raise self.error(key, value, f"{value!r} is no CSS selector", "try it in a browser's console") from error

    def missing(self, key: str, cure: str) -> RuleError:
        return RuleError(self.file, key=key, found="it is missing", cure=cure)

    def error(self, key: str, value: str, found: str, cure: str) -> RuleError:
        return RuleError(self.file, line=self.line(key.rpartition(".")[2], value), key=key, found=found, cure=cure)

    def line(self, key: str, value: str) -> int | None:
        """The line of a key, which must hold ``value`` too when that is given."""
        start = re.compile(rf"\s*\[{{0,2}}\s*(\w+\.)?{re.escape(key)}\b")
        matching = (number for number, line in enumerate(self.lines, 1) if start.match(line) and value in line)
        return next(matching, None)


_SELECTORS = frozenset({"body", "title", "authors", "published", "modified", "section", "tags", "image"})


def _dotted(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
