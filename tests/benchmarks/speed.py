"""How long reading a page takes, by stage, for hostile shapes, and against trafilatura.

    python -m tests.benchmarks.speed --pages FOLDER [--sets fundus,wcxb-dev-article] [--peers] [--every N]

``--pages`` holds sets of real pages (``*/truth.jsonl.gz`` and ``*.html.gz``). Everything is CPU time of one thread. The
comparison comes first and reads each page once, so no names are remembered yet, as on a first crawl. ``--peers`` reads
every page with trafilatura as well, default and fast, both with metadata, in turn with ours in this process.
"""

import argparse
import gzip
import json
import logging
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors import Page, read
from extractors.charset import decode_body
from extractors.decision import decide, load_model
from extractors.dom import LexborHTMLParser, parse
from extractors.features import features
from extractors.frame import frame
from extractors.generic import apply_rules
from extractors.lists import read_lists
from extractors.metadata import read_metadata
from extractors.rows import read_rows

FETCHED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETS = "fundus,wcxb-dev-article"


def main() -> None:
    options = _options()
    pages = list(_pages(options.pages, options.sets.split(",")))[:: options.every]
    read(pages[0])  # loads the model
    _compare(pages, {"presskeep": read} | (_peers() if options.peers else {}))
    _stages(pages)
    for name, sizes in SHAPES.items():
        for size in sizes:
            _print(f"shape {name} x {size:,}", _seconds(read, shape(name, size)) * 1000, "ms")
    _print("peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB, with all pages and peers")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed", description=__doc__)
    parser.add_argument("--pages", type=Path, required=True, help="folder of the page sets")
    parser.add_argument("--sets", default=SETS, help="comma-separated set names (default: %(default)s)")
    parser.add_argument("--peers", action="store_true", help="measure trafilatura too; it must be installed")
    parser.add_argument("--every", type=int, default=1, help="only every n-th page, for a quick look")
    return parser.parse_args()


def _pages(root: Path, sets: list[str]) -> Iterator[Page]:
    for name in sets:
        with gzip.open(root / name / "truth.jsonl.gz", "rt", encoding="utf8") as rows:
            for row in map(json.loads, rows):
                body = gzip.decompress((root / name / row["file"]).read_bytes())
                yield Page(url=row["url"] or "https://example.com/", body=body, fetched_at=FETCHED_AT)


def _compare(pages: list[Page], tools: dict[str, Callable[[Page], object]]) -> None:
    cost = dict.fromkeys(tools, 0.0)
    for page in pages:
        for name, tool in tools.items():
            cost[name] += _seconds(tool, page)
    _print("pages", len(pages), f"of {sum(len(page.body) for page in pages) / len(pages) / 1000:.0f} KB")
    for name, seconds in cost.items():
        _print(name, seconds / len(pages) * 1000, f"ms a page, {seconds / cost['presskeep']:.2f} x")


def _peers() -> dict[str, Callable[[Page], object]]:
    from trafilatura import bare_extraction  # type: ignore[import-not-found]

    logging.disable(logging.CRITICAL)

    def peer(**options: Any) -> Callable[[Page], object]:
        return lambda page: bare_extraction(
            page.body, url=page.url, include_comments=False, with_metadata=True, **options
        )

    return {"trafilatura default": peer(), "trafilatura fast": peer(fast=True)}


def _stages(pages: list[Page]) -> None:
    """The steps of a reading one by one; their sum is a little less than the whole."""
    cost: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, step: Callable[..., Any], *given: object) -> Any:
        start = time.process_time()
        result = step(*given)
        cost[name] += time.process_time() - start
        return result

    model = load_model()
    for page in pages:
        html, _ = timed("decode", decode_body, page.body, page.charset, page.media_type)
        timed("parse", LexborHTMLParser, html)
        doc = timed("parse and segment", parse, html)
        metadata = timed("metadata", read_metadata, doc, page.url)
        promoted = timed("lists", read_lists, doc, page.url, page.fetched_at, metadata.language)
        rules = timed("rules", apply_rules, doc, metadata, promoted.taken)
        columns = timed("features", frame, doc, rules.hidden, model.marker)
        if columns is not None:
            rows = timed("features", read_rows, columns, model.words)
            timed("features", features, columns, rows)
        timed("features and model", decide, doc, rules.hidden, rules.kept)
    cost["segment"] = cost.pop("parse and segment") - cost["parse"]
    cost["model"] = cost.pop("features and model") - cost["features"]
    for name, seconds in cost.items():
        _print(f"stage {name}", seconds / len(pages) * 1000, "ms a page")


def _seconds(step: Callable[[Page], object], page: Page) -> float:
    start = time.process_time()
    step(page)
    return time.process_time() - start


def _print(name: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{name:32s} {value:10,.2f} {unit}\n")
    sys.stdout.flush()


SHAPES = {
    "paragraphs": (2_500, 10_000),
    "nodes": (25_000, 100_000),
    "links": (5_000, 20_000),
    "spans": (10_000, 40_000),
    "nested": (10_000, 40_000),
    "nested text": (10_000, 40_000),
    "one line": (750_000, 3_000_000),
}
"""Pages that grow in one way; cost must grow no faster than they do."""


def shape(name: str, size: int) -> Page:
    """An article in a page of one hostile shape."""
    sentence = "The council met on Tuesday and decided, after a long debate, to repair the bridge over the river. "
    article = f"<article><h1>The bridge</h1>{f'<p>{sentence * 3}</p>' * 8}</article>"
    filling = {
        "paragraphs": lambda: f"<p>{sentence * 3}</p>" * size,
        "nodes": lambda: "<div><b>x</b></div>" * (size // 4),
        "links": lambda: "".join(f'<li><a href="/{k}">Council decides on matter {k}</a></li>' for k in range(size)),
        "spans": lambda: "<div>" + "<span>word </span>" * size + "</div>",
        "nested": lambda: "<div>" * size + "</div>" * size,
        "nested text": lambda: f"<div>{sentence[:20]}" * size + "</div>" * size,
        "one line": lambda: f"<div>{'x' * size}</div>",
    }[name]()
    html = f"<!doctype html><html><head><title>The bridge</title></head><body>{article}{filling}</body></html>"
    return Page(url="https://example.com/bridge", body=html.encode(), fetched_at=FETCHED_AT)


if __name__ == "__main__":
    main()
