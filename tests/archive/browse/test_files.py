"""The pages on other files: an empty one, copies, a published one, another root, and one with many edits."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import Archive
from extractors import Article, Page
from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS, START, get, parsed

pytestmark = MARKS


def test_an_archive_without_anything_still_has_its_pages(
    press: Press, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("empty") / "press.db"
    with Archive(path):
        pass
    pages = ["", "/edits", "/headlines", "/coverage", "/search", "/search?q=x", "/search?q=x&where=lists"]
    assert [page.status_code for page in get([path], *(press.base + page for page in pages))] == [200] * len(pages)


def test_coverage_tells_outages(press: Press, tmp_path: Path) -> None:
    copy = tmp_path / "press.db"
    with closing(sqlite3.connect(press.path)) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as db:
        db.executescript(
            "DROP VIEW coverage; "
            "CREATE VIEW coverage AS SELECT '2026-11-22' AS day, 'news' AS site, 9 AS expected, 5 AS archived, "
            "1 AS failed, 2 AS opted_out, 1 AS waiting, 4 AS source_looks, 4 AS source_failures, 'outage' AS state"
        )
        db.commit()
    data, page = get([copy], f"{press.base}/coverage.json", f"{press.base}/coverage")
    assert data.json()["totals"] == {"expected": 9, "archived": 5, "failed": 1, "opted_out": 2, "waiting": 1}
    assert "outage" in parsed(page.text).text


def test_pages_work_under_another_root_and_a_difficult_name(press: Press, tmp_path: Path) -> None:
    copy = tmp_path / "my press.v2.db"
    with closing(sqlite3.connect(press.path)) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    front = get([copy], "/-/presskeep", root="/kept/")[0].headers["location"]
    assert front == "/kept/-/presskeep/my+press~2Ev2"
    seen, left = set(), [front]
    while left:
        batch, left = left, []
        # Datasette's client puts its root before every path itself
        for page in get([copy], *(target.removeprefix("/kept") for target in batch), root="/kept/"):
            assert page.status_code in (200, 302), page.url
            if not page.headers["content-type"].startswith("text/html") or "/document" in str(page.url):
                continue
            for tag, attributes in parsed(page.text).elements:
                target = unescape(attributes.get("href") or attributes.get("src") or "")
                if tag in ("a", "iframe", "link") and target.startswith("/"):
                    assert target.startswith("/kept/"), (page.url, target)
                    if "/-/presskeep" in target and target not in seen:
                        seen.add(target)
                        left.append(target)
    assert len(seen) > 20
    assert any("/download" in target for target in seen)


def test_a_snapshot_that_cannot_change_is_served_too(press: Press, tmp_path: Path) -> None:
    copy = tmp_path / "press.db"
    with closing(sqlite3.connect(press.path)) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o444)
    answers = get([copy], *press.every_page(), immutable=True)
    assert [answer.status_code for answer in answers] == [200] * len(answers)


def test_the_feed_of_edits_is_paged_without_loss_or_repetition(press: Press, tmp_path: Path) -> None:
    path = tmp_path / "press.db"
    with Archive(path) as kept, kept.atomic():
        for step in range(112):
            at = START + timedelta(seconds=step // 4)
            for story in ("a", "b")[: 1 + step % 2]:
                page = Page(url=f"https://news.example/{story}", body=f"{story}{step}".encode(), fetched_at=at)
                kept.save(page, Article(title="T", text=f"Word {step} of the story. " * 9, rules="t"), site="news")
        expected = kept.db.execute("SELECT count(*) FROM versions WHERE number > 1").fetchone()[0]
    found: list[str] = []
    following = ""
    for _ in range(9):
        data = get([path], f"{press.base}/edits.json?before={quote(following)}")[0].json()
        found += [f"{edit['article']} {edit['number']}" for edit in data["edits"]]
        following = data["next"]
        if not following:
            break
    assert len(found) == len(set(found)) == expected > 100


def test_a_published_copy_without_bodies_says_so(press: Press, tmp_path: Path) -> None:
    copy = tmp_path / "press.db"
    with Archive(press.path, read_only=True) as kept:
        kept.publish(copy)
    raw = f"/raw/{press.raws[0]}"
    shown, seen, document, download = get(
        [copy], *(press.base + page for page in (raw, f"/seen/{press.raws[0]}", f"{raw}/document", f"{raw}/download"))
    )
    page = parsed(shown.text)
    assert "Only the digest of this page is kept here" in page.text
    assert not {"iframe"} & {tag for tag, _ in page.elements}
    assert not [a for tag, a in page.elements if tag == "a" and "download" in (a.get("href") or "")]
    assert [answer.status_code for answer in (shown, seen, document, download)] == [200, 404, 404, 404]
    assert "Only the digest" in seen.text
