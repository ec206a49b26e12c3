"""``crawl`` and the commands that read its archive, on the demo papers."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from crawler.__main__ import run
from crawler.demo import DemoSite
from tests.crawler.papers import FLOOD, environment, papers, write_config


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An archive of two crawls, with the papers still open."""

    config: Path
    archive: Path
    sites: tuple[DemoSite, ...]
    reports: tuple[dict[str, Any], dict[str, Any]]

    @property
    def flood(self) -> str:
        return self.sites[0].base + FLOOD


def _child(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("press")
    with papers(busy=True) as sites:
        config = write_config(folder, sites)
        first = _child(["crawl", "--config", str(config), "--json"])
        assert first.returncode == 0, first.stderr
        for site in sites:
            site.edit()
        with redirect_stdout(TextIOWrapper(BytesIO())) as second:
            assert run(["crawl", "--config", str(config), "--json", "--now"]) == 0
        second.seek(0)
        reports = (json.loads(first.stdout), json.loads(second.read()))
        yield Kept(config=config, archive=folder / "archive.db", sites=sites, reports=reports)


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_crawl_reports_as_promised(kept: Kept) -> None:
    first, second = kept.reports
    promised = "run sites fetched unchanged new_articles new_versions failed list_items bytes stored_bytes seconds "
    promised += "problems"
    assert list(first) == list(second) == promised.split()
    assert (first["sites"], first["new_articles"], first["new_versions"]) == (3, 18, 0)
    assert (second["new_articles"], second["new_versions"]) == (0, 2)
    assert second["failed"]["http-410"] == 1
    assert first["failed"]["robots"] == 1


def test_no_version_without_an_edit(kept: Kept) -> None:
    with Archive(kept.archive, read_only=True) as archive:
        counts = {row.url: row.version_count for row in archive.articles()}
    edited = {url for url, count in counts.items() if count > 1}
    assert edited == {kept.flood, f"{kept.sites[1].base}/business/harbour-tunnel-opens-to-first-trains"}
    assert len(counts) == 18


def test_history_shows_both_versions(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    versions = _json(capsys, "history", kept.flood, "--archive", str(kept.archive))
    assert [version["number"] for version in versions] == [1, 2]
    promised = "number text_key raw_key first_seen last_seen sightings kinds words_added words_removed"
    assert list(versions[0]) == promised.split()
    assert all(len(version["text_key"]) == 16 for version in versions)
    assert versions[1]["words_added"] == versions[1]["words_removed"] == 1
    assert run(["history", kept.flood, "--archive", str(kept.archive)]) == 0
    assert versions[1]["text_key"] in capsys.readouterr().out


def test_diff_marks_the_corrected_number(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", kept.flood, "--archive", str(kept.archive)]) == 0
    assert "[-1.5-] {+1.8+} million pounds" in capsys.readouterr().out
    assert run(["diff", kept.flood, "1", "--archive", str(kept.archive)]) == 2
    assert run(["diff", kept.flood, "1", "7", "--archive", str(kept.archive)]) == 2


def test_search_finds_words_and_nothing_is_an_empty_list(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    hits = _json(capsys, "search", "boulder clay", "--archive", str(kept.archive))
    assert hits[0]["article"].endswith("/business/harbour-tunnel-opens-to-first-trains")
    assert _json(capsys, "search", "zeppelin", "--archive", str(kept.archive)) == []
    counted = _json(capsys, "search", "boulder clay", "--count", "--archive", str(kept.archive))
    both = _json(capsys, "search", "boulder clay", "--where", "both", "--limit", "99", "--archive", str(kept.archive))
    places = [hit["where"] for hit in both]
    assert counted == {"pages": len(both), "text": places.count("text"), "only_lists": places.count("lists")}
    assert run(["search", "boulder clay", "--count", "--archive", str(kept.archive)]) == 0
    said = capsys.readouterr().out
    assert said == f"{len(both)} pages, {places.count('lists')} only in sidebars\n"
    assert run(["search", 'an "unbalanced quote', "--archive", str(kept.archive)]) in {0, 2}
    assert "Traceback" not in capsys.readouterr().err


def test_show_gives_text_and_lists_apart(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    shown = _json(capsys, "show", kept.flood, "--archive", str(kept.archive))
    assert shown["title"] == "Flood wall costs rise as council votes again"
    assert "1.8 million pounds" in shown["text"]
    assert "Recent Posts" in {item["heading"] for item in shown["lists"]}
    assert not any(item["title"] in shown["text"] for item in shown["lists"])
    by_key = _json(capsys, "show", shown["text_key"], "--archive", str(kept.archive))
    assert by_key["text"] == shown["text"]
    assert run(["show", kept.flood, "--archive", str(kept.archive)]) == 0
    assert "Recent Posts" in capsys.readouterr().out


def test_show_of_an_unknown_url_is_2(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "https://nowhere.example/", "--archive", str(kept.archive)]) == 2
    assert "nowhere.example" in capsys.readouterr().err


def test_stats_counts(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    stats = _json(capsys, "stats", "--archive", str(kept.archive))
    assert (stats["articles"], stats["versions"]) == (18, 20)
    assert stats["stored_bytes"] < stats["raw_bytes"]
    assert run(["stats", "--archive", str(kept.archive)]) == 0
    assert "18 articles" in capsys.readouterr().out


def test_the_old_page_in_windows_1252_reads_right(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    shown = _json(capsys, "show", f"{kept.sites[2].base}/story.asp?id=2277", "--archive", str(kept.archive))
    assert shown["title"] == "Le cinéma du vieux port rouvre grâce à ses spectateurs"
    assert "480 000 €" in shown["text"]


def test_crawl_for_people_sums_up(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["crawl", "courier", "--config", str(kept.config), "--now"]) == 0
    captured = capsys.readouterr()
    [line] = captured.out.splitlines()  # in a log; a terminal shows it in parts
    assert "fetched from 1 site" in line
    assert "unchanged" in line
    assert line.endswith(f"stored in {kept.archive}.")


def test_only_one_url(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    report = _json(capsys, "crawl", "--config", str(kept.config), "--url", kept.flood)
    assert report["fetched"] >= 1
    assert report["new_articles"] == 0


def test_a_reader_that_leaves_is_no_crash(kept: Kept) -> None:
    command = [sys.executable, "-m", "crawler", "search", "the", "--limit", "500", "--archive", str(kept.archive)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    assert child.stdout is not None
    child.stdout.close()
    _, err = child.communicate(timeout=30)
    assert (child.returncode, err) == (0, "")


def test_dry_run_asks_nobody(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    before = [site.requests for site in kept.sites]
    assert run(["crawl", "--config", str(kept.config), "--now", "--dry-run"]) == 0
    assert [site.requests for site in kept.sites] == before


def test_an_unknown_site_is_2(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["crawl", "herald", "--config", str(kept.config)]) == 2
    assert "herald" in capsys.readouterr().err


def test_a_second_writer_is_4(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(kept.archive):
        assert run(["crawl", "--config", str(kept.config)]) == 4
    assert "another presskeep process" in capsys.readouterr().err


def test_a_site_that_cannot_be_read_is_one_line_and_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[crawler]\nretries = 0\ndelay = 0\nallow_private = ["127.0.0.0/8"]\nuser_agent = "test (a@example.org)"\n'
        f'[archive]\npath = "{tmp_path / "a.db"}"\n'
        '[[sites]]\nname = "silent"\nfeeds = ["http://127.0.0.1:9/feed"]\n'
    )
    assert run(["crawl", "--config", str(config)]) == 3
    captured = capsys.readouterr()
    assert sum(line.startswith("presskeep: silent: ") for line in captured.err.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_crawl_saves_and_leaves_with_130(tmp_path: Path, number: signal.Signals) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites, delay=0.3)
        command = [sys.executable, "-m", "crawler", "crawl", "--config", str(config)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        _wait_for_requests(sites, 7)
        os.kill(child.pid, number)
        _, err = child.communicate(timeout=30)
    assert child.returncode == 130, err
    assert "Traceback" not in err
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM fetches").fetchone()[0] >= 3
        assert db.execute("SELECT finished_at FROM runs").fetchone()[0] is not None


def _wait_for_requests(sites: tuple[DemoSite, ...], count: int) -> None:
    deadline = time.monotonic() + 30
    while sum(site.requests for site in sites) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
