"""Full-text search in texts and in the lists beside them."""

import tracemalloc
from pathlib import Path

import pytest

from archive import Archive, QueryError, SearchCount
from tests.archive.looks import URL, look, read


@pytest.fixture
def filled(archive: Archive, run: str) -> Archive:
    archive.add(look("The bridge over the river opens.", title="Bridge", items=["Flood warning"]), run)
    archive.add(look("A flood hit the town.", url=URL + "-2", title="Flood", hour=1), run)
    archive.add(look("The flood hit the old town.", url=URL + "-2", title="Flood", hour=2), run)
    return archive


def test_one_hit_an_article_with_its_snippet(filled: Archive) -> None:
    (hit,) = filled.search("flood")
    assert (hit.article, hit.title, hit.where) == (URL + "-2", "Flood", "text")
    assert "⟦" in hit.snippet
    assert hit.text_key in {version.text_key for version in filled.versions(URL + "-2")}


def test_pages_that_only_promote_it(filled: Archive) -> None:
    assert [hit.article for hit in filled.search("flood", where="lists")] == [URL]
    both = filled.search("flood", where="both")
    assert [(hit.article, hit.where) for hit in both] == [(URL + "-2", "text"), (URL, "lists")]
    assert both[1].matched == "Flood warning"
    assert len(filled.search("flood", where="both", limit=1)) == 1


def test_sites_are_kept_apart(filled: Archive) -> None:
    assert filled.search("bridge", site="paper")
    assert filled.search("bridge", site="other") == []


@pytest.mark.parametrize("query", ["title:bridge", "bri*", '"the river"', "bridge AND river", "bridge NOT town"])
def test_the_syntax_of_the_index_works(filled: Archive, query: str) -> None:
    assert [hit.article for hit in filled.search(query)] == [URL]


@pytest.mark.parametrize(
    "query", ["bridge?", "bridge's river", '"bridge', "over-the-river", "(bridge", "river:", "AND", "*", "^", "a:b c"]
)
def test_no_query_is_an_error(filled: Archive, query: str) -> None:
    assert isinstance(filled.search(query), list)


def test_nothing_finds_nothing(filled: Archive) -> None:
    assert filled.search("  ") == []
    with pytest.raises(QueryError, match="no place to search"):
        filled.search("bridge", where="page")  # type: ignore[arg-type]


def test_vowel_signs_belong_to_their_word(archive: Archive, run: str) -> None:
    archive.add(look("दिल्ली में बारिश हुई।", title="समाचार"), run)
    assert len(archive.search("दिल्ली")) == 1
    assert len(archive.search("बारिश")) == 1
    assert archive.search("दल") == []
    assert archive.search("बार") == []


def test_diacritics_do_not_hide_a_word(archive: Archive, run: str) -> None:
    archive.add(look("Le café de Zürich."), run)
    assert len(archive.search("cafe zurich")) == 1


def test_trigrams_find_parts_of_unspaced_text(path: Path) -> None:
    with Archive(path, tokenizer="trigram", reader=read) as archive:
        archive.add(look("東京都知事選挙が行われた。"), archive.start_run("test"))
        assert len(archive.search("知事選")) == 1


def test_texts_of_older_rules_are_not_found(filled: Archive) -> None:
    filled.db.execute("INSERT INTO texts_fts(texts_fts) VALUES ('integrity-check')")
    filled.db.execute("INSERT INTO phrases_fts(phrases_fts) VALUES ('integrity-check')")


def test_counts_tell_what_is_only_promoted(filled: Archive) -> None:
    assert filled.search_count("flood") == SearchCount(pages=2, text=1, only_lists=1)
    assert filled.search_count("bridge") == SearchCount(pages=1, text=1, only_lists=0)
    assert filled.search_count("flood", site="other").pages == filled.search_count(" ").pages == 0
    assert filled.search_count('flood"').pages == 2
    with pytest.raises(QueryError):
        filled.search_count('"')


def test_words_too_short_for_a_trigram_index_are_found(path: Path) -> None:
    with Archive(path, reader=read, tokenizer="trigram") as archive:
        run = archive.start_run("test")
        archive.add(look("京都で大雨が続く。", title="天気", items=["大雨の予報"]), run)
        archive.add(look("An EU summit.", url=URL + "-2", title="Summit", items=["大雨"]), run)
        assert [(hit.article, hit.where) for hit in archive.search("大雨", where="both")] == [
            (URL, "text"), (URL + "-2", "lists"),
        ]  # fmt: skip
        assert archive.search("大雨")[0].snippet == "京都で⟦大雨⟧が続く。"
        assert archive.search("天気")[0].title == "天気"
        assert archive.search_count("大雨") == SearchCount(pages=2, text=1, only_lists=1)
        assert [hit.article for hit in archive.search("eu summit")] == [URL + "-2"]
        assert len(archive.search("大雨", where="both", limit=1)) == 1
        assert archive.search("zz") == archive.search("eu", site="other") == []


def test_articles_and_events_stream(path: Path) -> None:
    """Rows come one by one: memory does not follow their number."""
    rows = 30_000
    with Archive(path, reader=read) as archive:
        archive.add(look(items=["promoted"]), archive.start_run("test"))
        counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        archive.db.execute(
            f"{counting} INSERT INTO events(article, at, kind, weight, detail) "
            "SELECT 1, '2026-11-01T12:00:00.000Z', 'body', 3, '{}' FROM n",
            (rows,),
        )
        archive.db.execute(
            f"{counting} INSERT INTO articles(key, url, site, first_seen, last_seen) SELECT printf('%016d', i), "
            "'https://paper.example/' || i, 'paper', '2026-11-01T12:00:00.000Z', '2026-11-01T12:00:00.000Z' FROM n",
            (rows,),
        )
        archive.db.execute(
            "INSERT INTO placements SELECT id, (SELECT id FROM links), 1, 1, NULL, NULL, 1, NULL, 1 FROM articles "
            "WHERE id > 1"
        )
        for stream in (archive.articles, archive.events, archive.headlines):
            tracemalloc.start()
            try:
                assert sum(1 for _ in stream()) >= rows
                assert tracemalloc.get_traced_memory()[1] < 500_000
            finally:
                tracemalloc.stop()
