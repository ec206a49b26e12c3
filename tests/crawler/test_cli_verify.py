"""``presskeep verify`` as a person types it."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run
from extractors import Page, extract

BODY = b"""<html><head><meta property="og:type" content="article"></head><body><article><h1>Flood wall costs rise</h1>
<p>The flood wall will cost 1.5 million more than the council planned two years ago, engineers said on Tuesday.</p>
<p>Work on the first 340 metres began in March and was due to end before the autumn rain came to the valley.</p>
</article></body></html>"""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "archive.db"
    page = Page(url="https://news.example/local/flood-wall", body=BODY, fetched_at=NOON)
    with Archive(made, clock=lambda: NOON) as archive:
        archive.save(page, extract(page))
    return made


def damage(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("UPDATE texts SET text = 'Never written.'")


@pytest.mark.parametrize("deep", [[], ["--deep"]])
def test_a_sound_archive(path: Path, deep: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--archive", str(path), *deep]) == 0
    assert capsys.readouterr().out.endswith("All well.\n")


def test_damage_is_told_with_its_cure_and_exits_with_5(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(path)
    assert run(["verify", "--archive", str(path)]) == 5
    out = capsys.readouterr().out
    assert re.search(
        r"^wrong text: texts [0-9a-f]{16}.*\n    cure: DELETE FROM texts WHERE .*; then presskeep reextract$",
        out,
        re.MULTILINE,
    )
    assert "This archive is damaged." in out


def test_the_json_document(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--json", "--archive", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["ok", "checked", "problems"]
    assert document["ok"] is True
    assert document["problems"] == []
    assert document["checked"]["raws"] == 1
    damage(path)
    assert run(["verify", "--json", "--archive", str(path)]) == 5
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert {tuple(problem) for problem in document["problems"]} == {("kind", "where", "cure")}


def test_the_root_of_a_day(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--root", "2026-11-22", "--archive", str(path)]) == 0
    root = capsys.readouterr().out.strip()
    assert re.fullmatch("[0-9a-f]{64}", root)
    assert run(["verify", "--root", "2026-11-22", "--json", "--archive", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["day"], document["root"], len(document["runs"])) == ("2026-11-22", root, 1)


@pytest.mark.parametrize("words", [["--root", "2001-01-01"], ["--root", "today"], ["--root", "2026-11-22", "--deep"]])
def test_a_day_without_a_root_is_wrong_use(path: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", *words, "--archive", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize("deep", [[], ["--deep"]])
def test_a_file_that_was_cut_in_half(path: Path, deep: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)
    assert run(["verify", "--json", "--archive", str(path), *deep]) == 5
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["kind"] == "unreadable"
    assert "malformed" in problem["where"]


def test_a_file_of_another_program_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as plain:
        plain.execute("CREATE TABLE t(a)")
    assert run(["verify", "--archive", str(tmp_path / "other.db")]) == 2
    assert "another program" in capsys.readouterr().err


@pytest.mark.parametrize("deep", [[], ["--deep"]])
def test_an_archive_that_is_missing_is_not_made(
    tmp_path: Path, deep: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "--archive", str(tmp_path / "none.db"), *deep]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_looking_deep_needs_the_place_of_the_writer(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(path):
        assert run(["verify", "--archive", str(path)]) == 0
        assert run(["verify", "--deep", "--archive", str(path)]) == 4
    assert "another presskeep process" in capsys.readouterr().err


def test_evidence_is_written_and_told(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, out = "https://news.example/local/flood-wall", tmp_path / "out.zip"
    assert run(["evidence", url, "--zip", str(out), "--archive", str(path)]) == 0
    told = capsys.readouterr().out
    assert "1 look, 1 version, 1 page body" in told
    assert "python3 -I check.py" in told
    again = tmp_path / "again.zip"
    assert run(["evidence", url, "--json", "--zip", str(again), "--archive", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["zip"] == str(again)
    assert (document["looks"], document["versions"], document["raws"], document["missing"]) == (1, 1, 1, [])
    assert out.read_bytes() == again.read_bytes()
    assert run(["evidence", url, "--zip", str(out), "--archive", str(path)]) == 2
    assert "exists already" in capsys.readouterr().err
