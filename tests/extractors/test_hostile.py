"""Damaged, hostile and random pages: nothing raises, and the cost stays in proportion."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import Page, canonical_text, read
from extractors.depth import DEEPEST, within_depth
from extractors.dom import parse
from tests.benchmarks.speed import SHAPES, shape
from tests.extractors.generic_pages import FETCHED_AT, PAGES, URL

FIXTURES = sorted(path.read_bytes() for path in PAGES.glob("*.html"))
BOUNDED = settings(max_examples=60, deadline=2000, suppress_health_check=[HealthCheck.too_slow])

TAGS = st.sampled_from(
    [
        "div",
        "p",
        "article",
        "section",
        "aside",
        "ul",
        "li",
        "a",
        "span",
        "h1",
        "h2",
        "h3",
        "table",
        "tr",
        "td",
        "figure",
        "figcaption",
        "blockquote",
        "form",
        "nav",
        "noscript",
        "time",
        "header",
        "main",
        "br",
        "custom-part",
        "template",
    ]
)
NAMES = st.sampled_from(
    ("", "comments", "article-body", "related", "byline", "date", "col-md-6", "x" * 70, "Ünïcode__1")
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(("3 hours ago", "December 04, 2025", "Read more", "By Ada Lovelace", "The boat came back. " * 8)),
)


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def build(tag: str, names: str, children: list[str], closed: bool) -> str:
        attributes = f' class="{names}" href="/{names}"' if names else ""
        return f"<{tag}{attributes}>{''.join(children)}" + (f"</{tag}>" if closed else "")

    return st.builds(build, TAGS, NAMES, st.lists(inner, max_size=6), st.booleans())


TREES = st.recursive(TEXTS, element, max_leaves=60)


def check(body: bytes) -> None:
    reading = read(Page(url=URL, body=body, fetched_at=FETCHED_AT))
    assert (reading.article is None) == bool(reading.reason)
    if reading.article is not None:
        assert canonical_text(reading.article.text) == reading.article.text
        assert 0 <= reading.article.confidence <= 1


@BOUNDED
@given(TREES)
def test_random_trees_are_read(tree: str) -> None:
    check(f"<!doctype html><html><body>{tree}</body></html>".encode("utf-8", "surrogatepass"))


@BOUNDED
@given(st.sampled_from(FIXTURES), st.floats(0, 1), st.floats(0, 1))
def test_truncated_pages_are_read(body: bytes, start: float, end: float) -> None:
    check(body[int(start * len(body) / 4) : int(end * len(body))])


@BOUNDED
@given(st.sampled_from(FIXTURES), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 7)), min_size=1, max_size=40))
def test_pages_with_flipped_bits_are_read(body: bytes, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(body)
    for place, bit in flips:
        damaged[int(place * len(damaged))] ^= 1 << bit
    check(bytes(damaged))


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.timeout(60)
def test_a_large_page_is_read(name: str) -> None:
    check(shape(name, max(SHAPES[name])).body)


def test_a_page_deeper_than_any_browser_shows_keeps_its_text() -> None:
    html = "<div>" * 20_000 + "<p>deep</p>" + "</div>" * 20_000 + "<p>after</p>"
    doc = parse(html)
    assert doc.blocks.text == ["deep", "after"]
    assert max(doc.elements.depth) <= DEEPEST + 3


def test_a_page_of_usual_depth_is_left_as_it_is() -> None:
    html = "<div><p>one</p></div>" * 10_000
    assert within_depth(html) is html
    assert within_depth("<div>" * 600) == "<div>" * 600  # no page of this size costs anything


@pytest.mark.timeout(30)
def test_unclosed_tags_without_end_hold_nothing_up() -> None:
    within_depth("<div " * 200_000)


DATES = " ".join(f"{day:02}.{day:02}.2026" for day in range(1, 8))
COSTLY = {
    "a keyword of capitals": f'<meta name="keywords" content="{"a" + "A" * 70}">',
    "a line of dates": f"<p>{'03.04.2026·' * 20_000}</p>",
    "unclear dates in many elements": f"<time>{DATES}</time>" * 60 + "<p>Short line of the page.</p>" * 20_000,
}


@pytest.mark.parametrize("name", COSTLY)
@pytest.mark.timeout(20)
def test_what_costs_a_reader_of_lines_most_holds_nothing_up(name: str) -> None:
    check(f"<html><body>{COSTLY[name]}</body></html>".encode())
