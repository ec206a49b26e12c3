"""How fast archives are united: rows of facts a second, for sources without and with shared articles.

    python -m tests.benchmarks.merging [--articles 3000 --crawls 3 --profile]

Each source holds pages of about 40 KB with a sidebar that changes, crawled several times; every third look is a 304,
every fifth page is edited. Articles are built here, not read: extraction is no part of a merge of what today's rules
have read. The parts of ``shared`` hold different crawls of the same pages, so that all their articles are derived anew,
which reads every page; ``again`` merges what is there already.
"""

import argparse
import cProfile
import json
import pstats
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive, Discovery, Look
from extractors import Article, LinkList, ListItem, Page, rules_digest

START = datetime(2026, 11, 1, tzinfo=UTC)
FACTS = ("runs", "fetches", "raws", "discoveries", "optouts", "removals")
WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in ("a", "en", "ori", "u") for c in ("", "st", "ling", "ment", "r")]
HEADERS = (("content-type", "text/html; charset=utf-8"), ("server", "nginx"), ("etag", 'W/"1"'))


def main() -> None:
    """Writes the sources, merges them, and prints rows and seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--crawls", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        apart = [_write(folder / f"{site}.db", site, arguments.articles // 2, range(arguments.crawls)) for site in "ab"]
        shared = [_write(folder / f"c{n}.db", "c", arguments.articles // 20, range(n, n + 1)) for n in range(2)]
        profile = cProfile.Profile() if arguments.profile else None
        result = {
            "apart": _merge(folder / "into.db", apart, profile),
            "again": _merge(folder / "into.db", apart, None),
            "shared": _merge(folder / "shared.db", shared, None),
        }
        if profile is not None:
            pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    json.dump(result, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _merge(into: Path, sources: list[Path], profile: cProfile.Profile | None) -> dict[str, float]:
    rows = sum(_rows(source) for source in sources)
    start, cpu = time.perf_counter(), time.process_time()
    with Archive(into) as archive:
        if profile is not None:
            profile.enable()
        report = archive.merge(sources)
        if profile is not None:
            profile.disable()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert not report.problems, report.problems[:3]
    return {
        "rows_of_facts": rows, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2),
        "rows_a_second": round(rows / seconds), "rows_a_cpu_second": round(rows / cpu),
        "mb": round(sum(source.stat().st_size for source in sources) / 1e6, 1), "looks_known": report.skipped,
    }  # fmt: skip


def _rows(path: Path) -> int:
    with Archive(path, read_only=True) as archive:
        return sum(archive.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in FACTS)


def _write(path: Path, site: str, articles: int, crawls: range) -> Path:
    with Archive(path) as archive:
        for crawl in crawls:
            chance = random.Random(f"{site} {crawl}")
            run = archive.start_run("crawl")
            for start in range(0, articles, 100):
                with archive.atomic():
                    batch = range(start, min(start + 100, articles))
                    looks = [_look(site, number, crawl, chance) for number in batch]
                    for look in looks:
                        archive.add(look, run)
                    feed = f"https://{site}.example/feed"
                    found = (Discovery(url=one.url, site=site, kind="feed", found_in=feed) for one in looks)
                    archive.discover(found, run)
            archive.finish_run(run)
    return path


def _look(site: str, number: int, crawl: int, chance: random.Random) -> Look:
    url = f"https://{site}.example/2026/11/story-{number}"
    at = START + timedelta(hours=crawl, milliseconds=number)
    if crawl and number % 3 == 0:
        return Look(url=url, site=site, started_at=at, outcome="not-modified", status=304, ms=80)
    words = random.Random(f"{site} {number}")
    edit = "It was edited. " * crawl if number % 5 == 0 else ""
    text = edit + "\n\n".join(" ".join(words.choices(WORDS, k=60)).capitalize() + "." for _ in range(10))
    items = tuple(
        ListItem(
            title=" ".join(chance.choices(WORDS, k=7)), url=f"https://{site}.example/item-{chance.randrange(9999)}"
        )
        for _ in range(15)
    )
    side = "".join(f'<li class="teaser"><a href="{item.url}">{item.title}</a></li>' for item in items)
    noise = "".join(f'<div class="c{words.randrange(999)}" id="i{n}"></div>' for n in range(700))
    title = f"Story {number} of {site}"
    paragraphs = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
    html = f"<html><body>{noise}<article><h1>{title}</h1>{paragraphs}</article><aside>{side}</aside></body></html>"
    page = Page(url=url, body=html.encode(), headers=HEADERS, fetched_at=at)
    article = Article(
        title=title,
        text=text,
        authors=("Ann Example",),
        published=START,
        lists=(LinkList(heading="Top Headlines", kind="top", items=items),),
        rules=rules_digest(page.final_url, page.fetched_at, page.media_type),
    )
    return Look(url=url, site=site, started_at=at, status=200, ms=90, page=page, article=article)


if __name__ == "__main__":
    main()
