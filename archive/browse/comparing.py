"""A text diff as a page shows it: paragraph by paragraph, with those that only moved told from those that changed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from archive.diff import TextDiff, WordRun, diff_texts
from archive.fold import fold

Block = dict[str, Any]

MOST_CHARACTERS = 600_000
"""Of both texts together. What is longer is not compared; a long read has 60,000."""

_LEAST_MOVED = 5  # words; shorter paragraphs, such as a subheading that recurs, are equal by chance
_CONTEXT = 1  # unchanged paragraphs shown on each side of a change


def compared(old: tuple[str, str], new: tuple[str, str]) -> dict[str, Any] | None:
    """Words and blocks between two (title, text) pairs; None when they are too long to compare."""
    if sum(map(len, (*old, *new))) > MOST_CHARACTERS:
        return None
    found = diff_texts(old, new)
    return {
        "words_added": found.words_added,
        "words_removed": found.words_removed,
        "complete": found.complete,
        "title": _runs(found.title),
        "blocks": _moved(list(_blocks(found))),
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
    """The blocks in two columns: what was on the left, what is on the right."""
    rows: list[tuple[Block | None, Block | None]] = []
    for block in blocks:
        if block["kind"] in ("removed", "moved-away"):
            rows.append((block, None))
        elif block["kind"] in ("added", "moved-here"):
            alone = next((index for index, row in enumerate(rows) if row[1] is None and _open(rows, index)), None)
            if alone is None:
                rows.append((None, block))
            else:
                rows[alone] = (rows[alone][0], block)
        elif block["kind"] == "changed":
            rows.append((_only(block, "removed"), _only(block, "added")))
        else:
            rows.append((block, block))
    return rows


def _open(rows: list[tuple[Block | None, Block | None]], index: int) -> bool:
    """Whether a row of the left column may still get its right one: nothing whole stands between."""
    return all(right is None or left is not None for left, right in rows[index:]) and not any(
        left is not None and left["kind"] in ("kept", "folded", "changed") for left, _ in rows[index:]
    )


def _only(block: Block, kind: str) -> Block:
    return {**block, "runs": [run for run in block["runs"] if run["kind"] in ("kept", kind)]}


def _blocks(found: TextDiff) -> Iterator[Block]:
    for block in found.blocks:
        if block.kind == "changed":
            yield {"kind": "changed", "runs": _runs(block.runs)}
            continue
        for paragraph in "".join(run.text for run in block.runs).split("\n\n"):
            yield {"kind": block.kind, "runs": [{"kind": block.kind, "text": paragraph}]}


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
