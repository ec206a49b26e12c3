"""Lists come out of their table of strings as they went in."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.links import link_id
from archive.strings import split_url
from extractors import Article, LinkList, ListItem, Page, Reading, moment_text
from tests.archive.looks import START, URL, derived, page

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
times = st.integers(-(2**41), 2**42).map(lambda ms: START + timedelta(milliseconds=ms))
urls = st.one_of(words, words.map("https://paper.example/{}".format), words.map("http://other.example:80?{}".format))


@st.composite
def items(draw: st.DrawFn) -> ListItem:
    start = draw(st.none() | times)
    length = draw(st.timedeltas(timedelta(0), timedelta(days=4000)))
    return ListItem(
        title=draw(words),
        url=draw(st.none() | urls),
        teaser=draw(st.none() | words),
        section=draw(st.none() | words),
        when_text=draw(st.none() | words),
        when_at=start,
        when_until=None if start is None else start + length,
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(items(), max_size=6, unique_by=lambda item: (item.title, item.url)))
def test_an_item_is_what_the_page_gave(shown: list[ListItem]) -> None:
    article = Article(title="A title", text="Words.", lists=(LinkList(heading="Top", kind="top", items=tuple(shown)),))
    with TemporaryDirectory() as folder, Archive(Path(folder) / "archive.db") as archive:
        archive.save(page(), article, site="paper")
        stored = archive.lists(URL)
    assert [(i.title, i.url, i.teaser, i.section, i.when_text) for i in stored] == [
        (i.title, i.url, i.teaser, i.section, i.when_text) for i in shown
    ]
    assert [(moment_text(i.when_at), moment_text(i.when_until)) for i in stored] == [
        (moment_text(i.when_at), moment_text(i.when_until)) for i in shown
    ]
    assert all(item.first_seen == item.last_seen == START for item in stored)


@given(urls)
def test_a_url_in_two_parts_is_the_url(url: str) -> None:
    assert "".join(part or "" for part in split_url(url)) == url


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        ("https://a.example/2026/11/22/flood-wall", "https://a.example/2026/11/22/"),
        ("https://a.example/news/world/flood-wall.html?page=2", "https://a.example/news/world/"),
        ("https://a.example/story/12345/flood-wall", "https://a.example/story/"),
        ("https://a.example/news/budget/", "https://a.example/news/"),
        ("https://a.example/flood-wall", "https://a.example/"),
        ("https://a.example/", "https://a.example"),
        ("https://a.example?from=/news/world", "https://a.example"),
        ("/news/flood-wall", ""),
    ],
)
def test_what_many_urls_share_is_stored_apart(url: str, beginning: str) -> None:
    assert split_url(url)[0] == beginning


def twins() -> tuple[str, str]:
    """Two URLs with which a title would have the same row."""
    seen: dict[int, str] = {}
    for url in map("https://paper.example/{}".format, count()):
        other = seen.setdefault(link_id(1, url), url)
        if other != url:
            return other, url
    raise AssertionError


TWINS = twins()


def promoting(*urls: str, hour: float = 0, name: str = URL, **more: str | None) -> tuple[Page, Article]:
    """A page with one headline that leads to several places, and what is read from it."""
    items = tuple(ListItem(title="Read more", url=url, **more) for url in urls)
    found = page(url=name, hour=hour, noise=" ".join(urls))
    return found, Article(title="A title", text="Words.", lists=(LinkList(heading="Top", kind="top", items=items),))


def read_promoting(found: Page) -> Reading:
    """The reader of such pages."""
    return Reading(article=promoting(*found.body.decode().split('"')[3].split())[1])


def test_two_links_that_would_have_one_row_are_two(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.db", reader=read_promoting) as archive:
        for hour in range(2):
            archive.save(*promoting(*TWINS, hour=hour), site="paper")
        stored = archive.lists(URL)
        assert [(item.url, item.sightings) for item in stored] == [(TWINS[0], 2), (TWINS[1], 2)]
        assert len(archive.search("read more", where="lists")) == archive.search_count("read more").pages == 1
        assert archive.verify(deep=True).ok
        before = derived(archive)
        archive.reextract()
        assert derived(archive) == before


def test_links_that_would_have_one_row_meet_in_a_merge(tmp_path: Path) -> None:
    """Each stood in its place where it was alone."""
    paths = []
    for number, url in enumerate(TWINS):
        with Archive(tmp_path / f"{number}.db", reader=read_promoting, rules=lambda *_page: "") as archive:
            archive.save(*promoting(url, hour=number, name=f"{URL}-{number}"), site="paper")
        paths.append(archive.path)
    for name, sources in {"a.db": paths, "b.db": [*reversed(paths), paths[0]]}.items():
        with Archive(tmp_path / name, reader=read_promoting, rules=lambda *_page: "") as merged:
            assert merged.merge(sources).problems == ()
            assert [[item.url for item in merged.lists(f"{URL}-{number}")] for number in range(2)] == [
                [url] for url in TWINS
            ]
            assert merged.verify(deep=True).ok


def test_ages_that_many_looks_show_are_stored_once(tmp_path: Path) -> None:
    """Also where the time of a look has seconds: an age is told in minutes before it."""
    with Archive(tmp_path / "archive.db") as archive:
        for number in range(4):
            found, article = promoting(f"https://paper.example/{number}", hour=number * 1.2345)
            assert found.fetched_at is not None
            ago = found.fetched_at - timedelta(hours=4)
            (top,) = article.lists
            items = tuple(
                replace(item, when_text="4 hours ago", when_at=ago, when_until=ago + timedelta(minutes=90))
                for item in top.items
            )
            archive.save(found, replace(article, lists=(replace(top, items=items),)), site="paper")
            newest = archive.lists(URL)[-1]
            assert (newest.when_at, newest.when_until) == (ago, ago + timedelta(minutes=90))
        assert archive.db.execute("SELECT when_ago, when_span FROM spots").fetchall() == [(240, 5_400_000)]
