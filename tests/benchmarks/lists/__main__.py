"""Lists that a page promotes, against labels: how many are found, and how much is invented.

    python -m tests.benchmarks.lists --pages FOLDER [--show] [--json]

``--pages`` is the folder of the public page sets. Forty of their pages were read one by one, as plain lines with their
links and not as any extractor sees them, and each promoted list was noted (recent, related, most read, …): other
stories, not navigation, topics, share bars, tags, comments or the article's own links. ``labels.json`` holds them as
digests, so that nobody's words lie here. ``--show`` prints what was invented and missed, with the words of your copy of
the pages. What is mended by reading these errors is measured too well here: label other pages to know how well.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from extractors import Page, extract
from tests.benchmarks.lists.labels import RULE, LabelledPage, choose, digest, read_labels
from tests.benchmarks.lists.score import Result, judge

BARS = {"items": (0.90, 0.85)}


def main() -> None:
    """Judges every labelled page and prints the table, the worst pages and, if asked, the words."""
    options = _options()
    labels = read_labels()
    cases = choose(options.pages)
    strange = {case.id for case in cases} ^ set(labels)
    if strange:
        raise SystemExit(f"labels.json and {options.pages} do not agree on {sorted(strange)}: other page sets?")
    results = [_judged(case.url, case.body(), labels[case.id]) for case in cases]
    if options.json:
        json.dump(_summary(results), sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        _report(results)
    if options.show:
        bodies = {case.id: case.body() for case in cases}
        for result in sorted(results, key=_errors, reverse=True):
            _show(result, bodies[result.page])


def _judged(url: str, body: bytes, label: LabelledPage) -> Result:
    article = extract(Page(url=url, body=body))
    return judge(label, None if article is None else article.lists)


def _errors(result: Result) -> int:
    return len(result.invented) + len(result.missed)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _summary(results: list[Result]) -> dict[str, object]:
    right, found = sum(len(r.right) for r in results), sum(r.found for r in results)
    wanted = sum(r.wanted for r in results)
    hit = wanted - sum(len(r.missed) for r in results)
    lists_found, lists_right = sum(r.lists_found for r in results), sum(r.lists_right for r in results)
    return {
        "rule": RULE,
        "pages": len(results),
        "pages_with_lists": sum(r.wanted > 0 for r in results),
        "pages_without_article": sum(r.no_article for r in results),
        "items": wanted,
        "item_precision": _share(right, found),
        "item_recall": _share(hit, wanted),
        "lists": sum(r.lists_wanted for r in results),
        "list_precision": _share(lists_right, lists_found),
        "list_recall": _share(sum(r.lists_hit for r in results), sum(r.lists_wanted for r in results)),
        "clean_pages_without_lists": sum(r.wanted == 0 and r.found == 0 for r in results),
        "with_url": _share(sum(r.with_url for r in results), right),
        "with_when": _share(sum(r.with_when for r in results), right),
        "when_recall": _share(sum(r.with_when for r in results), sum(r.timed for r in results)),
        "worst": [
            {"page": r.page, "wanted": r.wanted, "missed": len(r.missed), "invented": len(r.invented)}
            for r in sorted(results, key=_errors, reverse=True)
            if _errors(r)
        ],
    }


def _report(results: list[Result]) -> None:
    summary = _summary(results)
    worst = summary.pop("worst")
    for name, value in summary.items():
        print(f"{name:28}{value}")
    for name, bar in zip(("item_precision", "item_recall"), BARS["items"], strict=True):
        value = summary[name]
        print(f"{name} >= {bar}: {'reached' if isinstance(value, float) and value >= bar else 'NOT reached'}")
    assert isinstance(worst, list)
    print(f"\n{'page':62}{'wanted':>7}{'missed':>8}{'invented':>10}")
    for row in worst:
        print(f"{row['page']:62}{row['wanted']:7}{row['missed']:8}{row['invented']:10}")


def _show(result: Result, body: bytes) -> None:
    words = _words(body)
    for sign, titles in (("+", result.invented), ("-", [_named(forms, words) for forms in result.missed])):
        for title in titles:
            print(f"{result.page[:44]:46}{sign} {title}")


def _named(forms: Iterable[str], words: dict[str, str]) -> str:
    return next((words[form] for form in forms if form in words), "(no block of the page has these words)")


def _words(body: bytes) -> dict[str, str]:
    """The lines that the page's parser sees, by digest."""
    from extractors.charset import decode_body
    from extractors.dom import parse

    blocks = parse(decode_body(body, None, "text/html")[0]).blocks
    return {digest(line): line for line in (*blocks.text, *blocks.label) if line}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--show", action="store_true", help="print the titles that were invented (+) and missed (-)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


if __name__ == "__main__":
    main()
