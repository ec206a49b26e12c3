import pytest

from extractors import Page, explain, extract

LINE = "The council of the harbour town has decided to close the bridge for a year, and the ferry is to run at night. "


def paywalled(below: str, *, paragraphs: int = 3, head: str = "") -> bool:
    text = f"<p>{LINE * 2}</p>" * paragraphs
    body = f"<html><head>{head}</head><body><article><h1>The bridge</h1>{text}</article>{below}</body></html>"
    article = extract(Page(url="https://a.example/bridge", body=body.encode()))
    assert article is not None
    return article.paywalled


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to continue reading",
        "Log in to read this story",
        "Register now to read",
        "This article is for subscribers only.",
        "Already a subscriber? Log in",
        "Diesen Artikel weiterlesen mit Kurier Plus",
        "Cet article est réservé aux abonnés.",
        "Il vous reste 75 % de cet article à lire.",
        "Contenido exclusivo para suscriptores",
        "Conteúdo exclusivo para assinantes",
        "Contenuto riservato agli abbonati",
        "आगे पढ़ने के लिए सब्सक्राइब करें",
    ],
)
def test_a_short_text_over_a_wall_is_cut_off(wall: str) -> None:
    assert paywalled(f"<div><p>Share this</p></div><div><h3>{wall}</h3></div>")


@pytest.mark.parametrize(
    "below",
    [
        "",
        "<p>Subscribe to our newsletter</p>",
        "<p>Read more about bridges</p>",
        "<p>Log in to read the comments</p>",
        "<p>Subscribe to read more stories like this in our free newsletter</p>",
        "<p>Join to keep up with the harbour</p>",
    ],
)
def test_what_stands_below_whole_texts(below: str) -> None:
    assert not paywalled(below)


def test_a_wall_that_says_nothing_of_the_text() -> None:
    wall = "<div><h3>Subscribe to continue reading</h3></div>"
    assert paywalled(wall)
    assert not paywalled(wall, paragraphs=9)
    assert not paywalled(f"<div hidden>{wall}</div>")
    assert not paywalled(wall, head='<meta property="article:content_tier" content="free">')


def test_a_wall_is_named_as_the_source() -> None:
    text = f"<article><h1>The bridge</h1><p>{LINE * 4}</p></article>"
    body = f"<html><body>{text}<p>To continue reading, pay</p></body></html>"
    fields = explain(Page(url="https://a.example/bridge", body=body.encode())).fields
    assert {field.name: field.places for field in fields}["paywalled"] == ("a wall below the text",)
