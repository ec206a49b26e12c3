"""``sites check`` and ``sites test``, and rules beside the config in use."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive, raw_key
from crawler.__main__ import run
from extractors import Page, extract
from extractors.registry import SITES_VARIABLE
from tests.crawler.papers import FLOOD, environment, papers, write_config

PAGES = Path(__file__).parents[1] / "pages" / "sites"
EXAMPLE = PAGES / "news-details.example.toml"
URL = "https://news-details.example/business/77/tea"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a config and the worked example in ``sites/``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(SITES_VARIABLE, "")  # restored afterwards, whatever a command sets
    assert run(["init"]) == 0
    (tmp_path / "sites").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "sites")
    shutil.copy(PAGES / "news-details.html", tmp_path / "sites")
    return tmp_path


def edit(folder: Path, old: str, new: str) -> Path:
    path = folder / "sites" / EXAMPLE.name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return path


def test_check_reads_packaged_rules_and_those_beside_the_config(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["sites", "check", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["ok"]
    names = {Path(file).name for file in shown["files"]}
    assert {"thedailyguardian.com.toml", "indiablooms.com.toml", EXAMPLE.name} <= names


def test_check_tells_every_problem_with_its_place_and_leaves_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = edit(folder, 'title = "h5"', 'title = "h5["\ncolour = "red"')
    other = folder / "sites" / "other.toml"
    other.write_text('host = "x.example"\n[[block]]\nvalid_from = 2024-02-31\n', "utf-8")
    capsys.readouterr()
    assert run(["sites", "check"]) == 2
    told = capsys.readouterr()
    assert f"{path}:19: block.lists.title: 'h5[' is no CSS selector" in told.err
    assert f"{path}:20: block.lists.colour: the key is unknown; use one of" in told.err
    assert f"{other}:3: " in told.err
    assert told.out == "4 files checked: 3 problems.\n"


def test_check_finds_missing_pages_and_hosts_claimed_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, 'page = "news-details.html"', 'page = "gone.html"')
    (folder / "sites" / "twin.toml").write_text('host = "news-details.example"\n[[block]]\nbody = "p"\n', "utf-8")
    capsys.readouterr()
    assert run(["sites", "check", "--json"]) == 2
    problems = [problem["problem"] for problem in json.loads(capsys.readouterr().out)["problems"]]
    assert len(problems) == 2
    assert any("'gone.html' is not there" in problem for problem in problems)
    assert any(f"has rules in {EXAMPLE.name} too" in problem for problem in problems)


def test_check_of_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sites", "check", str(tmp_path / "no.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_test_passes_and_names_sites_without_tests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["sites", "test"]) == 0
    told = capsys.readouterr()
    assert told.out == "pass news-details.example news-details.html\n1 page tried, 0 failed.\n"
    assert "thedailyguardian.com" in told.err


def test_a_field_that_is_not_as_expected_is_shown_and_leaves_with_5(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(folder, '"Asha Sen"', '"Asha Senn"')
    edit(folder, 'section = ".breadcrumb', 'section = ".no-such-name')
    capsys.readouterr()
    assert run(["sites", "test", "www.news-details.example"]) == 5
    out = capsys.readouterr().out
    assert out.startswith(
        "FAIL news-details.example news-details.html\n     authors, read by rules:\n       - Asha Senn\n"
    )
    assert "       + Asha Sen\n" in out
    assert "drift: news-details.example@2022-01-01/" in out
    assert run(["sites", "test", "news-details.example", "--json"]) == 5
    (page,) = json.loads(capsys.readouterr().out)["pages"]
    assert [field["name"] for field in page["fields"] if not field["ok"]] == ["authors", "section"]


def test_an_unknown_host_names_those_that_have_rules(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sites", "test", "nobody.example"]) == 2
    assert "known are indiablooms.com, news-details.example, thedailyguardian.com" in capsys.readouterr().err


def test_pages_may_lie_in_an_archive_by_key_or_url(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = (PAGES / "news-details.html").read_bytes()
    page = Page(url=URL, body=body)
    with Archive(folder / "a.db") as archive:
        archive.save(page, extract(page))
    for name in (raw_key(body), URL):
        text = EXAMPLE.read_text("utf-8").replace('page = "news-details.html"', f'page = "{name}"')
        text = text.replace("fetched = 2025-12-06T12:00:00Z", "")
        path = folder / "archived.toml"
        path.write_text(text, "utf-8")
        assert run(["sites", "test", str(path), "--archive", str(folder / "a.db")]) == 0, capsys.readouterr().out
    gone = path.read_text("utf-8").replace(f'page = "{URL}"', f'page = "{URL}/gone"')
    path.write_text(gone, "utf-8")
    capsys.readouterr()
    assert run(["sites", "test", str(path), "--archive", str(folder / "a.db")]) == 5
    assert "--archive" in capsys.readouterr().out


def test_rules_beside_the_config_read_pages_and_a_fault_in_them_stops_a_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    page = str(PAGES / "news-details.html")
    assert run(["extract", page, "--url", URL, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"].startswith("news-details.example@2022-01-01/")
    copy = folder / "again"
    shutil.copytree(folder / "sites", copy / "sites")
    shutil.copy(folder / "config.toml", copy)
    edit(copy, 'kind = "top"', 'kind = "best"')
    assert run(["extract", page, "--url", URL, "--config", str(copy / "config.toml")]) == 2
    assert "block.lists.kind: 'best' is no kind" in capsys.readouterr().err


def test_worker_processes_of_a_crawl_read_by_the_rules_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "courier.toml").write_text('host = "127.0.0.1"\n[[block]]\nbody = "article p"\n', "utf-8")
    with papers() as sites:
        config = write_config(tmp_path, sites)
        command = [sys.executable, "-m", "crawler", "crawl", "--url", sites[0].base + FLOOD, "--config", str(config)]
        done = subprocess.run(command, env=environment(), cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    with Archive(tmp_path / "archive.db", read_only=True) as archive:
        (version,) = archive.versions(sites[0].base + FLOOD)
    assert version.rules.startswith("127.0.0.1@0001-01-01/")
