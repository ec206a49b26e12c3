"""Word diff of two texts: paragraphs first, then words within what changed.

Every step is capped, so that hostile texts cost time in proportion to their length: a stretch that is too large to
compare word by word is reported as removed and added whole, and the diff says that it is not complete.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from archive.fold import fold_word, pieces

RunKind = Literal["kept", "removed", "added"]

_HAN_OR_KANA = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"\n\n|(?:[{_HAN_OR_KANA}]|[^\s{_HAN_OR_KANA}]+)[^\S\n]*(?:\n(?!\n))?")
_WORD_BY_ITSELF = re.compile(f"[{_HAN_OR_KANA}]")
_PAIRS = 50_000_000
"""Pairs of words that one stretch may need compared: about 0.1 s and 6 MB with the bit-parallel algorithm."""

_TOTAL_PAIRS = 8 * _PAIRS
_LEAST_KEPT = 0.25  # of the words; below it two stretches share words by chance, not because one became the other

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRun:
    """Neighbouring words with one fate, spaces included."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffBlock:
    """Neighbouring paragraphs with one fate; those of a ``changed`` block are told apart word by word in ``runs``."""

    kind: Literal["kept", "removed", "added", "changed"]
    runs: tuple[WordRun, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDiff:
    """What became of a text. ``complete`` is False when a stretch was too large to compare word by word."""

    title: tuple[WordRun, ...]
    blocks: tuple[DiffBlock, ...]
    words_added: int
    words_removed: int
    complete: bool


@dataclass(slots=True)
class _Budget:
    pairs: int = _TOTAL_PAIRS
    complete: bool = True

    def allows(self, pairs: int) -> bool:
        if pairs > min(_PAIRS, self.pairs):
            self.complete = False
            return False
        self.pairs -= pairs
        return True


def diff_texts(old: tuple[str, str], new: tuple[str, str]) -> TextDiff:
    """The word diff of two (title, text) pairs; words that differ in typography only count as kept."""
    budget = _Budget()
    title = tuple(_word_runs(old[0], new[0], budget))
    blocks = tuple(_blocks(_paragraphs(old[1]), _paragraphs(new[1]), budget))
    runs = [*title, *(run for block in blocks for run in block.runs)]
    return TextDiff(
        title=title,
        blocks=blocks,
        words_added=sum(count_words(run.text) for run in runs if run.kind == "added"),
        words_removed=sum(count_words(run.text) for run in runs if run.kind == "removed"),
        complete=budget.complete,
    )


def count_words(text: str) -> int:
    """Words as the diff counts them: between spaces, and each character of Chinese and Japanese by itself."""
    return sum(map(_words, pieces(text)))


def _words(text: str) -> int:
    spaced, by_themselves = _WORD_BY_ITSELF.subn(" ", text)
    return len(spaced.split()) + by_themselves


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n") if text else []


def _blocks(old: list[str], new: list[str], budget: _Budget) -> Iterator[DiffBlock]:
    for kind, start, end, new_start, new_end in _opcodes(_folded(old), _folded(new), budget):
        before, after = "\n\n".join(old[start:end]), "\n\n".join(new[new_start:new_end])
        if kind == "equal":
            yield _whole("kept", after)
        elif kind == "replace":
            yield from _changed(before, after, budget)
        else:
            yield _whole("removed", before) if kind == "delete" else _whole("added", after)


def _changed(before: str, after: str, budget: _Budget) -> Iterator[DiffBlock]:
    runs = tuple(_word_runs(before, after, budget))
    kept = sum(len(run.text) for run in runs if run.kind == "kept")
    if kept < _LEAST_KEPT * min(len(before), len(after)):
        yield _whole("removed", before)
        yield _whole("added", after)
    else:
        yield DiffBlock(kind="changed", runs=runs)


def _whole(kind: RunKind, text: str) -> DiffBlock:
    return DiffBlock(kind=kind, runs=(WordRun(kind=kind, text=text),))


def _word_runs(before: str, after: str, budget: _Budget) -> Iterator[WordRun]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    for kind, start, end, new_start, new_end in _opcodes(_folded(old), _folded(new), budget):
        if kind == "equal":
            yield WordRun(kind="kept", text="".join(new[new_start:new_end]))
            continue
        if start < end:
            yield WordRun(kind="removed", text="".join(old[start:end]))
        if new_start < new_end:
            yield WordRun(kind="added", text="".join(new[new_start:new_end]))


def _folded(parts: Sequence[str]) -> list[str]:
    """Each part in its folded form, or itself where folding leaves nothing."""
    return [fold_word(part) or part if len(part) < 200 else " ".join(part.split()) for part in parts]


def _opcodes(old: list[str], new: list[str], budget: _Budget) -> Iterator[Opcode]:
    """Equal, insert, delete and replace stretches in order, with common ends taken off before comparing."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", 0, head, 0, head
    for kind, start, end, new_start, new_end in _middle(a, b, budget):
        yield kind, start + head, end + head, new_start + head, new_end + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _middle(a: list[str], b: list[str], budget: _Budget) -> Iterator[Opcode]:
    if not a and not b:
        return
    if not a or not b or not budget.allows(len(a) * len(b)):
        kind = "replace" if a and b else "delete" if a else "insert"
        yield kind, 0, len(a), 0, len(b)
        return
    names: dict[str, int] = {}
    yield from _joined(
        (code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in Indel.opcodes(_numbered(a, names), _numbered(b, names))
    )


def _numbered(parts: list[str], names: dict[str, int]) -> list[int]:
    """Small integers in place of words: equal words get equal numbers and hash collisions cannot be provoked."""
    return [names.setdefault(part, len(names)) for part in parts]


def _joined(opcodes: Iterable[Opcode]) -> Iterator[Opcode]:
    """Neighbouring inserts and deletes as one replace."""
    stretch: Opcode | None = None
    for kind, start, end, new_start, new_end in opcodes:
        if kind == "equal":
            if stretch is not None:
                yield _named(stretch)
            stretch = None
            yield kind, start, end, new_start, new_end
        elif stretch is None:
            stretch = (kind, start, end, new_start, new_end)
        else:
            stretch = (kind, stretch[1], end, stretch[3], new_end)
    if stretch is not None:
        yield _named(stretch)


def _named(stretch: Opcode) -> Opcode:
    _, start, end, new_start, new_end = stretch
    kind = "replace" if start < end and new_start < new_end else "delete" if start < end else "insert"
    return kind, start, end, new_start, new_end


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """The length of the common beginning."""
    differing = (index for index, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    return next(differing, min(len(old), len(new)))
