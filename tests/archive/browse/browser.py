"""Debian's Chromium on a real Datasette, with a trap in place of the whole internet."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = (
    "no chromium is installed: no browser to open pages in; apt-get install chromium"
    if CHROMIUM is None
    else "playwright is not installed: nothing to drive the browser with"
    if find_spec("playwright") is None
    else ""
)
"""Why the browser tests cannot run here; empty where they can."""

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-site-isolation-trials",  # else each archived page starts a process; what shuts it in must be our policy
)  # fmt: skip

_ROOT = Path(__file__).parents[3]
_PATIENCE = 120  # seconds for a server to listen or a page to load: a machine may be busy


@contextmanager
def serving(*paths: Path, settings: Sequence[str] = ()) -> Iterator[str]:
    """The origin of a Datasette that serves the files, in a process of its own."""
    port = _free_port()
    origin = f"http://127.0.0.1:{port}"
    command = ["serve", *map(str, paths), "--port", str(port)]
    for name, value in (setting.split("=") for setting in settings):
        command += ["--setting", name, value]
    code = (
        "from tests.archive.browse.served import plugin\nfrom datasette.cli import cli\n"
        f"with plugin(): cli({command!r})"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              cwd=_ROOT, env={**os.environ, "PYTHONPATH": str(_ROOT)})  # fmt: skip
    try:
        _wait(server, origin)
        yield origin
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(server: "subprocess.Popen[bytes]", origin: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"datasette ended with code {server.returncode} before it served {origin}")
        try:
            urlopen(origin + "/-/versions.json", timeout=_PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"datasette did not serve {origin} within {_PATIENCE} seconds")


@dataclass
class Trap:
    """Where a browser's every name but ours leads to; ``heard`` are the first bytes of each connection."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    def of(self, word: bytes) -> list[bytes]:
        """What was heard that names a word: in a Host header, a path, or the server name of TLS."""
        return [said for said in self.heard if word in said]


@contextmanager
def trap() -> Iterator[Trap]:
    """Listens on a port of its own, writes down what is said, and answers nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        found = Trap(port=listening.getsockname()[1])
        listening.settimeout(0.2)
        ended = threading.Event()
        thread = threading.Thread(target=_hear, args=(listening, found, ended), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join(10)


def _hear(listening: socket.socket, found: Trap, ended: threading.Event) -> None:
    while not ended.is_set():
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(1)
                found.heard.append(b"")
                found.heard[-1] = connection.recv(4096)


@dataclass
class Watched:
    """A page of the browser and all that happened while it was open."""

    page: Any
    origin: str
    dialogs: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, target: str) -> float:
        """Opens an address below the origin, and gives the seconds until it was loaded."""
        began = time.perf_counter()
        answer = self.page.goto(self.origin + target, wait_until="load")
        assert answer is None or answer.status in (200, 404), (target, answer.status)
        return time.perf_counter() - began


@contextmanager
def browsing(origin: str, *, trapped: Trap | None = None, **context: Any) -> Iterator[Watched]:
    """A page in headless Chromium; with a trap, every host but 127.0.0.1 leads there."""
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS]
    if trapped is not None:
        flags.append(f"--host-resolver-rules=MAP * 127.0.0.1:{trapped.port}, EXCLUDE 127.0.0.1")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=_PATIENCE * 1000)
        try:
            with _watched(browser, origin, context) as watched:
                yield watched
        finally:
            browser.close()


@contextmanager
def again(watched: Watched, **context: Any) -> Iterator[Watched]:
    """A further page of the same browser with another screen; one thread can drive one browser only."""
    with _watched(watched.page.context.browser, watched.origin, context) as found:
        yield found


@contextmanager
def _watched(browser: Any, origin: str, context: dict[str, Any]) -> Iterator[Watched]:
    made = browser.new_context(**context)
    try:
        made.set_default_timeout(_PATIENCE * 1000)
        watched = Watched(page=made.new_page(), origin=origin)
        made.on("page", lambda page: watched.opened.append(page.url))
        made.on("dialog", lambda dialog: (watched.dialogs.append(dialog.message), dialog.dismiss()))
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        yield watched
    finally:
        made.close()
