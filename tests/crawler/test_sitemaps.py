"""Sitemaps: news, indexes, gzip, and everything that a hostile one could try."""

import gzip
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import sitemaps
from crawler.feeds import Finding
from crawler.sitemaps import read_sitemap
from extractors import Page

URL = "https://a.example/sitemap.xml"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def finding(body: str | bytes) -> Finding:
    content = body.encode() if isinstance(body, str) else body
    return read_sitemap(Page(url=URL, body=content, media_type="application/xml"))


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NS}>{"".join(urls)}</urlset>'


def url(loc: str, extra: str = "") -> str:
    return f"<url><loc>{loc}</loc>{extra}</url>"


def news(when: str) -> str:
    return f"<news:news><news:publication_date>{when}</news:publication_date><news:title>t</news:title></news:news>"


def test_urls_come_newest_first_with_their_dates() -> None:
    found = finding(
        urlset(
            url("https://a.example/old", "<lastmod>2026-01-01</lastmod>"),
            url("http://[::1", "<lastmod>2025-01-01</lastmod>"),
            url("\n https://a.example/a?b&amp;c \n"),
            url("https://a.example/new", "<lastmod>2026-01-01</lastmod>" + news("2026-11-22T10:00:00+01:00")),
            url("/relative", news("2026-11-22T10:00")),
        )
    ).found
    assert [(item.url, item.published) for item in found] == [
        ("https://a.example/new", "2026-11-22T09:00:00.000Z"),
        ("https://a.example/relative", "2026-11-22"),
        ("https://a.example/old", "2026-01-01"),
        ("http://[::1", "2025-01-01"),
        ("https://a.example/a?b&c", None),
    ]


def test_an_image_or_a_translation_is_no_article() -> None:
    extra = '<image:image xmlns:image="i"><image:loc>https://a.example/i.png</image:loc></image:image>'
    assert [item.url for item in finding(urlset(url("https://a.example/1", extra))).found] == ["https://a.example/1"]


def test_an_index_names_further_sitemaps_the_newest_first() -> None:
    found = finding(
        f"<sitemapindex {NS}><sitemap><loc>https://a.example/1.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
        "<sitemap><loc>/2.xml.gz</loc><lastmod>2026-01-01T00:00:00Z</lastmod></sitemap></sitemapindex>"
    )
    assert [(item.url, item.published) for item in found.more] == [
        ("https://a.example/2.xml.gz", "2026-01-01T00:00:00.000Z"),
        ("https://a.example/1.xml", "2025-01-01"),
    ]
    assert (found.found, found.problem) == ((), "")


def test_a_text_sitemap() -> None:
    body = b"\xef\xbb\xbfhttps://a.example/1\r\n\n https://a.example/2 \nhttps://a.example/3"
    for packed in (body, gzip.compress(body)):
        found = finding(packed)
        assert [item.url for item in found.found] == [f"https://a.example/{n}" for n in (1, 2, 3)]
        assert found.problem == ""
    mixed = finding("https://a.example/1\nA sentence that is no URL.")
    assert len(mixed.found) == 1
    assert "no URLs" in mixed.problem
    assert finding("http is a protocol").unreadable


def test_a_gzip_file() -> None:
    body = gzip.compress(urlset(url("https://a.example/1")).encode())
    assert [item.url for item in finding(body).found] == ["https://a.example/1"]
    short = gzip.compress(urlset(*(url(f"https://a.example/{n * 7919}") for n in range(5000))).encode())[:-2000]
    found = finding(short)
    assert 0 < len(found.found) < 5000
    assert "cut short" in found.problem
    assert not found.unreadable


def test_a_gzip_file_of_several_members() -> None:
    text = urlset(url("https://a.example/1"), url("https://a.example/2")).encode()
    packed = gzip.compress(text[:90]) + gzip.compress(text[90:]) + b"\0\0padding"
    assert [item.url for item in finding(packed).found] == ["https://a.example/1", "https://a.example/2"]
    assert "members" in finding(gzip.compress(b"") * 5000).problem


@pytest.mark.parametrize("blank", [b"\n", b"\xef\xbb\xbf\r\n ", b" " * 70_000])
def test_blank_lines_before_the_declaration(blank: bytes) -> None:
    text = blank + urlset(url("https://a.example/1")).encode()
    for body in (text, gzip.compress(text)):
        assert [item.url for item in finding(body).found] == ["https://a.example/1"]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252", "utf-8"])
def test_encodings(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><urlset>{url("https://a.example/ü")}</urlset>'
    assert [item.url for item in finding(text.encode(encoding)).found] == ["https://a.example/ü"]


@pytest.mark.parametrize("encoding", ["x-none", "shift_jis", "utf-7", "idna", "hex", "rot13", "punycode", "undefined"])
def test_an_encoding_that_cannot_be_read_is_a_problem(encoding: str) -> None:
    found = finding(f'<?xml version="1.0" encoding="{encoding}"?><urlset>{url("https://a.example/1")}</urlset>')
    assert "encoding" in found.problem
    assert found.unreadable


@pytest.mark.parametrize(
    "when",
    ["2026-13-01", "2026-11-22T10:00:00+99:00", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"],
)
def test_a_date_that_is_none(when: str) -> None:
    (item,) = finding(urlset(url("https://a.example/1", f"<lastmod>{when}</lastmod>"))).found
    assert item.published is None


def test_no_doctype_and_no_entities() -> None:
    lol = '<!DOCTYPE u [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
    xxe = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for doctype in (lol, xxe):
        found = finding(doctype + urlset(url("https://a.example/&x;")))
        assert found.found == ()
        assert found.unreadable
        assert "entities" in found.problem


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = finding("<urlset>" + "<a>" * 100)
    assert "deeper" in deep.problem
    monkeypatch.setattr(sitemaps, "MAX_URLS", 10)
    many = finding(urlset(*(url(f"https://a.example/{n}") for n in range(20))))
    assert "more than 10" in many.problem
    assert len(many.found) == 11
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 100_000)
    bomb = finding(gzip.compress(b"<urlset>" + b" " * 50_000_000))
    assert "larger than" in bomb.problem


@pytest.mark.parametrize(
    ("body", "problem", "unreadable"),
    [
        (urlset(), "names no URLs", False),
        ("<!doctype html><html><body>404</body></html>", "", True),
        ("<html><body><p>Not found<br></body></html>", "HTML page", True),
        ("", "no well-formed XML", True),
        ("<svg><rect/></svg>", "is not a sitemap", True),
        (b"\x1f\x8bnoise", "gzip", True),
    ],
)
def test_what_is_no_sitemap_says_so(body: str | bytes, problem: str, unreadable: bool) -> None:
    found = finding(body)
    assert found.problem
    assert problem in found.problem
    assert found.unreadable is unreadable


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_that_can_be_written_can_be_read(when: datetime) -> None:
    assert len(finding(urlset(url("https://a.example/1", news(when.isoformat())))).found) == 1


@given(st.binary(max_size=300))
def test_noise_never_raises(noise: bytes) -> None:
    finding(b'<?xml version="1.0" encoding="' + noise)
    finding(noise)
    finding(b"<urlset><url><loc>" + noise)
    finding(b"\x1f\x8b" + noise)


def test_a_feed_may_be_a_sitemap() -> None:
    rss = '<rss version="2.0"><channel><item><link>https://a.example/1</link></item></channel></rss>'
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/1"/></entry></feed>'
    for body in (rss, atom):
        assert [item.url for item in finding(body).found] == ["https://a.example/1"]


@pytest.mark.parametrize("packed", [False, True])
def test_ampersands_that_nobody_escaped_are_read_as_meant(packed: bool) -> None:
    body = urlset(
        url("https://a.example/?a=1&b=2"), url("https://a.example/?c=3&amp;d=4"), url("/caf&eacute;s")
    ).encode()
    found = finding(gzip.compress(body) if packed else body)
    assert found.problem == ""
    assert [item.url for item in found.found] == [
        "https://a.example/?a=1&b=2", "https://a.example/?c=3&d=4", "https://a.example/caf&eacute;s",
    ]  # fmt: skip


def test_what_changed_and_what_was_published_are_two_dates() -> None:
    (item,) = finding(urlset(url("https://a.example/1", "<lastmod>2026-11-23</lastmod>" + news("2026-11-20")))).found
    assert (item.published, item.modified) == ("2026-11-20", "2026-11-23")
