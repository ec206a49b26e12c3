"""presskeep beside other extractors: one process, one table.

    pip install trafilatura newspaper4k readability-lxml resiliparse lxml-html-clean
    python -m tests.benchmarks.peers --pages FOLDER --extraction FOLDER [--sets fundus,…] [--limit N] [--json]

``--extraction`` is the folder of the scoring harness (score.py, peers.py), whose formulas and adapters are used as
they are. A tool that is not installed is left out and named. All tools read a page one after the other, so that their
CPU times share the same conditions. ``F1``, ``P`` and ``R`` compare shingles of four words with the reference text,
``exact`` all words; ``F`` stands for F1 in sets that have only segments. Truths differ: never average over sets.

presskeep's model learned from the pages of three of these sets (``SETS`` in tests/benchmarks/train/corpus.py). On those
its row is marked: its figures for the text are too good there, and ``python -m tests.benchmarks.train`` prints the ones
that count, with every page judged by models of other hosts.
"""

import argparse
import hashlib
import importlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from extractors import Page, extract
from tests.benchmarks.train.corpus import SETS

_TOOLS = (
    "trafilatura", "trafilatura-fast", "trafilatura-precision", "newspaper4k", "readability-lxml", "resiliparse",
)  # fmt: skip
_SECONDS = 30.0  # of CPU for one page and tool

_COLUMNS = {
    "F1": "sh_f1",
    "F": "t_f",
    "P": "sh_p",
    "R": "sh_r",
    "exact": "acc",
    "word F1": "w_f1",
    "title": "title_ok",
    "authors": "author_f1",
    "day": "date_ok",
}

Tool = Callable[[Any], dict[str, Any]]


def main() -> None:
    """Scores every installed tool on every set and prints the table."""
    options = _options()
    if not (options.extraction / "score.py").is_file():
        raise SystemExit(f"{options.extraction}/score.py is not there; --extraction names the folder of the harness")
    sys.path.insert(0, str(options.extraction.resolve()))
    score = importlib.import_module("score")
    tools = {"presskeep": presskeep, **dict(_installed(score))}
    versions = {name: score.tools.version(name) for name in tools if name != "presskeep"}
    names = options.sets.split(",") if options.sets else score.sets.names(options.pages)
    rows = [row for name in names for row in _scored(score, name, tools, options)]
    if options.json:
        json.dump({"versions": versions, "rows": rows}, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        print(", ".join(f"{name} {version}" for name, version in versions.items()))
        _print(rows)


def presskeep(case: Any) -> dict[str, Any]:
    """What the harness wants of a tool: text, title, authors, and the day as the page states it."""
    article = extract(Page(url=case.url or "http://localhost/", body=case.html))
    if article is None:
        return {"text": "", "title": None, "authors": [], "date": None}
    published = article.published.isoformat() if article.published else None
    return {"text": article.text, "title": article.title, "authors": list(article.authors), "date": published}


def _installed(score: ModuleType) -> Iterator[tuple[str, Tool]]:
    for name in _TOOLS:
        try:
            yield name, score.tools.get(name)
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def _scored(
    score: ModuleType, name: str, tools: dict[str, Tool], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    cases = sorted(
        score.sets.load(name, options.pages), key=lambda case: hashlib.sha256(f"peers/{case.id}".encode()).hexdigest()
    )[: options.limit or None]
    for function in tools.values():  # one call that is not timed pays for what is loaded at first use
        score.run_page(function, cases[0], _SECONDS)
    found: dict[str, list[dict[str, Any]]] = {tool: [] for tool in tools}
    for number, case in enumerate(cases, 1):
        for tool, function in tools.items():
            found[tool].append(score.score_page(case, *score.run_page(function, case, _SECONDS)))
        if number % 100 == 0:
            print(f"{name}: {number} of {len(cases)} pages", file=sys.stderr)
    for tool, pages in found.items():
        total = score.aggregate(pages)
        for error, count in Counter(page["error"] for page in pages if page["error"]).items():
            print(f"{name}: {tool} fails with {error} on {count} pages, which count as empty", file=sys.stderr)
        label = f"{tool} (learned from this set)" if tool == "presskeep" and name in SETS else tool
        row: dict[str, Any] = {"set": name, "tool": label, "pages": len(pages)}
        row |= {column: total.get(key) for column, key in _COLUMNS.items()}
        row |= {"errors": total["errors"], "CPU s": round(total["cpu_s"], 1), "ms median": round(total["ms_median"], 1)}
        yield row


def _print(rows: list[dict[str, Any]]) -> None:
    print("| " + " | ".join(rows[0]) + " |")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        print("| " + " | ".join(_cell(column, value) for column, value in row.items()) + " |")


def _cell(column: str, value: object) -> str:
    return "" if value is None else f"{value:.3f}" if column in _COLUMNS else str(value)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--extraction", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--sets", default="", metavar="NAME,…", help="only these sets (default: all)")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only N pages of each set (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


if __name__ == "__main__":
    main()
