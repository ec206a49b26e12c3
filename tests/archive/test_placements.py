"""Lists come out of their table of strings as they went in."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.strings import split_url
from extractors import Article, LinkList, ListItem, moment_text
from tests.archive.looks import START, URL, page

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
