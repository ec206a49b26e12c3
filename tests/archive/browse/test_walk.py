"""A reader's way through the demo archive, in headless Chromium: front, article, time-line, diff, raw, search, feed."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest

from crawler.__main__ import run
from tests.archive.browse.browser import MISSING, Watched, again, browsing, serving
from tests.archive.browse.served import MARKS

pytestmark = [*MARKS, pytest.mark.timeout(900), pytest.mark.skipif(bool(MISSING), reason=MISSING)]

_ATOM = "{http://www.w3.org/2005/Atom}"
_LABELS = """
elements => elements.filter(e => !e.labels?.length && !e.getAttribute("aria-label") && e.type !== "hidden")
    .map(e => e.outerHTML)
"""
_UNSEEN_FOCUS = """
() => { const element = document.activeElement, style = getComputedStyle(element);
        return style.outlineStyle === "none" && style.boxShadow === "none" && element.tagName !== "MAIN"; }
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walk") / "press.db"
    with redirect_stdout(StringIO()):
        assert run(["demo", "--archive", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def reader(demo: Path) -> Iterator[Watched]:
    with serving(demo) as origin, browsing(origin, viewport={"width": 1280, "height": 800}) as found:
        yield found


def test_from_the_front_page_to_the_feed(reader: Watched) -> None:
    page = reader.page
    reader.go("/-/presskeep")
    assert page.url.endswith("/-/presskeep/press")
    assert page.locator("svg[role=img]").count() == 4

    page.get_by_role("link", name="Flood wall costs rise as council votes again").first.click()
    page.get_by_role("link", name="Read the article").click()
    assert "Weir Street" in page.locator("article").inner_text()
    line = page.get_by_role("region", name="2 versions")
    assert line.get_by_role("listitem").count() == 2

    line.get_by_role("link", name="What changed").click()
    assert page.locator("del", has_text="1.5").count() == 1
    assert page.locator("ins", has_text="1.8").count() == 1
    assert page.locator("details.folded").first.get_attribute("open") is None
    page.locator("details.folded summary").first.click()
    assert page.locator("details.folded[open] p").first.is_visible()
    permalink = page.url
    page.get_by_role("link", name="Side by side").click()
    assert page.get_by_role("columnheader", name="Version 1").is_visible()
    page.get_by_role("link", name="In one column").click()
    assert page.url == permalink

    page.get_by_role("link", name="Read the article").click()
    page.get_by_role("link", name="The page as archived").click()
    assert "Flood wall costs rise" in page.frame_locator("iframe").locator("body").inner_text()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download it").click()
    assert b"Flood wall" in Path(coming.value.path()).read_bytes()
    page.get_by_role("link", name="What the extractor saw").click()
    assert page.locator(".s-article").count() > 3
    assert page.locator(".s-list").count() > 0

    page.get_by_role("searchbox", name="Search the archive").fill("tunnel")
    page.get_by_role("searchbox", name="Search the archive").press("Enter")
    hit = page.get_by_role("link", name="Harbour tunnel opens to first trains, then closes for checks")
    assert hit.is_visible()
    assert page.locator("mark").count() > 0

    page.get_by_role("link", name="Edits", exact=True).click()
    address = page.get_by_role("link", name="Atom").get_attribute("href")
    with urlopen(f"{reader.origin}{address}", timeout=60) as answer:
        feed = ET.fromstring(answer.read())
    titles = [entry.findtext(f"{_ATOM}title") for entry in feed.iter(f"{_ATOM}entry")]
    assert len(titles) == 2
    assert "Flood wall costs rise as council votes again" in titles
    assert reader.errors == []


def test_the_keyboard_alone_goes_the_same_way(reader: Watched) -> None:
    """The first stop leads past the navigation, every stop is seen, and Enter follows it."""
    page = reader.page
    reader.go("/-/presskeep/press")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    for _ in range(12):
        assert not page.evaluate(_UNSEEN_FOCUS), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_page_fits_its_screen_and_names_its_parts(reader: Watched, width: int, scheme: str) -> None:
    with again(reader, viewport={"width": width, "height": 844}, color_scheme=scheme) as other:
        page = other.page
        other.go("/-/presskeep/press/edits")
        other.go(page.locator("ol.rows a").first.get_attribute("href") or "")
        diff = page.url.removeprefix(other.origin)
        article = page.get_by_role("link", name="Read the article").get_attribute("href")
        other.go(article or "")
        raw = page.get_by_role("link", name="The page as archived").get_attribute("href") or ""
        base = "/-/presskeep/press"
        pages = ["", "/edits", "/headlines", "/coverage", "/search", "/search?q=the", "/search?q=market&where=lists"]
        for target in (*(base + one for one in pages), diff, f"{diff}?view=side", article or "", raw,
                       raw.replace("/raw/", "/seen/"), f"{base}/article/{'0' * 16}"):  # fmt: skip
            other.go(target)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), target
            assert page.get_by_role("main").count() == page.locator("h1").count() == 1, target
            assert page.locator("html").get_attribute("lang") == "en"
            assert page.eval_on_selector_all("input, select", _LABELS) == [], target
            for plot in page.locator("svg").all():
                assert plot.get_attribute("aria-labelledby"), target
        assert other.errors == []
