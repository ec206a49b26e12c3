"""Pictures of every page of an archive in a real browser, in light and dark, on a desktop and on a phone.

    python -m tests.benchmarks.screenshots FOLDER [--archive ARCHIVE.db]
    python -m tests.benchmarks.screenshots .github --readme

Without an archive the demo is run and its papers are shown. ``--readme`` writes the few small pictures that the README
shows: of the invented papers of the demo only, and each under 60 kB. Needs Debian's chromium; exits with 2 without it.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.archive.browse.browser import MISSING, Watched, again, browsing, serving

SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")
README = (
    ("front", "light", "desktop", 1000),
    ("article", "light", "desktop", 700),
    ("diff-side", "dark", "desktop", 560),
    ("edits", "dark", "phone", 844),
    ("seen", "light", "phone", 844),
)
"""What the README shows: page, scheme, screen, and the pixels shown from the top."""

_MOST_BYTES = 60_000
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page and the name of its pictures."""

    name: str
    target: str


def pages(path: Path) -> Iterator[Shown]:
    """An address of each kind of page: of the article that changed most, and of one that is written from the right."""
    base = f"/-/presskeep/{path.stem}"
    with closing(sqlite3.connect(path)) as db:
        row = db.execute(
            "SELECT a.key, v.text_key, v.raw_key, b.text_key FROM articles a "
            "JOIN versions v ON v.article = a.id JOIN versions b ON b.article = a.id AND b.number = v.number - 1 "
            "ORDER BY v.kinds LIKE '%headline%' DESC, v.words_added + v.words_removed DESC LIMIT 1"
        ).fetchone()
        right = db.execute("SELECT key FROM articles WHERE language IN ('ar', 'he', 'fa', 'ur') LIMIT 1").fetchone()
        word = db.execute("SELECT title FROM texts ORDER BY length(title) DESC LIMIT 1").fetchone()
    yield Shown("front", base)
    if row is not None:
        article, text, raw, before = row
        yield Shown("article", f"{base}/article/{article}")
        yield Shown("article-earlier", f"{base}/article/{article}/{before}")
        yield Shown("diff", f"{base}/diff/{article}/{before}/{text}")
        yield Shown("diff-side", f"{base}/diff/{article}/{before}/{text}?view=side")
        yield Shown("raw", f"{base}/raw/{raw}")
        yield Shown("seen", f"{base}/seen/{raw}")
    if right is not None:
        yield Shown("article-from-the-right", f"{base}/article/{right[0]}")
    first = word[0].split()[0] if word and word[0].split() else "the"
    for name in ("edits", "headlines", "coverage"):
        yield Shown(name, f"{base}/{name}")
    yield Shown("search", f"{base}/search?q={first}")
    yield Shown("search-lists", f"{base}/search?q={first}&where=lists")
    yield Shown("search-empty", f"{base}/search")
    yield Shown("not-here", f"{base}/article/{'0' * 16}")
    yield Shown("tables", f"/{path.stem}")
    yield Shown("table-articles", f"/{path.stem}/articles")


def take(path: Path, folder: Path) -> int:
    """Writes a picture of every page, whole, for each scheme and screen; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with serving(path) as origin, browsing(origin) as first:
        for scheme in SCHEMES:
            for screen, (width, height) in SCREENS.items():
                with again(first, viewport={"width": width, "height": height}, color_scheme=scheme) as watched:
                    for shown in pages(path):
                        watched.go(shown.target)
                        watched.page.screenshot(path=folder / f"{shown.name}-{scheme}-{screen}.png", full_page=True)
                        taken += 1
    return taken


def take_for_readme(path: Path, folder: Path) -> int:
    """Writes the pictures of README; gives their number. Raises ValueError for one that is too large."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {shown.name: shown.target for shown in pages(path)}
    with serving(path) as origin, browsing(origin) as first:
        for name, scheme, screen, high in README:
            width, _ = SCREENS[screen]
            with again(first, viewport={"width": width, "height": high}, color_scheme=scheme) as watched:
                watched.go(targets[name])
                _small(watched, folder / f"{name}-{screen}.webp")
    return len(README)


def _small(watched: Watched, out: Path) -> None:
    """As WebP, which Chromium itself writes; a picture of text is best at a high quality and still small."""
    watched.page.screenshot()  # waits until the page is painted, which the capture below does not
    session = watched.page.context.new_cdp_session(watched.page)
    for quality in (80, 60, 40):
        answer = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        body = b64decode(answer["data"])
        if len(body) < _MOST_BYTES:
            out.write_bytes(body)
            return
    raise ValueError(f"{out} takes {len(body):,} bytes, more than {_MOST_BYTES:,}")


def _demo(folder: Path) -> Path:
    path = folder / "press.db"
    command = [sys.executable, "-m", "crawler", "demo", "--archive", str(path)]
    subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL, timeout=600)
    return path


def main() -> None:
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--archive", type=Path, metavar="ARCHIVE.db", help="show this archive, not the demo")
    parser.add_argument("--readme", action="store_true", help="only the small pictures that the README shows")
    arguments = parser.parse_args()
    if MISSING:
        print(MISSING, file=sys.stderr)
        sys.exit(2)
    if arguments.readme and arguments.archive:
        parser.error("the README shows the demo only, never an archive of somebody's pages")
    with tempfile.TemporaryDirectory() as made:
        path = arguments.archive or _demo(Path(made))
        taken = (take_for_readme if arguments.readme else take)(path, arguments.folder)
    print(f"{taken} pictures in {arguments.folder}")


if __name__ == "__main__":
    main()
