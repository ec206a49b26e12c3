"""Crawl the newsroom simulator and compare the archive with its books: one command, one JSON document.

    python -m tests.benchmarks.newsroom --newsroom FOLDER [--hosts 12 --articles 60 --crawls 3 --faults 0.5]
    python -m tests.benchmarks.newsroom --newsroom FOLDER --hosts 6 --articles 20 --latency 0.2 --crawl-delay 0.5
    python -m tests.benchmarks.newsroom --newsroom FOLDER --hosts 4 --articles 40 --latency 0.2 --per-domain 3
    python -m tests.benchmarks.newsroom --newsroom FOLDER --simulator="--sidebar=bare --seed=7 --hang=60 --drip=60"

``--newsroom`` is the folder that holds server.py of the simulator, ``--simulator`` gives it more options. A version is
*lost* when the simulator served it and the archive does not hold it exactly once, and *false* when the archive holds a
text that no edit explains. Where the body is archived and the reader took the edit for no part of the article (some lie
in a card or a hidden copy), it is counted apart. Memory is that of the main process and its workers: PSS, which counts
a shared page once, and RSS, which counts it in each. ``--keep FILE`` keeps the archive.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive import Archive, UnknownArticle

_CORRECTION = re.compile(r"Correction (\d+) \d+\.\d+\.\d+\.\d+ \d+:")


# What each kind of fault is to be in the archive; the others give an article.
_OUTCOMES = {
    "404": "http-404", "410": "http-410", "loop": "redirect-loop", "huge": "too-large", "bomb": "decompression-bomb",
}  # fmt: skip


def main() -> None:
    """Starts the simulator, crawls, prints the comparison."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, _simulator(arguments):
        config = Path(folder) / "config.toml"
        config.write_text(_config_text(arguments, Path(folder) / "archive.db"), "utf-8")
        memory: list[tuple[float, float]] = []
        reports = [_crawled(config, memory) for _ in range(arguments.crawls)]
        truth, stats = _book(arguments.port, "__truth"), _book(arguments.port, "__stats")
        with Archive(Path(folder) / "archive.db", read_only=True) as archive:
            found = _compared(archive, truth, stats, reports)
        found |= {f"peak_{name}_mb": round(max(one[i] for one in memory)) for i, name in enumerate(("pss", "rss"))}
        json.dump(found, sys.stdout, indent=1)
        sys.stdout.write("\n")
        if arguments.keep:
            shutil.copy(Path(folder) / "archive.db", arguments.keep)


def _crawled(config: Path, memory: list[tuple[float, float]]) -> dict[str, Any]:
    """The report of one crawl as a process of its own, watched at its memory."""
    command = [sys.executable, "-m", "crawler", "crawl", "--now", "--json", "--config", str(config)]
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process,
    ):
        while process.poll() is None:
            memory.append(_memory(process.pid))
            time.sleep(0.1)
        out.seek(0)
        return {"exit_code": process.returncode, **json.load(out)}


def _memory(pid: int) -> tuple[float, float]:
    """PSS and RSS in MB of a process and all below it."""
    total: Counter[str] = Counter()
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()[1:]:
                name, _, value = line.partition(":")
                total[name] += int(value.split()[0])
            for task in os.listdir(f"/proc/{one}/task"):
                waiting += map(int, Path(f"/proc/{one}/task/{task}/children").read_text("ascii").split())
        except OSError:
            continue
    return total["Pss"] / 1000, total["Rss"] / 1000


def _compared(
    archive: Archive, truth: list[dict[str, Any]], stats: dict[str, Any], reports: list[dict[str, Any]]
) -> dict[str, Any]:
    lost: list[str] = []
    unread: list[str] = []
    false: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    expected = 0
    last = dict(
        archive.db.execute("SELECT url, outcome FROM fetches WHERE kind = 'article' ORDER BY started_at, id").fetchall()
    )
    for article in truth:
        if article["listed"] and not article["article_reachable"]:
            was = last.get(article["url"])
            wrong += [f"{article['url']}: {article['fault']} is {was}"] if was != _OUTCOMES[article["fault"]] else []
        if not (article["listed"] and article["article_reachable"]):
            continue
        shown = _versions(archive, article["url"])
        served = article["versions_served"]
        expected += len(served)
        seen[article["sidebar"]] += 1
        for n in served:
            if shown.count(n) == 1:
                continue
            is_unread = n > 0 == shown.count(n) and _is_archived(archive, article["url"], n)
            (unread if is_unread else lost).append(f"{article['url']} version {n}: {shown.count(n)} times")
        false[article["sidebar"]] += max(0, len(shown) - len(served))
    return {
        "crawls": reports,
        "articles_listed_and_reachable": stats["total"]["listed_reachable"],
        "articles_archived": sum(seen.values()) - sum(1 for line in lost if "version 0: 0 times" in line),
        "versions_served": expected,
        "versions_lost_or_repeated": len(lost),
        "first_lost": lost[:10],
        "versions_archived_whose_edit_the_reader_left_out": len(unread),
        "first_left_out": unread[:10],
        "permanent_ones_with_another_outcome": wrong,
        "false_versions_by_sidebar": {style: false[style] for style in sorted(seen)},
        "articles_by_sidebar": dict(sorted(seen.items())),
        "requests": stats["total"]["requests"],
        "not_modified": stats["total"]["n304"],
        "violations": stats["total"]["violations"],
        "max_host_concurrency": stats["total"]["max_host_concurrency"],
        "sites_without_robots_first": stats["total"]["sites_without_robots_first"],
    }


def _versions(archive: Archive, url: str) -> list[int]:
    """The number of the correction that each version of an article carries."""
    try:
        versions = archive.versions(url)
    except UnknownArticle:
        return []
    found = [_CORRECTION.search(archive.text(version.text_key).text) for version in versions]
    return [int(match[1]) if match else 0 for match in found]


def _is_archived(archive: Archive, url: str, number: int) -> bool:
    """Whether a stored body of an article shows a correction, whatever its text is."""
    keys = archive.db.execute("SELECT raw_key FROM fetches WHERE url = ? AND raw_key IS NOT NULL", (url,))
    return any(f"<p>Correction {number} ".encode() in archive.raw(key) for (key,) in keys.fetchall())


@contextmanager
def _simulator(arguments: argparse.Namespace) -> Iterator[None]:
    options = {
        "hosts": arguments.hosts, "articles": arguments.articles, "pages": arguments.pages, "port": arguments.port,
        "edit-every": 1, "edit-fraction": 0.5, "crawl-delay": arguments.crawl_delay, "faults": arguments.faults,
        "hang": 3, "drip": 3, "huge": 30, "bomb-mb": 50, "retry-after": 1, "latency": arguments.latency,
        "publish": arguments.publish,
    }  # fmt: skip
    command = [sys.executable, "server.py", *(f"--{name}={value}" for name, value in options.items())]
    command += shlex.split(arguments.simulator)
    with subprocess.Popen(command, cwd=arguments.newsroom, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            if not server.stdout.readline().startswith("ready"):
                raise SystemExit("the simulator did not start; its own words are above")
            yield
        finally:
            server.terminate()


def _config_text(arguments: argparse.Namespace, archive: Path) -> str:
    bases = [f"http://127.0.1.{number}:{arguments.port}" for number in range(1, arguments.hosts + 1)]
    sites = "".join(
        f'[[sites]]\nname = "site{number}"\nhome = "{base}/"\nfeeds = ["{base}/feed.xml"]\n'
        f'sitemaps = ["{base}/news-sitemap.xml"]\n'
        for number, base in enumerate(bases, 1)
    )
    return (
        f'[archive]\npath = "{archive}"\n[crawler]\nuser_agent = "presskeep-benchmark (https://127.0.0.1/)"\n'
        f"delay = {arguments.delay}\nper_domain = {arguments.per_domain}\ntimeout = 10\n"
        f'allow_private = ["127.0.0.0/8"]\n{sites}'
    )


def _book(port: int, name: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/{name}") as response:
        return json.load(response)


def _arguments() -> argparse.Namespace:
    parser = _parser(__doc__)
    parser.add_argument("--crawls", type=int, default=3)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    return parser.parse_args()


def _parser(description: str | None) -> argparse.ArgumentParser:
    """The options of the simulator and of the crawls of it."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsroom", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--hosts", type=int, default=12)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--faults", type=float, default=0.5)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--per-domain", type=int, default=1)
    parser.add_argument("--crawl-delay", type=float, default=0.0)
    parser.add_argument("--latency", default="0")
    parser.add_argument("--publish", type=int, default=0)
    parser.add_argument("--simulator", default="", metavar="OPTIONS")
    parser.add_argument("--port", type=int, default=8612)
    return parser


if __name__ == "__main__":
    main()
