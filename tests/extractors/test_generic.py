import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.text import canonical_text
from tests.extractors.generic_pages import PARAGRAPHS, POSITIONS, SHAPES, page_with, read_page, stored


@pytest.mark.parametrize("name", ["wordpress", "cards_de", "bare_hi", "dated_fr", "plain_ja", "guide"])
def test_the_article_and_nothing_else(name: str) -> None:
    _, body = read_page(stored(f"{name}.html"))
    assert body.text == stored(f"{name}.txt").rstrip("\n")
    assert body.text == canonical_text(body.text)
    assert 0 < body.confidence <= 1


ARTICLE = "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(3, 12))
def test_the_text_stays_when_a_list_moves_grows_or_goes(shape: str, position: str, seed: int, count: int) -> None:
    block = SHAPES[shape](random.Random(seed), count)
    _, body = read_page(page_with(block, position))
    assert body.text == ARTICLE
    assert [len(found.items) for found in body.lists] == [count]


def test_the_same_page_without_any_list() -> None:
    _, body = read_page(page_with("", "end"))
    assert (body.text, body.lists) == (ARTICLE, ())


def test_an_article_hidden_until_a_script_shows_it_is_read() -> None:
    html = page_with("", "end").replace("<div class='a1'>", "<div style='display:none'>")
    assert read_page(html)[1].text == ARTICLE


def test_a_telling_class_on_the_article_itself_is_no_harm() -> None:
    html = page_with("", "end").replace("'b2'", "'widget related teaser comments'")
    assert read_page(html)[1].text == ARTICLE


def test_a_telling_class_that_all_paragraphs_share_is_no_harm() -> None:
    html = page_with("", "end").replace("<p>", "<div class='card promo'><p>").replace("</p>", "</p></div>")
    assert read_page(html)[1].text == ARTICLE


def test_a_line_that_the_page_repeats_is_furniture() -> None:
    notice = "<div><p>This content is shown once you allow external media in your settings.</p></div>"
    html = page_with("", "end").replace("</p>", f"</p>{notice}", 3)
    assert html.count(notice) == 3
    assert read_page(html)[1].text == ARTICLE


def test_an_article_of_equal_paragraphs_is_one() -> None:
    html = page_with("", "end")
    for paragraph in PARAGRAPHS[1:]:
        html = html.replace(paragraph, PARAGRAPHS[0])
    assert read_page(html)[1].text == "\n\n".join([PARAGRAPHS[0]] * len(PARAGRAPHS))


def test_a_thread_of_comments_longer_than_the_article_is_left_out() -> None:
    comment = (
        "<div class='comment'><p>I have read this twice and I still do not see what the board wants of us.</p></div>"
    )
    assert read_page(page_with(f"<div id='comments'>{comment * 9}</div>", "end"))[1].text == ARTICLE


@pytest.mark.parametrize("html", ["", "<html></html>", "<p>Short.</p>", "\x00", "<nav>a</nav>"])
def test_a_page_with_little_or_nothing(html: str) -> None:
    _, body = read_page(html)
    assert body.confidence < 0.1


@settings(deadline=None)
@given(st.text(alphabet="<>/ =\"'adivplihr\x00é&;!-[].…0123 ago"))
def test_anything_is_read(html: str) -> None:
    _, body = read_page(html)
    assert canonical_text(body.text) == body.text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + "<p>" + ARTICLE,
        f"<p>{PARAGRAPHS[0]}</p>" * 20_000,
        "<p>Some headline goes here</p><p>3 hours ago</p>" * 20_000,
        "<ul>" + "<li><a href=/x>One two three four</a></li>" * 20_000,
        "<div class='x1 y2'><ul>" * 3_000 + "<li><a href=/x>One two three four</a></li>" * 100,
        "<p>" + "word, " * 500_000,
        "<span class=author>a" * 5_000,
    ],
    ids=["nested", "prose", "rhythm", "links", "nested-lists", "one-block", "marks"],
)
@pytest.mark.timeout(60)
def test_hostile_pages_are_read(html: str) -> None:
    read_page(html)


MOVING = {
    "counters": "<p>{n}3 shares | {n}5 comments | {n}.4K reads</p>",
    "quotes": "<p>NORD {n}12.50 +{n}.20%</p><p>S&amp;P 500 5,{n}00.10 ▼ 12.3 (-0.2%)</p>",
    "scores": "<p>Live scores</p><p>Rovers {n} - 1 City ({n}4')</p><p>FT: Ajax {n}–3 PSV FT</p>",
    "weather": "<p>Harbour town {n}2°C</p>",
    "age": "<p>Updated {n}2 minutes ago</p>",
    "consent": (
        "<p>We and our {n}00 partners store and access information on your device, such as cookies, to show"
        " personalised advertising. You can change your choices at any time in the privacy settings.</p>"
        "<p>Accept all</p>"
    ),
    "einwilligung": (
        "<p>Wir und unsere {n}00 Partner speichern Cookies auf Ihrem Gerät, um Werbung zu zeigen. Die Einwilligung ist"
        " freiwillig, mehr dazu steht beim Datenschutz.</p><p>Alle akzeptieren</p>"
    ),
    "newsletter": (
        "<p>Sign up to the Harbour Brief newsletter and get the {n} stories that matter each morning.</p>"
        "<p>Join over {n}0,000 readers who get the news of the harbour by e-mail, before breakfast.</p>"
        "<p>The best {n} stories of the harbour, delivered straight to your inbox each Friday.</p>"
    ),
    "readers": "<p>{n}34 people are reading this story right now.</p>",
    "sponsor": "<p>Advertisement</p><p>Presented by Northbank {n}</p>",
    "portrait": "<h4>About the author</h4><p>Ada Brook</p><p>Ada Brook has covered the harbour for {n}2 years.</p>",
    "portrait in French": "<p>Lea Morrow</p><p>Lea Morrow est journaliste depuis {n} ans au service local.</p>",
}


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize("place", [1, 4, 8])
def test_what_moves_beside_the_article_moves_nothing_in_it(name: str, place: int) -> None:
    prose = [
        f"<p>Paragraph {n} of the story tells at some length what the harbour board has decided, and why it did so.</p>"
        for n in "abcdefgh"
    ]
    without = read_page(f"<html><body><article><h1>Board decides</h1>{''.join(prose)}</article></body></html>")[1]
    assert without.text.count("\n\n") == 7
    for n in (3, 7):
        lines = [*prose[:place], MOVING[name].format(n=n), *prose[place:]]
        _, body = read_page(f"<html><body><article><h1>Board decides</h1>{''.join(lines)}</article></body></html>")
        assert body.text == without.text


@pytest.mark.parametrize(
    "line",
    [
        "Sales rose 12% in May",
        "Ajax beat PSV 3-0 after extra time",
        "Regulators said that the company had collected device identifiers without consent, in breach of privacy rules"
        " on advertising and cookies.",
        "Ada Brook is the mayor of the town and has been so since 2014.",
        "The firm followed readers by using cookies and device identifiers for personalised advertising, a judge said.",
        "The e-mail was delivered to the minister on Friday, two days before the vote in parliament.",
        "More than 40 countries are ready to sign up to the treaty, according to an email from the ministry.",
        "Many publishers subscribe to the view that newsletters bind readers more closely than anything else.",
        "\u201cWe want to get our money back before the winter begins,\u201d he wrote in an e-mail to the board.",
        "This week some 900 nurses were to join 3,000 others who had sent an email to the health minister.",
        "Subscribe to the view that prices will fall, and you will sell.",
        "Berlin reached 39 °C on Sunday.",
        "Supported by two crutches, she walked home.",
        "In partnership with Norway, Sweden built two ships.",
        "Le match s'est terminé 2-1.",
        "Shares fell 3.2 percent.",
        "200 others read the statement aloud.",
        "Powered by wind.",
    ],
)
def test_sentences_about_such_things_stay(line: str) -> None:
    prose = "<p>The story tells at some length what the harbour board has decided this week, and why it did so.</p>"
    _, body = read_page(
        f"<html><body><article><h1>Board decides</h1>{prose * 3}<p>{line}</p>{prose * 3}</article></body></html>"
    )
    assert line in body.text
