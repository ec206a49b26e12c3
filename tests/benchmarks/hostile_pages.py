"""How long a browser takes for pages of hostile content, and whether anything of it reaches out.

    python -m tests.benchmarks.hostile_pages

Opens every page of an archive of all vectors (scripts, styles, frames, 7 MB of text, a body that unpacks to a gigabyte,
10,000 versions) in Debian's Chromium, twice, and judges the quicker time: a busy machine slows one of them. Exits with
1 when a page takes more than two seconds, a dialog opens, or a connection leaves; with 2 without a browser.
"""

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests.archive.browse import hostile
from tests.archive.browse.browser import MISSING, browsing, serving, trap

_BAR = 2.0  # seconds until a page is loaded
_SHOWN = 8


def main() -> None:
    """Opens them all and tells."""
    if MISSING:
        print(MISSING, file=sys.stderr)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as folder:
        evil = hostile.make(Path(folder) / "evil.db")
        with trap() as trapped, serving(evil.path) as origin, browsing(origin, trapped=trapped) as watched:
            pages = [f"/-/presskeep/evil{page}" for page in evil.pages]
            taken = {page: min(watched.go(page), watched.go(page)) for page in pages}
            watched.page.wait_for_timeout(1000)
    heard = trapped.of(b"evil.example")
    print(f"Datasette {version('datasette')}: {hostile.COUNT} vectors, {len(taken)} pages")
    print(f"{len(watched.dialogs)} dialogs, {len(watched.opened)} windows, {len(heard)} connections to elsewhere")
    for page, seconds in sorted(taken.items(), key=lambda one: -one[1])[:_SHOWN]:
        print(f"{seconds:6.2f} s  {page}{'   <-- too slow' if seconds > _BAR else ''}")
    is_good = max(taken.values()) <= _BAR and not (heard or watched.dialogs or watched.opened)
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
