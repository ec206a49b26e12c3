from datetime import UTC, datetime

import pytest

from extractors.article import LinkList, ListItem
from extractors.dom import parse
from extractors.lists import read_lists
from tests.extractors.generic_pages import FETCHED_AT, URL, read_page, stored


def lists_of(html: str) -> tuple[LinkList, ...]:
    return read_lists(parse(html), URL, FETCHED_AT, "en").lists


def test_lists_of_a_weblog_page() -> None:
    _, body = read_page(stored("wordpress.html"))
    related, most_read = body.lists
    assert (related.heading, related.kind) == ("You may also like", "related")
    assert related.items[0] == ListItem(
        title="Tunnel fees to rise again in the summer", url="https://www.kelvincourier.example/city/tunnel-fees"
    )
    assert [item.title for item in related.items[1:]] == [
        "Night ferry finds its first passengers",
        "Survey of piers cost twice the estimate",
    ]
    assert (most_read.heading, most_read.kind) == ("Most read", "most-read")
    assert [item.when_text for item in most_read.items] == ["3 hours ago", "5 hours ago", "7 hours ago"]
    assert most_read.items[0].title == "Cup final moved to a Sunday for the first time"
    assert most_read.items[0].when_at is not None
    assert most_read.items[0].when_until is not None
    assert most_read.items[0].when_at <= datetime(2026, 3, 4, 9, tzinfo=UTC) <= most_read.items[0].when_until


def test_cards_and_a_list_between_paragraphs() -> None:
    _, body = read_page(stored("cards_de.html"))
    inside, cards = body.lists
    assert (inside.heading, inside.kind) == ("Lesen Sie auch", "related")
    assert [(item.title, item.url) for item in inside.items] == [
        ("Wie Oberau um seine Schule kämpft", "https://www.kelvincourier.example/a/1"),
        ("Die letzte Hebamme im Tal hört auf", "https://www.kelvincourier.example/a/2"),
    ]
    assert cards.heading == "Aus der Region"
    assert [(item.section, item.title, item.when_text) for item in cards.items] == [
        ("Politik", "Landtag streitet über neue Seilbahn", "vor 2 Stunden"),
        ("Wetter", "Neuschnee sperrt drei Passstraßen", "vor 4 Stunden"),
        ("Sport", "Rodlerin gewinnt in Winterberg", "vor 6 Stunden"),
    ]
    assert cards.items[1].teaser == "Im Westen bleiben die Übergänge bis Freitag zu, sagen die Straßenmeister."
    assert cards.items[2].url == "https://www.kelvincourier.example/b/3"


def test_bare_paragraphs_are_a_list_by_their_rhythm() -> None:
    _, body = read_page(stored("bare_hi.html"))
    (recent,) = body.lists
    assert (recent.heading, recent.kind) == ("ताज़ा खबरें", "recent")
    assert [(item.title, item.when_text) for item in recent.items] == [
        ("पानी की किल्लत पर विधायक ने बुलाई बैठक", "2 घंटे पहले"),
        ("स्कूलों में परीक्षा की नई तारीखें घोषित", "3 घंटे पहले"),
        ("मेले में पहुंचे एक लाख से अधिक लोग", "5 घंटे पहले"),
    ]
    assert recent.items[0].teaser == "इलाके में तीन दिन से पानी नहीं आया और टैंकरों की संख्या भी…"


def test_dash_section_headline_date_groups() -> None:
    _, body = read_page(stored("dated_fr.html"))
    (top,) = body.lists
    assert (top.heading, top.kind) == ("À la une", "top")
    assert [(item.section, item.title, item.when_text) for item in top.items] == [
        ("Monde", "Un sommet sur l'eau s'ouvre à Lisbonne", "4 décembre 2025"),
        ("Sport", "Le club promu tient son premier succès", "3 décembre 2025"),
        ("Culture", "Une exposition rend hommage aux graveurs", "2 décembre 2025"),
    ]
    assert top.items[0].when_at == datetime(2025, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "html",
    [
        "<nav><a href=/a>One two three</a><a href=/b>Four five six</a><a href=/c>Seven eight nine</a></nav>",
        "<div><a href=/t/1>Bridges</a></div><div><a href=/t/2>Ferries</a></div><div><a href=/t/3>Tunnels</a></div>",
        "<ol><li>Stir the flour into the milk.</li><li>Add two eggs and salt.</li><li>Bake it for an hour.</li></ol>",
        "<p>3 hours ago</p><p>A first sentence of a live report.</p><p>2 hours ago</p><p>Another one follows.</p>",
        "",
    ],
    ids=["navigation", "tags", "steps", "ticker", "nothing"],
)
def test_what_is_no_list(html: str) -> None:
    assert lists_of(html) == ()


def test_an_address_that_is_none_is_left_out() -> None:
    (found,) = lists_of(
        "".join(f"<li><a href='{href}'>One two three four {href}</a></li>" for href in ("http://[", "#a", "x:y"))
    )
    assert [item.url for item in found.items] == [None, f"{URL}#a", None]


def test_short_links_without_ages_are_a_menu_and_neither_list_nor_text() -> None:
    menu = ("Politics and power today", "Markets this week", "Our best recipes", "Travel with us abroad")
    assert lists_of("".join(f"<li><a href='/{at}'>{title}</a></li>" for at, title in enumerate(menu))) == ()
    aged = "".join(f"<li><a href='/{at}'>{title}</a> <span>2 hours ago</span></li>" for at, title in enumerate(menu))
    (found,) = lists_of(aged)
    assert [item.title for item in found.items] == list(menu)


TITLES = (
    "Ferry line to the islands closes in May",
    "Choir of miners sings for the last time",
    "Lake town votes on a longer tram line",
)
TEASER = "The council had asked for three more years, and the harbour board agreed to one of them."
FORMS = {
    "linked kicker": '<div><a href="/{n}"><div>Talks at sea</div></a><a href="/{n}"><div>{title}</div></a></div>',
    "kicker with colon": '<div><h2><a href="/{n}">Talks at sea:</a></h2><h3><a href="/{n}">{title}</a></h3></div>',
    "heading under a link": '<div><a href="/{n}" aria-label="x"></a><h4>{title}</h4><p>{teaser}</p></div>',
    "heading and a way on": '<div><h4>{title}</h4><p>{teaser}</p><a href="/{n}">Read more</a></div>',
    "terms": '<dt><a href="/{n}">{title}</a></dt><dd>{teaser}</dd>',
    "flat headings": '<h3><a href="/{n}">{title}</a></h3><p>{teaser}</p>',
    "line breaks": '<a href="/{n}">{title}</a> <span>(3h ago)</span><br>',
    "bars": ' | <a href="/{n}">{title}</a>',
    "unknown elements": '<x-card><a href="/{n}">{title}</a><x-age>5h</x-age></x-card>',
    "age first": "<p>3 hours ago</p><p>{title}</p><p>The council had asked for three more...</p>",
    "date beside a name": "<p>{title}</p><p>May 3, 2025 | Nora Falk</p>",
    "age in a span of the link": '<li><a href="/{n}"><span>{title}</span><span>3 hours ago</span></a></li>',
    "age behind a dash": "<li>{title} – 3h ago</li>",
    "words and a way on": '<div><p>{title}</p><p>{teaser}</p><a href="/{n}">Continue reading</a></div>',
    "length before the title": '<div><a href="/{n}"><span>3:45</span></a><a href="/{n}">{title}</a></div>',
    "name before the title": '<p>Nora Falk</p><p><a href="/{n}">{title}</a></p>',
    "repeated words first": '<li><a href="/{n}"><div>A hint to a related story:</div><div>{title}</div></a></li>',
    "byline with a link": (
        '<div><h3><a href="/{n}">{title}</a></h3><div>by <a href="/who/{n}">Nora Emilia van den Falk</a>, May 3, 2025'
        "</div></div>"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_lists_in_the_middle_of_a_text_in_any_form(form: str) -> None:
    prose = "<p>Prose of the article goes on here, as it does in every story that a newspaper prints.</p>"
    items = "".join(FORMS[form].format(n=n, title=title, teaser=TEASER) for n, title in enumerate(TITLES))
    html = f"{'<div></div>' * 9}<article>{prose * 3}<div>{items}</div>{prose * 3}</article>"
    (found,) = lists_of(html)
    assert [item.title for item in found.items] == list(TITLES)
    assert found.heading == ""
    linked = "href" in FORMS[form]
    assert [item.url for item in found.items] == [
        f"https://www.kelvincourier.example/{n}" if linked else None for n in range(3)
    ]


@pytest.mark.parametrize("form", ["line breaks", "date beside a name"])
def test_an_age_in_the_line_of_the_headline_or_beside_a_name(form: str) -> None:
    (found,) = lists_of(
        "<div>" + "".join(FORMS[form].format(n=n, title=title) for n, title in enumerate(TITLES)) + "</div>"
    )
    assert {item.when_text for item in found.items} == {"3h ago" if form == "line breaks" else "May 3, 2025"}
    assert all(item.when_at for item in found.items)


def test_a_large_card_before_small_ones_is_the_first_item() -> None:
    small = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES[1:], 1))
    (found,) = lists_of(
        f'<div><h3>Most read</h3><div><a href="/0"><h2>{TITLES[0]}</h2></a><p>{TEASER}</p></div><ul>{small}</ul></div>'
    )
    assert [item.title for item in found.items] == list(TITLES)
    assert (found.kind, found.items[0].teaser) == ("most-read", TEASER)


def test_a_heading_of_the_text_is_not_taken_by_a_list_behind_it() -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    prose = "<p>Prose of the article goes on here, as it does in every story that a newspaper prints.</p>"
    (found,) = lists_of(f"<article><h2>What comes next</h2><ul>{items}</ul>{prose}</article>")
    assert found.heading == ""
    (found,) = lists_of(f"<article>{prose}<div><h2>What comes next</h2><ul>{items}</ul></div>{prose}</article>")
    assert found.heading == "What comes next"


@pytest.mark.parametrize(
    "html",
    [
        '<p>See <a href="/1">the report of the court</a>, <a href="/2">what the mayor said</a> and'
        ' <a href="/3">why it took so long</a>.</p>',
        "<section><h3>How the bridge was built</h3><p>It took nine years, and"
        ' <a href="/a">four hundred men and women</a> worked on it.</p></section>' * 3,
        '<section><h3>How the bridge was built</h3><a href="/a.jpg"><img alt=""></a><p>It took years.</p></section>'
        * 3,
    ],
    ids=["sentence", "sections", "pictures"],
)
def test_links_in_an_article_are_no_list(html: str) -> None:
    assert lists_of(f"<article>{html}</article>") == ()


SINGLE = {
    "line": '<p><a href="/a"><strong>{title}</strong></a></p>',
    "arrow": '<p>→ <a href="/a">{title}</a></p>',
    "promise": '<p><em>(See also: <a href="/a">{title}</a>)</em></p>',
    "card": '<div><p>Related</p><h4><a href="/a">{title}</a></h4><p>{teaser}</p></div>',
    "card without a heading": '<aside><div><a href="/a">{title}</a></div><div>{teaser}</div></aside>',
}


@pytest.mark.parametrize("form", SINGLE)
def test_a_single_story_between_paragraphs_is_neither_list_nor_text(form: str) -> None:
    prose = [
        f"<p>Paragraph {n} of the story tells what the harbour board decided, and why it did so.</p>" for n in "abcdef"
    ]
    pages = [
        f"<html><body><article>{''.join(prose[:3])}{single}{''.join(prose[3:])}</article></body></html>"
        for single in ("", *(SINGLE[form].format(title=title, teaser=TEASER) for title in TITLES))
    ]
    texts = {read_page(page)[1].text for page in pages}
    assert len(texts) == 1
    assert texts.pop().count("\n\n") == 5
    assert not any(lists_of(page) for page in pages)


def test_items_side_by_side_in_two_columns_are_one_list() -> None:
    titles = (*TITLES, "Museum of locks finds its lost key")
    cells = [f'<td><a href="/{n}">{title}</a><br>May 3, 2025</td>' for n, title in enumerate(titles)]
    (found,) = lists_of(f"<table><tr>{''.join(cells[:2])}</tr><tr>{''.join(cells[2:])}</tr></table>")
    assert [item.title for item in found.items] == list(titles)
    assert {item.when_text for item in found.items} == {"May 3, 2025"}


@pytest.mark.parametrize("line", ["<h3>{title}</h3>", "<p>• {title}</p>"])
def test_headlines_without_links_are_a_list_under_words_that_promise_one(line: str) -> None:
    lines = "".join(line.format(title=title) for title in TITLES)
    (found,) = lists_of(f"<h2>Top stories</h2>{lines}")
    assert [item.title for item in found.items] == list(TITLES)
    assert lists_of(f"<h2>What we know so far</h2>{lines}") == ()
