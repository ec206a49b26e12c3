"""``presskeep demo``: tells what happened, starts afresh, and never touches anything else."""

import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run
from tests.crawler.papers import environment


def _demo(folder: Path) -> str:
    command = [sys.executable, "-m", "crawler", "demo"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60, env=environment()
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    """What the demo prints when it is run a second time in one folder."""
    with redirect_stdout(StringIO()):
        assert run(["demo", "--archive", str(folder / "presskeep-demo.db")]) == 0
    return _demo(folder)


def test_it_tells_the_edits_the_lists_and_the_cost(told: str) -> None:
    assert "[-1.5-] {+1.8+} million pounds" in told
    assert "{+then closes for checks+}" in told
    assert "Mayor denies plan to sell the lighthouse" in told
    assert re.search(r"courier\s+Recent Posts\s+\w.* ago", told)
    assert re.search(r"gazette\s+Top Headlines", told)
    assert re.search(r"Spent: \d+ requests, .* received in .* s\.", told)


def test_the_second_run_starts_afresh(folder: Path, told: str) -> None:
    with Archive(folder / "presskeep-demo.db", read_only=True) as archive:
        assert [row.version_count for row in archive.articles() if row.version_count > 1] == [2, 2]
        assert archive.stats().articles == 18
        commands = [name for (name,) in archive.db.execute("SELECT command FROM runs ORDER BY started_at, id")]
    assert commands[0] == "demo"
    assert len(commands) == 3


def test_the_commands_it_ends_with_work_when_pasted(
    folder: Path, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    lines = [line.strip() for line in told.partition("Look further:")[2].splitlines() if line.strip()]
    assert len(lines) == 5
    for line in lines:
        words = shlex.split(line)[3:]  # after `python -m crawler`
        if words[0] == "browse":
            words = ["browse", "--help"]
        assert run(words) == 0, line
        assert capsys.readouterr().out.strip(), line


@pytest.mark.parametrize("content", ["text", "other database", "real archive"])
def test_a_file_that_is_no_demo_archive_is_refused_untouched(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.db"
    if content == "text":
        path.write_text("my notes")
    elif content == "other database":
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE notes(text)")
    else:
        with Archive(path) as archive:
            archive.finish_run(archive.start_run("crawl"))
    before = path.read_bytes()
    assert run(["demo", "--archive", str(path)]) == 2
    captured = capsys.readouterr()
    assert path.read_bytes() == before
    assert "mine.db is not a demo archive" in captured.err
    assert "--archive" in captured.err
