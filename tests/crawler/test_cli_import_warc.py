"""``presskeep import`` of WARC files and lists of URLs, as commands."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.exporting.warc import write_warc
from crawler.__main__ import run
from crawler.cli import importing
from crawler.urllists import is_url_list
from tests.archive.looks import derived
from tests.crawler.papers import FLOOD, papers, write_config

FACTS = (
    "SELECT url, kind, site, started_at, outcome, status, final_url, ms, bytes, attempts, raw_key, etag, "
    "last_modified, error, record FROM fetches ORDER BY id"
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of an archive of papers that were crawled, edited and crawled again, and its WARC."""
    folder = tmp_path_factory.mktemp("crawled")
    with papers() as sites:
        config = write_config(folder, sites)
        run(["crawl", "--config", str(config)])
        for site in sites:
            site.edit()
        run(["crawl", "--now", "--config", str(config)])
        run(["crawl", "--url", f"{sites[0].base}/nowhere/at/all/", "--config", str(config)])
    with Archive(folder / "archive.db", read_only=True) as archive:
        fetches = [row[0] for row in archive.db.execute("SELECT id FROM fetches ORDER BY id")]
        write_warc(archive.db, archive.raw, folder / "demo.warc.gz", fetches, "presskeep/test")
    return folder


def out(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> tuple[Any, str]:
    capsys.readouterr()
    assert run([*map(str, words), "--json"]) == code
    printed = capsys.readouterr()
    return json.loads(printed.out) if printed.out else None, printed.err


def same(one: Path, other: Path) -> None:
    with Archive(one, read_only=True) as before, Archive(other, read_only=True) as after:
        kinds = {row[0] for row in before.db.execute("SELECT outcome FROM fetches")}
        assert {"new", "changed", "not-modified", "http-404"} <= kinds
        assert dict(derived(after)) == dict(derived(before))
        assert after.db.execute(FACTS).fetchall() == before.db.execute(FACTS).fetchall()
        for sql in ("SELECT key, sha256, size FROM raws ORDER BY key", "SELECT * FROM list_items ORDER BY 1, 2, 4, 5"):
            assert len(after.db.execute(sql).fetchall()) == len(before.db.execute(sql).fetchall()) > 0


def test_a_crawl_goes_through_a_warc_into_the_same_archive(
    crawled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, err = out(capsys, "import", crawled / "demo.warc.gz", "--archive", tmp_path / "b.db")
    assert (report["skipped"], report["errors"], err) == (0, [], "")
    same(crawled / "archive.db", tmp_path / "b.db")
    again, _ = out(capsys, "import", crawled, "--archive", tmp_path / "b.db")
    assert (again["skipped"], again["new"]["fetches"]) == (report["new"]["fetches"], 0)
    assert run(["verify", "--deep", "--archive", str(tmp_path / "b.db")]) == 0


def test_an_export_adds_nothing_to_the_archive_it_came_from(
    crawled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((crawled / "archive.db").read_bytes())
    report, _ = out(capsys, "import", crawled / "demo.warc.gz", "--archive", copy)
    assert report["new"]["fetches"] == 0
    assert report["skipped"] > 20


def test_pages_can_be_read_later(crawled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = tmp_path / "b.db"
    report, _ = out(capsys, "import", crawled / "demo.warc.gz", "--no-extract", "--archive", archive)
    assert report["new"]["raws"] > 0
    assert report["new"]["articles"] == 0
    out(capsys, "reextract", "--archive", archive)
    same(crawled / "archive.db", archive)


def test_damage_is_told_with_its_place(crawled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (crawled / "demo.warc.gz").read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(content[: len(content) // 2])
    report, err = out(capsys, "import", tmp_path / "cut.warc.gz", "--archive", tmp_path / "b.db")
    assert report["new"]["fetches"] > 5
    assert f"{tmp_path}/cut.warc.gz@" in err
    assert "ends in the middle" in err
    assert report["errors"]
    (tmp_path / "cut.warc.gz").write_bytes(content)
    report, _ = out(capsys, "import", tmp_path / "cut.warc.gz", "--archive", tmp_path / "b.db")
    assert report["errors"] == []
    same(crawled / "archive.db", tmp_path / "b.db")


CONFIG = """\
[archive]
path = "{folder}/archive.db"
[[sites]]
name = "paper"
home = "https://www.paper.example/"
deny = ["/tag/"]
[[sites]]
name = "review"
home = "https://review.example/"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(folder=tmp_path), "utf-8")
    return path


LISTS = {
    "urls.txt": "# stories\nhttps://paper.example/a\n\nhttps://news.paper.example/b?utm_source=x\nhttps://\n"
    "https://other.example/c\nhttps://paper.example/tag/d\nnot a URL\nhttps://paper.example/a\n",
    "urls.csv": "url,published,site\nhttps://paper.example/a,2026-11-01,\nhttps://news.paper.example/b,,paper\n"
    "https://,,\nhttps://other.example/c,,\nhttps://paper.example/tag/d,,\nx,,\nhttps://paper.example/e,,nobody\n",
    "urls.jsonl": '{"url": "https://paper.example/a", "published": "2026-11-01"}\n'
    '{"url": "https://news.paper.example/b", "site": null}\n{"url": "https://"}\n{"url": "https://other.example/c"}\n'
    '{"url": "https://paper.example/tag/d"}\nno json\n[1]\n{"url": "https://paper.example/a", "published": 7}\n',
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_due_at_the_next_crawl(
    tmp_path: Path, config: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(LISTS[name], "utf-8")
    report, err = out(capsys, "import", tmp_path / name, "--config", config)
    assert report["new"] == {"discoveries": 2, "due": 2}
    places = [error["file"].rpartition(":")[2] for error in report["errors"]]
    assert places == {
        "urls.txt": ["5", "6", "7", "8"], "urls.csv": ["4", "5", "6", "7", "8"],
        "urls.jsonl": ["3", "4", "5", "6", "7", "8"],
    }[name]  # fmt: skip
    assert "`presskeep add https://other.example/`" in err
    assert "`allow` and `deny` of paper leave" in err
    with Archive(tmp_path / "archive.db", read_only=True) as archive:
        found = archive.db.execute("SELECT url, site, kind, found_in FROM discoveries ORDER BY seq").fetchall()
        due = archive.db.execute("SELECT site, kind, state FROM frontier").fetchall()
    assert {row[1:] for row in found} == {("paper", "import", name)}
    assert due == [("paper", "article", "due")] * 2
    again, _ = out(capsys, "import", tmp_path / name, "--config", config)
    assert again["new"] == {"discoveries": 0, "due": 0}
    assert again["skipped"] >= 2
    assert run(["crawl", "paper", "--dry-run", "--config", str(config)]) == 0
    assert "would fetch https://paper.example/a" in capsys.readouterr().err


def test_a_list_is_crawled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        text = config.read_text("utf-8")
        head, _, blocks = text.partition("[[sites]]")
        first = blocks.partition("[[sites]]")[0]
        kept = [line for line in first.splitlines() if not line.startswith(("feeds", "sitemaps", "listings"))]
        config.write_text(f"{head}[[sites]]" + "\n".join(kept), "utf-8")
        url = f"{sites[0].base}{FLOOD}"
        (tmp_path / "urls.txt").write_text(f"{url}\n", "utf-8")
        out(capsys, "import", tmp_path / "urls.txt", "--config", config)
        out(capsys, "crawl", "--config", config)
    with Archive(tmp_path / "archive.db", read_only=True) as archive:
        assert [one.outcome for one in archive.looks(url)] == ["new"]


def test_a_list_needs_a_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "urls.txt").write_text("https://paper.example/a\n")
    _, err = out(capsys, "import", "urls.txt", code=2)
    assert "presskeep init" in err
    assert not (tmp_path / "archive.db").exists()


def test_a_file_that_does_not_exist_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = out(capsys, "import", tmp_path / "no.warc.gz", "--archive", tmp_path / "b.db", code=2)
    assert "no.warc.gz does not exist" in err
    assert not (tmp_path / "b.db").exists()


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("https://a.example/\nHTTP://a.example/b\n", True),
        ("# only\n\n", False),
        ("https://a.example/\nThe story said that the bridge opened.\nIt did.\n", False),
        ("The story\nhttps://a.example/\nhttps://a.example/b\n", False),
        ("https://a.example/ A title\n", False),
        ("\ufeffhttps://a.example/\nhttps://\n", True),
    ],
)
def test_a_list_is_told_from_a_text(tmp_path: Path, text: str, is_list: bool) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert is_url_list(tmp_path / "a.txt") is is_list


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", b"file,url\na.txt,https://a.example/\n", "names the URLs of files"),
        ("a.csv", b"link\nhttps://a.example/\n", "no column url"),
        ("a.csv", b"url\n\xff\xfe\n", "cannot be read"),
    ],
)
def test_a_table_that_is_no_list_is_named(
    tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(content)
    report, _ = out(capsys, "import", tmp_path / name, "--config", config)
    assert [found in error["found"] for error in report["errors"]] == [True]


def test_files_and_lists_go_together(tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "urls.txt").write_text("https://paper.example/a\n")
    (tmp_path / "dump.txt").write_text("A dump of a page that nobody knows the address of.\n")
    report, _ = out(capsys, "import", tmp_path / "urls.txt", tmp_path / "dump.txt", "--config", config)
    assert (report["new"]["fetches"], report["new"]["discoveries"]) == (1, 1)


def test_the_bar_follows_the_file(tmp_path: Path) -> None:
    (tmp_path / "[a].warc").write_bytes(b"x" * 10)
    with importing._bar() as show:
        for done in (1, 10):
            show(tmp_path / "[a].warc", done)
            time.sleep(0)
