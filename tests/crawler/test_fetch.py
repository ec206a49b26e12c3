"""One fetch against a real server: what every kind of answer becomes."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive import Outcome
from crawler import Entry, Failure, Unchanged, fetch, open_client
from extractors import Page
from tests.crawler.fetching import failed, fetched, got_from, pack, run
from tests.crawler.newsstand import Answer, Newsstand, newsstand


def test_a_page_carries_everything_its_reader_needs() -> None:
    body = "<p>Grüße</p>".encode("windows-1252")
    page = fetched(
        Answer(body=body, media_type="Text/HTML; Charset=windows-1252", headers=(("X-A", "1"), ("X-A", "2")))
    )
    assert isinstance(page, Page)
    assert (page.body, page.media_type, page.charset, page.status) == (body, "text/html", "windows-1252", 200)
    assert [value for name, value in page.headers if name == "x-a"] == ["1", "2"]
    assert page.fetched_at is not None
    assert page.fetched_at.tzinfo is not None


def test_what_is_sent() -> None:
    async def go() -> Newsstand:
        async with newsstand({"/": Answer()}) as stand:
            await got_from(stand, "/", etag='"7"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
            await got_from(stand, "/", etag='"é"')
            return stand

    first, second = run(go()).asked
    assert first.headers["user-agent"] == "test (a@b.c)"
    assert first.headers["accept-encoding"] == "gzip, deflate, zstd"
    assert first.headers["if-none-match"] == '"7"'
    assert first.headers["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert "cookie" not in first.headers
    assert "if-none-match" not in second.headers


@pytest.mark.parametrize(
    "target",
    ["/a%7Eb", "/a~b", "/%zz", "/%e4%E4", "/?u=http%3A%2F%2Fe.com%2F", "/a+b?c=%20&&d", "/a;b=1/c", "/a|b", "/'(x)'"],
)
def test_urls_go_out_byte_for_byte(target: str) -> None:
    async def go() -> list[str]:
        async with newsstand() as stand:
            await got_from(stand, target)
            return stand.targets()

    assert run(go()) == [target]


def test_line_breaks_in_a_url_are_removed_as_browsers_do() -> None:
    async def go() -> list[str]:
        async with newsstand() as stand:
            await got_from(stand, "/a\n\tb")
            return stand.targets()

    assert run(go()) == ["/ab"]


@pytest.mark.parametrize(
    "url", ["http://a.example/\x01", "http://a.example/" + "x" * 70_000, "http://[::1", "ftp://a/"]
)
def test_an_impossible_url_is_a_failure(url: str) -> None:
    async def go() -> Page | Unchanged | Failure:
        async with open_client(in_flight=1) as client:
            return await fetch(client, Entry(url=url, site="s"))

    got = run(go())
    assert isinstance(got, Failure)
    assert got.outcome == Outcome.ADDRESS_REFUSED


def test_304_only_where_it_was_asked_for() -> None:
    script = Answer(body=b"x", headers=(("ETag", '"1"'),))
    assert isinstance(fetched(script, etag='"1"'), Unchanged)
    assert isinstance(fetched(script, etag='"0"'), Page)
    assert failed(Answer(status=304)).outcome == "http-304"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_compressed_bodies(encoding: str) -> None:
    page = fetched(Answer(body=pack(b"<p>text</p>" * 500, encoding), headers=(("Content-Encoding", encoding),)))
    assert isinstance(page, Page)
    assert page.body == b"<p>text</p>" * 500


@pytest.mark.parametrize("status", [204, 206, 300, 404, 410, 418, 429, 500, 503])
def test_statuses(status: int) -> None:
    failure = failed(Answer(status=status, headers=(("Retry-After", "7"),)))
    assert (failure.outcome, failure.status, failure.retry_after) == (f"http-{status}", status, 7.0)


def test_a_binary_type_is_not_read() -> None:
    assert failed(Answer(body=b"x", media_type="image/png")).outcome == Outcome.NOT_HTML


def test_a_header_in_another_encoding_spoils_none_beside_it() -> None:
    raw = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Utf-8: \u00e9\r\n".encode()
        + b"X-Latin-1: \xe9\r\nContent-Length: 1\r\n\r\nx"
    )
    found = fetched(Answer(raw=raw))
    assert isinstance(found, Page)
    assert {("x-utf-8", "\u00e9"), ("x-latin-1", "\u00e9")} <= set(found.headers)


def test_retry_after_as_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    wait = failed(Answer(status=503, headers=(("Retry-After", when),))).retry_after
    assert wait is not None
    assert 90 < wait <= 100


def test_an_empty_body_is_a_page() -> None:
    page = fetched(Answer())
    assert isinstance(page, Page)
    assert page.body == b""
