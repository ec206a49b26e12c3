"""Feeds of edits: valid whatever titles say, filtered, and served by both lines of Datasette."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from archive import Archive, url_key
from archive.browse.feeds import ATOM, JSON_FEED, MOST, Wanted, edits_feed
from extractors import OptOut
from tests.archive.browse.served import MARKS, get
from tests.archive.looks import URL, look, read

BASE = "http://localhost/-/presskeep/press"
HOSTILE = "A \x00\x08\x0b\ufffe<script>alert(1)</script>&amp;]]>\u202e title"
NS = {"a": "http://www.w3.org/2005/Atom"}

pytestmark = MARKS


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edited article, one whose headline turned hostile, one of another site, and one that opted out."""
    made = tmp_path_factory.mktemp("feeds") / "press.db"
    with Archive(made, reader=read) as kept:
        run = kept.start_run("crawl")
        words = "word " * 50
        kept.add(look(f"One two three. {words}"), run)
        kept.add(look(f"One two four. {words}", hour=1), run)
        kept.add(look(f"One two <b>five</b>. {words}", hour=2, title=HOSTILE), run)
        for hour, text in enumerate(("Peace.", "Peace? No: " + "more " * 40)):
            other = look(text, url="https://other.example/a?b=1&c=2", hour=hour / 2)
            kept.add(replace(other, site="other"), run)
        for hour, text in enumerate(("Quiet.", "Quieter.")):
            wish = (OptOut(signal="meta robots", value="noarchive"),)
            kept.add(replace(look(text, url="https://paper.example/quiet", hour=3 + hour), optouts=wish), run)
    return made


def atom(path: Path, wanted: Wanted | None = None) -> ET.Element:
    with Archive(path, read_only=True) as kept:
        return ET.fromstring(edits_feed(kept.db.conn, ATOM, wanted or Wanted(), base_url=BASE))


def json_feed(path: Path, wanted: Wanted | None = None) -> Any:
    with Archive(path, read_only=True) as kept:
        return json.loads(edits_feed(kept.db.conn, JSON_FEED, wanted or Wanted(), base_url=BASE))


def test_atom_has_what_rfc_4287_asks_for(path: Path) -> None:
    feed = atom(path)
    assert [child.tag.rpartition("}")[2] for child in feed][:6] == ["id", "title", "updated", "author", "link", "link"]
    entries = feed.findall("a:entry", NS)
    assert len(entries) == 3
    ids = [entry.findtext("a:id", "", NS) for entry in entries]
    assert len(set(ids)) == 3
    assert all(found.startswith("urn:uuid:") for found in ids)
    for place in (feed, *entries):
        for tag in ("id", "title", "updated"):
            assert len(place.findall(f"a:{tag}", NS)) == 1
        stamp = place.findtext("a:updated", "", NS)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp)
    newest = entries[0].findtext("a:updated", "", NS)
    assert feed.findtext("a:updated", "", NS) == newest == max(entry.findtext("a:updated", "", NS) for entry in entries)
    assert feed.findtext("a:author/a:name", "", NS) == "presskeep"
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", NS)}
    assert links == {"self": f"{BASE}/edits.atom", "alternate": f"{BASE}/edits"}


def test_entries_lead_to_the_diff_and_to_the_story(path: Path) -> None:
    with Archive(path, read_only=True) as kept:
        second, third = kept.versions(URL)[1:]
    entry = atom(path).findall("a:entry", NS)[0]
    links = {link.get("rel"): link.get("href") for link in entry.findall("a:link", NS)}
    assert links["alternate"] == f"{BASE}/diff/{url_key(URL)}/{second.text_key}/{third.text_key}"
    assert links["related"] == URL
    assert {category.get("term") for category in entry.findall("a:category", NS)} >= {"paper", "headline", "body"}


def test_hostile_titles_are_escaped_and_stripped_of_what_xml_forbids(path: Path) -> None:
    clean = "A <script>alert(1)</script>&amp;]]>\u202e title"
    entry = atom(path).findall("a:entry", NS)[0]
    assert entry.findtext("a:title", "", NS) == clean
    html = entry.findtext("a:content", "", NS)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    item = json_feed(path)["items"][0]
    assert item["title"] == clean
    assert item["content_html"] == html
    with Archive(path, read_only=True) as kept:
        assert "<script>" not in edits_feed(kept.db.conn, ATOM, Wanted(), base_url=BASE)


def test_the_content_shows_which_words_changed(path: Path) -> None:
    html = json_feed(path)["items"][1]["content_html"]
    assert "<del>three. </del><ins>four. </ins>" in html
    assert len(html) < 400


def test_json_feed_has_what_version_1_1_asks_for(path: Path) -> None:
    feed = json_feed(path)
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{BASE}/edits.feed.json")
    assert {"title", "items"} <= set(feed)
    for item in feed["items"]:
        assert {"id", "url", "external_url", "title", "content_html", "date_published", "tags"} <= set(item)
    assert feed["items"][1]["_presskeep"]["words_added"] == 1


@pytest.mark.parametrize(
    ("wanted", "sites"),
    [
        (Wanted(), ["paper", "paper", "other"]),
        (Wanted(site="other"), ["other"]),
        (Wanted(kinds=("headline",)), ["paper"]),
        (Wanted(min_words=20), ["other"]),
        (Wanted(limit=1), ["paper"]),
        (Wanted(site="nowhere"), []),
        (Wanted(limit=0), []),
    ],
)
def test_filters(path: Path, wanted: Wanted, sites: list[str]) -> None:
    assert [item["tags"][0] for item in json_feed(path, wanted)["items"]] == sites
    feed = atom(path, wanted)
    assert len(feed.findall("a:entry", NS)) == len(sites)
    assert feed.findtext("a:updated", "", NS).startswith("2026-11-")


def test_opted_out_articles_are_in_no_feed(path: Path) -> None:
    assert "Quieter" not in json.dumps(json_feed(path))


def _get(path: Path, *targets: str, headers: dict[str, str] | None = None) -> list[Any]:
    return get([path], *targets, headers=headers)


def test_datasette_serves_both(path: Path) -> None:
    pages = _get(
        path,
        "/-/presskeep/press/edits.atom",
        "/-/presskeep/press/edits.feed.json?site=other&kind=body,headline&words=3",
    )
    assert [page.status_code for page in pages] == [200, 200]
    assert [page.headers["content-type"].partition(";")[0] for page in pages] == [
        "application/atom+xml", "application/feed+json",
    ]  # fmt: skip
    assert len(ET.fromstring(pages[0].content).findall("a:entry", NS)) == 3
    feed = pages[1].json()
    assert [item["tags"][0] for item in feed["items"]] == ["other"]
    assert feed["feed_url"] == f"{BASE}/edits.feed.json?kind=body&kind=headline&site=other&words=3"
    again = _get(path, "/-/presskeep/press/edits.atom", headers={"If-None-Match": pages[0].headers["etag"]})
    assert (again[0].status_code, again[0].content) == (304, b"")


def test_wrong_filters_and_other_databases_are_refused(path: Path) -> None:
    wrong = ("?kind=nonsense", "?words=many", "?limit=-1", f"?limit={'9' * 5000}")
    pages = _get(path, *(f"/-/presskeep/press/edits.atom{query}" for query in wrong), "/-/presskeep/_memory/edits.atom")
    assert [page.status_code for page in pages] == [400, 400, 400, 400, 404]
    assert "headline" in pages[0].text
    (page,) = _get(path, "/-/presskeep/press/edits.feed.json?limit=99999")
    assert f"limit={MOST}" in page.json()["feed_url"]
