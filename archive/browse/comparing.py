"""A text diff as a page shows it: paragraph by paragraph, with those that only moved told from those that changed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from archive.diff import TextDiff, WordRun, diff_texts
from archive.fold import fold

Block = dict[str, Any]

MOST_CHARACTERS = 600_000
"""Of both texts together. What is longer is not compared; a long read has 60,000."""

_MOST_BLOCKS = 3000  # that a browser is asked to lay out; a text of so many changes has become another text
_LEAST_MOVED = 5  # words; shorter paragraphs, such as a subheading that recurs, are equal by chance
_CONTEXT = 1  # unchanged paragraphs shown on each side of a change


def compared(old: tuple[str, str], new: tuple[str, str]) -> dict[str, Any] | None:
    """Words and blocks between two (title, text) pairs; None when they are too long or too different to show."""
    if sum(map(len, (*old, *new))) > MOST_CHARACTERS:
        return None
    found = diff_texts(old, new)
    blocks = list(islice(_blocks(found), _MOST_BLOCKS + 1))
    if len(blocks) > _MOST_BLOCKS:
        return None
    return {
        "words_added": found.words_added,
        "words_removed": found.words_removed,
        "complete": found.complete,
        "title": _runs(found.title),
        "blocks": _moved(blocks),
    }


def folded(blocks: list[Block]) -> list[Block]:
    """The blocks with unchanged stretches put away: kind ``folded`` holds their ``paragraphs`` and word count."""
    shown: list[Block] = []
    stretch: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block["kind"] == "kept":
            stretch.append(block)
            continue
        shown += _folded(stretch, first=not shown, last=block is None)
        stretch = []
        if block is not None:
            shown.append(block)
    return shown


def sides(blocks: list[Block]) -> list[tuple[Block | None, Block | None]]:
    """The blocks in two columns, what was on the left and what is on the right; what went stands beside what came."""
    rows: list[tuple[Block | None, Block | None]] = []
    alone: list[int] = []  # rows of this stretch that still lack their right side
    for block in blocks:
        if block["kind"] in ("removed", "moved-away"):
            alone.append(len(rows))
            rows.append((block, None))
        elif block["kind"] in ("added", "moved-here"):
            if alone:
                row = alone.pop(0)
                rows[row] = (rows[row][0], block)
            else:
                rows.append((None, block))
        else:
            alone.clear()
            both = block["kind"] != "changed"
            rows.append((block, block) if both else (_only(block, "removed"), _only(block, "added")))
    return rows


def _only(block: Block, kind: str) -> Block:
    return {**block, "runs": [run for run in block["runs"] if run["kind"] in ("kept", kind)]}


def _blocks(found: TextDiff) -> Iterator[Block]:
    for block in found.blocks:
        paragraphs = _paragraphs(block.runs)
        for runs in paragraphs:
            kinds = {run["kind"] for run in runs}
            if len(kinds) == 1:
                yield {"kind": kinds.pop(), "runs": [{**runs[0], "text": "".join(run["text"] for run in runs)}]}
            else:
                yield {"kind": "changed", "runs": runs}


def _paragraphs(runs: tuple[WordRun, ...]) -> list[list[dict[str, str]]]:
    """Runs cut where a paragraph ends; a break that alone came or went is shown as a pilcrow."""
    paragraphs: list[list[dict[str, str]]] = [[]]
    breaks: list[str] = []
    for run in runs:
        for index, part in enumerate(run.text.split("\n\n")):
            if index:
                paragraphs.append([])
                breaks.append(run.kind)
            if part:
                paragraphs[-1].append({"kind": run.kind, "text": part})
    for index, kind in enumerate(breaks):
        if kind != "kept" and all(_mixed(paragraphs[at], kind) for at in (index, index + 1)):
            paragraphs[index].append({"kind": kind, "text": " ¶"})
    return [paragraph for paragraph in paragraphs if paragraph]


def _mixed(runs: list[dict[str, str]], kind: str) -> bool:
    return any(run["kind"] != kind for run in runs)


def _runs(runs: Iterable[WordRun]) -> list[dict[str, str]]:
    return [{"kind": run.kind, "text": run.text} for run in runs]


def _moved(blocks: list[Block]) -> list[Block]:
    """A paragraph that went in one place and came in another has moved."""
    names = [fold(block["runs"][0]["text"]) if block["kind"] in ("removed", "added") else "" for block in blocks]
    went = Counter(name for block, name in zip(blocks, names, strict=True) if block["kind"] == "removed")
    came = Counter(name for block, name in zip(blocks, names, strict=True) if block["kind"] == "added")
    moved = {
        "removed": Counter({name: min(times, came[name]) for name, times in went.items()}),
        "added": Counter({name: min(times, went[name]) for name, times in came.items()}),
    }
    for block, name in zip(blocks, names, strict=True):
        if name and len(name.split()) >= _LEAST_MOVED and moved[block["kind"]][name] > 0:
            moved[block["kind"]][name] -= 1
            block["kind"] = "moved-away" if block["kind"] == "removed" else "moved-here"
            block["runs"][0]["kind"] = "kept"
    return blocks


def _folded(stretch: list[Block], *, first: bool, last: bool) -> list[Block]:
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    if len(stretch) <= head + tail + 1:
        return stretch
    middle = stretch[head : len(stretch) - tail]
    hidden = {"kind": "folded", "paragraphs": [block["runs"][0]["text"] for block in middle]}
    return [*stretch[:head], hidden, *stretch[len(stretch) - tail :]]
