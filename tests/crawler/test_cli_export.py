"""``presskeep export`` as a person runs it: documents, exit codes, what is said, and signals."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive, Look
from crawler.__main__ import run
from extractors import Article, OptOut, Page
from tests.crawler.papers import environment

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
PATH = "https://paper.example/story"
TEXT = (
    "The flood wall will cost {} million more than the council planned two years ago, engineers said on Tuesday.\n\n"
    "Work on the first 340 metres began in March and was due to end before the autumn rain came to the valley.\n\n"
    "The mayor said that the town would pay for it from its reserves, and that nobody would have to move."
)


def look(number: int, url: str = PATH) -> Look:
    article = Article(title="A story", text=TEXT.format(number), rules="test/1")
    page = Page(url=url, body=f"<p>{number}".encode(), media_type="text/html")
    return Look(url=url, site="paper", started_at=START + timedelta(hours=number), page=page, article=article)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of two articles, one of which opted out, as ``archive.db`` in the current folder."""
    monkeypatch.chdir(tmp_path)
    with Archive("archive.db") as archive:
        of = archive.start_run("test")
        for number in range(3):
            archive.add(look(number), of)
        wish = OptOut(signal="meta-robots", value="noarchive")
        archive.add(replace(look(9, "https://paper.example/secret"), optouts=(wish,)), of)
    return tmp_path


def test_an_export_says_what_it_wrote(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "out", "--json"]) == 0
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    files = [path for path in (kept / "out").rglob("*") if path.is_file()]
    assert told == {
        "path": "out", "format": "text", "files": len(files), "bytes": sum(path.stat().st_size for path in files),
        "articles": 1, "versions": 3, "records": None, "left_out": {"opted_out": 1, "removed": 0, "damaged": 0},
        "query_unmatched": 0,
    }  # fmt: skip
    assert "1 article left out whose pages opted out; --opted-out takes them too" in printed.err
    assert run(["export", "all", "--format", "jsonl", "--opted-out"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Exported 2 articles in 4 versions to all: 4 files of ")
    assert printed.err == ""


@pytest.mark.usefixtures("kept")
def test_options_narrow(capsys: pytest.CaptureFixture[str]) -> None:
    def versions(*options: str) -> int:
        assert run(["export", "out", "--force", "--json", *options]) == 0
        told: int = json.loads(capsys.readouterr().out)["versions"]
        subprocess.run(["rm", "-r", "out"], check=True)
        return told

    assert versions("--since", "2026-11-01T13:00Z") == 2
    assert versions("--until", "2026-11-01T13:00:00Z") == 1
    assert versions("--until", "2026-11-01") == 0
    assert versions("--site", "paper", "--opted-out") == 4
    assert versions("--format", "csv", "--query", "SELECT article FROM versions WHERE number = 3") == 3
    assert versions("--no-raw") == 3


def test_a_whole_archive_goes_round(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "out", "--no-raw"]) == 0
    assert run(["import", "out", "--archive", "again.db", "--json"]) == 0
    assert '"errors": []' in capsys.readouterr().out
    with Archive("again.db", read_only=True) as again:
        assert [again.text(one.text_key).text for one in again.versions(PATH)] == [TEXT.format(n) for n in range(3)]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--query", "DELETE FROM articles"), "may only read"),
        (("--query", "SELECT id FROM articles"), "SELECT id AS article"),
        (("--site", "other"), "'other' is no site of this archive; it has paper"),
        (("--since", "yesterday"), "is no date"),
        (("--since", "2026-11-02", "--until", "2026-11-01"), "later than the first"),
        (("--format", "csv", "--no-raw"), "--no-raw is for --format text"),
        (("--format", "xml"), "'xml'"),
        (("--archive", "missing.db"), "missing.db does not exist"),
        (("--archive", "no.txt"), "not an SQLite file"),
    ],
)
def test_wrong_use_is_refused(options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("no.txt").write_text("this is not an archive at all")
    assert run(["export", "out", *options]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    assert not Path("out").exists()
    assert not list(Path().glob(".out*"))


@pytest.mark.usefixtures("kept")
def test_a_full_folder_is_refused_and_force_replaces_an_export(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "out"]) == 0
    assert run(["export", "out"]) == 2
    assert "--force" in capsys.readouterr().err
    assert run(["export", "out", "--force"]) == 0
    assert run(["export", ".", "--force"]) == 2
    assert "no whole export of presskeep" in capsys.readouterr().err


@pytest.mark.usefixtures("kept")
def test_parquet_without_pyarrow_names_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["export", "out", "--format", "parquet"]) == 2
    assert "pip install 'presskeep[parquet]'" in capsys.readouterr().err


@pytest.mark.usefixtures("kept")
def test_a_disk_that_takes_nothing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "/proc/out"]) == 2
    said = capsys.readouterr().err
    assert "/proc/out cannot be written" in said
    assert "check the folder and the disk" in said


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_nothing_half_done(kept: Path, sent: signal.Signals) -> None:
    endless = "WITH RECURSIVE n(url) AS (SELECT 1 UNION ALL SELECT url + 1 FROM n) SELECT url FROM n WHERE url < 0"
    command = [sys.executable, "-m", "crawler", "export", "out", "--query", endless]
    child = subprocess.Popen(command, cwd=kept, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 30
        while not list(kept.glob(".out.*.part")) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.2)
        child.send_signal(sent)
        _, said = child.communicate(timeout=30)
    finally:
        child.kill()
    assert (child.returncode, said.strip()) == (130, "presskeep: interrupted")
    assert not list(kept.glob("*out*"))
