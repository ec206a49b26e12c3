"""What the command line makes of the files that it is given: configs, archives, damage."""

import json
from pathlib import Path

import pytest

from archive import Archive
from crawler.__main__ import run
from tests.crawler.papers import FLOOD, papers, write_config

CHINESE = (
    "市议会周二晚间投票决定修复旧港口大桥，工程师称这座大桥已经使用了八十年，维修费用比两年前的计划高出一百五十万元。"
)


def test_import_makes_an_archive_with_the_tokenizer_of_the_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, archive = tmp_path / "config.toml", tmp_path / "a.db"
    config.write_text(f'[archive]\npath = "{archive}"\ntokenizer = "trigram"\n', "utf-8")
    dump = tmp_path / "dump.html"
    body = "".join(f"<p>{CHINESE}</p>" for _ in range(3))
    head = '<head><meta charset="utf-8"><meta property="og:type" content="article"><title>大桥</title></head>'
    dump.write_text(f"<html>{head}<body><article><h1>大桥</h1>{body}</article></body></html>", "utf-8")
    assert run(["import", str(dump), "--config", str(config)]) == 0
    capsys.readouterr()
    assert run(["search", "修复旧港口", "--config", str(config), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_a_damaged_archive_is_no_fault_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.db"
    with Archive(path) as archive:
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    for start in range(4096 * 3, len(content), 4096):
        content[start : start + 4096] = bytes(4096)
    path.write_bytes(content)
    assert run(["stats", "--archive", str(path)]) == 2
    said = capsys.readouterr().err
    assert "damaged" in said or "SQLite says" in said
    assert "verify" in said or "restore" in said


def test_a_config_without_sites_is_not_crawled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[archive]\npath = "{tmp_path / "a.db"}"\n', "utf-8")
    assert run(["crawl", "--config", str(config)]) == 2
    assert "presskeep add" in capsys.readouterr().err
    assert not (tmp_path / "a.db").exists()


def test_a_dry_run_before_the_first_crawl_says_what_it_would_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[archive]\npath = "{tmp_path / "a.db"}"\n[[sites]]\nname = "a"\nhome = "https://a.example/"\n')
    assert run(["crawl", "--config", str(config), "--dry-run"]) == 0
    printed = capsys.readouterr()
    assert "https://a.example/" in printed.err
    assert printed.out == ""
    assert not (tmp_path / "a.db").exists()


def test_a_url_of_two_sites_is_fetched_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        twin = f'\n[[sites]]\nname = "twin"\nhome = "{sites[0].base}/"\n'
        config.write_text(config.read_text("utf-8") + twin, "utf-8")
        url = f"{sites[0].base}{FLOOD}"
        assert run(["crawl", "--config", str(config), "--url", url, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["fetched"], report["new_articles"]) == (1, 1)


def test_a_failed_look_keeps_the_headers_of_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        run(["crawl", "--config", str(config), "--url", f"{sites[0].base}/nowhere/at/all/", "--json"])
    capsys.readouterr()
    with Archive(tmp_path / "archive.db", read_only=True) as archive:
        (record,) = archive.db.execute("SELECT record FROM fetches WHERE outcome = 'http-404' AND kind = 'article'")
    assert any(name == "content-type" for name, _ in json.loads(record[0])["headers"])


def test_a_feed_that_is_a_web_page_stands_among_the_failures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with papers() as sites:
        config = tmp_path / "config.toml"
        config.write_text(
            f'[archive]\npath = "{tmp_path / "a.db"}"\n[crawler]\ndelay = 0\nallow_private = ["127.0.0.0/8"]\n'
            f'[[sites]]\nname = "a"\nfeeds = ["{sites[0].base}/"]\n'
        )
        assert run(["crawl", "--config", str(config)]) == 3
    assert "not a feed" in capsys.readouterr().err
    with Archive(tmp_path / "a.db", read_only=True) as archive:
        failures = archive.db.execute("SELECT kind, error FROM failures").fetchall()
    assert failures == [("feed", "is an HTML page, not a feed")]
