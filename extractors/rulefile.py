"""Rule files: TOML in, records out, and every problem of a file with its line and its cure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any, Final, get_args

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from extractors.article import ListKind, moment_text
from extractors.errors import RuleError
from extractors.rules import Block, Expectation, ListRule, SiteRules

Table = Mapping[str, Any]

_LINE_OF = re.compile(r"line (\d+)")
_HEADER = re.compile(r"\s*\[\[?\s*([\w.]+)\s*\]\]?")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_SELECTORS: Final = frozenset({"body", "title", "authors", "published", "modified", "section", "tags", "image"})
_EXPECTED_TEXTS: Final = ("title", "section", "image", "first", "last")
_EXPECTED_LISTS: Final = ("authors", "tags", "lists")


def rule_text(file: Traversable) -> str:
    """What a rule file holds; raises RuleError when it cannot be read."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise RuleError(str(file), found=f"it cannot be read ({error.strerror})", cure="name a rule file") from error
    except UnicodeDecodeError as error:
        raise RuleError(str(file), found="it is not UTF-8", cure="save it as UTF-8") from error


def parse_rules(text: str, file: str) -> SiteRules:
    """The rules in a TOML text; ``file`` is for messages. Raises RuleError for what cannot mean what it says."""
    rules, problems = check_rules(text, file)
    if rules is None:
        raise problems[0]
    return rules


def check_rules(text: str, file: str) -> tuple[SiteRules | None, tuple[RuleError, ...]]:
    """The rules, or None and everything that is wrong with them; only a fault of the TOML itself hides the others."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE_OF.search(str(error))
        no_day = str(error).startswith("Invalid date")
        cure = "write a day that the calendar has, as 2024-01-31" if no_day else "write valid TOML"
        fault = RuleError(file, line=int(line[1]) if line else None, found=str(error), cure=cure)
        return None, (fault,)
    reader = _Reader(file, text)
    rules = reader.site(data)
    return (None, tuple(reader.problems)) if reader.problems else (rules, ())


class _Reader:
    """Turns tables into records, collects what is wrong, and knows where a key stands in the file."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()
        self.problems: list[RuleError] = []
        headers = ((number, _HEADER.match(line)) for number, line in enumerate(self.lines))
        self.headers = [(number, found[1]) for number, found in headers if found]
        self.here = self.within("", 0)

    def site(self, data: Table) -> SiteRules | None:
        self.known(data, {"host", "also", "block", "tests"}, "")
        host = self.text(data, "host", "")
        if not host and isinstance(data.get("host", ""), str):
            self.missing("host", 'name the site, as in host = "example.com"')
        for name in filter(None, (host, *(also := self.texts(data, "also", "")))):
            self.check_host(name, "host" if name == host else "also")
        tables = self.tables(data, "block", "")
        if not tables and "block" not in data:
            self.fault("block", "", "there is no block", "write at least one [[block]] with a body")
        blocks = [self.block(table, number) for number, table in enumerate(tables)]
        ordered = sorted(blocks, key=lambda block: block.valid_from)
        self.here = self.within("", 0)
        for earlier, later in pairwise(ordered):
            self.refuse_overlap(earlier, later)
        tests = [self.expectation(table, number) for number, table in enumerate(self.tables(data, "tests", ""))]
        if self.problems:
            return None
        return SiteRules(host=host.lower(), also=also, blocks=tuple(ordered), tests=tuple(tests))

    def block(self, table: Table, number: int) -> Block:
        self.here = self.within("block", number)
        names = {field.name for field in fields(Block)}
        self.known(table, names, "block")
        if not table.get("body"):
            self.missing("block.body", "name the element that holds the article's text")
        start = self.date(table, "valid_from")
        end = self.date(table, "valid_until")
        if start and end and end < start:
            found = f"it lies before valid_from ({start})"
            self.fault("block.valid_until", str(end), found, "exchange the two dates")
        selectors = {name: self.selector(table, name, "block") for name in sorted(names & table.keys() & _SELECTORS)}
        drop = self.texts(table, "drop", "block")
        for selector in drop:
            self.check_selector(selector, "block.drop")
        above = self.here
        tables = self.tables(table, "lists", "block")
        lists = [self.list_rule(each, k, above[0]) for k, each in enumerate(tables)]
        self.here = above
        fitting = {"body": ""} | selectors
        return Block(**fitting, valid_from=start or date.min, valid_until=end, drop=drop, lists=tuple(lists))

    def list_rule(self, table: Table, number: int, above: int) -> ListRule:
        self.here = self.within("block.lists", number, above)
        where = "block.lists"
        names = {field.name for field in fields(ListRule)}
        self.known(table, names, where)
        kind = table.get("kind", "other")
        if kind not in get_args(ListKind):
            cure = f"use one of {', '.join(get_args(ListKind))}"
            self.fault(f"{where}.kind", str(kind), f"{kind!r} is no kind", cure)
            kind = "other"
        if not table.get("item"):
            self.missing(f"{where}.item", "name the element that repeats")
        told = sorted(names & table.keys() - {"kind", "text"})
        selectors = {"item": ""} | {name: self.selector(table, name, where) for name in told}
        return ListRule(**selectors, text=self.text(table, "text", where), kind=kind)

    def expectation(self, table: Table, number: int) -> Expectation:
        self.here = self.within("tests", number)
        names = {field.name for field in fields(Expectation)}
        self.known(table, names, "tests")
        page, url = self.text(table, "page", "tests"), self.text(table, "url", "tests")
        if not page:
            self.missing("tests.page", "name a file beside the rules, or a raw key or URL of an archive")
        elif not url and "://" not in page:
            self.missing("tests.url", "say which address the page has")
        if not names & table.keys() - {"page", "url", "fetched"}:
            self.fault("tests", "", "nothing is expected", "give a title, the text's first words, or another field")
        given: dict[str, Any] = {name: self.text(table, name, "tests") for name in _EXPECTED_TEXTS if name in table}
        given |= {name: self.texts(table, name, "tests") for name in _EXPECTED_LISTS if name in table}
        digest = self.text(table, "digest", "tests") if "digest" in table else None
        if digest is not None and not _DIGEST.fullmatch(digest):
            cure = "give 8 to 64 hex digits of the text's SHA-256"
            self.fault("tests.digest", digest, f"{digest!r} is no digest", cure)
        given |= {name: self.stated(table, name) for name in ("published", "modified")}
        return Expectation(page=page, url=url, fetched=self.moment(table, "fetched"), digest=digest, **given)

    def refuse_overlap(self, earlier: Block, later: Block) -> None:
        """A block without an end may be followed: it ends where the next begins."""
        if earlier.valid_from == later.valid_from or (earlier.valid_until and earlier.valid_until >= later.valid_from):
            found = f"a block begins on {later.valid_from} before the one from {earlier.valid_from} has ended"
            cure = f"end that one by {later.valid_from - timedelta(days=later.valid_from > date.min)}"
            self.fault("block.valid_from", str(later.valid_from), found, cure)

    def known(self, table: Table, names: set[str], where: str) -> None:
        for key in table:
            if key not in names:
                self.fault(_dotted(where, key), "", "the key is unknown", f"use one of {', '.join(sorted(names))}")

    def tables(self, table: Table, key: str, where: str) -> list[Table]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(_dotted(where, key), "", "it is no table", f"begin it with [[{_dotted(where, key)}]]")
            return []
        return value

    def text(self, table: Table, key: str, where: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.fault(_dotted(where, key), "", f"{_shown(value)} is no text", "put it into quotes")
            return ""
        return value

    def texts(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(_dotted(where, key), "", f"{_shown(value)} is no list of texts", 'write it as ["one", "two"]')
            return ()
        return tuple(value)

    def date(self, table: Table, key: str) -> date | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self.fault(f"block.{key}", "", f"{_shown(value)} is no date", "write it as 2024-01-31, without quotes")
            return None
        return value

    def moment(self, table: Table, key: str) -> datetime | None:
        value = table.get(key)
        if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
            cure = "write it as 2024-01-31T12:00:00Z, without quotes"
            self.fault(f"tests.{key}", "", f"{_shown(value)} is no time with a zone", cure)
            return None
        return value

    def stated(self, table: Table, key: str) -> str | None:
        """A date, or a time with a zone, in the archive's form; "" expects none."""
        value = table.get(key)
        if value is None or value == "":
            return value
        if not isinstance(value, date) or (isinstance(value, datetime) and value.tzinfo is None):
            cure = "write 2024-01-31 or 2024-01-31T12:00:00Z, without quotes"
            self.fault(f"tests.{key}", "", f"{_shown(value)} is no date", cure)
            return None
        return moment_text(value)

    def selector(self, table: Table, key: str, where: str) -> str:
        value = self.text(table, key, where)
        self.check_selector(value, _dotted(where, key))
        return value

    def check_selector(self, value: str, key: str) -> None:
        try:
            LexborHTMLParser("<p>").css(value)
        except SelectolaxError:
            self.fault(key, value, f"{value!r} is no CSS selector", "try it in a browser's console")

    def check_host(self, name: str, key: str) -> None:
        if name.lower().startswith("www."):
            self.fault(key, name, f"{name!r} would never be asked", "write it without www., which is meant too")
        elif not _HOST.fullmatch(name.lower()):
            self.fault(key, name, f"{name!r} is no host name", "write it as example.com, without https:// and path")

    def missing(self, key: str, cure: str) -> None:
        self.problems.append(
            RuleError(
                self.file, line=self.here[0] + 1 if self.here[0] else None, key=key, found="it is missing", cure=cure
            )
        )

    def fault(self, key: str, value: str, found: str, cure: str) -> None:
        line = self.line(key.rpartition(".")[2], value)
        self.problems.append(RuleError(self.file, line=line, key=key, found=found, cure=cure))

    def line(self, key: str, value: str) -> int | None:
        """The line of a key in the table that is being read, which must hold ``value`` too when that is given."""
        start = re.compile(rf"\s*\[{{0,2}}\s*(\w+\.)?[\"']?{re.escape(key)}\b")
        numbered = list(enumerate(self.lines, 1))
        matching = (
            number
            for part in (numbered[slice(*self.here)], numbered)
            for number, line in part
            if start.match(line) and value in line
        )
        of_many_lines = (number for number, line in numbered[slice(*self.here)] if value and value in line)
        return next(matching, next(of_many_lines, None))

    def within(self, name: str, number: int, above: int = 0) -> tuple[int, int]:
        """The lines of the table that the header ``name`` opens for the ``number``-th time after line ``above``.

        (0, n) for the lines before the first header, and all lines for a table that is written without a header.
        """
        ends = [at for at, _ in self.headers] + [len(self.lines)]
        if not name:
            return 0, ends[0]
        own = [k for k, (at, found) in enumerate(self.headers) if found == name and at >= above]
        if number >= len(own):
            return 0, len(self.lines)
        return self.headers[own[number]][0], ends[own[number] + 1]


def _dotted(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _shown(value: object) -> str:
    """A value as it stands in the file."""
    return value.isoformat() if isinstance(value, date) else repr(value)
