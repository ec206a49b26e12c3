"""Which of several dates of a page is the one of its publication."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from extractors.article import Moment
from extractors.dom import parse
from extractors.metadata import Metadata, read_metadata

TITLE = "Row over pool fees grows"
PROSE = f"<p>{'The council of the harbour town has raised the fees for its pool. ' * 12}</p>"


def page(head: str, *lines: str, url: str = "https://a.example/pool") -> Metadata:
    shown = "".join(f"<div>{line}</div>" for line in lines)
    return read_metadata(
        parse(f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{shown}{PROSE}</body></html>"), url
    )


def stated(published: str, modified: str, kind: str = "Article") -> str:
    return (
        '<script type="application/ld+json">'
        f'{{"@type": "{kind}", "datePublished": "{published}", "dateModified": "{modified}"}}</script>'
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (stated("Jun 24, 2025", "Jun 24, 2025"), date(2024, 8, 25)),
        (stated("2025-06-24T10:00:00Z", "2025-06-23T10:00:00Z"), date(2024, 8, 25)),
        (stated("2025-06-24", "2025-07-01"), date(2025, 6, 24)),
        (stated("2025-06-24", "2025-06-24", "NewsArticle"), date(2025, 6, 24)),
        (stated("2024-08-26", "2024-08-26"), date(2024, 8, 26)),
        (stated("2020-01-01", "2020-01-01"), date(2020, 1, 1)),
    ],
)
def test_the_day_of_the_last_build_gives_way_to_an_older_one_under_the_headline(head: str, expected: date) -> None:
    assert page(head, "Ada Quill", "August 25, 2024").published == expected


def test_what_else_is_dated_near_the_headline_changes_no_stated_date() -> None:
    built = stated("2025-06-24", "2025-06-24")
    assert page(built, "Report of the council, August 25, 2024").published == date(2025, 6, 24)
    assert page(built, "Updated August 25, 2024").published == date(2025, 6, 24)


def test_a_moment_in_the_zone_of_the_site_where_the_address_has_its_day() -> None:
    head = stated("2025-12-19T03:05:00+00:00", "2025-12-20T03:05:00+00:00")
    shown = '<time datetime="2025-12-18T19:05:00-08:00">December 18, 2025</time>'
    here = datetime(2025, 12, 18, 19, 5, tzinfo=timezone(timedelta(hours=-8)))
    found = page(head, shown, url="https://a.example/2025/12/18/pool").published
    assert (found, found and found.isoformat()) == (here, here.isoformat())
    plain = page(head, url="https://a.example/2025/12/18/pool").published
    assert plain == datetime(2025, 12, 19, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["4 March 2026", '<time datetime="2026-03-04T07:30:00Z">Wednesday</time>'],
            datetime(2026, 3, 4, 7, 30, tzinfo=UTC),
        ),
        (["4 March 2026", '<time datetime="2026-03-05T07:30:00Z">a day ago</time>'], date(2026, 3, 4)),
    ],
)
def test_a_day_in_words_gets_its_time_from_the_markup(lines: list[str], expected: Moment) -> None:
    assert page("", *lines).published == expected


def test_a_change_is_never_before_the_publication() -> None:
    found = page("", "4 March 2026", "Updated: 4 March 2019")
    assert (found.published, found.modified) == (date(2026, 3, 4), None)


def test_linked_data_in_a_meta_element() -> None:
    content = "{&quot;@type&quot;: &quot;Article&quot;, &quot;datePublished&quot;: &quot;2026-03-04&quot;}"
    assert page(f'<meta name="script:ld+json" content="{content}">').published == date(2026, 3, 4)


def test_marks_outside_the_article_of_the_headline_are_of_something_else() -> None:
    other = '<div class="author">Tom Ember</div><time datetime="2019-01-01T08:00:00Z">1 January</time>'
    own = '<div class="author">Ada Quill</div><time datetime="2026-03-04T08:00:00Z">4 March</time>'
    article = f"<article><h1>{TITLE}</h1>{own}{PROSE}</article>"
    found = read_metadata(parse(f"<body><main>{other}{article}{other}</main></body>"), "https://a.example/pool")
    assert (found.authors, found.published) == (("Ada Quill",), datetime(2026, 3, 4, 8, tzinfo=UTC))
    bare = f"<body><main>{other}<article><h1>{TITLE}</h1>{PROSE}</article></main></body>"
    found = read_metadata(parse(bare), "https://a.example/pool")
    assert (found.authors, found.published) == ((), None)


def test_a_marked_date_that_cannot_be_read_is_not_replaced_by_the_next() -> None:
    lines = '<b class="date">03/04/2026</b>', f"{PROSE}<b class='date'>9 May 2020</b><b class='date'>8 May 2020</b>"
    assert page("", *lines).published is None
    assert page("", *lines, "<i>31/12/2025</i>").published == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<meta name="article_published_time" content="2026-03-04T07:30:00Z">',
            datetime(2026, 3, 4, 7, 30, tzinfo=UTC),
        ),
        ('<meta name="date-pub" content="2026-03-04">', date(2026, 3, 4)),
        ('<meta name="prism.publicationDate" content="2026-03-04">', date(2026, 3, 4)),
        ('<meta property="article:publisher" content="https://social.example/20260304">', None),
        ('<meta name="publish-expiration-date" content="2026-03-04">', None),
        (
            '<meta name="date" content="2026-03-04"><meta name="published_at" content="2026-03-04T07:30:00Z">',
            datetime(2026, 3, 4, 7, 30, tzinfo=UTC),
        ),
    ],
)
def test_names_of_meta_elements(head: str, expected: Moment | None) -> None:
    assert page(head).published == expected


def test_a_change_by_the_page_object_and_by_rare_names() -> None:
    graph = '<script type="application/ld+json">{"@type": "WebPage", "dateModified": "2026-03-05"}</script>'
    assert page(graph).modified == date(2026, 3, 5)
    assert page('<meta name="last_updated_date" content="2026-03-05">').modified == date(2026, 3, 5)
    assert page('<meta name="modified-by" content="20260305">').modified is None
