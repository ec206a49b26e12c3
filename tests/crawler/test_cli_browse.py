"""``browse``: which command it becomes, and which page it opens. Datasette itself is served in tests/archive/browse."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run


class _Became(Exception):
    """What the process would have become."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "press.db"
    with Archive(made):
        pass
    return made


def _command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    became: list[list[str]] = []

    def execv(_: str, command: list[str]) -> None:
        became.append(command)
        raise _Became

    monkeypatch.setattr(os, "execv", execv)
    run(["browse", *arguments])
    return became[0]


def test_it_becomes_datasette_with_settings_that_suit_an_archive(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = _command(monkeypatch, str(path), "--port", "8123")
    assert command[:6] == [sys.executable, "-P", "-m", "datasette", "serve", str(path)]
    assert "--open" not in command
    assert command[command.index("suggest_facets") - 1 :][:3] == ["--setting", "suggest_facets", "off"]
    assert "http://127.0.0.1:8123/-/presskeep" in capsys.readouterr().err


def test_the_page_opens_by_itself_where_a_person_sits_at_a_screen(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = (str(path), "--port", "0")
    monkeypatch.setenv("DISPLAY", ":0")
    assert _command(monkeypatch, *words)[-1] != "--open"  # a log asks for nothing
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert _command(monkeypatch, *words)[-1] == "--open"
    assert _command(monkeypatch, *words, "--no-open")[-1] != "--open"
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert _command(monkeypatch, *words)[-1] != "--open"


def test_a_free_port_is_opened_by_datasette(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _command(monkeypatch, str(path), "--port", "0", "--open")[-1] == "--open"


def test_open_opens_the_archive_s_own_page_once_it_is_served(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "--open" not in _command(monkeypatch, str(path), "--port", str(port), "--open")
        end = time.monotonic() + 20
        while not opened.exists() and time.monotonic() < end:
            time.sleep(0.05)
    assert opened.read_text() == f"http://127.0.0.1:{port}/-/presskeep"


def test_a_path_that_datasette_would_misread_is_named_with_the_cure(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = path.rename(tmp_path / "press #1.db")
    assert run(["browse", str(odd)]) == 2
    told = capsys.readouterr().err
    assert "press #1.db" in told
    assert "rename it" in told
