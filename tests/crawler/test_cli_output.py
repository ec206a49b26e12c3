"""What the command line prints: diffs, lists and sizes, safe for a terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from archive import diff_texts
from crawler.cli import paint
from crawler.cli.differences import difference
from extractors import Article, LinkList, ListItem


def _console(*, terminal: bool = False) -> Console:
    colours = "truecolor" if terminal else None
    return Console(
        file=io.StringIO(), force_terminal=terminal, width=100, highlight=False, soft_wrap=True, color_system=colours
    )


def _printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


OLD = ("A title", "One.\n\nThe wall will cost 1.5 million pounds more.\n\nThree.")
NEW = ("A title", "One.\n\nThe wall will cost 1.8 million pounds more.\n\nThree.\n\nA new end.")


def test_a_plain_diff_marks_words() -> None:
    console = _console()
    difference(console, diff_texts(OLD, NEW))
    out = _printed(console)
    assert "The wall will cost [-1.5-] {+1.8+} million pounds more." in out
    assert "{+A new end.+}" in out
    assert out.count("1 paragraph unchanged") == 2
    assert "A title" not in out


def test_a_changed_title_comes_first() -> None:
    console = _console()
    difference(console, diff_texts(("A title", "x"), ("A better title", "x")))
    assert _printed(console).startswith("A {+better+} title\n")


def test_a_terminal_gets_colours_and_no_marks() -> None:
    console = _console(terminal=True)
    difference(console, diff_texts(OLD, NEW))
    out = _printed(console)
    assert "\x1b[" in out
    assert "[-" not in out.replace("\x1b[", "")


def test_long_unchanged_stretches_are_cut() -> None:
    words = " ".join(f"word{n}" for n in range(500))
    console = _console()
    difference(console, diff_texts(("t", f"first {words} last"), ("t", f"First! {words} end")))
    out = _printed(console)
    assert " … " in out
    assert len(out) < 1000


def test_an_article_is_painted_with_its_lists() -> None:
    item = ListItem(title="Other [bold]news[/bold]", when_text="4 hours ago", section="Sport")
    shown = Article(
        title="Title", text="One.\n\nTwo.", authors=("Ann",), rules="generic/1",
        lists=(LinkList(heading="Recent Posts", kind="recent", items=(item,)),),
    )  # fmt: skip
    console = _console()
    paint.article(console, "https://a.example/", shown)
    out = _printed(console)
    assert "authors   Ann" in out
    assert "  - Sport: Other [bold]news[/bold]  (4 hours ago)" in out


@given(st.text())
def test_no_page_can_talk_to_the_terminal(text: str) -> None:
    shown = paint.plain(text)
    assert not any(ord(character) < 32 and character not in "\t\n" for character in shown)
    assert not {"\x1b", "\x7f", "\x9b", "\u202e"} & set(shown)
    assert paint.plain(shown) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_500_000, "2.5 MB"), (7_000_000_000_000, "7000.0 GB")],
)
def test_sizes(count: int, shown: str) -> None:
    assert paint.size(count) == shown


def test_a_snippet_marks_what_was_found() -> None:
    assert paint.marked("the \u27e6flood\u27e7 wall").plain == "the flood wall"
