"""The SQL functions, on connections of several hosts."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, raw_key, url_key
from archive.functions import LONGEST_DIFF, prepare_connection, register
from extractors import Page
from tests.archive.looks import START, URL, look, page, read

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(path: Path) -> Iterator[Archive]:
    """An article of two versions, with other lists beside each; the second body is a delta."""
    noise = "word " * 300
    with Archive(path, reader=read) as archive:
        for hour, (text, items) in enumerate(
            ((f"One two three. {noise}", ["bus"]), (f"One two four. {noise}", ["peat"]))
        ):
            told = look(text, hour=hour, title="A title", items=items)
            assert told.page is not None
            archive.save(told.page, told.article, site="paper")
        yield archive


def ask(archive: Archive, sql: str, *values: object) -> Any:
    return archive.db.execute(f"SELECT {sql}", values).fetchone()[0]


def test_text_of_a_text_and_of_an_article(kept: Archive) -> None:
    first, second = kept.versions(URL)
    assert ask(kept, "presskeep_text(?)", first.text_key).startswith("One two three.")
    assert ask(kept, "presskeep_text(?)", second.text_key).startswith("One two four.")
    assert ask(kept, "presskeep_text(?)", url_key(URL)).startswith("One two four.")


def test_raw_of_a_whole_body_and_of_a_delta(kept: Archive) -> None:
    first, second = kept.versions(URL)
    assert ask(kept, "base_key FROM raws WHERE key = ?", second.raw_key) == first.raw_key
    for version in (first, second):
        assert ask(kept, "presskeep_raw(?)", version.raw_key) == kept.raw(version.raw_key).decode()


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        ("Łódź".encode("iso-8859-2"), "iso-8859-2", "Łódź"),
        ("Łódź".encode(), None, "Łódź"),
        (b"\x89PNG\0\xff", None, b"\x89PNG\0\xff"),
        (b"a\0b", "utf-8", b"a\0b"),
    ],
)
def test_raw_is_text_by_its_charset_or_else_a_blob(
    archive: Archive, body: bytes, charset: str | None, expected: str | bytes
) -> None:
    archive.save(Page(url=URL, body=body, charset=charset, fetched_at=START), None)
    assert ask(archive, "presskeep_raw(?)", raw_key(body)) == expected


def test_diff_names_words_with_their_fate(kept: Archive) -> None:
    first, second = kept.versions(URL)
    found = json.loads(ask(kept, "presskeep_diff(?, ?)", first.text_key, second.text_key))
    assert (found["words_added"], found["words_removed"], found["complete"]) == (1, 1, True)
    runs = [run for block in found["blocks"] for run in block["runs"]]
    assert {"kind": "removed", "text": "three. "} in runs
    assert {"kind": "added", "text": "four. "} in runs
    assert found["title"] == [{"kind": "kept", "text": "A title"}]


def test_lists_of_an_article_and_of_one_version(kept: Archive) -> None:
    first, second = kept.versions(URL)

    def titles(key: str) -> list[str]:
        return [item["title"] for found in json.loads(ask(kept, "presskeep_lists(?)", key)) for item in found["items"]]

    assert titles(url_key(URL)) == ["bus", "peat"]
    assert titles(first.text_key) == ["bus"]
    assert titles(second.text_key) == ["peat"]
    (found,) = json.loads(ask(kept, "presskeep_lists(?)", first.text_key))
    assert (found["heading"], found["kind"]) == ("Recent", "recent")
    assert found["items"][0]["url"] == "https://paper.example/bus"


def test_a_page_without_lists_has_none_and_an_unknown_one_null(archive: Archive, run: str) -> None:
    archive.add(look(), run)
    assert ask(archive, "presskeep_lists(?)", url_key(URL)) == "[]"
    assert ask(archive, "presskeep_lists(?)", "0" * 16) is None


@pytest.mark.parametrize("bad", [None, 7, 1.5, b"key", "", "0" * 16, "'; DROP TABLE texts", "\ud800", "x" * 100_000])
def test_bad_keys_give_null(kept: Archive, bad: object) -> None:
    try:
        asked = [ask(kept, f"presskeep_{name}(?)", bad) for name in ("text", "raw", "lists")]
    except UnicodeEncodeError:  # sqlite3 itself refuses a lone surrogate
        return
    assert asked == [None, None, None]
    good = kept.versions(URL)[0].text_key
    assert ask(kept, "presskeep_diff(?, ?)", bad, good) is None
    assert ask(kept, "presskeep_diff(?, ?)", good, bad) is None


def test_a_removed_body_and_its_text_give_null(kept: Archive) -> None:
    second = kept.versions(URL)[1]
    kept.forget(second.raw_key, "test")
    assert ask(kept, "presskeep_raw(?)", second.raw_key) is None
    assert ask(kept, "presskeep_text(?)", second.text_key) is None


def test_a_damaged_body_gives_null(kept: Archive) -> None:
    key = kept.versions(URL)[1].raw_key
    kept.db.execute("UPDATE raw_bodies SET body = substr(body, 1, 20) WHERE key = ?", (key,))
    assert ask(kept, "presskeep_raw(?)", key) is None


def test_texts_that_are_too_long_are_not_compared(archive: Archive, run: str) -> None:
    archive.add(look("a" * LONGEST_DIFF), run)
    key = archive.versions(URL)[0].text_key
    assert ask(archive, "presskeep_diff(?, ?)", key, key) is None


def test_a_function_reads_inside_a_transaction_what_it_wrote(kept: Archive) -> None:
    with kept.atomic():
        saved = kept.save(page("Five six.", hour=9), look("Five six.", hour=9).article, site="paper")
        assert ask(kept, "presskeep_text(?)", saved.text_key) == "Five six."
        kept.db.execute("CREATE TEMP TABLE copies AS SELECT presskeep_text(text_key) AS text FROM versions")
    assert kept.db.execute("SELECT count(text) FROM copies").fetchone()[0] == 3


@pytest.mark.timeout(60)
def test_a_time_limit_of_the_host_holds_inside_the_functions(kept: Archive, path: Path) -> None:
    key = kept.versions(URL)[1].raw_key
    with closing(sqlite3.connect(path)) as conn:
        register(conn)
        deadline = time.perf_counter() + 0.2
        conn.set_progress_handler(lambda: int(time.perf_counter() > deadline), 1000)
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        endless = f"{numbers} SELECT sum(length(presskeep_raw(?))) FROM n"
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            conn.execute(endless, (key,)).fetchall()
        conn.set_progress_handler(None, 0)
        assert conn.execute("SELECT presskeep_raw(?)", (key,)).fetchone()[0]


def test_a_limit_that_ran_out_is_an_error_and_not_a_null(kept: Archive, path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        register(conn)
        conn.set_progress_handler(lambda: 1, 1000)
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            conn.execute("SELECT presskeep_text(?)", (kept.versions(URL)[0].text_key,)).fetchall()


def test_sqlite_utils_gives_them_to_archives_only(kept: Archive, path: Path, tmp_path: Path) -> None:
    key = kept.versions(URL)[0].text_key
    with closing(sqlite3.connect(path)) as conn:
        prepare_connection(conn)
        assert conn.execute("SELECT presskeep_text(?)", (key,)).fetchone()[0]
    other, absent = tmp_path / "other.db", tmp_path / "absent.db"
    with closing(sqlite3.connect(other)) as conn:
        conn.execute("CREATE TABLE texts(key, title, text)")
        conn.commit()
        prepare_connection(conn)
        with pytest.raises(sqlite3.OperationalError, match="no such function"):
            conn.execute("SELECT presskeep_text('x')")
    with closing(sqlite3.connect(absent)) as conn:
        prepare_connection(conn)
        assert not absent.exists() or absent.stat().st_size == 0


def test_the_sqlite_utils_command_finds_them_by_the_entry_point(kept: Archive, path: Path, tmp_path: Path) -> None:
    key = kept.versions(URL)[0].text_key
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["sqlite_utils"]
    assert (
        EntryPoint("presskeep", declared["presskeep"], "sqlite_utils").load().prepare_connection is prepare_connection
    )
    installed = tmp_path / "site" / "presskeep_as_declared-0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: presskeep-as-declared\nVersion: 0\n")
    (installed / "entry_points.txt").write_text(f"[sqlite_utils]\npresskeep = {declared['presskeep']}\n")
    command = [sys.executable, "-m", "sqlite_utils", "query", str(path), f"select presskeep_text('{key}') as text"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(installed.parent), str(ROOT)))}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["text"].startswith("One two three.")
