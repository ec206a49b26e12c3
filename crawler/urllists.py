"""Lists of URLs: each becomes a discovery, and is due at the next crawl of the site that it belongs to."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from archive import Archive, Discovery, ImportProblem
from crawler.config import Config, Site
from crawler.frontier import Entry, Frontier
from extractors import ExtractorError, normalize_url, registrable_domain

_BATCH = 500  # URLs in one transaction
_SAMPLE = 1000  # lines that decide whether a .txt is a list
_NAMED = 1000  # problems of one file that are named; the others are counted
_TABLES = (".csv", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """What a list brought: new discoveries, URLs that the crawler did not know, known ones, and lines in vain."""

    discoveries: int
    due: int
    skipped: int
    problems: tuple[ImportProblem, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    url: str
    published: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class _Bad:
    number: int
    found: str
    cure: str


def is_url_list(path: Path) -> bool:
    """Whether a file holds URLs to fetch: a CSV or JSONL, or a .txt that is no text.

    Of a .txt, the first line that is neither empty nor a comment is a URL and nothing else, and so are most of the
    first thousand.
    """
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        return True
    if suffix != ".txt":
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = [_is_url(text) for line in islice(file, _SAMPLE) if (text := _stripped(line))]
    except OSError:
        return False
    return bool(lines) and lines[0] and sum(lines) * 2 > len(lines)


def import_list(archive: Archive, config: Config, path: Path, run: str) -> ListReport:
    """Makes the URLs of a list known under a run of the archive; lines in vain are in the report."""
    owners = _Owners(config)
    frontier = Frontier(archive.db, (site.name for site in config.sites))
    new = due = whole = 0
    problems: list[_Bad] = []
    lines = _lines(path)
    while batch := list(islice(lines, _BATCH)):
        placed = [owners.placed(line) if isinstance(line, _Line) else line for line in batch]
        problems += [one for one in placed if isinstance(one, _Bad)]
        entries = [one for one in placed if isinstance(one, Entry)]
        found = [_discovery(entry, path) for entry in entries]
        with archive.atomic():
            for site in {entry.site for entry in entries}:
                archive.site(site, config.site(site).home)
            new += archive.discover(found, run)
            due += frontier.add(entries, archive.now(), path.name)
        whole += len(entries)
    return ListReport(discoveries=new, due=due, skipped=whole - new, problems=_named(path, problems))


class _Owners:
    """The sites of a configuration by registrable domain."""

    def __init__(self, config: Config) -> None:
        self._by_name = {site.name: site for site in config.sites}
        self._by_domain: dict[str, list[Site]] = {}
        for site in config.sites:
            for domain in dict.fromkeys(map(registrable_domain, site.addresses)):
                self._by_domain.setdefault(domain, []).append(site)

    def placed(self, line: _Line) -> Entry | _Bad:
        """The line as an entry of its site."""
        try:
            domain = registrable_domain(normalize_url(line.url))
        except ExtractorError as error:
            return _Bad(line.number, str(error), "correct the line")
        if line.site is not None and line.site not in self._by_name:
            known = ", ".join(self._by_name) or "none"
            return _Bad(line.number, f"no site is called {line.site!r}", f"name one of the configuration: {known}")
        sites = self._by_domain.get(domain, []) if line.site is None else [self._by_name[line.site]]
        if not sites:
            home = normalize_url("/", line.url)
            return _Bad(line.number, f"no site of the configuration is at {domain}", f"`presskeep add {home}`")
        site = next((site for site in sites if site.wants(line.url)), None)
        if site is None:
            found = f"`allow` and `deny` of {sites[0].name} leave {line.url} out"
            return _Bad(line.number, found, "change them in the configuration")
        return Entry(url=line.url, site=site.name, published=line.published)


def _discovery(entry: Entry, path: Path) -> Discovery:
    return Discovery(url=entry.url, site=entry.site, kind="import", found_in=path.name, published=entry.published)


def _named(path: Path, problems: list[_Bad]) -> tuple[ImportProblem, ...]:
    named = []
    for one in problems[:_NAMED]:
        place = f"{path}:{one.number}" if one.number else str(path)
        named.append(ImportProblem(file=place, found=one.found, cure=one.cure))
    if len(problems) > _NAMED:
        found = f"{len(problems) - _NAMED} more lines are not named"
        named.append(ImportProblem(file=str(path), found=found, cure="correct the first ones"))
    return tuple(named)


def _lines(path: Path) -> Iterator[_Line | _Bad]:
    forms: Mapping[str, Callable[[TextIO], Iterator[_Line | _Bad]]] = {
        ".csv": _from_csv,
        ".jsonl": _from_jsonl,
        ".ndjson": _from_jsonl,
    }
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from forms.get(path.suffix.lower(), _from_text)(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield _Bad(0, f"it cannot be read ({error})", "write it as UTF-8")


def _from_text(file: TextIO) -> Iterator[_Line | _Bad]:
    for number, line in enumerate(file, 1):
        text = _stripped(line)
        if text:
            yield _Line(number, text) if _is_url(text) else _Bad(number, f"{text[:80]!r} is no URL", "correct the line")


def _from_csv(file: TextIO) -> Iterator[_Line | _Bad]:
    rows = csv.DictReader(file)
    columns = set(rows.fieldnames or ())
    if "file" in columns:
        yield _Bad(1, "it names the URLs of files", "import the folder that it is in")
    elif "url" not in columns:
        yield _Bad(1, "its first line names no column url", "write one, and published and site if you know them")
    else:
        for row in rows:
            yield _row(rows.line_num, row)


def _from_jsonl(file: TextIO) -> Iterator[_Line | _Bad]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _Bad(number, f"it is no JSON ({error})", "write one object a line")
            continue
        yield _row(number, row if isinstance(row, dict) else {})


def _row(number: int, row: Mapping[str, object]) -> _Line | _Bad:
    url, published, site = (row.get(name) or None for name in ("url", "published", "site"))
    if not isinstance(url, str):
        return _Bad(number, "it has no url", "give it one, or take the line out")
    if not isinstance(published, str | None) or not isinstance(site, str | None):
        return _Bad(number, "its published or site is no text", "write it as text")
    return _Line(number, url.strip(), published, site)


def _stripped(line: str) -> str:
    """A line without what is around it; "" for a comment."""
    text = line.strip()
    return "" if text.startswith("#") else text


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://")) and len(text.split()) == 1
