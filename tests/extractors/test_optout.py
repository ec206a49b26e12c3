import pytest

from extractors import OptOut, Page, optouts, read


def page(*headers: tuple[str, str], body: bytes = b"<p>x") -> Page:
    return Page(url="https://example.com/", body=body, headers=headers)


@pytest.mark.parametrize(
    ("value", "wishes"),
    [
        ("noarchive", ["noarchive"]),
        ("NoIndex, nofollow", ["noindex"]),
        ("none", ["none"]),
        ("googlebot: noarchive, noindex", ["googlebot: noarchive", "googlebot: noindex"]),
        ("googlebot: nofollow, otherbot: noai", ["otherbot: noai"]),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noimageai", ["noimageai"]),
        ("noindex nofollow noai", ["noindex", "noai"]),
        ("all", []),
        ("", []),
    ],
)
def test_x_robots_tag(value: str, wishes: list[str]) -> None:
    expected = tuple(OptOut(signal="x-robots-tag", value=wish) for wish in wishes)
    assert optouts(page(("x-robots-tag", value))) == expected


def test_tdm_reservation_counts_only_as_1() -> None:
    assert optouts(page(("tdm-reservation", "1"))) == (OptOut(signal="tdm-reservation-header", value="1"),)
    assert optouts(page(("tdm-reservation", "0"))) == ()


def test_a_reading_holds_the_wishes_of_headers_and_meta_elements() -> None:
    body = b'<meta name="robots" content="noarchive, follow"><meta name="tdm-reservation" content="1"><p>x'
    found = read(page(("x-robots-tag", "noai"), body=body)).optouts
    assert [(each.signal, each.value) for each in found] == [
        ("x-robots-tag", "noai"),
        ("meta-robots", "noarchive"),
        ("tdm-reservation-meta", "1"),
    ]


def test_the_wishes_of_a_page_without_an_article_are_kept() -> None:
    assert read(page(("x-robots-tag", "noai"), body=b"")).optouts == (OptOut(signal="x-robots-tag", value="noai"),)


@pytest.mark.parametrize(
    ("tag", "wishes"),
    [
        ('<meta name="robots" content="index"><meta name="ROBOTS" content="noai, noimageai">', ["noai", "noimageai"]),
        ('<meta name="robots" content="noarchive nofollow">', ["noarchive"]),
        ('<meta name="presskeep" content="noarchive, max-snippet:-1">', ["presskeep: noarchive"]),
        ('<meta name="googlebot-news" content="noindex">', ["googlebot-news: noindex"]),
        ('<meta name="keywords" content="none, noindex, a story about robots">', []),
        ('<meta name="description" content="None of them came">', []),
        ('<meta name="robots" content="max-image-preview:large">', []),
    ],
)
def test_meta_elements(tag: str, wishes: list[str]) -> None:
    found = read(page(body=f"<head>{tag}</head><p>x".encode())).optouts
    assert found == tuple(OptOut(signal="meta-robots", value=wish) for wish in wishes)
