"""Pages that are no article although they answer 200, and pages that ask not to be kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from crawler import load_config
from crawler.errors import ConfigError
from crawler.wishes import action_for
from extractors import OptOut, Page, soft_block
from tests.crawler.newsstand import Answer, feed
from tests.crawler.test_crawl import Case, page, play

CAPTCHA = (
    b"<html><head><title>Just a moment...</title></head><body><h1>paper.example</h1>"
    b"<p>Checking if the site connection is secure</p><form class=challenge-form></form></body></html>"
)
LOGIN = (
    b"<html><head><title>Sign in</title></head><body><h1>Sign in to read on</h1><form action=/login>"
    b'<input name=u><input type="password" name=p></form></body></html>'
)
CONSENT = (
    b"<html><head><title>The Paper</title></head><body><h1>Before you continue</h1>"
    b'<form action="/collectConsent"><button>Accept all</button></form></body></html>'
)


def blocked(body: bytes, final_url: str = "https://paper.example/story", words: int = 0) -> str:
    return soft_block(Page(url="https://paper.example/story", final_url=final_url, body=body), words)


def test_walls_are_told_by_what_they_have() -> None:
    assert blocked(CAPTCHA) == "captcha"
    assert blocked(LOGIN) == "log-in page"
    assert blocked(LOGIN, "https://paper.example/login?back=/story", 20) == "log-in page"
    assert blocked(CONSENT) == "consent wall"
    assert blocked(b"<p>Short.</p>", "https://consent.paper.example/?to=/story", 1) == "consent wall"


def test_an_article_about_walls_is_an_article() -> None:
    assert blocked(CAPTCHA, words=400) == ""
    assert blocked(LOGIN, words=30) == ""  # a log-in box in the head of a short story
    assert blocked(b"<title>Minister: just one moment</title><p>Short.</p>", words=3) == ""


def test_a_wall_is_quarantined_and_tried_again_on_request(tmp_path: Path) -> None:
    scripts = {"/feed": feed("/story-number-one"), "/story-number-one": [Answer(body=CAPTCHA), page(1)]}

    async def act(case: Case) -> None:
        report = await case.crawl()
        assert report.failed == {"quarantined": 1}
        assert case.rows("SELECT outcome, error, raw_key IS NOT NULL FROM fetches WHERE kind = 'article'") == [
            ("quarantined", "captcha", 1)
        ]
        assert case.paths() == []
        assert case.paths("SELECT url FROM failures WHERE kind = 'article'") == ["/story-number-one"]
        again = await case.crawl(retry_quarantined=True)
        assert (again.new_articles, again.failed, again.failed_sites) == (1, {}, ())
        assert case.stand.count("/feed") == 1
        assert (await case.crawl(retry_quarantined=True)).fetched == 0
        with Archive(case.path) as archive:
            assert archive.verify(deep=True).ok

    play(tmp_path, scripts, act)


NOAI = (("X-Robots-Tag", "noai, noarchive"),)


@pytest.mark.parametrize(
    ("keys", "outcomes", "raws", "bodies"),
    [
        ("", ["new"], 1, 1),
        ('optouts = { noai = "digest" }', ["digest-only"], 1, 0),
        ('optouts = { noai = "digest", noarchive = "skip" }', ["robots"], 0, 0),
        ('optouts = { noindex = "skip" }', ["new"], 1, 1),
        ('optouts = "skip"', ["robots"], 0, 0),
    ],
)
def test_what_is_done_about_a_wish_is_configured(
    tmp_path: Path, keys: str, outcomes: list[str], raws: int, bodies: int
) -> None:
    scripts = {"/feed": feed("/story-number-one"), "/story-number-one": page(1, headers=NOAI)}

    async def act(case: Case) -> None:
        await case.crawl('feeds = ["{base}/feed"]\n' + keys)
        looks = case.rows("SELECT outcome, record, raw_key FROM fetches WHERE kind = 'article'")
        assert [row[0] for row in looks] == outcomes
        robots = "SELECT raw_key FROM fetches WHERE kind = 'robots' AND raw_key IS NOT NULL"
        kept = f"SELECT count(*) FROM {{}} WHERE key NOT IN ({robots})"
        assert case.rows(kept.format("raws")) == [(raws,)]
        assert case.rows(kept.format("raw_bodies")) == [(bodies,)]
        action = {"new": "keep", "digest-only": "digest", "robots": "skip"}[outcomes[0]]
        assert case.rows("SELECT signal, value, action FROM optouts ORDER BY seq") == [
            ("x-robots-tag", "noai", action), ("x-robots-tag", "noarchive", action),
        ]  # fmt: skip
        if action == "digest":
            record = json.loads(str(looks[0][1]))
            assert record["words"] > 50
            assert len(record["text_key"]) == 16
        with Archive(case.path) as archive:
            report = archive.verify(deep=True)
            assert report.ok, report.problems
            assert len(list(archive.articles())) == (action == "keep")

    play(tmp_path, scripts, act)


def test_a_digest_becomes_a_body_when_the_wish_is_gone(tmp_path: Path) -> None:
    first = page(1, headers=NOAI)
    scripts = {"/feed": feed("/story-number-one"), "/story-number-one": [first, replace(first, headers=())]}

    async def act(case: Case) -> None:
        await case.crawl('feeds = ["{base}/feed"]\noptouts = "digest"')
        await case.crawl('feeds = ["{base}/feed"]\noptouts = "digest"', now=True)
        assert case.rows("SELECT outcome FROM fetches WHERE kind = 'article' ORDER BY id") == [
            ("digest-only",), ("new",),
        ]  # fmt: skip
        with Archive(case.path) as archive:
            assert archive.verify(deep=True).ok
            (row,) = archive.articles()
            assert archive.raw(archive.versions(row.url)[0].raw_key)
        with Archive(case.folder / "all.db") as archive:
            assert archive.merge([case.path]).problems == ()
            assert archive.verify(deep=True).ok

    play(tmp_path, scripts, act)


def test_a_wish_to_another_robot_is_not_ours() -> None:
    wish = OptOut(signal="x-robots-tag", value="googlebot: noarchive")
    actions = (("noarchive", "skip"),)
    assert action_for([wish], actions, "presskeep/1.0") == "keep"
    assert action_for([replace(wish, value="presskeep: noarchive")], actions, "presskeep/1.0") == "skip"
    assert action_for([replace(wish, value="noarchive")], actions, "presskeep/1.0") == "skip"
    tdm = OptOut(signal="tdm-reservation-meta", value="1")
    assert action_for([tdm], (("tdm-reservation", "digest"),), "presskeep") == "digest"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('optouts = "drop"', "keep, digest, skip"),
        ('optouts = { noia = "skip" }', "noia"),
        ("optouts = 3", "write it as a table"),
        ('optouts = { noai = "never" }', "optouts.noai"),
    ],
)
def test_an_unknown_wish_or_action_is_refused(tmp_path: Path, line: str, told: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[crawler]\n{line}\n[[sites]]\nname = "a"\nhome = "http://127.0.0.1/"\n')
    with pytest.raises(ConfigError, match=told):
        load_config(config)
