"""A word diff for people: coloured on a terminal; as ``[-old-] {+new+}`` where there are no colours."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crawler.cli.paint import counted, plain, styled

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from archive import DiffBlock, TextDiff, WordRun

_STYLES = {"kept": "", "removed": "red strike", "added": "green"}
_MARKS = {"kept": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_CONTEXT = 160
"""Characters of unchanged text shown on each side of a change inside a paragraph."""


def difference(console: "Console", found: "TextDiff") -> None:
    """The title if it changed, then every changed paragraph; unchanged ones are counted."""
    colours = console.is_terminal and not console.no_color
    if any(run.kind != "kept" for run in found.title):
        console.print(runs_text(found.title, colours=colours, style="bold"))
        console.print()
    for block in found.blocks:
        if block.kind == "kept":
            console.print(styled(f"  … {counted(_paragraphs(block), 'paragraph')} unchanged", "dim"))
        else:
            console.print(runs_text(_shortened(block.runs), colours=colours))
    if not found.complete:
        console.print(styled("Some parts were too large to compare word by word and are shown whole.", "dim"))


def runs_text(runs: Iterable["WordRun"], *, colours: bool, style: str = "") -> "Text":
    """Runs of words as one line of text; the spaces around a run stay outside its marks."""
    from rich.text import Text

    made = Text(style=style)
    for run in runs:
        words = run.text.rstrip()
        before, after = ("", "") if colours else _MARKS[run.kind]
        made.append(f"{before}{plain(words)}{after}", _STYLES[run.kind] if colours else "")
        made.append(run.text[len(words) :] or " " * (run.kind != "kept"))
    made.rstrip()
    return made


def _paragraphs(block: "DiffBlock") -> int:
    return sum(run.text.count("\n\n") + 1 for run in block.runs)


def _shortened(runs: Sequence["WordRun"]) -> list["WordRun"]:
    """The runs with long unchanged stretches cut to their ends."""
    return [_cut(run, first=index == 0, last=index == len(runs) - 1) for index, run in enumerate(runs)]


def _cut(run: "WordRun", *, first: bool, last: bool) -> "WordRun":
    from archive import WordRun

    if run.kind != "kept" or len(run.text) <= 2 * _CONTEXT:
        return run
    head = "" if first else run.text[:_CONTEXT].rsplit(" ", 1)[0]
    tail = "" if last else run.text[-_CONTEXT:].split(" ", 1)[-1]
    return WordRun(kind="kept", text=f"{head} … {tail}")
