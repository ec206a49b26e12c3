import random

import pytest

from extractors import Page, extract, read
from tests.extractors.generic_pages import PARAGRAPHS, SHAPES, page_with

PAGE = page_with("", "end")
THREAD = "<section class='replies-area'>" + "".join(
    f"<div class='reply'><b>Visitor {number}</b><p>I walk past the reservoir every week and I had not noticed how low "
    f"the water has become since the spring of {number}, thank you for this.</p></div>"
    for number in range(2001, 2009)
) + "</section>"  # fmt: skip


def page_of(html: str) -> Page:
    return Page(url="https://www.example.com/reservoir", body=html.encode())


def words_of(html: str, favour: str) -> set[str]:
    article = extract(page_of(html), favour=favour)  # type: ignore[arg-type]
    assert article is not None
    return set(article.text.split("\n\n"))


def test_recall_keeps_all_that_precision_keeps_and_perhaps_more() -> None:
    html = PAGE.replace("</body>", f"{THREAD}</body>")
    assert words_of(html, "precision") <= words_of(html, "recall")
    assert words_of(html, "precision") >= set(PARAGRAPHS)


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_are_no_text_whatever_is_favoured(shape: str) -> None:
    html = page_with(SHAPES[shape](random.Random(3), 5), "end")
    assert words_of(html, "recall") == words_of(PAGE, "recall") == set(PARAGRAPHS)


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
