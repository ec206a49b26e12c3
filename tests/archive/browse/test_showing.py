"""How words, addresses and excerpts are made fit to be shown."""

from pathlib import Path

import pytest

from archive import Archive
from archive.browse import plots, words
from archive.browse.counting import VIEWS
from archive.browse.excerpts import shortened
from archive.browse.pages.raw import held, stretches
from archive.diff import diff_texts
from extractors import Article, Page
from tests.archive.browse.served import MARKS, START, get

pytestmark = MARKS

_KEPT = "Paragraph of words that stay as they are, however long it is and whatever comes after it. " * 3


def _shortened(old: str, new: str) -> list[tuple[str, str]]:
    return [(run["kind"], run["text"]) for run in shortened(diff_texts(("", old), ("", new)).blocks)]


def test_an_excerpt_shows_the_change_and_some_words_round_it() -> None:
    old, new = (f"{_KEPT}It costs {cost} million. {_KEPT}" for cost in ("1.5", "1.8"))
    before, removed, added, after = _shortened(old, new)
    assert before[0] == after[0] == "kept"
    assert before[1].startswith("… ")
    assert before[1].endswith("It costs ")
    assert (removed[0], removed[1].strip(), added[1].strip()) == ("removed", "1.5", "1.8")
    assert after[1].startswith("million. ")
    assert len(before[1]) <= 50 + 2
    assert len(after[1]) <= 50 + 2


def test_an_excerpt_leaves_out_paragraphs_that_stayed_and_tells_where() -> None:
    runs = _shortened(f"One here.\n\n{_KEPT}\n\nTwo here.", f"One there.\n\n{_KEPT}\n\nTwo there.")
    shown = "".join(text for _, text in runs)
    assert "Paragraph of words" not in shown
    assert " … " in shown
    assert [text.strip() for kind, text in runs if kind == "added"] == ["there.", "there."]


def test_an_excerpt_ends_soon_and_says_so_once() -> None:
    runs = _shortened("", "word " * 5000)
    shown = "".join(text for _, text in runs)
    assert len(shown) < 300
    assert shown.count("…") == 1
    assert len("".join(text for _, text in _shortened("", "x" * 90_000))) < 300


def test_edits_show_what_they_changed_and_the_headline_before(tmp_path: Path) -> None:
    path = tmp_path / "press.db"
    with Archive(path) as kept:
        for title, cost in (("Cheap <b>", "1.5"), ("Dear", "1.8")):
            page = Page(url="https://news.example/a", body=cost.encode(), fetched_at=START)
            kept.save(page, Article(title=title, text=f"It costs {cost} million.", rules="t"), site="news")
    edits, front, html = get([path], *(f"/-/presskeep/press{page}" for page in ("/edits.json", ".json", "/edits")))
    (edit,) = edits.json()["edits"]
    assert edit["excerpt"]["was"] == "Cheap <b>"
    assert [run["text"].strip() for run in edit["excerpt"]["runs"]] == ["It costs", "1.5", "1.8", "million."]
    assert front.json()["newest_edits"][0]["excerpt"] == edit["excerpt"]
    assert "<del>1.5</del> <ins>1.8</ins> million." in html.text
    assert "<del>Cheap &lt;b&gt;</del>" in html.text


def test_a_hit_in_several_texts_of_an_article_leads_to_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "press.db"
    with Archive(path) as kept:
        for number, text in enumerate(("The tunnel opens.", f"The tunnel opens. {_KEPT}", f"It is closed. {_KEPT}")):
            url = f"https://news.example/{'other' if number == 2 else 'tunnel'}"
            page = Page(url=url, body=text.encode(), fetched_at=START)
            kept.save(page, Article(title="T", text=text, rules="t"), site="news")
    (hit,) = get([path], "/-/presskeep/press/search.json?q=tunnel")[0].json()["hits"]
    assert hit["latest"]
    assert hit["number"] == 2


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://news.example/%D8%AE%D8%A8%D8%B1", "https://news.example/خبر"),
        ("https://news.example/gr%C3%BC%C3%9Fe?q=%E4%BD%A0", "https://news.example/grüße?q=你"),
        ("https://news.example/a%20b", "https://news.example/a%20b"),
        ("https://news.example/%E2%80%AEgpj.exe", "https://news.example/%E2%80%AEgpj.exe"),
        ("https://news.example/%3Cscript%3E", "https://news.example/%3Cscript%3E"),
        ("https://news.example/%FF", "https://news.example/%FF"),
        ("https://news.example/%2541", "https://news.example/%2541"),
    ],
)
def test_addresses_are_shown_with_their_letters_unless_these_could_mislead(url: str, shown: str) -> None:
    assert words.address(url) == shown


def test_endless_headlines_are_cut_on_pages_but_texts_and_addresses_are_not() -> None:
    long = "A" * 5000
    data = {
        "title": long,
        "text": long,
        "url": long,
        "authors": [long],
        "lists": [{"items": [{"title": long}]}],
        "n": 7,
    }
    shown = words.brief(data)
    assert shown["text"] == shown["url"] == long
    assert len(shown["title"]) == len(shown["authors"][0]) == len(shown["lists"][0]["items"][0]["title"]) < 1000
    assert shown["n"] == 7
    assert data["title"] == long


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<link rel=preconnect href=//evil.example>", '<link rel="" rel=preconnect href=//evil.example>'),
        ("<IFRAME\nsrc=//evil.example>", '<IFRAME srcdoc=""\nsrc=//evil.example>'),
        ("<iframe/srcdoc='<p>'>", "<iframe srcdoc=\"\"/srcdoc='<p>'>"),
        ("<frame src=//evil.example>", '<frame src="" src=//evil.example>'),
        ("<object\tdata=x><embed src=y>", '<object data=""\tdata=x><embed src="" src=y>'),
    ],
)
def test_elements_that_reach_for_a_host_reach_for_none(html: str, shown: str) -> None:
    """The first of two attributes with one name is the one that counts."""
    assert held(html) == shown


def test_words_that_only_begin_like_such_elements_stay() -> None:
    html = "<linker><frameset><p>a <b>link</b></p><objection>"
    assert held(html) == html


def test_a_run_of_furniture_is_folded_and_a_few_blocks_are_not() -> None:
    roles = ["furniture"] * 6 + ["article", "furniture", "list"] + ["furniture"] * 5
    found = stretches([{"role": role} for role in roles])
    assert [(one["folded"], len(one["blocks"])) for one in found] == [(True, 6), (False, 3), (True, 5)]


def test_a_grid_has_a_square_for_each_cell_and_tells_its_size() -> None:
    drawn = str(plots.grid("g", "Coverage", ["a", "b<"], ["2026-11-27", "2026-11-28"], {("a", "2026-11-27"): "e"}))
    assert drawn.count("<rect") == 1
    assert "2 sites, 2 days" in drawn
    assert "b&lt;" in drawn
    assert "27 Nov" in drawn


def test_views_of_a_large_archive_are_asked_for_without_their_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette import hookspecs

    if not hasattr(hookspecs, "canned_queries"):
        pytest.skip("Datasette 1.0 bounds its counts itself")
    path = tmp_path / "my press.db"
    with Archive(path):
        pass
    targets = [f"/my+press/{view}.json" for view in sorted(VIEWS)]
    small = [page.json()["filtered_table_rows_count"] for page in get([path], *targets, "/my+press/articles.json")]
    assert small == [0, 0, 0]
    monkeypatch.setattr("archive.browse.counting._LARGE", 0)
    large = [page.json()["filtered_table_rows_count"] for page in get([path], *targets, "/my+press/articles.json")]
    assert large == [None, None, 0]
