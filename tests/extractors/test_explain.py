"""An explanation is of the same decision as the extraction, block by block."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import Article, Explanation, LinkList, ListItem, Page, explain, extract
from extractors import registry as registry_module
from extractors.text import canonical_title
from tests.extractors.generic_pages import SHAPES, page_with

PAGES = Path(__file__).parents[1] / "pages"
FETCHED = datetime(2025, 12, 6, 12, tzinfo=UTC)
GUARDIAN = "https://thedailyguardian.com/world/river-towns-agree-on-one-flood-plan/"
URLS = {"amp-swift": GUARDIAN, "news-details": "https://www.indiablooms.com/business/details/77/tea"}


def page_of(path: Path) -> Page:
    media_type = "text/plain" if path.suffix == ".txt" else "text/html"
    url = URLS.get(path.stem, "https://news.example/story")
    return Page(url=url, body=path.read_bytes(), fetched_at=FETCHED, media_type=media_type)


def agrees(page: Page) -> Explanation:
    """The explanation of a page, after all that it must share with the extraction."""
    article, found = extract(page), explain(page)
    assert found.reading.article == article
    assert found.text == (article.text if article else "")
    assert found.lists == (article.lists if article else ())
    for number, each in enumerate(found.lists):
        shown = " ".join(canonical_title(block.text) for block in found.blocks if block.list == number)
        assert all(item.title in shown for item in each.items)
        assert each.heading in shown
    for block in found.blocks:
        assert (block.list is not None) == (block.role == "list" and article is not None)
        assert block.reason
        if block.cause in ("model", "low-score"):
            assert block.score is not None
            assert (block.score.score >= block.score.threshold) == (block.cause == "model")
    return found


FIXTURES = sorted(path for path in PAGES.rglob("*.*") if path.suffix in (".html", ".txt"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_article_blocks_are_the_text_and_the_list_blocks_the_lists(path: Path) -> None:
    assert agrees(page_of(path)).blocks


@pytest.mark.parametrize("position", ["middle", "after", "end"])
@pytest.mark.parametrize("shape", SHAPES)
def test_so_it_is_for_lists_of_every_shape(shape: str, position: str) -> None:
    body = page_with(SHAPES[shape](random.Random(3), 5), position).encode()
    found = agrees(Page(url="https://news.example/story", body=body, fetched_at=FETCHED))
    assert [block.item for block in found.blocks if block.list == 0][-1] == 4


@pytest.mark.parametrize("body", [b"", b"\x00\x01" * 400, b"<p><a href='/'>Home</a></p>", b"<html></html>"])
def test_a_page_without_an_article_has_no_article_block(body: bytes) -> None:
    found = agrees(Page(url="https://news.example/", body=body))
    assert found.reading.article is None
    assert found.fields == ()
    assert all(block.role == "furniture" for block in found.blocks)


def test_blocks_say_what_decided_and_where_they_stand() -> None:
    found = explain(page_of(PAGES / "generic" / "wordpress.html"))
    causes = {block.cause for block in found.blocks}
    assert found.reading.article is not None
    assert {"model", "list", "low-score"} <= causes
    assert (found.blocks[0].text, found.blocks[0].cause) == (found.reading.article.title, "headline")
    prose = next(block for block in found.blocks if block.text.startswith("The harbour bridge will close"))
    assert (prose.role, prose.tag) == ("article", "p")
    assert prose.path.startswith("html > body")
    assert prose.depth == prose.path.count(" > ")
    cells = [block for block in found.blocks if block.goes_on]
    assert [block.text for block in cells] == ["Cracks", "11"]


def test_blocks_of_ruled_pages_name_the_rules() -> None:
    found = explain(page_of(PAGES / "sites" / "amp-swift.html"))
    told = {block.text: block for block in found.blocks}
    assert told["The lower river in spring."].cause == "dropped"
    assert told["What changes"].cause == "rules"
    assert (told["Recent Posts"].role, told["Recent Posts"].item) == ("list", None)
    assert (told["A museum for lost umbrellas"].list, told["A museum for lost umbrellas"].item) == (0, 1)
    assert "thedailyguardian.com@2023-01-01" in told["What changes"].reason


def test_fields_name_their_reader_and_the_places_that_state_them() -> None:
    found = {field.name: field for field in explain(page_of(PAGES / "generic" / "wordpress.html")).fields}
    assert found["title"].places == ("meta og:title", "title element", "h1")
    assert found["published"].places[0] == "meta article:published_time"
    assert found["language"].places == ("html lang",)
    assert found["title"].reader.startswith("generic/")
    ruled = {field.name: field for field in explain(page_of(PAGES / "sites" / "amp-swift.html")).fields}
    assert ruled["section"].reader.startswith("rules thedailyguardian.com@")
    assert ruled["section"].places[0].startswith("selector .amp-category a")
    assert ruled["language"].reader.startswith("generic/")


class _PlugIn:
    label = "bridge@1"

    def __init__(self, article: Article) -> None:
        self.article = article

    def function(self, page: Page) -> Article:
        return self.article


def test_a_plug_ins_text_is_found_again_and_what_no_block_holds_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(PAGES / "generic" / "wordpress.html")
    read = extract(page)
    assert read is not None
    first, *_, last = read.text.split("\n\n")
    text = f"{first}\n\nA line that the page does not hold.\n\n{last}"
    lists = (LinkList(heading="", kind="other", items=(ListItem(title="What drivers should know"),)),)
    plug_in = _PlugIn(replace(read, text=text, lists=lists, title="Bridge"))
    monkeypatch.setattr(registry_module, "_plug_ins", lambda: {"news.example": plug_in})
    found = agrees(page)
    assert found.text == text
    assert [block.cause for block in found.blocks if block.role == "article"] == ["plug-in"] * 3
    assert {field.name: field.reader for field in found.fields}["title"] == "plug-in bridge@1"


def test_lines_of_a_dump_say_what_they_are() -> None:
    text = (
        "World\n\nRiver towns agree on one flood plan\n\nBy Ada Quill\n\n2 March 2026\n\n"
        "The five towns along the lower river signed a joint flood plan on Monday after a dispute of eleven years.\n\n"
        "Work on the first wall begins in March and will take about two years, the joint office of the towns said."
    )
    found = agrees(Page(url="https://news.example/x", body=text.encode(), media_type="text/plain"))
    causes = [block.cause for block in found.blocks]
    assert causes == ["section", "headline", "byline", "date", "prose", "prose"]
    assert {field.reader for field in found.fields} == {"plain text"}


def test_fields_from_lines_of_the_page_name_the_line() -> None:
    prose = "<p>The city closed the bridge after engineers found cracks in two of its nine piers last week.</p>" * 4
    body = f"<h1>Bridge closed for a year</h1><p>By Ada Quill</p><p>March 4, 2026</p><article>{prose}</article>"
    found = explain(Page(url="https://news.example/story", body=body.encode(), fetched_at=FETCHED))
    places = {field.name: field.places for field in found.fields}
    assert places["authors"] == places["published"] == ("line near the headline",)


def test_a_single_story_beside_the_text_is_told_from_navigation() -> None:
    prose = "<p>The story tells at some length what the harbour board has decided this week, and why it did so.</p>"
    single = '<p><a href="/ferry">Ferry line to the islands closes in May</a></p>'
    menu = "".join(f'<li><a href="/{n}">All about our {n}</a></li>' for n in ("town", "port", "lake"))
    article = f"<article><h1>Board decides</h1>{prose * 4}{single}{prose * 4}</article>"
    html = f"<html><body><ul>{menu}</ul>{article}</body></html>"
    found = agrees(Page(url="https://news.example/story", body=html.encode(), fetched_at=FETCHED))
    reasons = {block.text: block.reason for block in found.blocks if block.cause == "repeats"}
    assert reasons["Ferry line to the islands closes in May"] == "promotes a single other story beside the text"
    assert reasons["All about our town"].endswith("such as navigation or tags")


def test_a_place_that_says_of_a_time_that_it_is_another_is_not_named() -> None:
    head = (
        '<meta property="article:published_time" content="2026-03-04T07:30:00Z">'
        '<meta property="article:modified_time" content="2026-03-04T07:30:00Z">'
        '<meta name="keywords" content="Bridges, Ferries"><meta name="copyright" content="Bridges and Sons">'
    )
    prose = "<p>The city closed the bridge after engineers found cracks in two of its nine piers last week.</p>" * 4
    body = f"<html><head>{head}</head><body><h1>Bridge closed</h1><article>{prose}</article></body></html>"
    fields = explain(Page(url="https://news.example/story", body=body.encode(), fetched_at=FETCHED)).fields
    places = {field.name: field.places for field in fields}
    assert places["published"] == ("meta article:published_time",)
    assert places["modified"] == ("meta article:modified_time",)
    assert places["tags"] == ("meta keywords",)


def test_what_a_page_repeats_is_told_from_its_headline() -> None:
    call = "<p>Hear what our reporters saw at the harbour this week.</p>"
    days = ("first", "second", "third", "fourth", "fifth", "sixth")
    prose = "".join(
        f"<p>On the {day} day the board of the harbour heard what its engineers found below the {day} pier, why the "
        f"cracks had not been seen before, and who pays for the {day} of the repairs that the town wants.</p>{call}"
        for day in days
    )
    body = f"<html><body><article><h1>Six days at the harbour</h1>{prose}</article></body></html>"
    found = agrees(Page(url="https://news.example/story", body=body.encode(), fetched_at=FETCHED))
    causes = {block.text: block.cause for block in found.blocks}
    assert causes["Hear what our reporters saw at the harbour this week."] == "repeats"
    assert causes["Six days at the harbour"] == "headline"
