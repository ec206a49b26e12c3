"""Hooks in the configuration: read as written, refused with the cure, and their secrets kept."""

import asyncio
import re
from pathlib import Path

import pytest

from crawler import ConfigError, crawl
from crawler.hooks import TOPICS
from tests.crawler.hooked import configured


def test_the_hooks_of_the_readme_are_read(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    [block] = [block for block in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "[[notify]]" in block]
    config = configured(tmp_path / "config.toml", "http://127.0.0.1:9", block.replace('"npr"', '"bridge"'))
    first, second = config.notify
    target = first.resolved({"NEWSROOM_HOOK": "https://hooks.test/x", "NEWSROOM_TOKEN": "t"})
    assert (target.url, target.headers) == ("https://hooks.test/x", (("Authorization", "Bearer t"),))
    assert (second.command[1:], second.timeout, second.webhook) == (("--from", "presskeep"), 10.0, "")
    assert all(f"`{topic}`" in readme for topic in TOPICS)


def test_secrets_are_in_no_repr_and_no_digest(tmp_path: Path) -> None:
    notify = '[[notify]]\non = ["new"]\nwebhook = "https://hooks.test/s3cret"\nheaders = { Key = "s3cret" }\n'
    config = configured(tmp_path / "a.toml", "http://127.0.0.1:9", notify)
    assert "s3cret" not in repr(config)
    assert config.digest == configured(tmp_path / "b.toml", "http://127.0.0.1:9", "").digest
    assert "s3cret" not in repr(config.notify[0].resolved({}))


def test_a_variable_that_is_missing_is_named_and_nothing_is_fetched(tmp_path: Path) -> None:
    notify = '[[notify]]\non = ["new"]\nwebhook = "https://hooks.test/${PRESSKEEP_NO_SUCH}"\n'
    config = configured(tmp_path / "config.toml", "http://127.0.0.1:9", notify)
    with pytest.raises(ConfigError, match=r"number 1 webhook: the environment has no variable PRESSKEEP_NO_SUCH; set"):
        asyncio.run(crawl(config))
    assert not config.archive_path.exists()


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ('on = ["new"]', "neither webhook nor command"),
        ('on = ["new"]\nwebhook = "https://a.test/"\ncommand = ["x"]', "both webhook and command"),
        ('webhook = "https://a.test/"', "no key on"),
        ('on = ["edits"]\nwebhook = "https://a.test/"', "use one of new, edit, vanished"),
        ('on = ["new"]\nwebhook = "ftp://s3cret.test/"', "no http or https URL"),
        ('on = ["new"]\ncommand = "s3cret"', "no list of words"),
        ('on = ["new"]\ncommand = []', "no list of words"),
        ('on = ["new"]\ncommand = ["x"]\nheaders = { A = "s3cret" }', "belong to a webhook"),
        ('on = ["new"]\nwebhook = "https://a.test/"\nheaders = { "A b" = "s3cret" }', "no header"),
        ('on = ["new"]\nsites = ["herald"]\nwebhook = "https://a.test/"', "use one of bridge"),
        ('on = ["edit"]\nkinds = ["typo"]\nwebhook = "https://a.test/"', "headline"),
        ('on = ["edit"]\nmin_words = -1\nwebhook = "https://a.test/"', "whole number"),
        ('on = ["edit"]\nretries = 3\nwebhook = "https://a.test/"', "unknown key"),
    ],
)
def test_a_bad_table_is_refused_with_its_cure(tmp_path: Path, block: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named) as refused:
        configured(tmp_path / "config.toml", "http://127.0.0.1:9", f"[[notify]]\n{block}\n")
    assert "[[notify]] number 1" in str(refused.value)
    assert "s3cret" not in str(refused.value)
