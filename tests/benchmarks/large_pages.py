"""The memory of a crawl of nothing but large pages, each of them all text: the worst that `max_body` lets in.

    python -m tests.benchmarks.large_pages [--hosts 24 --pages 2 --megabytes 9] [--gzip]

Real pages of this size are mostly scripts and data. Memory is that of the main process, its workers and the fork
server: PSS, which counts a shared page once, and RSS, which counts it in each.
"""

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.newsroom import _memory

_HOST = "127.0.3.{}"
_DIFFERENT = 12  # bodies that are made; hosts share them


def main() -> None:
    """Serves, crawls, prints one JSON document."""
    options = _options()
    with _serving(options) as port, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        sites = "".join(
            f'[[sites]]\nname = "s{n}"\nfeeds = ["http://{_HOST.format(n + 1)}:{port}/feed"]\n'
            for n in range(options.hosts)
        )
        config.write_text(
            f'[archive]\npath = "{folder}/a.db"\n[crawler]\nuser_agent = "presskeep-benchmark (https://127.0.0.1/)"\n'
            f'delay = 0\nallow_private = ["127.0.0.0/8"]\n{sites}',
            "utf-8",
        )
        command = [sys.executable, "-m", "crawler", "crawl", "--json", "--config", str(config)]
        memory = [(0.0, 0.0)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as crawl:
            while crawl.poll() is None:
                memory.append(_memory(crawl.pid))
                time.sleep(0.05)
            assert crawl.stdout is not None
            report = json.load(crawl.stdout)
    found = {key: report[key] for key in ("fetched", "new_articles", "failed", "seconds")}
    found |= {f"peak_{name}_mb": round(max(one[i] for one in memory)) for i, name in enumerate(("pss", "rss"))}
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


@contextmanager
def _serving(options: argparse.Namespace) -> Iterator[int]:
    bodies = [_body(n, int(options.megabytes * 1e6)) for n in range(_DIFFERENT)]
    if options.gzip:
        bodies = [gzip.compress(body, 6) for body in bodies]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answers with robots.txt, a feed or a page."""
            if self.path.startswith("/news/"):
                number = sum(map(ord, f"{self.headers['Host']}{self.path}"))
                packed = [("Content-Encoding", "gzip")] if options.gzip else []
                self._answer(200, "text/html", bodies[number % len(bodies)], packed)
            elif self.path == "/feed":
                base = f"http://{self.headers['Host']}/news"
                items = "".join(
                    f"<item><link>{base}/{n}-a-story-of-the-day</link></item>" for n in range(options.pages)
                )
                self._answer(200, "application/rss+xml", f"<rss><channel>{items}</channel></rss>".encode(), [])
            else:
                self._answer(404, "text/plain", b"", [])

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

        def _answer(self, status: int, media_type: str, body: bytes, more: list[tuple[str, str]]) -> None:
            self.send_response(status)
            for name, value in (("Content-Type", media_type), ("Content-Length", str(len(body))), *more):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with ExitStack() as stack:
        port = 0
        for number in range(options.hosts):
            server = stack.enter_context(ThreadingHTTPServer((_HOST.format(number + 1), port), Handler))
            port = int(server.server_address[1])
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        yield port


def _body(number: int, size: int) -> bytes:
    dice = random.Random(number)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(3000)]
    title = f"Council votes to repair bridge number {number}"
    parts = [f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"]
    while size > 0:
        parts.append(f"<p>{' '.join(dice.choices(words, k=60))}.</p>\n")
        size -= len(parts[-1])
    return "".join([*parts, "</article></body></html>"]).encode()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=24)
    parser.add_argument("--pages", type=int, default=2, help="of each host")
    parser.add_argument("--megabytes", type=float, default=9.0)
    parser.add_argument("--gzip", action="store_true", help="serve them compressed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
