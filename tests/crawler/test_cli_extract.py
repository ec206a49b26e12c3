"""``extract`` and ``import`` on files, standard input and addresses."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.__main__ import run
from tests.crawler.papers import FLOOD, flood_page, papers, write_config


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return flood_page(tmp_path)


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_file_gives_text_and_lists_apart(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://courier.example" + FLOOD
    shown = _json(capsys, "extract", str(page), "--url", url)
    promised = "url title authors published modified section language text lists rules confidence agencies live"
    assert list(shown) == promised.split()
    assert (shown["url"], shown["title"]) == (url, "Flood wall costs rise as council votes again")
    assert "1.5 million pounds" in shown["text"]
    found = next(found for found in shown["lists"] if found["heading"] == "Recent Posts")
    assert found["kind"] == "recent"
    assert list(found["items"][0]) == ["title", "url", "teaser", "section", "when_text", "when_at", "when_until"]
    assert found["items"][0]["when_text"].endswith(" ago")


def test_for_people(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(page)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Flood wall costs rise as council votes again\n")
    assert "Recent Posts" in out


def test_standard_input(page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
    assert _json(capsys, "extract", "-")["authors"] == ["Marta Ellingham"]


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02" * 500, b"<html><body><a href='/'>Home</a></body></html>"])
def test_a_page_without_an_article_is_null_and_0(
    body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(body)
    shown = _json(capsys, "extract", str(path))
    assert shown["text"] is None
    assert shown["lists"] == []
    assert run(["extract", str(path)]) == 0
    assert capsys.readouterr().out.startswith("No article here")


def test_an_address_is_fetched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = str(write_config(tmp_path, sites))
        shown = _json(capsys, "extract", sites[0].base + FLOOD, "--config", config)
        assert shown["title"] == "Flood wall costs rise as council votes again"
        assert run(["extract", sites[0].base + "/no-such-page", "--config", config]) == 2
        assert "404" in capsys.readouterr().err


def test_a_private_address_is_refused_unless_the_config_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["extract", "http://127.0.0.1:9/"]) == 2
    assert "allow_private" in capsys.readouterr().err


def test_robots_txt_is_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = str(write_config(tmp_path, sites))
        closed = sites[0].base + "/partner-content/seven-reasons-to-love-a-new-kitchen/"
        assert run(["extract", closed, "--config", config]) == 2
    assert "robots.txt" in capsys.readouterr().err


def test_import_takes_files_once(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = str(tmp_path / "a.db")
    first = _json(capsys, "import", str(page), "--archive", archive)
    assert (first["new"]["raws"], first["skipped"], first["errors"]) == (1, 0, [])
    second = _json(capsys, "import", str(page), "--archive", archive)
    assert second["skipped"] == 1
    assert {table for table, number in second["new"].items() if number} <= {"runs"}
    assert run(["import", str(page), "--archive", archive]) == 0
    assert "1 known before" in capsys.readouterr().out
