"""``stats --health`` on an archive of a real crawl."""

import json
import socket
from pathlib import Path

import pytest

from crawler.__main__ import run
from tests.crawler.papers import papers, write_config


def test_health_of_a_crawl(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        text = config.read_text("utf-8")
        with socket.socket() as shut:  # bound, and never listening: nobody else can answer there
            shut.bind(("127.0.0.1", 0))
            feed = f"http://127.0.0.1:{shut.getsockname()[1]}/feed"
            config.write_text(text + f'\n[[sites]]\nname = "silent"\nfeeds = ["{feed}"]\n', "utf-8")
            assert run(["crawl", "review", "silent", "--config", str(config)]) == 3
    capsys.readouterr()
    archive = str(tmp_path / "archive.db")
    assert run(["stats", "--health", "--json", "--archive", archive]) == 0
    told = {site["site"]: site for site in json.loads(capsys.readouterr().out)}
    promised = "site last_success kinds failures median_ms requests_per_day drift quarantined grown_bytes dead_sources"
    assert all(list(site) == promised.split() for site in told.values())
    review, silent = told["review"], told["silent"]
    assert review["kinds"]["article"]["looks"] > 3
    assert review["grown_bytes"] > 1000
    assert review["last_success"]
    assert silent["last_success"] is None
    assert silent["failures"] == {"connect": 1, "robots": 1}  # robots.txt cannot be read, so nothing else is asked for
    assert [dead["url"] for dead in silent["dead_sources"]] == [feed]
    assert run(["stats", "--health", "--archive", archive]) == 0
    out = capsys.readouterr().out
    assert f"silent: feed {feed} has never been read" in out
    assert "review" in out
