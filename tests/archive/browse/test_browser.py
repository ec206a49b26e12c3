"""Headless Chromium opens the pages of hostile content: no dialog, no request to elsewhere, each within two seconds."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [*MARKS, pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: no browser to open pages")]


@contextmanager
def _served(path: Path) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    code = (
        "from tests.archive.browse.served import plugin\nfrom datasette.cli import cli\n"
        f"with plugin(): cli(['serve', {str(path)!r}, '--port', '{port}'])"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "PYTHONPATH": str(Path.cwd())})  # fmt: skip
    try:
        for _ in range(200):
            try:
                urlopen(origin + "/-/versions.json", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield origin
    finally:
        server.terminate()
        server.wait(10)


def test_nothing_hostile_happens_in_a_browser(press: Press) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    dialogs: list[str] = []
    asked: list[str] = []
    tables = ["/press", "/press/articles", "/press/versions", "/press/texts", "/press/placements"]
    with _served(press.path) as origin, sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        for target in [*press.every_page(), *tables]:
            began = time.perf_counter()
            answer = page.goto(origin + target, wait_until="load")
            assert answer is not None
            assert answer.status == 200, target
            assert time.perf_counter() - began < 2, target
        browser.close()
    assert dialogs == []
    assert asked
    assert [url for url in asked if not url.startswith((origin + "/", "data:"))] == []
