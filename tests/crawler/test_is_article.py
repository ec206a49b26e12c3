"""URLs of articles, and of what stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.is_article import is_article_link, is_article_url, refusal

ARTICLES = (
    "/2026/11/22/flood-wall",
    "/2026/nov/22/flood-wall",
    "/news/2026-11-22/flood",
    "/flood-wall-costs-rise-again",
    "/news/flood_wall_costs",
    "/news/articles/c0mz1pd9ed1o",
    "/a-12345678",
    "/story/19847362/",
    "/politik/hochwasser-122.html",
    "/?p=4711",
    "/artikel.php?id=99",
    "/topic/politics/flood-wall-costs-rise",
    "/author/jane/flood-wall-costs-rise",
    "/archives/2026/11/22/flood.html",
    "/flood-wall-costs-rise/amp",
    "/flood-wall-costs-rise/index.html",
    "/about-the-flood-in-the-valley",
    "/天气/2026/11/22/洪水",
    "/20261122/flood",
)

OTHERS = (
    "/",
    "/news",
    "/world/europe/",
    "/tag/flood-wall-costs",
    "/tags/12345",
    "/author/jane-mary-doe",
    "/category/local-news-and-more",
    "/about",
    "/search?q=flood-wall-costs",
    "/login",
    "/privacy-policy",
    "/flood-wall-costs-rise.pdf",
    "/2026/11/22/photo-of-the-day.jpg",
    "/feed/",
    "/2026/11/22/",
    "/2026/11/",
    "/2026",
    "/news/page/12345",
    "/news/flood-wall-costs/page/2",
    "/index.html",
    "/sitemap.xml",
    "/contact-us",
    "/logginn?context=header-masthead-login",
    "/users/somebody12345",
    "/2026/11/page/2",
)


@pytest.mark.parametrize("path", ARTICLES)
def test_an_article(path: str) -> None:
    assert is_article_url(f"https://a.example{path}")
    assert refusal(f"https://a.example{path}") == ""


@pytest.mark.parametrize("path", OTHERS)
def test_none(path: str) -> None:
    assert not is_article_url(f"https://a.example{path}")


def test_a_refusal_says_why_and_no_shape_is_no_reason() -> None:
    assert refusal("https://a.example/tag/floods") == "/tag"
    assert refusal("https://a.example/clip.mp4") == "a .mp4 file"
    assert refusal("https://a.example/") == "a home page"
    assert refusal("https://a.example/floods") == ""


@given(st.text(max_size=60))
def test_noise_never_raises(noise: str) -> None:
    for url in (noise, f"https://a.example/{noise}", f"http://[{noise}/"):
        assert is_article_url(url) in (True, False)


def test_the_text_of_a_link_tells_a_section_from_a_story() -> None:
    section, story = "https://a.example/news-and-views", "https://a.example/flood-wall-costs-rise"
    assert not is_article_link(section, "News and views")
    assert is_article_link(section, "Where the news ends and views begin")
    assert is_article_link(story, "Flood wall costs")
    assert not is_article_link(story, "Read more")
