"""Articles, lists and tables for people. Text from pages is printed as text: never as markup, never as escape codes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from extractors import Article, LinkList

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_CAUSES = {
    "robots": "closed by robots.txt",
    "no-article": "without an article",
    "http-404": "not found (404)",
    "http-410": "withdrawn (410)",
    "http-429": "asked us to slow down (429)",
    "timeout": "timed out",
    "dns": "of an unknown host",
    "connect": "not connected",
    "not-html": "of another kind than HTML",
    "too-large": "too large",
}
"""Outcomes in words; the others are shown as they are."""

_SHOWN = ("url", "authors", "published", "modified", "section", "first_seen", "last_seen", "state", "text_key")


def plain(text: object) -> str:
    """The text without control characters, which a page could use to talk to the terminal."""
    return _CONTROLS.sub("", str(text))


def styled(text: object, style: str = "") -> "Text":
    """The text, painted in one style."""
    from rich.text import Text

    return Text(plain(text), style=style)


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> "Table":
    """A light table; numbers stand to the right."""
    from rich import box
    from rich.table import Table

    body = [list(row) for row in rows]
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for index, heading in enumerate(headings):
        numbers = bool(body) and all(isinstance(row[index], int | float) for row in body)
        made.add_column(heading, justify="right" if numbers else "left", overflow="fold")
    for row in body:
        made.add_row(*(styled(_cell(value)) for value in row))
    return made


def article(console: "Console", url: str, shown: "Article") -> None:
    """Title, facts, text and the lists beside it."""
    console.print(styled(shown.title or "(no title)", "bold"))
    for name, value in _facts(url, shown):
        console.print(styled(f"{name:<10}", "dim"), styled(value), sep="")
    console.print()
    for paragraph in shown.text.split("\n\n"):
        console.print(styled(paragraph))
        console.print()
    for found in shown.lists:
        link_list(console, found)


def link_list(console: "Console", found: "LinkList") -> None:
    """One list, with its kind and the age of its items."""
    console.print(styled(found.heading or "(no heading)", "bold cyan"), styled(f" {found.kind}", "dim"), sep="")
    for item in found.items:
        when = f"  ({item.when_text})" if item.when_text else ""
        section = f"{item.section}: " if item.section else ""
        console.print(styled(f"  - {section}{item.title}"), styled(when, "dim"), sep="")
    console.print()


def stored(console: "Console", shown: dict[str, Any]) -> None:
    """What ``show`` prints of an archive's article or text."""
    console.print(styled(shown["title"] or "(no title)", "bold"))
    for name in _SHOWN:
        if value := shown.get(name):
            text = ", ".join(value) if isinstance(value, list) else value
            console.print(styled(f"{name.replace('_', ' '):<12}", "dim"), styled(text), sep="")
    console.print()
    console.print(styled(shown["text"]))
    for heading in dict.fromkeys(item["heading"] for item in shown["lists"]):
        console.print(styled(f"\n{heading or '(no heading)'}", "bold cyan"))
        for item in shown["lists"]:
            if item["heading"] == heading:
                when = f"  ({item['when_text']})" if item["when_text"] else ""
                console.print(styled(f"  - {item['title']}"), styled(when, "dim"), sep="")


def marked(snippet: str) -> "Text":
    """A search snippet: the words found, between U+27E6 and U+27E7, in bold."""
    from rich.text import Text

    made = Text()
    for part in re.split("(\u27e6[^\u27e7]*\u27e7)", snippet):
        found = part.startswith("\u27e6")
        made.append(plain(part.strip("\u27e6\u27e7") if found else part), "bold yellow" if found else "")
    return made


def size(count: int) -> str:
    """``12.3 kB``, in powers of 1000."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable: the last unit takes every size")


def causes(failed: Mapping[str, int]) -> str:
    """``3 not found (404), 1 closed by robots.txt``"""
    return ", ".join(f"{number:,} {_CAUSES.get(outcome, outcome)}" for outcome, number in sorted(failed.items()))


_ONE = {"fetches": "fetch", "discoveries": "discovery"}


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 page``, ``2 pages``, ``1,500 pages``"""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def rows(tables: Iterable[tuple[str, int]]) -> str:
    """Numbers of rows by table, those without any left out: ``1 article, 2 versions``"""
    return ", ".join(
        counted(number, _ONE.get(table, table.removesuffix("s")), table) for table, number in tables if number
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _facts(url: str, shown: "Article") -> list[tuple[str, str]]:
    from extractors import moment_text

    facts = (
        ("url", url),
        ("authors", ", ".join(shown.authors)),
        ("published", moment_text(shown.published)),
        ("modified", moment_text(shown.modified)),
        ("section", shown.section),
        ("language", shown.language),
        ("read by", f"{shown.rules} (confidence {shown.confidence:.2f})"),
    )
    return [(name, value) for name, value in facts if value]
