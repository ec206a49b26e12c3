"""The demo papers as websites: what they publish, how they move, and what the second act changes."""

import asyncio
import re
import urllib.error
import urllib.request
from html import escape
from xml.etree import ElementTree as ET

import pytest

from crawler.demo import DemoSite, demo_sites
from crawler.demo.site import STYLES
from crawler.demo.story import PAPERS, paper

BASE = "http://127.0.0.1:1"


def _paths(name: str) -> list[str]:
    return [STYLES[name].path(story) for story in paper(name).stories]


def _page(site: DemoSite, target: str) -> str:
    response = site.answer(target)
    if response.status == 503:
        response = site.answer(target)
    assert response.status == 200
    return response.body.decode("windows-1252" if b"charset=windows-1252" in response.body else "utf-8")


def _aside(site: DemoSite, target: str) -> list[str]:
    """The addresses that a page links, in order: the lists beside the article are all that moves."""
    return re.findall(r'href="([^"]+)"', _page(site, target))


@pytest.mark.parametrize("name", PAPERS)
def test_every_story_has_paragraphs_of_real_length(name: str) -> None:
    for story in paper(name).stories:
        if "partner-content" not in story.slug:
            assert 4 <= len(story.paragraphs) <= 8
            assert sum(map(len, story.paragraphs)) > 600


@pytest.mark.parametrize("name", PAPERS)
def test_feed_and_sitemap_name_every_story(name: str) -> None:
    site = DemoSite(name, BASE)
    style = STYLES[name]
    for target in (style.feed[0], style.sitemap):
        body = site.answer(target).body
        ET.fromstring(body)
        assert all(f"{BASE}{path}".replace("&", "&amp;") in body.decode() for path in _paths(name))


@pytest.mark.parametrize("name", PAPERS)
def test_robots_names_the_sitemap(name: str) -> None:
    robots = DemoSite(name, BASE).answer("/robots.txt").body.decode()
    assert f"Sitemap: {BASE}{STYLES[name].sitemap}" in robots
    assert "Disallow: /" in robots


@pytest.mark.parametrize("name", PAPERS)
def test_lists_move_at_every_request_and_the_text_does_not(name: str) -> None:
    site = DemoSite(name, BASE)
    for path, story in zip(_paths(name), paper(name).stories, strict=True):
        assert _aside(site, path) != _aside(site, path)
        assert _page(site, path).count("<p>" + escape(story.paragraphs[0][:40])) == 1


def test_a_busy_story_answers_503_once() -> None:
    site = DemoSite("gazette", BASE)
    first = site.answer("/story.asp?id=2285")
    assert (first.status, dict(first.headers)["Retry-After"]) == (503, "1")
    assert site.answer("/story.asp?id=2285").status == 200


def test_the_old_page_is_windows_1252_and_says_so_in_its_meta_element_only() -> None:
    response = DemoSite("gazette", BASE).answer("/story.asp?id=2277")
    assert response.media_type == "text/html"
    assert "Le cinéma du vieux port" in response.body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        response.body.decode("utf-8")


def test_the_review_confirms_an_unchanged_story_by_its_etag() -> None:
    site = DemoSite("review", BASE)
    path = "/politics/court-orders-ministry-to-publish-nitrate-maps"
    etag = dict(site.answer(path).headers)["ETag"]
    assert site.answer(path, {"if-none-match": etag}).status == 304
    edited = "/business/harbour-tunnel-opens-to-first-trains"
    before = dict(site.answer(edited).headers)["ETag"]
    site.edit()
    assert site.answer(edited, {"if-none-match": before}).status == 200


def test_the_second_act_edits_two_stories_and_retracts_one() -> None:
    edited = [story for name in PAPERS for story in paper(name).revised().stories if story.edited]
    assert len(edited) == 3
    assert sum(story.gone for story in edited) == 1
    site = DemoSite("courier", BASE)
    path = _paths("courier")[0]
    assert "1.5 million pounds" in _page(site, path)
    site.edit()
    assert "1.8 million pounds" in _page(site, path)
    gazette = DemoSite("gazette", BASE)
    gazette.edit()
    assert gazette.answer("/story.asp?id=2290").status == 410
    assert "id=2290" not in gazette.answer("/headlines.rss").body.decode()


def _get(url: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_the_papers_answer_on_three_ports() -> None:
    async def ask() -> list[tuple[int, bytes]]:
        async with demo_sites(first_port=0) as sites:
            assert len({site.base for site in sites}) == 3
            return [await asyncio.to_thread(_get, f"{site.base}/") for site in sites]

    answers = asyncio.run(ask())
    assert [status for status, _ in answers] == [200, 200, 200]
    assert all(body.startswith(b"\x1f\x8b") for _, body in answers)


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    async def bases() -> list[str]:
        async with demo_sites(first_port=0) as sites:
            taken = int(sites[0].base.rpartition(":")[2])
            async with demo_sites(first_port=taken) as others:
                return [sites[0].base, others[0].base]

    one, other = asyncio.run(bases())
    assert one != other
