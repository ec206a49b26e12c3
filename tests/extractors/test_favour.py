import random

import pytest

from extractors import Page, extract, read
from tests.extractors.generic_pages import PARAGRAPHS, SHAPES, page_with

PAGE = page_with("", "end")
NEXT = """<section><h2>Bakery changes hands</h2><p>By Ben Miller</p><p>March 3, 2026</p>
<p>The bakery on the square has changed hands, and the new owner promises to keep the rye bread that made it known.</p>
<p>Customers queued around the corner on Saturday, although the doors opened an hour late because of a broken oven.</p>
<p>“I have bought my bread here for forty years,” said one of them, who had come from the next village by bus.</p>
<p>The former owner stays until the summer and teaches two apprentices who start in the first week of next month.</p>
</section>"""


def page_of(html: str) -> Page:
    return Page(url="https://www.example.com/reservoir", body=html.encode())


def paragraphs_of(html: str, favour: str) -> set[str]:
    article = extract(page_of(html), favour=favour)  # type: ignore[arg-type]
    assert article is not None
    return set(article.text.split("\n\n"))


def test_recall_keeps_a_doubtful_section_that_precision_leaves_out() -> None:
    html = PAGE.replace("</body>", f"{NEXT}</body>")
    assert paragraphs_of(html, "precision") == set(PARAGRAPHS)
    assert paragraphs_of(html, "recall") > set(PARAGRAPHS)


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_are_no_text_whatever_is_favoured(shape: str) -> None:
    html = page_with(SHAPES[shape](random.Random(3), 5), "end")
    assert paragraphs_of(html, "recall") == paragraphs_of(PAGE, "recall") == set(PARAGRAPHS)


def test_precision_is_the_default_and_recall_is_named_in_the_rules() -> None:
    usual, precise, full = (
        read(page_of(PAGE)).article,
        read(page_of(PAGE), favour="precision").article,
        read(page_of(PAGE), favour="recall").article,
    )
    assert usual == precise
    assert usual is not None
    assert full is not None
    assert full.rules == f"{usual.rules}+recall"


def test_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="'precision' or 'recall'"):
        read(page_of(PAGE), favour="speed")  # type: ignore[arg-type]
