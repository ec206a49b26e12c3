"""``add``: a home page or a feed becomes a site of the config, with one article shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import load_config
from crawler.__main__ import run
from crawler.demo import DemoSite
from tests.crawler.papers import papers

START = """# mine
[crawler]
user_agent = "test (a@example.org)"
delay = 0
retries = 0
allow_private = ["127.0.0.0/8"]  # loopback
"""


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DemoSite, ...]]:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(START, "utf-8")
    with papers() as opened:
        yield opened


def test_a_home_page_gives_feed_news_sitemap_and_a_sample(
    sites: tuple[DemoSite, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    review = sites[1].base
    assert run(["add", f"{review}/", "--name", "review", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["feeds"], found["sitemaps"]) == (
        "review",
        [f"{review}/atom.xml"],
        [f"{review}/sitemaps/news.xml"],
    )
    assert found["sample"]["title"] == "Harbour tunnel opens to first trains"
    (site,) = load_config("config.toml").sites
    assert (site.name, site.home) == ("review", f"{review}/")
    assert Path("config.toml").read_text("utf-8").startswith(START.rstrip())


def test_a_feed_may_be_named_itself(sites: tuple[DemoSite, ...], capsys: pytest.CaptureFixture[str]) -> None:
    feed = f"{sites[2].base}/headlines.rss"
    assert run(["add", feed]) == 0
    out = capsys.readouterr().out
    assert "Ferry company admits engine warning" in out
    assert "Next: `presskeep crawl" in out
    (site,) = load_config("config.toml").sites
    assert (site.feeds, site.home) == ((feed,), f"{sites[2].base}/")


def test_what_was_added_can_be_crawled(sites: tuple[DemoSite, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", f"{sites[0].base}/", "--name", "courier"]) == 0
    capsys.readouterr()
    assert run(["crawl", "courier", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new_articles"] == 6


def test_the_same_name_twice_is_refused(sites: tuple[DemoSite, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["add", f"{sites[0].base}/", "--name", "courier"]) == 0
    before = Path("config.toml").read_text("utf-8")
    assert run(["add", f"{sites[1].base}/", "--name", "courier"]) == 2
    assert "courier" in capsys.readouterr().err
    assert Path("config.toml").read_text("utf-8") == before


def test_a_page_that_cannot_be_read_adds_nothing(
    sites: tuple[DemoSite, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["add", f"{sites[0].base}/nothing-here"]) == 2
    assert "http-404" in capsys.readouterr().err
    assert Path("config.toml").read_text("utf-8") == START
