"""The command line as a person types it: help, errors, exit codes."""

import tomllib
from pathlib import Path

import pytest

from crawler.__main__ import run
from crawler.cli import cli

COMMANDS = list(cli.commands or ()) or cli.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "Example" in out
    assert f"presskeep {command}" in out


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {command} " in out for command in COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("presskeep")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["crawl", "--nonsense"],
        ["search"],
        ["crawl", "--limit", "many"],
        ["show", "--archive", "none.db", "https://x.example/"],
        ["stats", "--archive", "none.db"],
        ["crawl", "--config", "none.toml"],
        ["crawl"],
        ["extract", "no-such-file.html"],
        ["add", "news.example/without/scheme"],
        ["crawl", "--until", "tomorrow"],
        ["browse", "none.db"],
        ["import", "no-such-folder"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_clear_line_and_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("presskeep: ")
    assert len(captured.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_init_writes_a_config_that_loads_and_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    written = (tmp_path / "config.toml").read_text("utf-8")
    assert tomllib.loads(written)["archive"]["path"] == "archive.db"
    assert written.count("#") > 10
    assert run(["init"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "config.toml").read_text("utf-8") == written


def test_a_file_that_is_no_archive_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notes.db"
    path.write_text("shopping list")
    assert run(["stats", "--archive", str(path)]) == 2
    assert "notes.db" in capsys.readouterr().err
    assert path.read_text() == "shopping list"
