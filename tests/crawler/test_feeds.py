"""Feeds, well and badly made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.feeds import Finding, _read_stream, _read_tolerantly, read_feed
from extractors import Page

URL = "https://a.example/news/feed.xml"


def finding(body: str | bytes, media_type: str = "application/xml") -> Finding:
    content = body.encode() if isinstance(body, str) else body
    return read_feed(Page(url=URL, body=content, media_type=media_type))


def rss(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def test_rss() -> None:
    found = finding(
        rss(
            "<item><title>One</title><link> https://a.example/1?b=c&amp;d </link>"
            "<pubDate>Sun, 22 Nov 2026 11:30:00 +0100</pubDate></item>"
            "<item><title>Two</title><link>/two</link></item><item><title>No link</title></item>"
            "<item><title>Broken</title><link>http://[::1</link></item>"
        )
    ).found
    assert [(item.url, item.published) for item in found] == [
        ("https://a.example/1?b=c&d", "2026-11-22T10:30:00.000Z"),
        ("https://a.example/two", None),
    ]


def test_atom_and_rdf() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><entry><title>t</title>
        <link rel="enclosure" href="https://a.example/1.mp3"/><link rel="alternate" href="../story"/>
        <updated>2026-11-22T10:00:00Z</updated></entry></feed>"""
    assert [(item.url, item.published) for item in finding(atom).found] == [
        ("https://a.example/story", "2026-11-22T10:00:00.000Z")
    ]
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
        <channel rdf:about="x"><title>n</title></channel><item rdf:about="y"><title>t</title>
        <link>https://a.example/rdf</link></item></rdf:RDF>"""
    assert [item.url for item in finding(rdf).found] == ["https://a.example/rdf"]


@pytest.mark.parametrize(
    ("body", "problem", "unreadable"),
    [
        (rss(""), "is a feed without entries", False),
        (rss("<item><title>t</title></item>"), "is a feed without entries", False),
        ("<!doctype html><html><head><title>News</title></head><body><p>Hi</p></body></html>", "HTML page", True),
        ("", "is not a feed", True),
        ("just text", "is not a feed", True),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a feed", True),
        ('{"version": "x"}', "is not a feed", True),
    ],
)
def test_what_is_no_feed_says_so(body: str | bytes, problem: str, unreadable: bool) -> None:
    found = finding(body)
    assert problem in found.problem
    assert found.found == ()
    assert found.unreadable is unreadable


def test_a_feed_in_an_old_encoding_and_with_a_broken_end() -> None:
    body = rss("<item><title>Grüße</title><link>https://a.example/1</link></item>").replace(
        "</channel></rss>", "<item>"
    )
    found = finding(body.encode("windows-1252"))
    assert [item.url for item in found.found] == ["https://a.example/1"]


def test_entities_are_not_expanded_without_end() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12))
    body = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]>' + rss("<item><title>&e11;</title><link>/1</link></item>")
    assert len(finding(body).found) <= 1


def test_a_date_that_does_not_exist_is_no_date() -> None:
    body = rss("<item><link>/1</link><pubDate>Sun, 99 Nov 99999 11:30:00 GMT</pubDate></item>")
    assert finding(body).found[0].published is None


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["application/xml", "text/html", "", "application/json"]))
def test_noise_never_raises(body: bytes, media_type: str) -> None:
    finding(body, media_type)
    finding(b'<?xml version="1.0"?><rss version="2.0"><channel><item><link>' + body, media_type)


JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "n", "next_url": "/feed.json?page=2", "items": [
    {"id": "1", "url": "/one", "date_published": "2026-11-22T11:30:00+01:00"},
    {"id": "https://a.example/two", "date_modified": "2026-11-22"},
    {"id": "3", "external_url": "https://other.example/"}, 17, {"id": 4, "url": null}]}"""


def test_json_feed() -> None:
    found = finding("\ufeff" + JSON_FEED, "application/feed+json")
    assert [(item.url, item.published) for item in found.found] == [
        ("https://a.example/one", "2026-11-22T10:30:00.000Z"),
        ("https://a.example/two", "2026-11-22"),
    ]
    assert found.older == "https://a.example/feed.json?page=2"
    empty = finding('{"version": "https://jsonfeed.org/version/1", "items": []}')
    assert (empty.problem, empty.unreadable) == ("is a feed without entries", False)
    for body in ('{"items": []}', '{"version": "https://jsonfeed.org/version/1", "items": {}}', '{"a":' * 100_000):
        assert finding(body).unreadable


def test_older_entries() -> None:
    item = "<item><link>/1</link></item>"
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{}" href="/older"/>'
    assert finding(rss(link.format("next") + item)).older == "https://a.example/older"
    assert finding(rss(link.format("prev-archive") + item)).older == "https://a.example/older"
    assert finding(rss(link.format("self") + item)).older == ""
    wordpress = "<generator>https://wordpress.org/?v=6.7</generator>"
    assert finding(rss(wordpress + item)).older == f"{URL}?paged=2"
    third = Page(url=f"{URL}?a=b&paged=3", body=rss(wordpress + item).encode(), media_type="application/xml")
    assert read_feed(third).older == f"{URL}?a=b&paged=4"


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("<pubDate>Sun, 22 Nov 2026 11:30:00 EST</pubDate>", "2026-11-22T16:30:00.000Z"),
        ("<pubDate>2026-11-22T11:30:00+0100</pubDate>", "2026-11-22T10:30:00.000Z"),
        ('<date xmlns="http://purl.org/dc/elements/1.1/">2026-11-22T11:30:00Z</date>', "2026-11-22T11:30:00.000Z"),
        ('<updated xmlns="http://www.w3.org/2005/Atom">2026-11-22T11:30:00Z</updated>', "2026-11-22T11:30:00.000Z"),
        ("<pubDate>soon</pubDate>", None),
    ],
)
def test_dates_in_all_forms(stated: str, meant: str | None) -> None:
    assert finding(rss(f"<item><link>/1</link>{stated}</item>")).found[0].published == meant


def test_entities_are_refused_before_they_are_expanded() -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">{laughs}]><rss><channel><title>&j;</title></channel></rss>'
    )
    outside = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
    for body in (bomb.encode(), outside.encode(), bomb.encode("utf-16")):
        assert (finding(body).problem, finding(body).unreadable) == ("declares entities, which no feed needs", True)
    story = rss("<item><link>https://a.example/1</link><description><![CDATA[<!ENTITY is XML]]></description></item>")
    assert [item.url for item in finding(story).found] == ["https://a.example/1"]
    old = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    assert len(finding(old + rss("<item><link>https://a.example/1</link></item>")[21:]).found) == 1


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Sat, 21 Nov 2026 10:00:00 EST", "2026-11-21T15:00:00.000Z"),
        ("1700000000", "2023-11-14T22:13:20.000Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 30 Nov -0001 00:00:00 +0000", None),
        ("soon", None),
    ],
)
def test_dates_and_what_only_looks_like_one(date: str, published: str | None) -> None:
    (item,) = finding(rss(f"<item><link>https://a.example/1</link><pubDate>{date}</pubDate></item>")).found
    assert item.published == published


def test_a_change_is_told_apart_from_the_publication() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/1"/>
        <published>2026-11-20T10:00:00Z</published><updated>2026-11-22T10:00:00Z</updated></entry></feed>"""
    (item,) = finding(atom).found
    assert (item.published, item.modified) == ("2026-11-20T10:00:00.000Z", "2026-11-22T10:00:00.000Z")


def test_a_link_that_a_service_counts_leads_to_its_target() -> None:
    body = rss(
        '<item><link>http://feeds.example/~r/n/~3/x</link><f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/'
        '1.0">https://a.example/1</f:origLink></item>'
    )
    assert [item.url for item in finding(body).found] == ["https://a.example/1"]


_ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ALIKE = [
    rss("<item><link>/a</link></item><item><link> https://a.example/b \n</link><guid>x</guid></item>"),
    rss('<item><guid isPermaLink="false">tag:1</guid></item><item><guid>https://a.example/1</guid></item>'),
    rss(f'<item {_DC}><link>/a</link><dc:date>2026-11-21T10:00:00+01:00</dc:date></item>'),
    rss(f'<item {_MEDIA}><media:content url="/i"><media:link>/no</media:link></media:content><link>/a</link></item>'),
    rss(f'<item {_ATOM}><atom:link rel="self" href="/self"/><atom:link href="/a"/></item>'),
    rss(f'<atom:link {_ATOM} rel="next" href="/older"/><link>https://a.example/</link><item><link>/a</link></item>'),
    rss("<generator>https://wordpress.org/?v=6.5</generator><item><link>/a</link><pubDate>Sun, 22 Nov 2026 11:30:00 "
        "+0100</pubDate></item>"),
    rss("<image><link>https://a.example/logo</link></image><item><link>/a</link><source><link>/no</link></source></item>"),
    """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/x/"><link rel="next" href="older"/>
       <link href="https://a.example/"/><entry xml:base="y/"><link rel="enclosure" href="e.mp3"/><link href="1"/>
       <source><link href="/no"/><updated>2020-01-01T00:00:00Z</updated></source><published>2026-11-20T10:00:00Z
       </published><updated>2026-11-22T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
       <link href="/no"/><p>x</p></div></content></entry></feed>""",
]  # fmt: skip


@pytest.mark.parametrize("body", ALIKE)
def test_the_stream_reads_what_feedparser_reads(body: str) -> None:
    page = Page(url=URL, body=body.encode(), media_type="application/xml")
    read = _read_stream(page)
    assert read is not None
    assert read == _read_tolerantly(page)


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><link>/a</link></item>")[:-9],
        rss("<item><link>/a?b&c</link></item>"),
        rss("<item><link>/a</link><pubDate>2026\ub144 11\uc6d4 21\uc77c</pubDate></item>"),
        rss("<item><link>/a</link></item>").replace("rss", "news"),
        rss("<item><link>/a</link>" + "<b>" * 500 + "</b>" * 500 + "</item>"),
    ],
)
def test_what_the_stream_does_not_read_is_left_to_feedparser(body: str) -> None:
    page = Page(url=URL, body=body.encode(), media_type="application/xml")
    assert _read_stream(page) is None
    assert read_feed(page) == _read_tolerantly(page)
