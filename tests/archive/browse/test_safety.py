"""What strangers wrote does nothing on our pages; who may not see an archive sees nothing of it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.browse.archives import MISREAD, is_archive
from archive.browse.links import safe_href
from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS, get, parsed

pytestmark = MARKS

_URLS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset")


def test_no_page_runs_or_links_what_an_archived_page_said(press: Press) -> None:
    for page in get([press.path], *press.every_page()):
        assert page.status_code == 200
        shown = parsed(page.text)
        assert not {"script", "img", "object", "embed", "base"} & {tag for tag, _ in shown.elements}, page.url
        for tag, attributes in shown.elements:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (page.url, tag)
            for name in _URLS:
                target = attributes.get(name)
                if target is None or attributes.get("rel") == "icon":
                    continue
                assert target.startswith(("/", "?", "#", "http://", "https://")), (page.url, target)
                if target.startswith("http"):
                    assert attributes["rel"] == "noreferrer noopener nofollow"
        assert "<script>alert(1)</script>" not in page.text


def test_hostile_words_are_still_there_to_be_read(press: Press) -> None:
    shown = parsed(get([press.path], f"{press.base}/article/{press.article}")[0].text).text
    assert "Flood wall vote <script>alert(1)</script>" in shown
    assert 'Ann "><img src=x onerror=alert(1)>' in shown


def test_every_answer_carries_the_headers(press: Press) -> None:
    refused = [f"{press.base}/article/{'0' * 16}", "/-/presskeep/nothing", f"{press.base}/edits.json"]
    for page in get([press.path], *press.every_page(), *refused):
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
        assert "script-src" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["referrer-policy"] == "no-referrer"


def test_the_feeds_carry_headers_too(press: Press) -> None:
    feeds = [f"{press.base}/edits.{end}" for end in ("atom", "feed.json", "atom?kind=nonsense")]
    answers = get([press.path], *feeds)
    assert [answer.status_code for answer in answers] == [200, 200, 400]
    for answer in answers:
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_an_archived_page_is_shut_in(press: Press) -> None:
    frame, document = get(
        [press.path], f"{press.base}/raw/{press.raws[0]}", f"{press.base}/raw/{press.raws[0]}/document"
    )
    made = [attributes for tag, attributes in parsed(frame.text).elements if tag == "iframe"]
    assert [one["sandbox"] for one in made] == [""]
    assert "frame-src 'self'" in frame.headers["content-security-policy"]
    assert "top.location" in document.text
    policy = document.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["sandbox", "default-src 'none'"]
    assert "form-action 'none'" in policy
    assert "allow" not in document.headers["content-security-policy"]
    assert document.headers["content-type"] == "text/html; charset=utf-8"
    assert document.headers["x-content-type-options"] == "nosniff"
    assert document.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "page",
    [
        "/article/0123456789abcdef",
        "/diff/0123456789abcdef",
        "/diff/0123456789abcdef/0123456789abcdef/0123456789abcdef",
        "/raw/0123456789abcdef",
        "/raw/0123456789abcdef/document",
        "/raw/0123456789abcdef/download",
        "/seen/0123456789abcdef",
    ],
)
def test_an_unknown_key_is_a_page_of_its_own(press: Press, page: str) -> None:
    html, data = get([press.path], press.base + page, f"{press.base}{page}?_format=json")
    assert html.status_code == data.status_code == 404
    assert "Not here" in html.text
    assert data.json()["ok"] is False


def test_a_text_of_another_article_is_not_shown_under_this_one(press: Press) -> None:
    other = get([press.path], "/press/articles.json?site=arab&_shape=array")[0].json()[0]["key"]
    pages = [f"/article/{other}/{press.texts[0]}", f"/diff/{other}/{press.texts[0]}/{press.texts[1]}"]
    assert [page.status_code for page in get([press.path], *(press.base + page for page in pages))] == [404, 404]


def test_a_private_archive_shows_nothing_to_others(press: Press) -> None:
    allow = {"press": {"allow": {"id": "editor"}}}
    raw = f"{press.base}/raw/{press.raws[0]}"
    targets = [*press.every_page(), f"{press.base}.json", f"{raw}/document", f"{raw}/download"]
    for page in get([press.path], *targets, allow=allow):
        assert page.status_code == 403
        assert "Flood" not in page.text
    listed = get([press.path], "/-/presskeep", allow=allow)[0]
    assert listed.status_code == 200
    assert "press</bdi>" not in listed.text
    for page in get([press.path], *targets, allow=allow, actor="editor"):
        assert page.status_code == 200


def test_a_private_table_closes_the_pages_that_show_it(press: Press) -> None:
    allow = {"press": {"tables": {"raw_bodies": {"allow": {"id": "editor"}}}}}
    targets = [f"{press.base}/raw/{press.raws[0]}/download", f"{press.base}/seen/{press.raws[0]}", press.base]
    assert [page.status_code for page in get([press.path], *targets, allow=allow)] == [403, 403, 200]
    assert [page.status_code for page in get([press.path], *targets, allow=allow, actor="editor")] == [200, 200, 200]


def test_a_database_that_is_no_archive_has_no_pages(press: Press, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE articles(key TEXT, title TEXT)")
        db.commit()
    pages = [target.replace("/press", "/other", 2).replace("/otherkeep", "/presskeep") for target in press.every_page()]
    for page in get([press.path, other], *pages):
        assert page.status_code == 404
    listed, front, database = get([press.path, other], "/-/presskeep", "/-/presskeep/other", "/other")
    assert listed.status_code == 302
    assert front.status_code == 404
    assert "presskeep" not in database.text.replace("/-/presskeep/press", "").replace("Press archive press", "")


@pytest.mark.parametrize("letter", MISREAD)
def test_a_name_that_datasette_misreads_makes_no_page_fail(press: Press, tmp_path: Path, letter: str) -> None:
    """Datasette opens another file then, and our pages would fail for want of tables."""
    copy = tmp_path / f"my{letter}press.db"
    with closing(sqlite3.connect(press.path)) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    assert get([copy], "/-/presskeep")[0].status_code == 200
    assert not is_archive(SimpleNamespace(path=str(copy)))


def test_no_query_makes_a_page_fail(press: Press) -> None:
    queries = [
        "edits?site=%00%ff&before=%ff~9999999999999999999999",
        "edits?before=2026-11-22T11:00:00.000Z~9223372036854775808",
        "edits?before=2026~%D9%A3&words=%D9%A3",
        "edits?day=0000-00-00&words=99999999999",
        "edits?day=2026-02-30&kind=%27",
        "coverage?until=0001-01-01",
        "coverage?until=9999-99-99",
        "coverage?until=9999-12-31&site=%27%20or%201=1--",
        "headlines?page=0&url=%ff",
        "headlines?page=999999999",
        "search?q=%ff%00x",
        "search?q=NEAR(a+b)&page=99999",
        "search?q=title%3Ax",
        "search?q=rank:x",
        "search?q=%2A",
        "search?q=-a",
        "search?q=^a",
        "search?q=a*",
        "search?q=a*&where=lists",
        "search?q=%22&where=lists",
        "search?q=" + "x" * 3000,
        "search?q=" + "a+OR+" * 90 + "a",
    ]
    answers = get([press.path], *(f"{press.base}/{query}" for query in queries))
    assert [(query, answer.status_code) for query, answer in zip(queries, answers, strict=True)] == [
        (query, 200) for query in queries
    ]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example/a?b=c#d", True),
        ("HTTP://news.example/", True),
        ("javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        (" https://news.example/", False),
        ("data:text/html,x", False),
        ("//news.example/", False),
        ("https:", False),
        ("https://[bad", False),
        ("ftp://news.example/", False),
        (None, False),
        (7, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: object, safe: bool) -> None:
    assert (safe_href(url) is not None) is safe
