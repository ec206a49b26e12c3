"""The README tells the truth: its commands run, its code runs, its tables are complete."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive import Archive
from crawler import load_config
from crawler.__main__ import run
from crawler.cli import cli
from tests.crawler.papers import environment, papers, write_config

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def _commands() -> list[list[str]]:
    """Every ``presskeep …`` in a block of the README, as words after the command's name."""
    lines = "\n".join([*_blocks("console"), *_blocks("crontab")])
    return [shlex.split(found.strip()) for found in re.findall(r"\bpresskeep (\w[^>\n&]*)", lines)]


def test_the_first_two_commands_are_the_main_job_and_the_tests() -> None:
    first, second = (block.strip() for block in _blocks("console")[:2])
    assert first == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/presskeep demo"
    assert second == "python3 -m venv .venv && .venv/bin/pip install '.[dev]' && .venv/bin/python -m pytest"


def test_every_extra_that_the_readme_installs_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r"\.\[(\w+)\]", README)) <= set(extras)


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_of_a_block_is_parsed_as_written(words: list[str]) -> None:
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    command.make_context(words[0], words[1:])


def test_every_option_in_the_command_table_exists() -> None:
    rows = re.findall(r"^\| `presskeep (\w+)[^`]*` \| (.*) \|$", README, re.MULTILINE)
    assert [name for name, _ in rows] == cli.list_commands(click.Context(cli))
    for name, text in rows:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", text)) <= known


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder where the README's way has been gone on the demo papers; gives the address of one of them."""
    monkeypatch.chdir(tmp_path)
    with papers() as sites:
        write_config(tmp_path, sites)
        yield sites[1].base


def test_the_readme_way_from_a_crawl_to_a_diff(followed: str, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"{followed}/business/harbour-tunnel-opens-to-first-trains"
    assert run(["crawl", "review"]) == 0
    for words in _commands():
        if words[0] in {"search", "show", "history", "stats"}:
            replaced = [url if word.startswith("https://news.example") else word for word in words]
            assert run(replaced) == 0, words
    assert "presskeep: " not in capsys.readouterr().err


def test_the_library_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save, _, ask = _blocks("python")
    for code in (save, ask):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    first, second, counted, *hit = capsys.readouterr().out.splitlines()
    assert first == "Flood wall costs rise ['4 hours ago', '10 hours ago', '1 day ago']"
    assert re.fullmatch(r"1 [0-9a-f]{16} 2026-11-22 12:00:00\+00:00", second)
    assert counted == "1 pages, 1 only in sidebars"
    assert re.fullmatch(r"https://news\.example/local/flood-wall .*⟦flood⟧ ⟦wall⟧.* \d+", " ".join(hit))


def test_every_method_in_the_library_table_exists() -> None:
    table = README.partition("| `Archive` |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`[^|]*`) \| [^|]* \|$", table, re.MULTILINE)
    names = {name for cell in cells for name in re.findall(r"`(\w+)[`(]", cell)}
    assert {"articles", "versions", "text", "raw", "search", "lists", "headlines", "events"} <= names
    assert {name for name in names if not hasattr(Archive, name)} == set()


@pytest.mark.usefixtures("followed")
def test_the_crawl_code_runs(tmp_path: Path) -> None:
    script = tmp_path / "readme_crawl.py"
    script.write_text(_blocks("python")[1], "utf-8")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment())
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+ pages, 0 edits\n", done.stdout)


def test_the_config_of_the_repository_loads() -> None:
    config = load_config(ROOT / "config.toml")
    names = [site.name for site in config.sites]
    assert {"thedailyguardian", "indiablooms"} <= set(names)
    assert len(names) >= 5
    assert len(config.warnings) == 1
    assert "contact" in config.warnings[0]
