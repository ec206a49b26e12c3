"""Which looks make one history, and that no site writes into another's."""

import pytest

from archive import Archive
from extractors import URLError
from tests.archive.looks import bare, look

STORY = "https://paper.example/story"
AMP = "https://amp.paper.example/story"


def urls(archive: Archive) -> list[str]:
    return sorted(row.url for row in archive.articles())


def test_tracking_parameters_and_fragments_name_one_page(archive: Archive, run: str) -> None:
    for hour, url in enumerate(
        (STORY, STORY + "?utm_source=x", STORY + "#comments", "HTTPS://Paper.Example:443/story")
    ):
        archive.add(look(url=url, hour=hour), run)
    assert urls(archive) == [STORY]
    assert archive.versions(STORY)[0].sightings == 4
    assert archive.article(STORY + "?fbclid=1").url == STORY


def test_a_redirect_within_the_site_moves_the_identity(archive: Archive, run: str) -> None:
    archive.add(look(url="https://paper.example/?p=7", final_url=STORY), run)
    archive.add(bare("http-404", url="https://paper.example/?p=7", hour=1), run)
    archive.add(bare("http-404", url="https://paper.example/?p=7", hour=2), run)
    assert urls(archive) == [STORY]
    assert archive.article("https://paper.example/?p=7").state == "gone"


def test_a_redirect_to_another_site_does_not(archive: Archive, run: str) -> None:
    archive.add(look(), run)
    archive.add(look("Bought words.", url="https://evil.example/a", final_url=STORY, hour=1), run)
    assert urls(archive) == ["https://evil.example/a", STORY]
    assert archive.article(STORY).version_count == 1


def test_a_foreign_canonical_link_joins_nothing(archive: Archive, run: str) -> None:
    archive.add(look(canonical=STORY), run)
    archive.add(look("Bought words.", url="https://evil.example/a", canonical=STORY, hour=1), run)
    archive.add(look("Other words.", url="https://paper.example.evil.example/a", canonical=STORY, hour=2), run)
    assert len(urls(archive)) == 3
    assert archive.article(STORY).version_count == 1


def test_neighbours_under_a_public_suffix_are_strangers(archive: Archive, run: str) -> None:
    victim = "https://victim.github.io/story"
    archive.add(look(url=victim, canonical=victim), run)
    archive.add(look("Bought words.", url="https://evil.github.io/a", canonical=victim, hour=1), run)
    assert archive.article(victim).version_count == 1


@pytest.mark.parametrize("target_first", [True, False])
def test_an_amp_page_joins_once_its_target_names_itself(archive: Archive, run: str, *, target_first: bool) -> None:
    amp, story = look(url=AMP, canonical=STORY, hour=1), look(canonical=STORY, hour=0 if target_first else 2)
    for one in (story, amp) if target_first else (amp, story):
        archive.add(one, run)
    archive.add(bare("not-modified", url=AMP, hour=3), run)
    assert urls(archive) == [STORY]
    assert archive.versions(AMP)[0].sightings == 3
    assert archive.article(AMP).url == STORY


@pytest.mark.parametrize("told", [{}, {"canonical": "https://paper.example/elsewhere"}])
def test_a_target_that_does_not_name_itself_is_not_joined(archive: Archive, run: str, told: dict[str, str]) -> None:
    archive.add(look(url=AMP, canonical=STORY), run)
    assert urls(archive) == [AMP]
    archive.add(look(hour=1, **told), run)
    assert urls(archive) == [AMP, STORY]


def test_a_canonical_link_to_the_home_page_claims_nothing(archive: Archive, run: str) -> None:
    home = "https://paper.example/"
    archive.add(look(url=home, canonical=home), run)
    for number in range(3):
        archive.add(look(url=f"{home}{number}", canonical=home, hour=number + 1), run)
    assert len(urls(archive)) == 4


def test_broken_canonical_links_are_ignored(archive: Archive, run: str) -> None:
    for hour, canonical in enumerate(
        ("javascript:alert(1)", "http://[", "//", "https://user:pw@paper.example/x", "\0")
    ):
        assert archive.add(look(canonical=canonical, hour=hour), run).article is not None
    assert urls(archive) == [STORY]


def test_ports_of_an_address_are_different_sites(archive: Archive, run: str) -> None:
    one, two = "http://127.0.1.1:8600/a", "http://127.0.1.1:8601/a"
    archive.add(look(url=one, canonical=one), run)
    archive.add(look("Bought words.", url=two, canonical=one, hour=1), run)
    assert urls(archive) == [one, two]


def test_a_url_that_names_no_page_is_refused_whole(archive: Archive, run: str) -> None:
    with pytest.raises(URLError):
        archive.add(look(url="paper.example/story"), run)
    assert archive.stats().fetches == 0
