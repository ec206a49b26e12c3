"""Redirects of one fetch: followed and told, never in a circle, never into the dark, with the cookies of their own."""

from typing import Any

import pytest

from archive import Outcome
from crawler import Entry, Failure, Unchanged, fetch, open_client
from extractors import Page
from tests.crawler.fetching import failed, got_from, run
from tests.crawler.newsstand import Answer, Script, newsstand


def test_a_page_behind_a_cookie_is_reached_and_the_cookie_forgotten() -> None:
    """Some sites redirect to the same URL until their cookie comes back."""

    def wall(*cookies: str) -> Answer:
        return Answer(status=302, headers=(("Location", "/story"), *(("Set-Cookie", cookie) for cookie in cookies)))

    many = [f"c{n}=1" for n in range(50)]

    async def go() -> None:
        first = wall("seen=1; Path=/; HttpOnly", "no equals", "big=" + "x" * 5000, *many)
        async with newsstand({"/story": [first, wall("seen=; Max-Age=0"), Answer(body=b"<p>in</p>")]}) as stand:
            assert isinstance(await got_from(stand, "/story"), Page)
            sent = [request.headers.get("cookie") for request in stand.asked]
            kept = [f"c{n}=1" for n in range(19)]
            assert sent == [None, "; ".join(["seen=1", *kept]), "; ".join(kept)]
            assert isinstance(await got_from(stand, "/story"), Page)
            assert stand.asked[-1].headers.get("cookie") is None

    run(go())


def test_a_cookie_goes_to_no_other_site() -> None:
    async def go() -> list[str | None]:
        async with newsstand() as other, newsstand() as stand:
            other.scripts["/"] = Answer(body=b"<p>in</p>")
            stand.scripts["/"] = Answer(status=302, headers=(("Location", other.base + "/"), ("Set-Cookie", "a=1")))
            assert isinstance(await got_from(stand, "/"), Page)
            return [request.headers.get("cookie") for request in other.asked]

    assert run(go()) == [None]


def test_redirects_are_followed_and_told() -> None:
    async def go() -> Page | Unchanged | Failure:
        scripts = {
            "/": Answer(status=301, headers=(("Location", "/a"),)),
            "/a": Answer(status=307, headers=(("Location", "{base}/b?c"),)),
            "/b?c": Answer(body=b"there"),
        }
        async with newsstand(scripts) as stand:
            got = await got_from(stand, "/", etag='"1"')
            assert "if-none-match" in stand.asked[0].headers
            assert "if-none-match" not in stand.asked[2].headers
            assert isinstance(got, Page)
            assert (got.url, got.final_url) == (stand.base + "/", stand.base + "/b?c")
            return got

    assert run(go()).body == b"there"


def to(location: str) -> Answer:
    return Answer(status=302, headers=(("Location", location),))


@pytest.mark.parametrize(
    ("scripts", "most"),
    [({"/0": to("/1"), "/1": to("/0")}, 2), ({f"/{n}": to(f"/{n + 1}") for n in range(30)}, 11), ({"/0": to("/0")}, 1)],
    ids=["circle", "spiral", "self"],
)
def test_redirects_that_never_end(scripts: dict[str, Script], most: int) -> None:
    async def go() -> tuple[Any, int]:
        async with newsstand(scripts) as stand:
            return await got_from(stand, "/0"), len(stand.asked)

    failure, requests = run(go())
    assert failure.outcome == Outcome.REDIRECT_LOOP
    assert requests == most


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://0.0.0.0/",
        "http://user:pass@example.org/", "file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "http://[::1]/",
        "http://192.168.1.1:8080/x", "http://224.0.0.1/", "http://[fd00:ec2::254]/", "http://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
def test_redirects_into_the_dark_are_refused(location: str) -> None:
    failure = failed(Answer(status=302, headers=(("Location", location),)))
    assert failure.outcome == Outcome.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_unless_allowed(host: str) -> None:
    async def go() -> tuple[Any, int]:
        async with newsstand({"/": Answer()}) as stand:
            url = stand.base.replace("127.0.0.1", host) + "/"
            async with open_client(in_flight=1) as client:
                return await fetch(client, Entry(url=url, site="s")), len(stand.asked)

    failure, requests = run(go())
    assert failure.outcome == Outcome.ADDRESS_REFUSED
    assert requests == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["../there", "/there", "?there", "//{host}/there", "{base}/there"])
def test_every_redirect_in_every_form(status: int, location: str) -> None:
    async def go() -> tuple[Any, list[str]]:
        async with newsstand() as stand:
            there = location.replace("{host}", stand.base.removeprefix("http://"))
            stand.scripts["/a/b"] = Answer(status=status, headers=(("Location", there),))
            stand.scripts |= dict.fromkeys(("/there", "/a/b?there"), Answer(body=b"there"))
            return await got_from(stand, "/a/b"), stand.targets()

    page, targets = run(go())
    assert isinstance(page, Page)
    assert page.body == b"there"
    assert page.final_url.endswith(targets[1])
    assert len(targets) == 2


def test_a_redirect_without_a_location_is_an_answer() -> None:
    assert failed(Answer(status=302)).outcome == "http-302"
