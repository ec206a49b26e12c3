"""The words that an edit changed, short enough for a list of edits."""

import re
from collections.abc import Iterable
from typing import Any

from archive.browse.reading import Row, Rows
from archive.diff import DiffBlock, WordRun, diff_texts

Excerpt = dict[str, Any]

_LONGEST = 240  # characters of an excerpt
_AROUND = 48  # characters kept on each side of a change
_LONGEST_PAIR = 120_000  # characters of two texts that are compared for a list
_COMPARED = 1_000_000  # characters that all pairs of one page may have together
_REMEMBERED = 2000

_TEXT = "SELECT title, text FROM texts WHERE key = :key"
_SPACES = re.compile(r"\s+")


def with_excerpts(rows: Rows, edits: list[Row], cache: dict[Any, Any]) -> list[Row]:
    """Says of each edit what it changed: ``excerpt`` holds ``was``, an earlier title if it was another, and ``runs``.

    Texts are named by their digests, so an excerpt stays right for good and is remembered. It is None for an edit
    without an earlier text, and for texts too long to be compared in a list.
    """
    known: dict[tuple[str, str], Excerpt | None] = cache.setdefault("excerpts", {})
    left = _COMPARED
    for edit in edits:
        edit["excerpt"] = None
        pair = (edit["before_key"], edit["text_key"])
        if None in pair:
            continue
        if pair not in known:
            if left <= 0:
                continue
            old, new = (rows.one(_TEXT, key=key) for key in pair)
            length = sum(len(text["text"]) for text in (old, new) if text)
            left -= length
            if len(known) >= _REMEMBERED:
                known.clear()
            known[pair] = _excerpt(old, new) if old and new and length <= _LONGEST_PAIR else None
        edit["excerpt"] = known[pair]
    return edits


def _excerpt(old: Row, new: Row) -> Excerpt:
    found = diff_texts((old["title"], old["text"]), (new["title"], new["text"]))
    return {"was": old["title"] if old["title"] != new["title"] else None, "runs": shortened(found.blocks)}


def shortened(blocks: Iterable[DiffBlock]) -> list[dict[str, str]]:
    """The first changes among the blocks with some words round them, in runs of ``kind`` and ``text``."""
    runs: list[dict[str, str]] = []
    left = _LONGEST
    for block in blocks:
        if block.kind == "kept":
            continue
        if runs:
            _add(runs, "kept", " … ")
        for index, run in enumerate(block.runs):
            text = _shown(run, left, first=index == 0, last=index == len(block.runs) - 1)
            _add(runs, run.kind, text)
            left -= len(text)
            if left <= 0:
                if not text.endswith("…"):
                    _add(runs, "kept", " …")
                return runs
    return runs


def _shown(run: WordRun, left: int, *, first: bool, last: bool) -> str:
    text = _SPACES.sub(" ", run.text)
    if run.kind != "kept":
        return _head(text, left)
    if first:
        return _tail(text, _AROUND)
    if last or len(text) <= 2 * _AROUND:
        return _head(text, _AROUND) if last else text
    return f"{_head(text, _AROUND)} {_tail(text, _AROUND).removeprefix('… ')}"


def _head(text: str, most: int) -> str:
    """The beginning of a text, whole words of it."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def _tail(text: str, most: int) -> str:
    return text if len(text) <= most else f"… {text[-most:].partition(' ')[2] or text[-most:]}"


def _add(runs: list[dict[str, str]], kind: str, text: str) -> None:
    if text and runs and runs[-1]["kind"] == kind:
        runs[-1]["text"] += text
    elif text:
        runs.append({"kind": kind, "text": text})
