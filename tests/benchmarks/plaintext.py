"""How well the lines of a page's naive text dump are told apart: article, list, furniture.

    python -m tests.benchmarks.plaintext --pages DIR [--half dev|test|all] [--errors 40]

Every page is written as text, one line for each block of it, and split again without any markup. The truth of a line:
article where the page's reference text holds it, list where the HTML reader's lists hold it and the reference does not,
else furniture. Lines whose truth nobody knows are not counted. ``dev`` and ``test`` are halves of the hosts: rules and
models are worked on with the first and reported on the second.
"""

import argparse
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors import canonical_title
from extractors.dom import parse
from extractors.lists import read_lists
from extractors.plaintext import LIST, TEXT, read_dump
from tests.benchmarks.train.corpus import Case, load
from tests.benchmarks.train.labels import labels

SETS: Final = ("wcxb-dev-article", "fundus")
GOOD, SURE = 0.8, 0.9  # F1 below which a dump was split badly; confidence from which people do not look
ARTICLE, LISTED, FURNITURE = "article", "list", "furniture"
KINDS: Final = (ARTICLE, LISTED, FURNITURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpCase:
    """One page as lines with their true kinds ("" where unknown)."""

    set: str
    host: str
    key: str
    lines: tuple[str, ...]
    truth: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.lines)

    @property
    def half(self) -> str:
        return "dev" if hashlib.md5(self.host.encode(), usedforsecurity=False).digest()[1] % 2 else "test"


def dumps(root: Path, sets: Iterable[str] = SETS) -> Iterator[DumpCase]:
    """Every page of the sets that has a reference text."""
    for name in sets:
        for case in load(root, name):
            if case.text is not None:
                yield _dump(case)


def _dump(case: Case) -> DumpCase:
    doc = parse(case.html)
    texts = doc.blocks.text
    gold = labels(case, texts)
    listed = [False] * len(texts)
    for run in read_lists(doc, case.url, None, None).runs:
        first = run.start if run.heading is None else run.heading
        listed[first : run.end] = [True] * (run.end - first)
    rows = [
        (line, ARTICLE if label >= 0.5 else LISTED if promoted else FURNITURE if label >= 0 else "")
        for text, label, promoted in zip(texts, gold, listed, strict=True)
        if (line := canonical_title(text))
    ]
    lines, truth = zip(*rows, strict=True) if rows else ((), ())
    return DumpCase(set=case.set, host=case.host, key=case.key, lines=lines, truth=truth)


def split(text: str) -> tuple[list[str], float]:
    """The kind of each line, as the reader of dumps tells them apart, and its confidence (0 without an article)."""
    dump = read_dump(text, None)
    kinds = {TEXT: ARTICLE, LIST: LISTED}
    found = [kinds.get(role, FURNITURE) if dump.article or role == LIST else FURNITURE for role in dump.roles]
    return found, dump.article.confidence if dump.article else 0.0


def main() -> None:
    options = _options()
    cases = [case for case in dumps(options.pages) if options.half in ("all", case.half)]
    read = [split(case.text) for case in cases]
    found = [kinds for kinds, _ in read]
    for name in (*SETS, "all"):
        chosen = [(case, kinds) for case, kinds in zip(cases, found, strict=True) if name in (case.set, "all")]
        sys.stdout.write(f"{name}, {options.half}: {len(chosen)} pages\n{report(chosen)}")
    sure = [page_f1(case, kinds) for case, (kinds, said) in zip(cases, read, strict=True) if said >= SURE]
    poor = sum(f1 < GOOD for f1 in sure) / max(1, len(sure))
    sys.stdout.write(f"{len(sure)} dumps say {SURE} or more, {poor:.1%} of them have F1 < {GOOD}\n")
    if options.errors:
        for line in errors(zip(cases, found, strict=True), options.errors):
            sys.stdout.write(line + "\n")


def page_f1(case: DumpCase, kinds: list[str]) -> float:
    """F1 of the article's words of one page."""
    page = Counter[tuple[str, str]]()
    for line, true, kind in zip(case.lines, case.truth, kinds, strict=True):
        if true:
            page[true, kind] += len(line.split())
    return _scores(page, ARTICLE)[2]


def report(rows: Iterable[tuple[DumpCase, list[str]]]) -> str:
    """Precision and recall of each kind by lines and by words, and the mean F1 of the article's words by page."""
    lines, words, pages = Counter[tuple[str, str]](), Counter[tuple[str, str]](), []
    for case, kinds in rows:
        for line, true, kind in zip(case.lines, case.truth, kinds, strict=True):
            if true:
                lines[true, kind] += 1
                words[true, kind] += len(line.split())
        pages.append(page_f1(case, kinds))
    text = f"    {'':10s}  lines:    P      R     F1   words:    P      R     F1\n"
    for kind in KINDS:
        by_line, by_word = _scores(lines, kind), _scores(words, kind)
        text += f"    {kind:10s}       " + "  ".join(f"{value:.3f}" for value in by_line)
        text += "         " + "  ".join(f"{value:.3f}" for value in by_word) + "\n"
    return text + f"    mean F1 of the article's words by page: {sum(pages) / max(1, len(pages)):.3f}\n"


def _scores(counts: Counter[tuple[str, str]], kind: str) -> tuple[float, float, float]:
    same = counts[kind, kind]
    told = sum(count for (_, found), count in counts.items() if found == kind)
    true = sum(count for (wanted, _), count in counts.items() if wanted == kind)
    return same / told if told else 0.0, same / true if true else 0.0, 2 * same / (told + true) if told + true else 1.0


def errors(rows: Iterable[tuple[DumpCase, list[str]]], count: int) -> Iterator[str]:
    """A sample of lines taken for the wrong thing, with the line before and behind, longest first."""
    wrong = [
        (case, at, true, kind)
        for case, kinds in rows
        for at, (true, kind) in enumerate(zip(case.truth, kinds, strict=True))
        if true and true != kind
    ]
    random.Random(1).shuffle(wrong)
    for case, at, true, kind in wrong[:count]:
        near = " / ".join(line[:50] for line in case.lines[max(0, at - 1) : at + 2])
        yield f"{case.key}:{at} {true} taken for {kind}: {case.lines[at][:110]!r}  [{near}]"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.plaintext", description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="folder of the page sets")
    parser.add_argument("--half", choices=("dev", "test", "all"), default="test")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="also show N lines taken wrongly")
    return parser.parse_args()


if __name__ == "__main__":
    main()
