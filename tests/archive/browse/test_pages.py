"""What each page shows, on a real archive in a real Datasette."""

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from archive import Archive
from archive.browse.growth import stored_by_day
from archive.browse.reading import Row, Rows
from extractors import Article, LinkList, ListItem, Page
from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS, START, get, parsed

pytestmark = MARKS


def _one(press: Press, target: str) -> str:
    page = get([press.path], press.base + target)[0]
    assert page.status_code == 200, page.text
    return str(page.text)


def test_the_front_page_counts_what_is_there_and_names_the_newest_edits(press: Press) -> None:
    page = get([press.path], f"{press.base}.json")[0].json()
    assert page["totals"]["articles"] == 3
    assert page["totals"]["versions"] == 5
    assert page["totals"]["edits"] == 2
    assert page["totals"]["fetches"] == 7
    assert [edit["number"] for edit in page["newest_edits"]] == [3, 2]
    assert page["days"] == [{"day": "2026-11-22", "read": 7, "confirmed unchanged": 0, "kept out": 0, "failed": 0}]
    assert {hour["hour"]: hour["edits"] for hour in page["edits"]["by_hour"] if hour["edits"]} == {3: 1, 4: 1}
    shown = parsed(_one(press, ""))
    plots = [attributes for tag, attributes in shown.elements if tag == "svg"]
    assert len(plots) == 4
    ids = {attributes.get("id") for _, attributes in shown.elements}
    for plot in plots:
        assert plot["role"] == "img"
        assert set((plot["aria-labelledby"] or "").split()) <= ids
    assert "Looks per day as a table" in shown.text


def test_an_article_shows_its_newest_text_its_history_and_what_stood_beside_it(press: Press) -> None:
    shown = parsed(_one(press, f"/article/{press.article}")).text
    assert "Nobody from the ministry came" in shown
    assert "3 versions" in shown
    assert "Seen unchanged 1 time until 22 Nov 2026, 12:00 (1 hour)" in shown
    assert "headline changed" in shown
    assert "number changed" in shown
    assert "Script link" in shown
    assert "The same text elsewhere" in shown
    data = get([press.path], f"{press.base}/article/{press.article}.json")[0].json()
    assert [version["number"] for version in data["versions"]] == [3, 2, 1]
    assert data["version"]["text_key"] == press.texts[-1]
    assert [twin["site"] for twin in data["same_text"]] == ["news"]
    assert "id" not in data["article"]


def test_an_earlier_text_has_an_address_of_its_own_and_says_so(press: Press) -> None:
    shown = parsed(_one(press, f"/article/{press.article}/{press.texts[0]}")).text
    assert "This is version 1" in shown
    assert "1.5 million" in shown
    assert "1.8 million" not in shown.partition("Source")[0]


def test_a_diff_shows_words_folds_what_stayed_and_knows_what_moved(press: Press) -> None:
    first, _, last = press.texts
    html = _one(press, f"/diff/{press.article}/{first}/{last}")
    assert "<del>1.5</del> <ins>1.8</ins>" in html
    shown = parsed(html).text
    assert "Moved from here" in shown
    assert "Moved to here" in shown
    assert "3 paragraphs unchanged" in shown
    data = get([press.path], f"{press.base}/diff/{press.article}/{first}/{last}.json")[0].json()["diff"]
    kinds = [block["kind"] for block in data["blocks"]]
    assert kinds.count("moved-away") == kinds.count("moved-here") == 1
    assert kinds.count("added") == 1
    assert "removed" not in kinds


def test_the_two_columns_say_the_same_as_the_one(press: Press) -> None:
    first, _, last = press.texts
    html = _one(press, f"/diff/{press.article}/{first}/{last}?view=side")
    assert "<del>1.5</del>" in html
    assert "<ins>1.8</ins>" in html
    assert [tag for tag, _ in parsed(html).elements].count("th") == 2


def test_the_form_of_the_diff_leads_to_a_permalink(press: Press) -> None:
    first, second, last = press.texts
    target = f"{press.base}/diff/{press.article}"
    newest, chosen, wrong = get([press.path], target, f"{target}?old={first}&new={last}&view=side", f"{target}?old=x")
    assert newest.headers["location"] == f"{target}/{second}/{last}"
    assert chosen.headers["location"] == f"{target}/{first}/{last}?view=side"
    assert wrong.status_code == 404


def test_what_the_extractor_saw(press: Press) -> None:
    data = get([press.path], f"{press.base}/seen/{press.raws[-1]}.json")[0].json()
    roles = {block["role"] for block in data["blocks"]}
    assert "article" in roles
    assert any("Nobody from the ministry" in block["text"] for block in data["blocks"] if block["role"] == "article")
    assert "22 Nov 2026" in parsed(_one(press, f"/seen/{press.raws[-1]}")).text


def test_a_download_is_the_body_byte_for_byte(press: Press) -> None:
    page, download = get(
        [press.path], f"{press.base}/raw/{press.raws[0]}.json", f"{press.base}/raw/{press.raws[0]}/download"
    )
    assert hashlib.sha256(download.content).hexdigest() == page.json()["raw"]["sha256"]
    assert download.headers["content-type"] == "application/octet-stream"
    assert download.headers["content-disposition"] == f'attachment; filename="{press.raws[0]}.html"'


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [3, 2]),
        ("?kind=headline", [3]),
        ("?kind=number", [2]),
        ("?words=5", [3]),
        ("?day=2026-11-22", [3, 2]),
        ("?day=2026-11-21", []),
        ("?day=2026-11-23", []),
        ("?site=arab", []),
        ("?kind=vanished", []),
        ("?kind=nonsense", [3, 2]),
        ("?before=2026-11-22T11:00:00.000Z~0", [2]),
        ("?before=nonsense&words=x&day=y", [3, 2]),
    ],
)
def test_edits_are_filtered(press: Press, query: str, numbers: list[int]) -> None:
    found = get([press.path], f"{press.base}/edits.json{query}")[0].json()
    assert [edit["number"] for edit in found["edits"]] == numbers
    assert all("id" not in edit for edit in found["edits"])


def test_promoted_headlines_say_where_they_stood(press: Press) -> None:
    data = get([press.path], f"{press.base}/headlines.json?site=news")[0].json()
    titles = {one["title"]: one for one in data["headlines"]}
    assert titles["Script link"]["pages"] == 1
    assert titles["Script link"]["sightings"] == 5
    assert titles["Script link"]["beside"][0]["article"] == press.article
    assert titles["Lighthouse sold at auction"]["article"]
    assert [change["after"][:10] for change in data["changed"]] == ["Flood wall"]


def test_coverage_counts_what_was_announced(press: Press) -> None:
    data = get([press.path], f"{press.base}/coverage.json?until=2099-12-31")[0].json()
    assert data["days"] == []
    everything = get([press.path], f"{press.base}/coverage.json?until={_found_on(press)}")[0].json()
    assert everything["totals"] == {"expected": 3, "archived": 2, "failed": 0, "opted_out": 0, "waiting": 1}


def _found_on(press: Press) -> str:
    rows = get([press.path], "/press/discoveries.json?_shape=array")[0].json()
    return str(rows[0]["at"])[:10]


def test_search_finds_texts_and_tells_those_that_only_promote(press: Press) -> None:
    texts, lists, said, nothing, broken = (
        answer.json()
        for answer in get(
            [press.path],
            f"{press.base}/search.json?q=ministry",
            f"{press.base}/search.json?q=lighthouse&where=lists",
            f"{press.base}/search.json?q=lighthouse",
            f"{press.base}/search.json?q=zeppelin",
            f"{press.base}/search.json?q=%22council%20(",
        )
    )
    assert {hit["site"] for hit in texts["hits"]} == {"news"}
    assert texts["facets"]["language"] == [{"value": "en", "count": 2}]
    assert texts["order"] == "best"
    assert [hit["matched"] for hit in lists["hits"]] == ["Lighthouse sold at auction"]
    assert said["hits"] == nothing["hits"] == []
    assert len(broken["hits"]) == 2
    html = _one(press, "/search?q=ministry")
    assert "<mark>ministry</mark>" in html


def test_search_is_narrowed_by_its_facets(press: Press) -> None:
    some, none = get(
        [press.path],
        f"{press.base}/search.json?q=council&month=2026-11&site=news&language=en",
        f"{press.base}/search.json?q=council&month=2026-10",
    )
    assert some.json()["count"] == 2
    assert none.json()["count"] == 0
    assert none.json()["facets"]["month"] == [{"value": "2026-11", "count": 2}]


def test_arabic_is_left_to_run_from_the_right(press: Press) -> None:
    found = get([press.path], f"{press.base}/search.json?q=%D8%A7%D9%84%D8%AC%D8%AF%D8%A7%D8%B1")[0].json()
    html = _one(press, f"/article/{found['hits'][0]['article']}")
    assert '<article lang="ar">' in html
    assert '<header dir="auto">' in html
    assert "<h1>الجدار</h1>" in html


def test_every_page_has_its_json_by_ending_and_by_query(press: Press) -> None:
    plain = [target.partition("?") for target in press.every_page()]
    ending = [f"{path}.json{mark}{query}" for path, mark, query in plain]
    query = [f"{path}?{query}&_format=json" for path, _, query in plain]
    answers = get([press.path], *ending, *query)
    assert all(answer.status_code == 200 for answer in answers)
    assert all(answer.headers["content-type"] == "application/json; charset=utf-8" for answer in answers)
    half = len(ending)
    assert [one.json() for one in answers[:half]] == [one.json() for one in answers[half:]]


def test_the_keys_in_tables_lead_to_the_pages(press: Press) -> None:
    articles, latest, raws = get([press.path], "/press/articles", "/press/latest", f"/press/raws/{press.raws[0]}")
    for page in (articles, latest):
        assert f'<a href="{press.base}/article/{press.article}">{press.article}</a>' in page.text
    assert f'<a href="{press.base}/raw/{press.raws[0]}">{press.raws[0]}</a>' in raws.text


def test_links_to_json_work(press: Press) -> None:
    html = _one(press, "/edits?site=news")
    shown = parsed(html)
    link = next(a["href"] for tag, a in shown.elements if tag == "a" and "_format=json" in (a.get("href") or ""))
    assert get([press.path], f"{press.base}/edits{unescape(link or '')}")[0].json()["filters"]["site"] == "news"


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


def test_a_page_that_was_answered_once_is_answered_anew_after_a_commit(press: Press, tmp_path: Path) -> None:
    from datasette.app import Datasette

    path = tmp_path / "press.db"

    async def ask() -> list[list[int]]:
        datasette = Datasette([str(path)])
        await datasette.invoke_startup()
        seen = []
        for number in range(3):
            with Archive(path) as kept:
                page = Page(url=f"https://news.example/{number}", body=b"x%d" % number, fetched_at=START)
                item = ListItem(title=f"Headline {number}", url="https://news.example/h")
                lists = (LinkList(heading="Recent", kind="recent", items=(item,)),)
                kept.save(page, Article(title="T", text=f"Text {number}", lists=lists, rules="t"), site="news")
            front = (await datasette.client.get(f"{press.base}.json")).json()
            headlines = (await datasette.client.get(f"{press.base}/headlines.json")).json()
            seen.append([front["totals"]["articles"], headlines["count"]])
        for database in datasette.databases.values():
            database.close()
        return seen

    with Archive(path):
        pass
    assert asyncio.run(ask()) == [[1, 1], [2, 2], [3, 3]]


def test_the_front_page_tells_how_storage_grew(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted at once while it is quick, and by the same rule when looks came since."""
    monkeypatch.setattr("archive.browse.growth._AT_ONCE", 60.0)
    path = tmp_path / "press.db"

    def save(number: int, body: bytes) -> None:
        at = START + timedelta(days=number)
        with Archive(path) as kept:
            page = Page(url="https://news.example/a", body=body, fetched_at=at)
            kept.save(page, Article(title="T", text="Text.", rules="t"), site="news")

    async def ask() -> list[list[int]]:
        from datasette.app import Datasette

        datasette = Datasette([str(path)])
        await datasette.invoke_startup()
        found = []
        for number, body in enumerate((b"one", b"one", b"two" * 500)):
            save(number, body)
            stored = (await datasette.client.get(f"{press.base}.json")).json()["stored"]
            found.append([day["bytes"] for day in stored])
        for database in datasette.databases.values():
            database.close()
        return found

    with Archive(path):
        pass
    first, second, third = asyncio.run(ask())
    with Archive(path, read_only=True) as kept:
        sizes = [row[0] for row in kept.db.execute("SELECT stored_size FROM raws ORDER BY size")]
    assert first == [sizes[0]]
    assert second == [sizes[0]] * 2
    assert third == [sizes[0], sizes[0], sum(sizes)]


def test_storage_that_takes_long_to_count_is_counted_behind_the_page(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette.app import Datasette

    monkeypatch.setattr("archive.browse.growth._AT_ONCE", -1.0)
    monkeypatch.setattr("archive.browse.reading._STEPS", 1)

    async def ask() -> list[object]:
        datasette = Datasette([str(press.path)])
        await datasette.invoke_startup()
        first = (await datasette.client.get(f"{press.base}.json")).json()
        await next(one for key, one in datasette._presskeep_cache.items() if key[0] == "counting")
        monkeypatch.setattr("archive.browse.growth._AT_ONCE", 9.0)
        second = (await datasette.client.get(f"{press.base}.json")).json()
        for database in datasette.databases.values():
            database.close()
        return [first["stored"], second["stored"][-1]["bytes"]]

    with closing(sqlite3.connect(press.path)) as db:
        total = db.execute("SELECT sum(stored_size) FROM raws").fetchone()[0]
    assert asyncio.run(ask()) == [None, total]


def test_the_feeds_of_a_filtered_page_are_filtered_alike(press: Press) -> None:
    page = parsed(_one(press, "/edits?site=news&kind=headline&words=3&day=2026-11-22"))
    followed = {
        a["href"] or "" for tag, a in page.elements if tag in ("a", "link") and "edits." in (a.get("href") or "")
    }
    query = "?site=news&kind=headline&words=3"
    assert {unescape(one) for one in followed} == {
        f"{press.base}/edits.{form}{query}" for form in ("atom", "feed.json")
    }
    feed = get([press.path], f"{press.base}/edits.feed.json{query}")[0].json()
    assert [item["_presskeep"]["number"] for item in feed["items"]] == [3]
    plain = _one(press, "/edits?kind=vanished")
    assert f'href="{press.base}/edits.atom"' in plain


def test_the_archives_here_are_listed_as_json(press: Press) -> None:
    for target in ("/-/presskeep.json", "/-/presskeep?_format=json"):
        assert get([press.path], target)[0].json() == {"archives": [{"name": "press", "url": press.base}]}


def test_a_page_keeps_its_newest_answers(press: Press) -> None:
    """The answers to the filters asked for last, not those asked for first."""
    from datasette.app import Datasette

    async def ask() -> list[str]:
        datasette = Datasette([str(press.path)])
        await datasette.invoke_startup()
        for day in range(10, 22):
            await datasette.client.get(f"{press.base}/coverage.json?until=2026-11-{day}")
        for database in datasette.databases.values():
            database.close()
        return [key[-1] for key in datasette._presskeep_cache if "coverage" in key]

    assert asyncio.run(ask()) == [f"2026-11-{day}" for day in range(13, 22)]


def test_a_count_behind_the_page_that_fails_leaves_the_page(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    from datasette.app import Datasette

    monkeypatch.setattr("archive.browse.growth._AT_ONCE", -1.0)
    monkeypatch.setattr("archive.browse.growth._ALL", "SELECT * FROM a_damaged_table")
    monkeypatch.setattr("archive.browse.reading._STEPS", 1)

    async def ask() -> list[int]:
        datasette = Datasette([str(press.path)])
        await datasette.invoke_startup()
        codes = []
        for _ in range(2):
            codes.append((await datasette.client.get(f"{press.base}.json")).status_code)
            counting = next(one for key, one in datasette._presskeep_cache.items() if key[0] == "counting")
            await asyncio.wait({counting})
            assert counting.exception() is not None
            datasette._presskeep_cache.pop(("answer", press.path.stem, "front"))
        for database in datasette.databases.values():
            database.close()
        return codes

    assert asyncio.run(ask()) == [200, 200]


def test_a_body_that_comes_while_storage_is_counted_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "press.db"

    def save(number: int) -> None:
        with Archive(path) as kept:
            page = Page(url=f"https://news.example/{number}", body=b"page %d" % number, fetched_at=START)
            kept.save(page, Article(title="T", text=f"Text {number}.", rules="t"), site="news")

    class Overtaken(Rows):
        """A look is committed between any two questions, as by a crawl."""

        def one(self, sql: str, **values: object) -> Row | None:
            found = super().one(sql, **values)
            save(next(numbers))
            return found

    numbers = iter(range(10))
    save(next(numbers))
    cache: dict[object, object] = {}
    with closing(sqlite3.connect(path)) as db:
        for _ in range(3):
            found = stored_by_day(Overtaken(db, 60.0), cache, "here")
        assert found is not None
        looks = db.execute("SELECT stored_size FROM raws JOIN fetches ON raw_key = key ORDER BY fetches.id").fetchall()
    assert len(looks) == 4
    assert sum(found.values()) == sum(size for (size,) in looks[:3])
