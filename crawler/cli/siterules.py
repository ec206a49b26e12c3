"""``sites check`` and ``sites test``: the rules of sites, proof-read and tried on stored pages."""

from collections.abc import Iterable, Iterator
from difflib import ndiff
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import paint
from crawler.cli.settings import archive_option, console, json_option, note, open_to_read, print_json, sites_folder

if TYPE_CHECKING:
    from extractors import Expectation, Page, PageResult, SiteRules

WRONG, FAILED = 2, 5
_TEXT_TYPES = {".txt": "text/plain", ".text": "text/plain"}


@click.group()
def sites_command() -> None:
    """The rules of sites: check the files, and try them on stored pages.

    Rules are the packaged ones and those in sites/ beside the config.

    \b
    Examples:
        presskeep sites check
        presskeep sites test example.com
    """


def _config_option(command: Any) -> Any:
    """``--config`` without reading the rules beside it: a broken file must not stop the one who looks for it."""
    text = "The configuration, beside which sites/ lies. Default: config.toml here."
    return click.option("--config", "config_path", type=click.Path(path_type=Path), metavar="PATH", help=text)(command)


@sites_command.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@_config_option
@json_option
def check_command(*, files: tuple[Path, ...], config_path: Path | None, as_json: bool) -> int:
    """Proof-read rule files: unknown keys, selectors, dates, overlaps, stored pages that are missing.

    All problems are told at once, each with file, line and cure; the exit
    code is then 2. Without FILE: all rules that would be used.

    Example:

        presskeep sites check sites/example.com.toml
    """
    chosen = list(files) or _all_files(config_path)
    problems = [problem for _, found in _checked(chosen) for problem in found]
    problems += _claimed_twice(chosen)
    if as_json:
        shape = [{"file": p.file, "line": p.line, "key": p.key or None, "problem": str(p)} for p in problems]
        print_json({"ok": not problems, "files": [str(file) for file in chosen], "problems": shape})
    else:
        for problem in problems:
            note(f"presskeep: {problem}")
        told = paint.counted(len(problems), "problem") if problems else "all well"
        click.echo(f"{paint.counted(len(chosen), 'file')} checked: {told}.")
    return WRONG if problems else 0


@sites_command.command("test")
@click.argument("hosts", nargs=-1, metavar="[HOST|FILE]...")
@archive_option
@_config_option
@json_option
def test_command(
    *, hosts: tuple[str, ...], archive_path: Path | None, config_path: Path | None, as_json: bool
) -> int:  # fmt: skip
    """Try rules on their stored pages: the [[tests]] of each file, field by field.

    A field that the rules do not find comes from the generic reader, as in a
    crawl, and is told as drift. HOST picks sites, FILE a rule file (.toml)
    that need not be in use. Exit code 5 if a field is not as expected.

    Example:

        presskeep sites test example.com
    """
    sites = list(_chosen(hosts, config_path))
    results = [_tried(rules, test, file, (archive_path, config_path)) for file, rules in sites for test in rules.tests]
    untested = sorted(rules.host for _, rules in sites if not rules.tests)
    ok = all(result.ok for result in results)
    if as_json:
        print_json({"ok": ok, "untested": untested, "pages": [_shape(result) for result in results]})
    else:
        for result in results:
            _tell(result)
        failed = sum(not result.ok for result in results)
        click.echo(f"{paint.counted(len(results), 'page')} tried, {failed} failed.")
        if untested:
            note(f"Without [[tests]]: {', '.join(untested)}")
    return 0 if ok else FAILED


def _all_files(config: Path | None) -> list[Traversable]:
    from extractors import rule_files

    return rule_files(sites_folder(config))


def _checked(files: Iterable[Traversable]) -> Iterator[tuple["SiteRules | None", tuple[Any, ...]]]:
    from extractors import RuleError, check_rules, rule_text

    for file in files:
        try:
            text = rule_text(file)
        except RuleError as error:
            yield None, (error,)
        else:
            rules, problems = check_rules(text, str(file))
            yield rules, (*problems, *_missing_pages(file, rules))


def _missing_pages(file: Traversable, rules: "SiteRules | None") -> Iterator[Exception]:
    from extractors import RuleError

    for test in rules.tests if rules else ():
        if _is_file(test.page) and not _beside(file, test.page).is_file():
            cure = "store the page beside the rules, or name a raw key or URL of an archive"
            yield RuleError(str(file), key="tests.page", found=f"{test.page!r} is not there", cure=cure)


def _claimed_twice(files: Iterable[Traversable]) -> list[Any]:
    """Two files of one folder that speak for one host; only the later one would ever be used."""
    from extractors import RuleError

    seen: dict[tuple[str, str], str] = {}
    found = []
    files = list(files)
    for file, (rules, _) in zip(files, _checked(files), strict=True):
        for host in (rules.host, *rules.also) if rules else ():
            key = (str(file).removesuffix(file.name), host)
            if key in seen:
                cure = "name it in one of them only"
                found.append(RuleError(str(file), key="host", found=f"{host} has rules in {seen[key]} too", cure=cure))
            seen[key] = file.name
    return found


def _chosen(names: tuple[str, ...], config: Path | None) -> Iterator[tuple[Traversable, "SiteRules"]]:
    """The rules that the arguments mean; those of a folder beside the config go before the packaged ones."""
    from extractors import parse_rules, rule_text

    files = [Path(name) for name in names if name.endswith(".toml")]
    hosts = [name.lower().removeprefix("www.") for name in names if not name.endswith(".toml")]
    for path in files:
        yield path, parse_rules(rule_text(path), str(path))
    if files and not hosts:
        return
    used = {}
    for file in _all_files(config):
        rules = parse_rules(rule_text(file), str(file))
        used[rules.host] = (file, rules)
    known = {host: found for found in used.values() for host in (found[1].host, *found[1].also)}
    for host in hosts:
        if host not in known:
            raise click.UsageError(f"there are no rules for {host}; known are {', '.join(sorted(used))}")
    chosen = {known[host][1].host: known[host] for host in hosts} if hosts else used
    yield from chosen.values()


def _is_file(page: str) -> bool:
    """Whether a page is named as a file, and not by the key or URL of an archive."""
    return "://" not in page and not (len(page) == 16 and set(page) <= set("0123456789abcdef"))


def _beside(file: Traversable, page: str) -> Path:
    return Path(str(file)).parent / page


def _tried(
    rules: "SiteRules", test: "Expectation", file: Traversable, where: tuple[Path | None, Path | None]
) -> "PageResult":
    from archive import ArchiveError
    from extractors import PageResult, try_page

    try:
        page = _file_page(test, file) if _is_file(test.page) else _archived(test, *where)
    except (OSError, ArchiveError) as error:
        cure = "store it beside the rules" if isinstance(error, OSError) else "name its archive with --archive"
        return PageResult(host=rules.host, page=test.page, rules="", trouble=f"{error}; {cure}")
    return try_page(rules, test, page)


def _file_page(test: "Expectation", file: Traversable) -> "Page":
    from extractors import Page

    path = _beside(file, test.page)
    media_type = _TEXT_TYPES.get(path.suffix.lower(), "text/html")
    return Page(url=test.url, body=path.read_bytes(), media_type=media_type, fetched_at=test.fetched)


def _archived(test: "Expectation", archive_path: Path | None, config: Path | None) -> "Page":
    """The body of a raw key; or what a URL showed last, up to ``fetched`` when that is given."""
    from archive import UnknownArticle
    from extractors import Page

    with open_to_read(archive_path, config) as archive:
        if "://" not in test.page:
            return Page(url=test.url, body=archive.raw(test.page), fetched_at=test.fetched)
        looks = [look for look in archive.looks(test.page) if look.raw_key]
        fitting = [look for look in looks if test.fetched is None or look.started_at <= test.fetched]
        if not fitting:
            raise UnknownArticle(f"the archive holds no page of {test.page} up to {test.fetched or 'now'}")
        last = max(fitting, key=lambda look: look.started_at)
        url = test.url or last.final_url or last.url
        return Page(url=url, body=archive.raw(last.raw_key or ""), fetched_at=test.fetched or last.started_at)


def _tell(result: "PageResult") -> None:
    out = console()
    state = ("pass", "green") if result.ok else ("FAIL", "bold red")
    out.print(paint.styled(*state), paint.styled(f" {result.host} {result.page}"), sep="")
    if result.trouble:
        out.print(paint.styled(f"     {result.trouble}", "red"))
    for field in result.fields:
        if field.ok:
            continue
        out.print(paint.styled(f"     {field.name}, read by {field.reader}:", "bold"))
        for line in ndiff(_lines(field.expected), _lines(field.found)):
            style = {"-": "red", "+": "green"}.get(line[0], "dim")
            out.print(paint.styled(f"       {line.rstrip()}", style))
    for drift in result.drift:
        out.print(paint.styled(f"     drift: {drift}", "yellow"))


def _lines(value: str | tuple[str, ...]) -> list[str]:
    return [value or "(nothing)"] if isinstance(value, str) else list(value) or ["(nothing)"]


def _shape(result: "PageResult") -> dict[str, Any]:
    fields = [
        {"name": field.name, "ok": field.ok, "expected": field.expected, "found": field.found, "reader": field.reader}
        for field in result.fields
    ]
    return {
        "host": result.host, "page": result.page, "ok": result.ok, "rules": result.rules or None,
        "trouble": result.trouble or None, "fields": fields, "drift": list(result.drift),
    }  # fmt: skip
