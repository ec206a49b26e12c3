"""Kill a crawl of the newsroom simulator again and again, and compare what is left with the simulator's books.

    python -m tests.benchmarks.kills --newsroom FOLDER [--kills 20 --faults 0.5 --hosts 12 --articles 60]

Two seconds before each SIGKILL the books are copied: a version that they name then must be in the archive, once. One
served later may be lost with the open batch. Memory is that of the main process and its workers: PSS, which counts a
shared page once, and RSS, which counts it in each.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from archive import Archive
from tests.benchmarks.newsroom import _book, _config_text, _memory, _parser, _simulator, _versions

_WINDOW = 2.0  # seconds before a kill in which a version may be lost


def main() -> None:
    """Starts the simulator, crawls and kills, crawls to the end, prints one JSON document."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder, _simulator(arguments):
        config = Path(folder) / "config.toml"
        config.write_text(_config_text(arguments, Path(folder) / "archive.db"), "utf-8")
        excused, memory, kills = _killed(config, arguments)
        with _crawl(config) as last:
            while last.poll() is None:
                memory.append(_memory(last.pid))
                time.sleep(0.1)
        truth, stats = _book(arguments.port, "__truth"), _book(arguments.port, "__stats")
        with Archive(Path(folder) / "archive.db", read_only=True) as archive:
            found = _compared(archive, truth, excused)
        found |= {"kills": kills, "last_exit_code": last.returncode, "requests": stats["total"]["requests"]}
        found |= {"violations": stats["total"]["violations"]}
        found |= {f"peak_{name}_mb": round(max(one[i] for one in memory)) for i, name in enumerate(("pss", "rss"))}
        json.dump(found, sys.stdout, indent=1)
        sys.stdout.write("\n")


def _killed(config: Path, arguments: argparse.Namespace) -> tuple[set[tuple[str, int]], list[tuple[float, float]], int]:
    """What was served in the window before each kill, memory samples in MB, and how many runs were really killed."""
    dice = random.Random(arguments.seed)
    excused: set[tuple[str, int]] = set()
    memory = [(0.0, 0.0)]
    kills = 0
    for _ in range(arguments.kills):
        with _crawl(config) as process:
            time.sleep(0.5 + dice.random())
            before = _served(arguments.port)
            end = time.monotonic() + _WINDOW
            while time.monotonic() < end and process.poll() is None:
                memory.append(_memory(process.pid))
                time.sleep(0.1)
            kills += process.poll() is None
            process.kill()
            process.wait()
        excused |= _served(arguments.port) - before
    return excused, memory, kills


def _crawl(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "crawler", "crawl", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _served(port: int) -> set[tuple[str, int]]:
    return {(one["url"], version) for one in _book(port, "__truth") for version in one["versions_served"]}


def _compared(archive: Archive, truth: list[dict[str, Any]], excused: set[tuple[str, int]]) -> dict[str, Any]:
    lost: list[str] = []
    repeated: list[str] = []
    again: list[str] = []
    counted: Counter[str] = Counter()
    for article in truth:
        if not (article["listed"] and article["article_reachable"]):
            continue
        url = article["url"]
        shown = _versions(archive, url)
        counted["reachable"] += 1
        counted["archived"] += bool(shown)
        counted["versions_served"] += len(article["versions_served"])
        lost += [f"{url} version {n}" for n in article["versions_served"] if n not in shown and (url, n) not in excused]
        counted["lost_in_the_window"] += sum(n not in shown and (url, n) in excused for n in article["versions_served"])
        repeated += [f"{url} version {n}" for n in set(shown) if shown.count(n) > 1]
        again += [url] if len(shown) > 1 else []
    outcomes = archive.db.execute(
        "SELECT outcome, count(*) FROM fetches WHERE kind = 'article' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {
        **counted,
        "lost": len(lost), "first_lost": lost[:10], "repeated": len(repeated), "first_repeated": repeated[:10],
        "fetched_again_though_committed": len(again), "first_again": again[:10],
        "outcomes": {str(outcome): number for outcome, number in outcomes},
    }  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = _parser(__doc__)
    parser.set_defaults(delay=0.3)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    return parser.parse_args()


if __name__ == "__main__":
    main()
