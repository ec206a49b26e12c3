"""Short ways past httpx's and the guard's look at a URL give what the long ways give."""

import httpx
import pytest

from crawler.guard import AddressRefusedError, check_literal, check_port
from crawler.transport import _origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.news.example", "http://a-b.c1.example:8080", "http://127.0.2.1:9040", "https://255.255.255.255",
        "http://news.example:80", "https://news.example:443", "http://news.example:443", "http://10.0.0.1:80",
        "http://xn--bcher-kva.example", "http://Bücher.example", "http://[::1]:8000", "http://localhost:8000",
        "http://NEWS.example", "http://news.example:08080", "http://1.2.3", "http://a.b2",
    ],
)  # fmt: skip
def test_the_origin_is_that_of_httpx(origin: str) -> None:
    parsed = httpx.URL(origin)
    assert _origin(origin) == (parsed.scheme, parsed.netloc.decode("ascii"))


@pytest.mark.parametrize("origin", ["http://256.1.1.1", "http://01.2.3.4:8080"])
def test_what_httpx_refuses_is_refused(origin: str) -> None:
    with pytest.raises(httpx.InvalidURL):
        _origin(origin)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1", "http://127.0.0.1/x", "http://127.0.0.1?x", "http://127.0.0.1#x", "http://127.0.0.1:8080/x",
        "http://\t127.0.0.1/", "http://news.example@127.0.0.1/", "HTTP://127.0.0.1/", "http://127.1/", "http://0x7f.1/",
        "http://127.0.0.1\n/", "http://\uff11\uff12\uff17.0.0.1/", "http://LOCALHOST:80/",
    ],
)  # fmt: skip
def test_every_spelling_of_an_address_is_still_seen(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_literal(url, ())


@pytest.mark.parametrize("url", ["http://news.example:22/", "http://news.example:22", "https://u@news.example:22?x"])
def test_every_spelling_of_a_port_is_still_seen(url: str) -> None:
    with pytest.raises(ValueError, match="port 22"):
        check_port(url, ())
