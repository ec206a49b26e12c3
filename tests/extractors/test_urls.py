import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors import ExtractorError, URLError, normalize_url, registrable_domain, same_site

AWKWARD = st.text(alphabet=st.sampled_from("ab%257E2/.?&=;#+é: \\@ü漢[]\x00\t\n\ud800'\"<>|^`{}utm_"), max_size=40)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://example.com:443/a/./b/../c", "https://example.com/a/c"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("http://example.com./a", "http://example.com/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a%7Eb", "https://example.com/a~b"),
        ("https://example.com/%c3%a9", "https://example.com/%C3%A9"),
        ("https://bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("https://example.com/?b&a=", "https://example.com/?a=&b="),
        ("https://example.com/?id=2&utm_source=x&fbclid=1", "https://example.com/?id=2"),
        ("https://example.com/?UTM_Campaign=x&gclid", "https://example.com/"),
        ("https://example.com/?ref=home&source=a", "https://example.com/?ref=home&source=a"),
        ("https://example.com/?&&", "https://example.com/"),
        ("https://[2001:db8::0:1]:443/", "https://[2001:db8::1]/"),
        ("  https://example.com/a\n b ", "https://example.com/a%20b"),
        ("https:\\\\example.com\\a", "https://example.com/a"),
    ],
)
def test_normal_form(url: str, normal: str) -> None:
    assert normalize_url(url) == normal


def test_a_relative_url_is_seen_from_its_base() -> None:
    assert normalize_url("../b?x=1", "https://example.com/a/c/d") == "https://example.com/a/b?x=1"
    assert normalize_url("//other.example/x", "https://example.com/") == "https://other.example/x"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("example.com/a", "it has no scheme"),
        ("", "it has no scheme"),
        ("ftp://example.com/", "the scheme is 'ftp'"),
        ("mailto:a@example.com", "the scheme is 'mailto'"),
        ("https://", "it names no host"),
        ("https:///a", "it names no host"),
        ("https://me:secret@example.com/", "it holds a user name or password"),
        ("https://[::1", "it is malformed"),
        ("https://example.com:99999/", "it is malformed"),
        ("https://a b/", "is not a host name"),
        ("https://a..b/", "it is malformed"),
    ],
)
def test_what_names_no_page_is_refused_with_a_cure(url: str, found: str) -> None:
    with pytest.raises(URLError, match=r".+; .+") as caught:
        normalize_url(url)
    assert found in str(caught.value)
    assert caught.value.url == url
    assert isinstance(caught.value, ExtractorError)


def test_the_error_survives_a_worker_process() -> None:
    with pytest.raises(URLError) as caught:
        normalize_url("x")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.url) == (URLError, str(caught.value), "x")


@given(AWKWARD)
@example("%2%35")
@example("?%75tm_source=1")
@example("?%2575tm_source=1")
def test_the_normal_form_is_stable_and_only_URLError_is_raised(rest: str) -> None:  # noqa: N802
    for url in (rest, f"http://{rest}", f"https://example.com/{rest}"):
        try:
            normal = normalize_url(url)
        except URLError:
            continue
        assert normalize_url(normal) == normal
        assert normal.isascii()


@pytest.mark.parametrize(
    ("given_name", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("news.example.com:8080", "example.com"),
        ("https://127.0.1.1:8600/a", "127.0.1.1:8600"),
        ("127.0.1.1:8600", "127.0.1.1:8600"),
        ("http://127.0.1.1:80/", "127.0.1.1"),
        ("http://[::1]:8600/", "[::1]:8600"),
        ("https://a.bücher.example/", "xn--bcher-kva.example"),
        ("WWW.Example.COM.", "example.com"),
        ("localhost", "localhost"),
        ("co.uk", "co.uk"),
        ("one.github.io", "one.github.io"),
    ],
)
def test_registrable_domain(given_name: str, domain: str) -> None:
    assert registrable_domain(given_name) == domain


@given(AWKWARD)
def test_the_registrable_domain_is_its_own(rest: str) -> None:
    try:
        domain = registrable_domain(rest)
    except URLError:
        return
    assert registrable_domain(domain) == domain


def test_same_site() -> None:
    assert same_site("https://a.example.co.uk/", "http://b.example.co.uk/x")
    assert not same_site("https://a.github.io/", "https://b.github.io/")
    assert not same_site("", "")
