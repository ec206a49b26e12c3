"""Wishes of pages not to be kept or read: what is done about them is configured."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from crawler import load_config
from crawler.errors import ConfigError
from crawler.wishes import action_for
from extractors import OptOut
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import feed

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
