"""A full disk, and files that are no archive: one clear line, the right exit code, and nothing lost."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run
from extractors import Page, extract
from tests.crawler.papers import papers, write_config
from tests.crawler.test_cli_merging import HTML, LINES

PAGES = 60


def filler(number: int) -> str:
    """Bytes that do not compress to nothing, after the text."""
    return "<!--" + " ".join(str((n * 7919 + number) ** 3) for n in range(600)) + "-->"


def html(number: int) -> bytes:
    paragraphs = "".join(f"<p>{line.format(f'Ghent {number}')}</p>" for line in LINES)
    return (HTML.format(number, paragraphs) + filler(number)).encode()


def filled(path: Path, pages: range = range(PAGES)) -> Path:
    with Archive(path) as archive:
        for number in pages:
            page = Page(url=f"https://paper.example/2026/{number}", body=html(number), media_type="text/html")
            archive.save(page, extract(page))
    return path


def limited(limit: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command where no file can grow beyond ``limit`` bytes: writes fail as on a full disk."""
    limits = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
    command = (sys.executable, "-m", "crawler", *arguments)
    return subprocess.run(command, preexec_fn=limits, capture_output=True, text=True, timeout=60, check=False)


def count(path: Path) -> int:
    with Archive(path, read_only=True) as archive:
        assert archive.verify().ok
        return archive.stats().articles


def check(done: "subprocess.CompletedProcess[str]", path: Path) -> None:
    last = done.stderr.rstrip().rpartition("\n")[2]
    assert (done.returncode, done.stdout) == (2, ""), done
    assert last.startswith(f"presskeep: {path} cannot be written (SQLite says")
    assert "what was committed is kept, and the same command goes on" in last
    assert "fault in presskeep" not in done.stderr


def test_an_import_on_a_full_disk_goes_on_later(tmp_path: Path) -> None:
    folder, path = tmp_path / "pages", tmp_path / "archive.db"
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"{number}.html").write_bytes(html(number))
    command = ("import", str(folder), "--archive", str(path))
    check(limited(700_000, *command), path)
    before = count(path)
    assert before < PAGES
    assert run(command) == 0
    assert count(path) == PAGES


def test_a_merge_on_a_full_disk_goes_on_later(tmp_path: Path) -> None:
    sources = [filled(tmp_path / "a.db", range(8)), filled(tmp_path / "b.db", range(8, PAGES))]
    path = tmp_path / "into.db"
    command = ("merge", *map(str, sources), "--into", str(path))
    check(limited(700_000, *command), path)
    assert count(path) == 8
    assert run(command) == 0
    assert count(path) == PAGES


def test_reading_again_and_taking_down_on_a_full_disk_go_on_later(tmp_path: Path) -> None:
    path = filled(tmp_path / "archive.db")
    takedown = ("forget", "https://paper.example/2026/7", "--reason", "asked", "--archive", str(path))
    check(limited(60_000, "reextract", "--archive", str(path)), path)
    check(limited(60_000, *takedown), path)
    assert run(("reextract", "--archive", str(path))) == 0
    assert run(takedown) == 0
    assert count(path) == PAGES - 1
    assert b"Ghent 7 " not in path.read_bytes()


def test_a_takedown_that_had_no_room_to_scrub_is_finished_later(tmp_path: Path) -> None:
    path = filled(tmp_path / "archive.db")
    takedown = ("forget", "https://paper.example/2026/7", "--reason", "asked", "--archive", str(path))
    check(limited(path.stat().st_size // 2, *takedown), path)
    with Archive(path, read_only=True) as archive:
        assert [one.kind for one in archive.verify().problems] == ["unfinished removal"]
    assert run(takedown) == 0
    assert count(path) == PAGES - 1
    assert b"Ghent 7 " not in path.read_bytes()


def test_a_crawl_on_a_full_disk_goes_on_later(tmp_path: Path) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        path = tmp_path / "archive.db"
        Archive(path).close()
        command = ("crawl", "--config", str(config), "--json")
        check(limited(path.stat().st_size + 20_000, *command), path)
        count(path)
        assert run(command) == 0
        assert count(path) > 0


@pytest.fixture(params=["missing folder", "folder", "zero bytes", "cut", "foreign", "words"])
def unusable(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Path]:
    path = tmp_path / "archive.db"
    match request.param:
        case "missing folder":
            path = tmp_path / "nowhere" / "archive.db"
        case "folder":
            path.mkdir()
        case "zero bytes":
            path.touch()
        case "cut":
            filled(path)
            os.truncate(path, path.stat().st_size // 2)
        case "foreign":
            with closing(sqlite3.connect(path)) as conn:
                conn.execute("CREATE TABLE t(a)")
        case "words":
            path.write_text("only words, and enough of them")
    return request.param, path


def test_what_is_no_archive_is_refused_in_one_line(
    unusable: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what, path = unusable
    source = filled(tmp_path / "source.db", range(2))
    commands = [
        ("search", "Ghent", "--archive", str(path)),
        ("verify", "--archive", str(path)),
        ("reextract", "--archive", str(path)),
        ("forget", "https://paper.example/2026/7", "--reason", "asked", "--archive", str(path)),
        ("merge", str(source), "--into", str(path)),
    ]
    for command in commands[: 4 if what in ("missing folder", "zero bytes") else 5]:
        capsys.readouterr()
        code, out = run(command), capsys.readouterr()
        lines = out.err.strip().splitlines()
        assert code in ((2, 5, 0) if what == "cut" else (2, 0) if what == "zero bytes" else (2,)), (command, out)
        assert not any("fault in presskeep" in line for line in lines), (command, out)
        if code == 2:
            assert lines[-1].startswith("presskeep: "), (command, out)


def read_only_file(path: Path) -> None:
    path.chmod(0o444)


def read_only_folder(path: Path) -> None:
    path.parent.chmod(0o555)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
@pytest.mark.parametrize("protect", [read_only_file, read_only_folder])
def test_without_permission_reading_works_and_writing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], protect: "object"
) -> None:
    folder = tmp_path / "protected"
    folder.mkdir()
    path = filled(folder / "archive.db", range(3))
    assert callable(protect)
    protect(path)
    try:
        assert count(path) == 3
        capsys.readouterr()
        assert run(("forget", "https://paper.example/2026/1", "--reason", "asked", "--archive", str(path))) == 2
        assert "permission" in capsys.readouterr().err
    finally:
        folder.chmod(0o755)
        path.chmod(0o644)


def test_a_small_file_system_that_is_really_full(tmp_path: Path) -> None:
    """SQLite's own word for it, where this process may mount."""
    folder, mount = tmp_path / "small", shutil.which("mount")
    folder.mkdir()
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "none", folder], check=False).returncode:
        pytest.skip("no right to mount a file system here")
    try:
        sources = [filled(tmp_path / "a.db", range(4)), filled(tmp_path / "b.db", range(4, PAGES))]
        path = folder / "archive.db"
        done = limited(2**40, "merge", *map(str, sources), "--into", str(path))
        check(done, path)
        assert "database or disk is full" in done.stderr
        assert count(path) == 4
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("place", ["notes.txt/archive.db", "notes.txt/deeper/archive.db"])
def test_a_file_where_the_folder_should_be_is_named(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    path = tmp_path / place
    assert run(["crawl", "--url", "http://127.0.0.1:9/", "--config", str(_config(tmp_path, path))]) == 2
    assert f"{path.parent} is no folder" in capsys.readouterr().err


def _config(folder: Path, archive: Path) -> Path:
    path = folder / "config.toml"
    path.write_text(f'[archive]\npath = "{archive}"\n[[sites]]\nname = "a"\nhome = "http://127.0.0.1:9/"\n', "utf-8")
    return path
