"""What each page shows, on a real archive in a real Datasette."""

import hashlib
from html import unescape

import pytest

from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS, get, parsed

pytestmark = MARKS


def test_the_front_page_counts_what_is_there_and_names_the_newest_edits(press: Press) -> None:
    page = get([press.path], f"{press.base}.json")[0].json()
    assert page["totals"]["articles"] == 3
    assert page["totals"]["versions"] == 5
    assert page["totals"]["edits"] == 2
    assert page["totals"]["fetches"] == 7
    assert [edit["number"] for edit in page["newest_edits"]] == [3, 2]
    assert page["days"] == [{"day": "2026-11-22", "read": 7, "confirmed unchanged": 0, "kept out": 0, "failed": 0}]
    assert {hour["hour"]: hour["edits"] for hour in page["edits"]["by_hour"] if hour["edits"]} == {3: 1, 4: 1}
    shown = parsed(press.html(""))
    plots = [attributes for tag, attributes in shown.elements if tag == "svg"]
    assert len(plots) == 4
    ids = {attributes.get("id") for _, attributes in shown.elements}
    for plot in plots:
        assert plot["role"] == "img"
        assert set((plot["aria-labelledby"] or "").split()) <= ids
    assert "Looks per day as a table" in shown.text


def test_an_article_shows_its_newest_text_its_history_and_what_stood_beside_it(press: Press) -> None:
    shown = parsed(press.html(f"/article/{press.article}")).text
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
    shown = parsed(press.html(f"/article/{press.article}/{press.texts[0]}")).text
    assert "This is version 1" in shown
    assert "1.5 million" in shown
    assert "1.8 million" not in shown.partition("Source")[0]


def test_a_diff_shows_words_folds_what_stayed_and_knows_what_moved(press: Press) -> None:
    first, _, last = press.texts
    html = press.html(f"/diff/{press.article}/{first}/{last}")
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
    html = press.html(f"/diff/{press.article}/{first}/{last}?view=side")
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
    assert "22 Nov 2026" in parsed(press.html(f"/seen/{press.raws[-1]}")).text


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
    html = press.html("/search?q=ministry")
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
    html = press.html(f"/article/{found['hits'][0]['article']}")
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
    html = press.html("/edits?site=news")
    shown = parsed(html)
    link = next(a["href"] for tag, a in shown.elements if tag == "a" and "_format=json" in (a.get("href") or ""))
    assert get([press.path], f"{press.base}/edits{unescape(link or '')}")[0].json()["filters"]["site"] == "news"


def test_the_feeds_of_a_filtered_page_are_filtered_alike(press: Press) -> None:
    page = parsed(press.html("/edits?site=news&kind=headline&words=3&day=2026-11-22"))
    followed = {
        a["href"] or "" for tag, a in page.elements if tag in ("a", "link") and "edits." in (a.get("href") or "")
    }
    query = "?site=news&kind=headline&words=3"
    assert {unescape(one) for one in followed} == {
        f"{press.base}/edits.{form}{query}" for form in ("atom", "feed.json")
    }
    feed = get([press.path], f"{press.base}/edits.feed.json{query}")[0].json()
    assert [item["_presskeep"]["number"] for item in feed["items"]] == [3]
    plain = press.html("/edits?kind=vanished")
    assert f'href="{press.base}/edits.atom"' in plain


def test_the_archives_here_are_listed_as_json(press: Press) -> None:
    for target in ("/-/presskeep.json", "/-/presskeep?_format=json"):
        assert get([press.path], target)[0].json() == {"archives": [{"name": "press", "url": press.base}]}
