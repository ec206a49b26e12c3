"""Rule files are told all that is wrong with them at once; their stored pages are tried field by field."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from extractors import Expectation, Page, SiteRules, check_rules, extract, parse_rules, try_page
from extractors.registry import SITES_VARIABLE

PAGES = Path(__file__).parents[1] / "pages" / "sites"
EXAMPLE = PAGES / "news-details.example.toml"

BROKEN = """\
host = "https://example.com/"
also = ["www.example.com"]

[[block]]
valid_from = 2024-01-01
valid_until = 2025-06-30
body = "article["
titel = "h1"
drop = [
  ".caption",
  "..share",
]

[[block.lists]]
kind = "best"

[[block]]
valid_from = 2025-01-01
titel = "h1"
body = ".text"

[[tests]]
page = "a.html"
fetched = 2025-01-01
digest = "xyz"
"""


def test_all_problems_of_a_file_are_told_each_with_its_own_line() -> None:
    rules, problems = check_rules(BROKEN, "x.toml")
    assert rules is None
    told = {(problem.line, problem.key) for problem in problems}
    assert told == {
        (1, "host"), (2, "also"), (7, "block.body"), (8, "block.titel"), (11, "block.drop"), (15, "block.lists.kind"),
        (14, "block.lists.item"), (19, "block.titel"), (18, "block.valid_from"), (22, "tests.url"),
        (24, "tests.fetched"), (25, "tests.digest"),
    }  # fmt: skip
    assert all("; " in str(problem) for problem in problems)


def test_the_readme_example_means_what_it_says() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    (example,) = (example for example in examples if "[[tests]]" in example)
    rules, problems = check_rules(example, "README.md")
    assert problems == ()
    assert rules is not None
    assert rules.tests[0].lists == ("Top Headlines",)


def test_a_test_that_expects_nothing_is_refused() -> None:
    text = 'host = "x.example"\n[[block]]\nbody = "p"\n[[tests]]\npage = "a.html"\nurl = "https://x.example/a"\n'
    (problem,) = check_rules(text, "x.toml")[1]
    assert "nothing is expected" in str(problem)
    assert problem.line == 4


def example() -> tuple[SiteRules, Expectation, Page]:
    rules = parse_rules(EXAMPLE.read_text("utf-8"), EXAMPLE.name)
    (test,) = rules.tests
    body = (PAGES / test.page).read_bytes()
    return rules, test, Page(url=test.url, body=body, fetched_at=test.fetched)


def test_the_worked_example_passes_and_its_title_is_the_generic_readers() -> None:
    result = try_page(*example())
    assert result.ok
    assert result.drift == ()
    assert {field.name: field.reader for field in result.fields} == {
        "title": "generic", "authors": "rules", "published": "rules", "section": "rules", "tags": "rules",
        "first": "rules", "last": "rules", "lists": "rules",
    }  # fmt: skip


def test_each_wrong_field_is_found_and_a_silent_selector_is_drift() -> None:
    _, _, page = example()
    text = EXAMPLE.read_text("utf-8").replace("\nauthors =", "\ntitle = '.no-such-name'\nauthors =", 1)
    text = text.replace("Top Headlines", "Headlines")
    changed = parse_rules(text, "x.toml")
    result = try_page(changed, changed.tests[0], page)
    assert not result.ok
    assert [(field.name, field.found) for field in result.fields if not field.ok] == [("lists", ("Top Headlines",))]
    assert {field.name: field.reader for field in result.fields}["title"] == "generic"
    (drift,) = result.drift
    assert drift.endswith("title finds nothing; it comes from the generic reader")


def test_the_digest_is_of_the_text() -> None:
    rules, _, page = example()
    article = extract(Page(url="https://www.indiablooms.com/x", body=page.body, fetched_at=page.fetched_at))
    assert article is not None
    digest = sha256(article.text.encode()).hexdigest()
    right = Expectation(page="x", url=page.url, digest=digest[:12])
    wrong = Expectation(page="x", url=page.url, digest="0" * 12)
    assert try_page(rules, right, page).ok
    assert not try_page(rules, wrong, page).ok


def test_a_body_that_finds_nothing_and_a_page_without_an_article() -> None:
    rules, test, page = example()
    prose = b"<p>The council met on Tuesday and decided, after a long night, to leave the bridge.</p>" * 5
    body = b"<html><article><h1>Bridge stays</h1>" + prose + b"</article></html>"
    result = try_page(rules, test, Page(url=page.url, body=body, fetched_at=page.fetched_at))
    assert not result.ok
    assert "finds nothing" in result.drift[0]
    empty = try_page(rules, test, Page(url=page.url, body=b"", fetched_at=page.fetched_at))
    assert (empty.ok, empty.trouble) == (False, "no article: empty")


def test_the_block_is_the_one_of_the_pages_day() -> None:
    rules, test, page = example()
    before = Page(url=page.url, body=page.body, fetched_at=datetime(2020, 1, 1, tzinfo=UTC))
    result = try_page(rules, test, before)
    assert result.rules.startswith("generic/")
    assert {field.reader for field in result.fields} == {"generic"}


def test_rules_of_the_named_folder_are_used_before_the_packaged_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text('host = "indiablooms.com"\n[[block]]\nbody = "figcaption"\n', "utf-8")
    page = Page(url="https://www.indiablooms.com/x", body=(PAGES / "news-details.html").read_bytes())
    packaged = extract(page)
    monkeypatch.setenv(SITES_VARIABLE, str(tmp_path))
    mine = extract(page)
    assert packaged is not None
    assert mine is not None
    assert mine.text.startswith("Pickers in the hills last week.")
    assert packaged.rules != mine.rules
