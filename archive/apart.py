"""Reading one page in a process of its own: a page that crashed its reader once may do so again."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable

from extractors import Page, Reading

SECONDS = 20.0
"""What a page may take, with the start of its process, which takes about half a second."""

_SERVE = "from archive.apart import serve; serve()"


def read_apart(page: Page, reader: Callable[[Page], Reading]) -> Reading | None:
    """The reading of a page; None when its process crashes or passes SECONDS, or ``reader`` raises.

    A reader that another process cannot import is called here.
    """
    try:
        job = pickle.dumps((reader, page))
    except (pickle.PicklingError, AttributeError, TypeError):
        return _read(page, reader)
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    try:
        done = subprocess.run(  # noqa: S603 - this Python and a constant
            [sys.executable, "-c", _SERVE],
            input=job,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": paths},
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    reading: Reading | None = pickle.loads(done.stdout)  # noqa: S301 - what our own child has written
    return reading


def serve() -> None:
    """Reads the page on stdin and writes its reading to stdout; whatever a reader prints goes to stderr."""
    answer = os.dup(1)
    os.dup2(2, 1)
    job: tuple[Callable[[Page], Reading], Page] = pickle.load(sys.stdin.buffer)  # noqa: S301 - what our parent has written
    with os.fdopen(answer, "wb") as out:
        pickle.dump(_read(job[1], job[0]), out)


def _read(page: Page, reader: Callable[[Page], Reading]) -> Reading | None:
    try:
        return reader(page)
    except Exception:  # noqa: BLE001 - whatever it was that failed the first time
        return None
