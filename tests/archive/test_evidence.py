"""One article in a zip: the same bytes each time, and checked by the script inside it alone."""

import ast
import base64
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, Discovery, Look, UnknownArticle
from extractors import OptOut, Page
from tests.archive.conftest import Clock
from tests.archive.looks import START, URL, bare, look, page, read

HEADERS = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Note", "a\udce9b"))
ROBOTS = b"User-agent: *\nDisallow: /secret\n"


def with_headers(text: str, hour: float) -> Look:
    found = replace(page(text, hour=hour, title="A <b>title</b>", items=["first"]), headers=HEADERS)
    return Look(
        url=URL, site="paper", started_at=START + timedelta(hours=hour), page=found, article=read(found).article,
        record=(("tls", "TLSv1.3"),), optouts=(OptOut(signal="x-robots-tag", value="noai"),),
    )  # fmt: skip


def robots_look() -> Look:
    url = "https://paper.example/robots.txt"
    found = Page(url=url, body=ROBOTS, media_type="text/plain", fetched_at=START)
    return Look(url=url, site="paper", kind="robots", started_at=START, page=found)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished runs and one that goes on, with an edit, the same body again, a 304, a failure and other pages."""
    path = tmp_path_factory.mktemp("evidence") / "archive.db"
    with Archive(path, clock=Clock(), reader=read) as archive:
        first = archive.start_run("crawl")
        archive.discover([Discovery(url=URL, site="paper", kind="feed", found_in="https://paper.example/f")], first)
        archive.add(robots_look(), first)
        archive.add(with_headers("One two <three>.", 0), first)
        for number in range(5):
            archive.add(look("Not mine.", url=f"{URL}/{number}"), first)
        archive.finish_run(first)
        second = archive.start_run("crawl")
        archive.add(with_headers("One two <four>.", 1), second)
        archive.add(bare("not-modified", hour=2), second)
        archive.finish_run(second)
        third = archive.start_run("crawl")
        archive.add(with_headers("One two <four>.", 3), third)
        archive.add(bare("http-503", hour=4), third)
    return path


def unpacked(archive: Path, folder: Path) -> Path:
    with Archive(archive, read_only=True, reader=read) as opened:
        opened.evidence(URL, folder / "out.zip")
    with zipfile.ZipFile(folder / "out.zip") as zipped:
        zipped.extractall(folder / "out")
    return folder / "out"


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "check.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=60)


def test_the_script_inside_finds_all_well(path: Path, tmp_path: Path) -> None:
    done = check(unpacked(path, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert f"Evidence about {URL}" in done.stdout
    assert "3 raws have the SHA-256" in done.stdout
    assert "2 texts have the SHA-256" in done.stdout
    assert "6 looks and 2 versions" in done.stdout
    assert "9 facts of 2 finished runs" in done.stdout
    assert done.stdout.endswith("All well.\n")


def test_what_is_in_it(path: Path, tmp_path: Path) -> None:
    folder = unpacked(path, tmp_path)
    for body in (folder / "raws").iterdir():
        assert hashlib.sha256(body.read_bytes()).hexdigest()[:16] == body.name
    texts = {text.read_bytes(): text.name for text in (folder / "texts").iterdir()}
    expected = b"A <b>title</b>\n\nOne two <four>."
    assert texts[expected] == hashlib.sha256(expected).hexdigest()[:16] + ".txt"
    diff = (folder / "diffs" / "0001-0002.html").read_text("utf-8")
    assert "<del>&lt;three&gt;.</del><ins>&lt;four&gt;.</ins>" in diff
    assert "<b>" not in diff
    assert "http" not in diff.replace(URL, "").replace("http-equiv", "")
    looks = json.loads((folder / "looks.json").read_text("utf-8"))
    assert [one["outcome"] for one in looks] == ["new", "changed", "not-modified", "same", "http-503"]
    assert looks[0]["record"]["tls"] == "TLSv1.3"
    assert looks[0]["record"]["headers"][0] == ["Content-Type", "text/html"]
    robots = json.loads((folder / "robots.json").read_text("utf-8"))
    assert (folder / "raws" / robots["looks"][0]["raw_key"]).read_bytes() == ROBOTS
    found = json.loads((folder / "found.json").read_text("utf-8"))
    assert found["discoveries"][0]["found_in"] == "https://paper.example/f"
    assert found["optouts"][0]["value"] == "noai"
    assert "id" not in looks[0]


def test_the_same_archive_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    with Archive(path, read_only=True, reader=read) as archive:
        archive.evidence(URL, tmp_path / "a.zip")
        archive.evidence(URL, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def warc_records(content: bytes) -> list[tuple[dict[str, str], bytes]]:
    found = []
    while content:
        head, _, rest = content.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.1"
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers["Content-Length"])
        block, end = rest[:length], rest[length : length + 4]
        assert end == b"\r\n\r\n"
        digest = base64.b32encode(hashlib.sha256(block).digest()).decode()
        assert headers["WARC-Block-Digest"] == f"sha256:{digest}"
        found.append((headers, block))
        content = rest[length + 4 :]
    return found


def test_the_warc_holds_a_record_for_each_look_with_a_body(path: Path, tmp_path: Path) -> None:
    folder = unpacked(path, tmp_path)
    records = warc_records((folder / "records.warc").read_bytes())
    kinds = [headers["WARC-Type"] for headers, _ in records]
    assert kinds == ["warcinfo", "response", "response", "revisit", "revisit"]
    assert records[3][0]["WARC-Profile"].endswith("/server-not-modified")
    assert records[4][0]["WARC-Profile"].endswith("/identical-payload-digest")
    assert records[4][0]["WARC-Refers-To"] == records[2][0]["WARC-Record-ID"]
    head, _, body = records[1][1].partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Archive-Orig-Content-Encoding: gzip\r\n")
    assert b"X-Note: a\xe9b" in head
    assert int(head.rpartition(b"Content-Length: ")[2]) == len(body)
    assert (folder / "raws" / hashlib.sha256(body).hexdigest()[:16]).read_bytes() == body


@pytest.mark.parametrize("kind", ["raws", "texts", "looks.json", "runs.json", "diffs", "manifest.json", "extra"])
def test_the_script_finds_what_was_changed(path: Path, tmp_path: Path, kind: str) -> None:
    folder = unpacked(path, tmp_path)
    target = folder / kind
    if kind == "extra":
        target.write_text("more", "utf-8")
    elif kind == "manifest.json":
        manifest = json.loads(target.read_text("utf-8"))
        manifest["raws"] = dict.fromkeys(manifest["raws"], "0" * 64)
        target.write_text(json.dumps(manifest), "utf-8")
    else:
        file = next(target.iterdir()) if target.is_dir() else target
        file.write_bytes(file.read_bytes().replace(b"2", b"3").replace(b"t", b"T", 1) + b" ")
    done = check(folder)
    assert done.returncode == 1
    assert "WRONG" in done.stdout
    assert done.stderr == ""


def test_the_script_needs_nothing_but_an_old_python(path: Path, tmp_path: Path) -> None:
    script = (unpacked(path, tmp_path) / "check.py").read_text("utf-8")
    tree = ast.parse(script, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "hashlib", "json", "pathlib", "sys", "typing"}


def test_the_script_finds_files_that_are_gone(path: Path, tmp_path: Path) -> None:
    folder = unpacked(path, tmp_path)
    (folder / "article.json").unlink()
    done = check(folder)
    assert done.returncode == 1
    assert "WRONG: article.json is missing" in done.stdout
    assert done.stderr == ""


def test_a_forger_who_mends_the_manifest_is_found_by_the_roots(path: Path, tmp_path: Path) -> None:
    """A look and its digest in the manifest are changed together; the leaf that the run sealed says otherwise."""
    folder = unpacked(path, tmp_path)
    looks, manifest = folder / "looks.json", folder / "manifest.json"
    looks.write_text(looks.read_text("utf-8").replace("2026-11-01T13", "2026-11-01T14"), "utf-8")
    told = json.loads(manifest.read_text("utf-8"))
    content = looks.read_bytes()
    told["files"]["looks.json"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest.write_text(json.dumps(told), "utf-8")
    done = check(folder)
    assert done.returncode == 1
    assert "is not as its run sealed it" in done.stdout


def test_a_removed_body_is_named_and_the_rest_still_holds(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "copy.db"))
    with closing(sqlite3.connect(copy, isolation_level=None)) as plain:
        key, sha256 = plain.execute(
            "SELECT r.key, r.sha256 FROM fetches f JOIN raws r ON r.key = f.raw_key WHERE f.id = 2"
        ).fetchone()
        plain.execute("INSERT INTO removals VALUES (?, ?, 'asked', '2026-11-22T00:00:00.000Z')", (key, sha256))
        plain.execute("DELETE FROM raw_bodies WHERE key = ?", (key,))
    done = check(unpacked(copy, tmp_path))
    assert done.returncode == 0, done.stdout
    assert f"not here: body {key}, SHA-256 {sha256}: removed: asked" in done.stdout


def test_it_is_written_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.zip"
    taken.write_text("mine", "utf-8")
    with Archive(path, read_only=True, reader=read) as archive:
        with pytest.raises(ArchiveError, match="exists already"):
            archive.evidence(URL, taken)
        with pytest.raises(ArchiveError, match="cannot be written"):
            archive.evidence(URL, tmp_path / "no" / "folder.zip")
        with pytest.raises(UnknownArticle):
            archive.evidence("https://paper.example/unknown", tmp_path / "unknown.zip")
    assert taken.read_text("utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [taken]
