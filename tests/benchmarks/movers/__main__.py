"""Does a text stay when everything but the article moves? Each page is rendered again and again, and read each time.

    python -m tests.benchmarks.movers --pages FOLDER --newsroom FOLDER [--only own] [--limit 60] [--json]

``--newsroom`` is the folder of the simulator, whose sidebar.py renders lists of other stories; styles.py and rarer.py
have lists in many more forms, and single stories ("own"). What else moves (counters, tickers, consent, adverts, author
boxes) comes from parts.py. Everything is set before, in the middle of and after the text, where the reference text says
that the article is; lists also where the simulator sets them, our own at the end ("page").

``same``: the share of pages on which all renderings give one title and text. ``as without``: the share of renderings
that give what the page gives without the part. Both should be at least 0.995. ``leak``: the share of renderings of
which a headline stands in the text. ``listed``: the share of renderings of which at least half of the headlines are in
the lists of the article: where it is low, the list may lie in a part of the page that is not read at all, and the other
figures say little (a single story is in no list).
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from types import ModuleType

from extractors import Article, Page, extract
from tests.benchmarks.movers.parts import FORMS, PARTS
from tests.benchmarks.movers.places import PLACES, Case, cuts, load, seen, too_large
from tests.benchmarks.movers.rarer import RARER, SINGLES
from tests.benchmarks.movers.styles import STYLES, render

AIM = 0.995
_LIST, _OWN = "list: ", "own: "
GROUPS = ("simulator", "own", "parts")
_ORDER = {place: number for number, place in enumerate(("page", *PLACES, ""))}

Key = tuple[str, str]
"""Style and place."""
Block = tuple[bytes, frozenset[str]]
"""HTML, and the headlines of other stories in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one page: for each style and place the number of distinct readings, and of renderings that moved the text."""

    id: str
    skipped: str
    readings: dict[Key, int]
    moved: dict[Key, int]
    leaked: dict[Key, int]
    listed: dict[Key, int]
    seconds: float


def main() -> None:
    """Reads all renderings of all chosen pages on all cores and prints the table."""
    options = _options()
    cases = load(options.pages, options.limit)
    groups = frozenset(options.only or GROUPS)
    job = partial(measure, newsroom=options.newsroom, renderings=options.renderings, groups=groups)
    outcomes = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for outcome in pool.map(job, cases, chunksize=1):
            outcomes.append(outcome)
            if sys.stderr.isatty() or len(outcomes) % 50 == 0:
                print(f"\r{len(outcomes)} of {len(cases)} pages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    summary = _summary(outcomes, options.renderings)
    if options.json:
        json.dump(summary, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        _report(summary)


def measure(case: Case, *, newsroom: Path, renderings: int, groups: frozenset[str]) -> Outcome:
    """One page in all styles, places and renderings; skipped where it is too large or has no article."""
    start = time.process_time()
    body = case.body()
    without = None if too_large(body) else extract(Page(url=case.url, body=body))
    outcome = Outcome(id=case.id, skipped="", readings={}, moved={}, leaked={}, listed={}, seconds=0.0)
    if without is None:
        return replace(outcome, skipped="too large or no article")
    for key, at, blocks in _blocks(case, body, _sidebar(newsroom), renderings, groups):
        found = [extract(Page(url=case.url, body=b"\n".join((body[:at], block, body[at:])))) for block, _ in blocks]
        texts = [_text(article) for article in found]
        outcome.readings[key] = len(set(texts))
        outcome.moved[key] = sum(text != _text(without) for text in texts)
        if key[0].startswith((_LIST, _OWN)):
            pairs = [(article, headlines) for article, (_, headlines) in zip(found, blocks, strict=True)]
            outcome.leaked[key] = sum(article is not None and _leaks(article, lines) for article, lines in pairs)
            outcome.listed[key] = sum(article is not None and _is_listed(article, lines) for article, lines in pairs)
    return replace(outcome, seconds=time.process_time() - start)


def _text(article: Article | None) -> tuple[str, str] | None:
    return None if article is None else (article.title, article.text)


def _is_listed(article: Article, headlines: frozenset[str]) -> bool:
    found = {item.title for each in article.lists for item in each.items}
    return 2 * len(found & headlines) >= len(headlines)


def _leaks(article: Article, headlines: frozenset[str]) -> bool:
    return any(headline in article.text for headline in headlines)


def _blocks(
    case: Case, body: bytes, sidebar: ModuleType, renderings: int, groups: frozenset[str]
) -> Iterator[tuple[Key, int, list[Block]]]:
    """For each style and place the offset, and the blocks that are set in there one after the other."""
    page = seen(body)
    places = cuts(page, case)
    seeds = [f"{case.id} {number}" for number in range(renderings)]
    form = hashlib.sha256(case.id.encode()).digest()[0] % 2
    for style in sidebar.STYLES:
        if style != "none" and "simulator" in groups:
            found = [_known(sidebar, sidebar.sidebar(style, seed)) for seed in seeds]
            for place, at in {"page": sidebar.cuts(page, style)[1], **places}.items():
                yield (_LIST + style, place), at, found
    for name, style in {**STYLES, **RARER, **SINGLES}.items() if "own" in groups else ():
        found = [render(name, style, seed) for seed in seeds]
        for place, at in {"page": sidebar.end_of_body(page), **places}.items():
            yield (_OWN + name, place), at, found
    for part, forms in PARTS.items() if "parts" in groups else ():
        found = [(forms[form](Random(f"{part} {seed}")).encode("ascii"), frozenset()) for seed in seeds]
        for place, at in places.items():
            yield (f"{part}: {FORMS[form]}", place), at, found


def _known(sidebar: ModuleType, block: bytes) -> Block:
    return block, frozenset(headline for headline in sidebar.POOL if headline.encode() in block)


@lru_cache(1)
def _sidebar(newsroom: Path) -> ModuleType:
    """The simulator's sidebar.py, imported by path: it belongs to no package."""
    path = newsroom / "sidebar.py"
    spec = importlib.util.spec_from_file_location("newsroom_sidebar", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise SystemExit(f"{path} is not there; --newsroom names the folder of the simulator")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _summary(outcomes: list[Outcome], renderings: int) -> dict[str, object]:
    keys = sorted({key for outcome in outcomes for key in outcome.readings}, key=lambda key: (key[0], _ORDER[key[1]]))
    rows = [_row(*key, [key], outcomes, renderings) for key in keys]
    totals = [
        (f"all {kind}s", place, [key for key in keys if key[0].startswith(start) and key[1] == place])
        for kind, start in (("list", _LIST), ("own list", _OWN))
        for place in _ORDER
    ]
    parts = [key for key in keys if not key[0].startswith((_LIST, _OWN))]
    totals += [(f"all others, {form}", "", [key for key in parts if key[0].endswith(form)]) for form in FORMS]
    rows += [_row(style, place, some, outcomes, renderings) for style, place, some in totals]
    worst = sorted(outcomes, key=lambda outcome: (-_total(outcome), outcome.id))
    return {
        "pages": sum(not outcome.skipped for outcome in outcomes),
        "skipped": sum(bool(outcome.skipped) for outcome in outcomes),
        "renderings": renderings,
        "cpu_seconds": round(sum(outcome.seconds for outcome in outcomes), 1),
        "rows": [row for row in rows if row["pages"]],
        "worst": [
            {
                "page": outcome.id,
                "moved": _total(outcome),
                "in": [" ".join(key) for key, n in outcome.moved.items() if n],
            }
            for outcome in worst[:20]
            if _total(outcome)
        ],
    }


def _total(outcome: Outcome) -> int:
    """Renderings that moved the text, bare parts apart: those move it on almost every page."""
    return sum(count for (style, _), count in outcome.moved.items() if not style.endswith(": bare") or _LIST in style)


def _row(style: str, place: str, keys: list[Key], outcomes: list[Outcome], renderings: int) -> dict[str, object]:
    both = [(outcome, key) for outcome in outcomes for key in keys if key in outcome.readings]
    whole = len(both) * renderings
    lists = all(key in outcome.listed for outcome, key in both)
    return {
        "style": style,
        "place": place,
        "pages": len(both),
        "same": _share(sum(outcome.readings[key] == 1 for outcome, key in both), len(both)),
        "as_without": _share(whole - sum(outcome.moved[key] for outcome, key in both), whole),
        "leak": _share(sum(outcome.leaked[key] for outcome, key in both), whole) if lists else None,
        "listed": _share(sum(outcome.listed[key] for outcome, key in both), whole) if lists else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _report(summary: dict[str, object]) -> None:
    print(
        f"{summary['pages']} pages, {summary['skipped']} skipped (too large or no article), {summary['renderings']}"
        f" renderings each, {summary['cpu_seconds']} s CPU; aim {AIM}"
    )
    print(f"{'style':22}{'place':8}{'pages':>7}{'same':>9}{'as without':>12}{'leak':>9}{'listed':>9}")
    rows, worst = summary["rows"], summary["worst"]
    assert isinstance(rows, list)
    assert isinstance(worst, list)
    for row in rows:
        listed = "" if row["listed"] is None else f"{row['leak']:9.4f}{row['listed']:9.4f}"
        flag = "" if min(row["same"], row["as_without"]) >= AIM else "  <"
        print(
            f"{row['style']:22}{row['place']:8}{row['pages']:7}{row['same']:9.4f}{row['as_without']:12.4f}{listed:18}{flag}"
        )
    print("\nworst pages (renderings that moved the text; bare parts do so almost everywhere and are left out)")
    for row in worst:
        kinds = ", ".join(row["in"][:5]) + (f" and {len(row['in']) - 5} more" if len(row["in"]) > 5 else "")
        print(f"{row['moved']:5} {row['page']}: {kinds}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--newsroom", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--only", choices=GROUPS, action="append", help="only these (may be repeated; default: all)")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only N pages (default: all)")
    parser.add_argument("--renderings", type=int, default=3, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="processes (default: all cores)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


if __name__ == "__main__":
    main()
