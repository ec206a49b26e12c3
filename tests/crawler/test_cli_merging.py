"""``merge`` and ``forget`` from the command line."""

import json
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run
from extractors import Page, extract

URL = "https://paper.example/2026/bridge"
HTML = "<html><head><title>Bridge {0}</title></head><body><article><h1>Bridge {0}</h1>{1}</article></body></html>"
LINES = (
    "The council of {} voted on Monday evening to replace the old bridge over the river, after a debate of six hours.",
    "The new one will carry trams, bicycles and people on foot, but no cars, said the mayor after the last vote.",
    "Builders expect to begin in May, when the water is low enough, and to be done before the fair two years later.",
    "Shopkeepers on the eastern bank fear for their trade; the city has promised them a ferry while the work lasts.",
)


def write(path: Path, word: str) -> str:
    paragraphs = "".join(f"<p>{line.format(word)}</p>" for line in LINES)
    page = Page(url=URL, body=HTML.format(word, paragraphs).encode(), media_type="text/html")
    with Archive(path) as archive:
        archive.save(page, extract(page))
    return str(path)


def test_merge_then_forget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = [write(tmp_path / "a.db", "Ghent"), write(tmp_path / "b.db", "Delft")]
    into = str(tmp_path / "c.db")
    assert run(["merge", *sources, "--into", into, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["new"]["fetches"], document["skipped"], document["errors"]) == (2, 0, [])
    assert run(["merge", *sources, "--into", into]) == 0
    assert capsys.readouterr().out.endswith("nothing new; 2 looks known before.\n")
    for options, dry_run in ((["--dry-run"], True), ([], False)):
        assert run(["forget", URL, "--reason", "asked", "--archive", into, "--json", *options]) == 0
        document = json.loads(capsys.readouterr().out)
        assert (len(document["keys"]), document["gone"]["articles"], document["dry_run"]) == (2, 1, dry_run)
    assert b"Ghent" not in (tmp_path / "c.db").read_bytes()
    assert run(["merge", *sources, "--into", into]) == 0
    with Archive(into, read_only=True) as archive:
        assert list(archive.articles()) == []


def test_refusals_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = tmp_path / "c.db"
    words = tmp_path / "notes.txt"
    words.write_text("only words, no archive")
    assert run(["merge", str(words), "--into", str(into)]) == 2
    assert "not an SQLite file" in capsys.readouterr().err
    assert run(["forget", URL, "--reason", "asked", "--archive", str(into)]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not into.exists()
    archive = write(tmp_path / "a.db", "Ghent")
    assert run(["forget", URL, "--reason", " ", "--archive", archive]) == 2
    assert run(["forget", "https://nowhere.example/x", "--reason", "asked", "--archive", archive]) == 2
    assert "nowhere.example" in capsys.readouterr().err
