"""Where a list ends: short last rows, lines of the text right above and right below it, and the footer of a page."""

import pytest

from extractors.article import LinkList
from extractors.walk import MAX_FOOTERS
from tests.extractors.generic_pages import PARAGRAPHS, read_page

TITLES = (
    "Ferry line to the islands closes in May",
    "Choir of miners sings for the last time",
    "Lake town votes on a longer tram line",
    "Museum of locks finds its lost key",
    "Two villages share one fire engine",
    "Old mill turns again after ninety years",
    "Rowing club sells its boat house",
)
TEASER = "The council had asked for three more years, and the harbour board agreed to one of them."
PROSE = tuple(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def lists_and_text(*inside: str, behind: str = "") -> tuple[tuple[LinkList, ...], str]:
    article = "".join((*PROSE[:3], *inside, *PROSE[3:]))
    _, body = read_page(f"<html><body><article><h1>The reservoir</h1>{article}</article>{behind}</body></html>")
    return body.lists, body.text


def grid(titles: tuple[str, ...], columns: int) -> str:
    cards = [f'<div class="c"><a href="/{n}"><h4>{title}</h4></a><p>3 May</p></div>' for n, title in enumerate(titles)]
    rows = "".join(f'<div class="r">{"".join(cards[at : at + columns])}</div>' for at in range(0, len(cards), columns))
    return f'<div class="g"><h3>Around the region</h3>{rows}</div>'


@pytest.mark.parametrize(("count", "columns"), [(3, 2), (5, 2), (7, 2), (4, 3), (5, 3), (7, 3), (6, 4)])
def test_the_last_row_of_a_grid_may_be_shorter(count: int, columns: int) -> None:
    _, plain = lists_and_text()
    (found,), text = lists_and_text(grid(TITLES[:count], columns))
    assert [item.title for item in found.items] == list(TITLES[:count])
    assert found.heading == "Around the region"
    assert text == plain


def test_a_row_of_another_look_is_no_part_of_a_grid() -> None:
    notes = '<div class="note"><div class="c"><a href="/9">See the report of the board</a></div></div>'
    lists, _ = lists_and_text(grid(TITLES[:4], 2).removesuffix("</div>") + notes + "</div>")
    assert [item.title for item in lists[0].items] == list(TITLES[:4])


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("<p>wells, small dams and a canal from the river</p>", False),
        ("<p>Wells, small dams and a canal</p>", True),
        ("<p>most shared</p>", True),
    ],
)
def test_a_line_in_small_letters_is_rarely_a_heading(line: str, is_heading: bool) -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    (found,), text = lists_and_text(f"<section>{line}<ul>{items}</ul></section>")
    words = line[3:-4]
    assert (found.heading, words in text.split("\n\n")) == ((words, False) if is_heading else ("", True))


def test_the_next_heading_of_a_text_is_no_item_of_the_headlines_above_it() -> None:
    promoted = "".join(f"<h3>{title}</h3>" for title in TITLES)
    (found,), text = lists_and_text(f"<div><h2>Top stories</h2>{promoted}</div>", "<h3>Three wet weeks are needed</h3>")
    assert [item.title for item in found.items] == list(TITLES)
    assert "Three wet weeks are needed" in text.split("\n\n")


def test_what_a_footer_promotes_is_a_list_and_the_rest_of_it_nothing() -> None:
    names = ("Imprint", "Privacy", "Terms", "Jobs", "Press", "Contact")
    menu = "".join(f"<li><a href=/m/{name}>{name} of our whole house</a></li>" for name in names)
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    told = "<p>The Valley Post has told the valley what happens in it since 1871, and it goes on doing so.</p>"
    footer = f"<footer><ul>{menu}</ul><div><p>Recent Posts</p><ul>{items}</ul></div>{told}</footer>"
    _, plain = lists_and_text()
    (found,), text = lists_and_text(behind=footer)
    assert (found.heading, found.kind) == ("Recent Posts", "recent")
    assert [item.title for item in found.items] == list(TITLES)
    assert text == plain


def test_a_page_of_footers_costs_no_more_than_some_of_them() -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    lists, text = lists_and_text(behind=f"<footer><h3>Recent Posts</h3><ul>{items}</ul></footer>" * 100)
    assert len(lists) == MAX_FOOTERS
    assert text == lists_and_text()[1]


def test_a_footer_that_promises_no_story_is_not_read() -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    assert lists_and_text(behind=f"<footer><h3>Our house</h3><ul>{items}</ul></footer>")[0] == ()


def test_parts_of_an_article_that_lead_to_other_sites_are_no_items_of_its_list() -> None:
    told = "I bought it in my third year, after the old one had fallen from the stand for the fourth time in a week."
    shops = "".join(
        f'<h3><a href="https://{name}.example/">{name.title()} microphone</a></h3><p>{told}</p>'
        for name in ("ethos", "ultima", "pighog")
    )
    items = "".join(f'<h3><a href="/{n}">{title}</a></h3><p>{TEASER}</p>' for n, title in enumerate(TITLES))
    _, plain = lists_and_text(shops)
    (found,), text = lists_and_text(f"{shops}{items}")
    assert [item.title for item in found.items] == list(TITLES)
    assert text == plain
    assert told in text


@pytest.mark.parametrize(
    ("box", "heading"),
    [
        ("<h3>Other voices</h3><a href=/all>See all of them</a>", "Other voices"),
        ("<div>Most read</div><div>Today</div><div>This week</div>", "Most read"),
        ("<h3>Other voices</h3><h4>Letters</h4>", "Letters"),
        (
            "<h3>Other voices</h3><p>What those write who live in the valley</p>",
            "What those write who live in the valley",
        ),
    ],
)
def test_the_heading_of_a_box_over_tabs_and_links(box: str, heading: str) -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    (found,), text = lists_and_text(behind=f"<aside>{box}<ul>{items}</ul></aside>")
    assert found.heading == heading
    assert text == lists_and_text()[1]


def test_a_section_of_the_article_keeps_its_heading_over_a_list_of_links() -> None:
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(TITLES))
    section = f"<section><h3>What helps</h3><p>Four steps:</p><ul>{items}</ul>{PROSE[4]}</section>"
    (found,), text = lists_and_text(section)
    assert found.heading == ""
    assert "What helps\n\nFour steps:" in text


def test_a_note_with_a_small_link_leaves_an_item_an_item() -> None:
    cards = "".join(
        f'<article><a href="/{n}">{title}</a><p>{TEASER}</p>'
        f'<p><a href="/{n}/talk">7 comments</a> / an analysis by Nora van den Falk</p></article>'
        for n, title in enumerate(TITLES)
    )
    (found,), text = lists_and_text(behind=f"<section><h3>Related stories</h3>{cards}</section>")
    assert [item.title for item in found.items] == list(TITLES)
    assert found.heading == "Related stories"
    assert text == lists_and_text()[1]


def test_a_story_that_has_comments_is_none_of_them() -> None:
    cards = "".join(
        f'<div class="teaser has-comments"><h3><a href="/{n}">{title}</a></h3></div>' for n, title in enumerate(TITLES)
    )
    (found,), _ = lists_and_text(behind=f"<section><h3>Headlines</h3>{cards}</section>")
    assert [item.title for item in found.items] == list(TITLES)
    inside = f'<div class="comments">{cards}</div>'
    assert lists_and_text(behind=f"<section><h3>Headlines</h3>{inside}</section>")[0] == ()


@pytest.mark.parametrize(("tag", "count"), [("aside", 1), ("div", 0)])
def test_a_house_with_a_site_for_each_title_promotes_them_in_an_aside(tag: str, count: int) -> None:
    items = "".join(
        f'<li><a href="https://{name}.example/{n}">{title}</a></li>'
        for n, (name, title) in enumerate(zip("abcdefg", TITLES, strict=True))
    )
    lists, _ = lists_and_text(behind=f"<{tag}><ul>{items}</ul></{tag}>")
    assert len(lists) == count


def test_a_linked_headline_over_a_list_is_its_first_story_and_no_heading() -> None:
    big, *others = TITLES
    items = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(others))
    card = f'<div class="big"><a href="/culture">Culture</a><h4><a href="/first">{big}</a></h4></div>'
    (found,), _ = lists_and_text(behind=f"<div><h5>From the valley</h5>{card}<ul>{items}</ul></div>")
    assert found.heading == "From the valley"
    assert [item.title for item in found.items] == list(TITLES)
    lone = f'<div><h4><a href="/first">{big} after forty-one years at sea</a></h4></div><ul>{items}</ul>'
    (found,), _ = lists_and_text(behind=f"<div>{lone}</div>")
    assert (found.heading, [item.title for item in found.items]) == ("", others)


def test_a_line_with_the_name_of_who_wrote_it_is_no_second_headline() -> None:
    cards = "".join(
        f'<li><h5><a href="/{n}">{title}</a></h5><div>by <a href="/who">Nora Emilia van den Falk and two</a></div></li>'
        for n, title in enumerate(TITLES)
    )
    (found,), _ = lists_and_text(behind=f"<section><h3>Further stories</h3><ul>{cards}</ul></section>")
    assert [item.title for item in found.items] == list(TITLES)
