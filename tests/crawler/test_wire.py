"""Content decoding: whole, bounded, or a failure."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Outcome
from crawler.wire import Failure, Wire, unpack
from extractors import Page
from extractors.encodings import zstd

BODY = b"<p>" + b"some text " * 1000


def wire(content: bytes, *headers: tuple[str, str]) -> Wire:
    url = "http://a.example/"
    return Wire(
        url=url, final_url=url, status=200, headers=headers, content=content, fetched_at=datetime.now(UTC), ms=1
    )  # fmt: skip


def unpacked(content: bytes, encoding: str, limit: int = 100_000) -> bytes | str:
    found = unpack(wire(content, ("content-encoding", encoding)), limit)
    return found.body if isinstance(found, Page) else found.outcome


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKED = {
    "identity": BODY,
    "": BODY,
    "gzip": gzip.compress(BODY),
    "X-GZIP": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    " deflate ": raw_deflate(BODY),
    "zstd": zstd.compress(BODY),
    "deflate, gzip": gzip.compress(zlib.compress(BODY)),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_what_is_asked_for_is_decoded(encoding: str) -> None:
    assert unpacked(PACKED[encoding], encoding) == BODY


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_a_stream_cut_short_is_truncated_wherever_it_is_cut(encoding: str) -> None:
    packed = PACKED[encoding]
    for end in range(1, len(packed), 7):
        assert unpacked(packed[:end], encoding) == Outcome.TRUNCATED


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_the_limit_is_exact(encoding: str) -> None:
    assert unpacked(PACKED[encoding], encoding, len(BODY)) == BODY
    assert unpacked(PACKED[encoding], encoding, len(BODY) - 1) == Outcome.DECOMPRESSION_BOMB


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
@given(st.binary(max_size=300))
def test_noise_never_raises(encoding: str, noise: bytes) -> None:
    unpacked(noise, encoding)


def test_members_follow_one_another_and_garbage_after_them_is_ignored() -> None:
    assert unpacked(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0garbage", "gzip") == b"one two"


@pytest.mark.timeout(30)
def test_a_body_of_countless_members_or_encodings_is_given_up() -> None:
    assert unpacked(gzip.compress(b"") * 200_000, "gzip") == Outcome.DECOMPRESSION_BOMB
    assert unpacked(b"x", ", ".join(["gzip"] * 1000)) == Outcome.DECOMPRESSION_BOMB


def test_an_encoding_that_was_not_asked_for_is_named() -> None:
    found = unpack(wire(b"x", ("content-encoding", "br")), 100)
    assert isinstance(found, Failure)
    assert (found.outcome, found.detail) == (Outcome.NOT_HTML, "content-encoding br")


HTML = b"<!doctype html><title>A story</title><p>Told as it is, whatever the header says of it.</p>"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "br", "utf-8", "none", "gzip, gzip"])
def test_an_encoding_that_was_named_and_not_applied_hides_no_page(encoding: str) -> None:
    assert unpacked(HTML, encoding) == HTML


def test_a_page_that_was_compressed_before_it_was_served_is_a_page() -> None:
    twice = gzip.compress(gzip.compress(HTML))
    for content, headers in ((gzip.compress(HTML), ()), (twice, (("content-encoding", "gzip"),))):
        found = unpack(wire(content, ("content-type", "text/html"), *headers), 100_000)
        assert isinstance(found, Page)
        assert found.body == HTML
    bomb = unpack(wire(gzip.compress(bytes(200_000)), ("content-type", "text/html")), 100_000)
    assert isinstance(bomb, Page)
    assert len(bomb.body) < 1000


def test_two_header_lines_are_one_list() -> None:
    packed = gzip.compress(zlib.compress(BODY))
    found = unpack(wire(packed, ("content-encoding", "deflate"), ("content-encoding", "gzip")), 100_000)
    assert isinstance(found, Page)
    assert found.body == BODY


@pytest.mark.parametrize(
    ("header", "media_type", "charset"),
    [
        ("text/html", "text/html", None),
        ("TEXT/HTML;charset=ISO-8859-1", "text/html", "ISO-8859-1"),
        ('application/xhtml+xml; charset="utf-8"; x=y', "application/xhtml+xml", "utf-8"),
    ],
)
def test_types(header: str, media_type: str, charset: str | None) -> None:
    page = unpack(wire(b"", ("content-type", header)), 100)
    assert isinstance(page, Page)
    assert (page.media_type, page.charset) == (media_type, charset)


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        ("Text/HTML; charset=ISO-8859-1", "text/html", "ISO-8859-1"),
        ("text/html; charset=", "text/html", None),
        ("", "", None),
        ("text/html; x*=a; x*0=b", "text/html", None),
        ("text/html; charset*" + "9" * 5000 + "=x", "text/html", None),
    ],
)
def test_no_content_type_is_too_strange(value: str, media_type: str, charset: str | None) -> None:
    found = unpack(wire(BODY, ("content-type", value)), 100_000)
    assert isinstance(found, Page)
    assert (found.media_type, found.charset) == (media_type, charset)


@given(st.text(alphabet="texhml/;=*'\"%0129acrst x-"))
def test_any_content_type_gives_a_page(value: str) -> None:
    assert isinstance(unpack(wire(BODY, ("content-type", value)), 100_000), Page)
