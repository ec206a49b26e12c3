from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import bylines, jsonld
from extractors.article import Moment
from extractors.dates import moment
from extractors.dom import parse
from extractors.metadata import Metadata, read_metadata
from tests.extractors.generic_pages import URL, read_page, stored


def metadata_of(head: str, body: str = "", url: str = URL) -> Metadata:
    return read_metadata(parse(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def linked_data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize("tail", ["", "}} and no more JSON"])
def test_half_a_surrogate_pair_is_in_no_field(tail: str) -> None:
    stated = r"""{"@type": "NewsArticle", "headline": "Dam\ud83d opens",
        "author": {"name": "Jane \ud83dDoe \ud83d\ude00"}, "image": "https://paper.example/\udc00dam.jpg",
        "articleSection": "Wa\ud800ter"}"""
    found = metadata_of(linked_data(stated + tail))
    assert (found.title, found.authors, found.section) == ("Dam opens", ("Jane Doe 😀",), "Water")
    assert found.image == "https://paper.example/dam.jpg"
    repr(found).encode()


def test_open_graph_page() -> None:
    found, _ = read_page(stored("wordpress.html"))
    cet = timezone(timedelta(hours=1))
    assert found == Metadata(
        title="Harbour bridge to close for a year of repairs",
        authors=("Ada Quill", "Tom Ember"),
        published=datetime(2026, 3, 4, 7, 30, tzinfo=cet),
        modified=datetime(2026, 3, 4, 9, 5, tzinfo=cet),
        section="City",
        language="en",
        tags=("Bridges", "Ferries"),
        image="https://www.kelvincourier.example/images/bridge.jpg",
        canonical_url="https://www.kelvincourier.example/city/harbour-bridge",
        description="Engineers found cracks in two of the nine piers, and the ferry will run through the night "
        "until the work is done.",
        is_article=True,
    )


def test_graph_with_references_and_a_trailing_comma() -> None:
    found, _ = read_page(stored("cards_de.html"))
    assert found.authors == ("Lena Moosbrugger",)
    assert found.published == datetime(2026, 1, 15, 6, tzinfo=UTC)
    assert found.modified == datetime(2026, 1, 15, 8, 20, tzinfo=UTC)
    assert (found.section, found.tags, found.paywalled) == ("Regionales", ("Medizin", "Land"), True)


def test_a_time_without_zone_is_a_date() -> None:
    found, _ = read_page(stored("bare_hi.html"))
    assert found.published == date(2026, 2, 10)
    assert found.title == "शहर में नई बस सेवा शुरू, किराया दस रुपये"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A long headline about bridges | Kelvin Courier", "A long headline about bridges"),
        ("Kelvin Courier - A long headline about bridges", "A long headline about bridges"),
        (
            "A long headline - with a dash in it - and all of the rest",
            "A long headline - with a dash in it - and all of the rest",
        ),
        ("", ""),
    ],
)
def test_the_site_is_no_part_of_a_title(title: str, expected: str) -> None:
    assert metadata_of(f"<title>{title}</title>").title == expected


def test_a_shared_title_without_the_kicker() -> None:
    head = '<title>Sport: Row over pool fees</title><meta property="og:title" content="Row over pool fees">'
    news = linked_data('{"@type": "NewsArticle"}')
    assert metadata_of(head + news, "<h1>Swimming Row over pool fees</h1>").title == "Row over pool fees"


@pytest.mark.parametrize(
    "body",
    [
        '<span itemprop="author">Ada Quill</span>',
        '<div class="byline">By <a href="/author/ada">Ada Quill</a>, Staff Writer</div>',
        '<a rel="author" href="/a">Ada Quill</a>',
        '<div class="author"><a href="/a">Ada Quill</a> <span>Marketing Director</span></div>',
        '<div class="byline"><b>Guide</b> <span>by <i>Ada Quill</i></span> <span>Contributor</span></div>',
        '<div class="author"><b>Ada</b> <b>Quill</b></div>',
        '<div class="author">The Author</div><div class="author"><i>AQ</i><b>Ada Quill</b> Loves boats.</div>',
        '<div class="byline">Personal finance</div><p>Written by Ada Quill</p>',
    ],
)
def test_authors_by_markup(body: str) -> None:
    assert metadata_of("", body).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<time datetime="2026-03-04T07:30:00Z">4 March</time>', datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ('<span class="publish-date">4 March 2026</span>', date(2026, 3, 4)),
        ('<meta itemprop="datePublished" content="2026-03-04">', date(2026, 3, 4)),
        ('<span class="author__meta-date">March 4, 2026 <i>| 5 min read</i></span>', date(2026, 3, 4)),
        (f"<p>{'Words of an article. ' * 60}</p><div>Posted on March 4, 2026</div>", date(2026, 3, 4)),
    ],
)
def test_dates_by_markup(body: str, expected: Moment) -> None:
    assert metadata_of("", body).published == expected


@pytest.mark.parametrize("path", ["2026/03/04/bridge", "2026-03-04-bridge", "20260304/bridge", "2026/mar/04/bridge"])
def test_a_date_in_the_address(path: str) -> None:
    assert metadata_of("", url=f"https://a.example/{path}").published == date(2026, 3, 4)


def test_no_date_in_the_address() -> None:
    assert metadata_of("", url="https://a.example/2026/bridge/04/closed").published is None


def test_the_image_that_linked_data_refers_to() -> None:
    graph = '[{"@type": "Article", "image": {"@id": "#i"}}, {"@id": "#i", "@type": "ImageObject", "url": "/pool.jpg"}]'
    assert metadata_of(linked_data(graph), url="https://a.example/pool").image == "https://a.example/pool.jpg"


def test_settings_are_no_tags() -> None:
    head = linked_data('{"@type": "Article", "keywords": ["displayType: listicle", "Pools", "content-type: Feature"]}')
    assert metadata_of(head).tags == ("Pools",)


def test_wishes_and_other_addresses() -> None:
    found = metadata_of(
        "<meta name=robots content='noai, noindex'><meta name=tdm-reservation content=1>"
        "<link rel=amphtml href='/amp/x'><link rel=canonical href='//other.example/y'>"
        "<meta property='og:type' content=website>"
    )
    assert found.is_article is False
    assert found.amp_url == "https://www.kelvincourier.example/amp/x"
    assert found.canonical_url == "https://other.example/y"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["By Ada Lovelace and Grace Hopper, Staff Writers"], ("Ada Lovelace", "Grace Hopper")),
        (["Von Jürgen Groß | dpa"], ("Jürgen Groß",)),
        (["Ada Lovelace", "ada lovelace"], ("Ada Lovelace",)),
        (["https://www.facebook.com/courier", "admin", "", "By"], ()),
        (["ada-lovelace"], ("Ada Lovelace",)),
        (["Par Jeanne Mercier, Paul Aubry"], ("Jeanne Mercier", "Paul Aubry")),
        (["News Desk"], ("News Desk",)),
    ],
)
def test_names(texts: list[str], expected: tuple[str, ...]) -> None:
    assert bylines.names(texts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04T07:30:00.123+0100", datetime(2026, 3, 4, 6, 30, 0, 123000, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 07:30:00 GMT", datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ("2026-03-04 07:30", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        ("1772609400", datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ("Wed Mar 04 2026 07:30:00 GMT+0100 (CET)", datetime(2026, 3, 4, 6, 30, tzinfo=UTC)),
        ("Wed Mar 04 07:30:00 CET 2026", datetime(2026, 3, 4, 6, 30, tzinfo=UTC)),
        ("Wed Mar 04 07:30:00 XYZ 2026", date(2026, 3, 4)),
        ("2026-03-04 07:30:00 UTC", datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ('"2026-03-04T07:30:00Z"', datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ("4 March 2026, 08:30 AM CET", datetime(2026, 3, 4, 7, 30, tzinfo=UTC)),
        ("04. 03. 2026, 14:59 Uhr", date(2026, 3, 4)),
        ("December 04, 2025", date(2025, 12, 4)),
        ("0001-01-01T00:00:00Z", None),
        ("04.03.2026 10:00 +99", None),
        ("4 March 2026, 10:00 GMT+24", date(2026, 3, 4)),
        ("soon", None),
    ],
)
def test_moments(text: str, expected: Moment | None) -> None:
    assert moment(text) == expected


def test_the_order_of_day_and_month_by_language() -> None:
    assert moment("04/03/2026 07:30", "es") == date(2026, 3, 4)
    assert moment("04/03/2026 07:30") is None


@given(st.text() | st.text(alphabet="0123456789-:TZ+., "))
def test_a_moment_is_an_aware_time_or_a_date(text: str) -> None:
    found = moment(text)
    assert not isinstance(found, datetime) or found.utcoffset() is not None


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        '{"a": ',
        "[" * 100_000,
        '"text"',
        "null",
        '{"@type": 5, "author": [[["x"]]], "headline": {"a": 1}}',
        "<!-- -->",
        "/*" * 100_000,
        "{" + "," * 100_000,
        '{"@type": "' * 20_000,
    ],
)
def test_broken_linked_data_costs_only_itself(script: str) -> None:
    found = metadata_of(linked_data(script) + linked_data('{"@type": "Article", "headline": "Kept whole"}'))
    assert found.title == "Kept whole"


def test_linked_data_is_bounded() -> None:
    assert len(jsonld.things(['[{"a": {}},' + "{}," * 10_000 + "{}]"])) == jsonld.MAX_THINGS


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Kept whole",}',
        '<!-- {"@type": "NewsArticle", "headline": "Kept whole"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Kept whole"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Kept whole"};',
        '{"@type": "WebSite"}\n{"@type": "NewsArticle", "headline": "Kept whole"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Kept whole&quot;}",
        r'{"@type": "NewsArticle", "headline": "Kept whole", "description": "it\\\'s a \\x bad escape"}',
        '{"@type": "NewsArticle", "headline": "Kept whole", "description": "a "stray" quote"}',
        '{"@type": "NewsArticle", "headline": "Kept whole", "description": "a\nline end"}',
    ],
)
def test_linked_data_is_mended_where_that_is_cheap(script: str) -> None:
    assert metadata_of(linked_data(script)).title == "Kept whole"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('{"@type": "NewsArticle", "isAccessibleForFree": false}', True),
        ('{"@type": "NewsArticle", "isAccessibleForFree": "False"}', True),
        ('{"@type": "NewsArticle", "isAccessibleForFree": true}', False),
        ('{"@type": "NewsArticle", "hasPart": {"isAccessibleForFree": "False", "cssSelector": ".paid"}}', True),
        ('{"@type": "NewsArticle", "isAccessibleForFree": true, "hasPart": [{"isAccessibleForFree": false}]}', False),
        ('{"@type": "NewsArticle"}', False),
    ],
)
def test_paywalls(script: str, expected: bool) -> None:
    assert metadata_of(linked_data(script)).paywalled is expected


def test_the_site_stands_back_behind_a_person() -> None:
    head = linked_data('{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Kelvin Courier"}}')
    site = '<meta property="og:site_name" content="Kelvin Courier">'
    assert metadata_of(head + site, '<div class="byline">By Ada Quill</div>').authors == ("Ada Quill",)
    assert metadata_of(head + site).authors == ("Kelvin Courier",)
    assert metadata_of(head + site, '<div class="byline">Read the harbour news</div>').authors == ("Kelvin Courier",)


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        ("Article", "By: Ada Quill", "Ada Quill"),
        ("Article", "By Ada Quill, City Editor", "Ada Quill"),
        ("Article", "By the ferry you reach the harbour", "Tom Ember"),
        ("Article", "By Dr. Tom Ember", "Tom Ember"),
        ("NewsArticle", "By Ada Quill", "Tom Ember"),
    ],
)
def test_who_signs_under_the_headline_and_not_whose_account_was_used(kind: str, line: str, expected: str) -> None:
    head = linked_data(f'{{"@type": "{kind}", "headline": "Row over pool fees", "author": "Tom Ember"}}')
    found = metadata_of(head, f"<h1>Row over pool fees</h1><p>{line}</p><p>{'The council has met. ' * 20}</p>")
    assert found.authors == (expected,)


def test_names_of_citations_begin_with_either_part() -> None:
    assert metadata_of('<meta name="citation_author" content="Quill, Ada">').authors == ("Ada Quill",)
    assert metadata_of('<meta name="citation_author" content="Ada Quill">').authors == ("Ada Quill",)


def test_a_category_beside_the_date_is_nobody() -> None:
    line = '<p><a href="/category/garden-decor">Garden Decor</a></p><p>March 4, 2026</p>'
    page = f"<h1>Row over pool fees</h1>{line}<p>{'The council has met. ' * 20}</p>"
    assert metadata_of("<title>Row over pool fees</title>", page).authors == ()
    known = metadata_of("<title>Row over pool fees</title>", page.replace("/category/", "/people/"))
    assert known.authors == ("Garden Decor",)


def test_an_agency_is_kept_apart() -> None:
    found = metadata_of('<meta name="author" content="Ada Quill, Reuters">')
    assert (found.authors, found.agencies) == (("Ada Quill",), ("Reuters",))
    alone = metadata_of('<meta name="author" content="Reuters">')
    assert (alone.authors, alone.agencies) == (("Reuters",), ("Reuters",))


@pytest.mark.parametrize(
    ("head", "heading", "expected"),
    [
        ("Pool fees: what they cost in 2026", "What the fees of the pool cost us all", True),
        ("Pool fees: what they cost in 2026", "Why the town raises what it asks", False),
        ("Pool fees: what they cost in 2026", "Pool news", False),
        ("Row over pool fees grows", "Row over pool fees grows courier.example 87", False),
        ("Row over pool fees grows", "Row over pool fees grows again", True),
        ("Row over pool fees grows", "Row over pool fees grows | News | Kelvin Courier", False),
        ("Row over pool fees grows | Kelvin Courier", "Blog: Row over pool fees grows", False),
        ("Rows over pool fees", "2026 Rows over pool fees", True),
        ("Row over pool fees in the old harbour town - Pool Notes", "Pool Notes", False),
    ],
)
def test_headings_and_stated_titles(head: str, heading: str, expected: bool) -> None:
    site = '<meta property="og:site_name" content="Kelvin Courier">'
    found = metadata_of(f"{site}<title>{head}</title>", f"<h1>{heading}</h1>")
    assert found.title == (
        heading if expected else head.removesuffix(" | Kelvin Courier").removesuffix(" - Pool Notes")
    )


def test_the_site_is_no_part_of_a_stated_headline() -> None:
    head = linked_data('{"@type": "Article", "headline": "Row over pool fees - Kelvin Courier"}')
    assert metadata_of(head + '<meta property="og:site_name" content="Kelvin Courier">').title == "Row over pool fees"


def test_a_kicker_in_the_heading() -> None:
    head = '<meta property="og:title" content="Row over pool fees grows">'
    body = "<h1><span>Swimming</span> <span>Row over pool fees grows</span></h1>"
    assert metadata_of(head, body).title == "Row over pool fees grows"


@pytest.mark.parametrize("home", ["/", "https://a.example/", "https://a.example", "./", "/index.html"])
def test_a_heading_that_leads_home_is_the_site(home: str) -> None:
    body = f'<h1><a href="{home}">Notes of a Ferryman</a></h1><h2>Row over pool fees</h2>'
    found = metadata_of("<title>Row over pool fees - Notes of a Ferryman</title>", body, "https://a.example/pool")
    assert found.title != "Notes of a Ferryman"


def test_an_updated_line_alone_stands_in_for_the_publication() -> None:
    found = metadata_of("<title>Row over pool fees</title>", "<h1>Row over pool fees</h1><p>Updated: 4 March 2026</p>")
    assert (found.published, found.modified) == (date(2026, 3, 4), date(2026, 3, 4))
