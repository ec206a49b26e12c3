from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors import ExtractorError, RuleError
from extractors.rulefile import parse_rules, rule_text
from extractors.rules import Block, ListRule

WHOLE = """\
host = "Example.com"
also = ["m.example.com"]

[[block]]
valid_from = 2024-01-01
body = "article .text"
drop = [".caption", ".share"]
title = "h1"

[[block.lists]]
heading = ".side h3"
item = ".side li"
title = "a"
kind = "top"

[[block]]
valid_from = 2020-01-01
valid_until = 2022-12-31
body = ".old"
"""


def test_a_file_becomes_records_with_the_earliest_block_first() -> None:
    rules = parse_rules(WHOLE, "example.com.toml")
    assert (rules.host, rules.also) == ("example.com", ("m.example.com",))
    assert rules.blocks == (
        Block(valid_from=date(2020, 1, 1), valid_until=date(2022, 12, 31), body=".old"),
        Block(
            valid_from=date(2024, 1, 1),
            body="article .text",
            drop=(".caption", ".share"),
            title="h1",
            lists=(ListRule(heading=".side h3", item=".side li", title="a", kind="top"),),
        ),
    )


@pytest.mark.parametrize(
    ("day", "body"),
    [
        ("2019-12-31", None),
        ("2020-01-01", ".old"),
        ("2022-12-31", ".old"),
        ("2023-06-01", None),
        ("2024-01-01", "article .text"),
        ("2030-01-01", "article .text"),
    ],
)
def test_the_block_is_chosen_by_the_day_of_the_fetch(day: str, body: str | None) -> None:
    block = parse_rules(WHOLE, "x").block(datetime.fromisoformat(f"{day}T23:59:59+00:00"))
    assert (block.body if block else None) == body


def test_a_page_of_unknown_age_is_read_by_the_last_block() -> None:
    block = parse_rules(WHOLE, "x").block(None)
    assert block is not None
    assert block.valid_from == date(2024, 1, 1)


def test_the_day_is_the_utc_one() -> None:
    late = datetime.fromisoformat("2024-01-01T03:00:00+05:30")
    assert late.astimezone(UTC).date() == date(2023, 12, 31)
    assert parse_rules(WHOLE, "x").block(late) is None


def test_the_digest_changes_with_what_a_block_says_and_with_nothing_else() -> None:
    first = parse_rules(WHOLE, "x")
    commented = parse_rules(f"# comment\n{WHOLE}", "y")
    changed = parse_rules(WHOLE.replace('"h1"', '"h2"'), "x")
    labels = [rules.label(rules.blocks[1]) for rules in (first, commented, changed)]
    assert labels[0] == labels[1] != labels[2]
    name, _, digest = labels[0].partition("/")
    assert name == "example.com@2024-01-01"
    assert len(digest) == 8
    assert int(digest, 16) >= 0


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('title = "h1"', 'titel = "h1"', 8, "block.titel: the key is unknown; use one of authors, body,"),
        ('kind = "top"', 'kind = "best"', 14, "block.lists.kind: 'best' is no kind; use one of recent,"),
        ('body = ".old"', 'body = ".old["', 19, "block.body: '.old[' is no CSS selector"),
        ('item = ".side li"', 'item = "li:::x"', 12, "block.lists.item: 'li:::x' is no CSS selector"),
        ('".caption"', '"..caption"', 7, "block.drop: '..caption' is no CSS selector"),
        ('item = ".side li"', "", 10, "block.lists.item: it is missing"),
        ('body = ".old"', "", 16, "block.body: it is missing"),
        ('host = "Example.com"', "", None, "host: it is missing"),
        ('host = "Example.com"', "host = 3", 1, "host: 3 is no text; put it into quotes"),
        ('["m.example.com"]', '"m.example.com"', 2, "also: 'm.example.com' is no list of texts"),
        ("= 2022-12-31", '= "2022-12-31"', 18, "block.valid_until: '2022-12-31' is no date"),
        ("= 2022-12-31", "= 2022-12-31T10:00:00", 18, "block.valid_until: 2022-12-31T10:00:00 is no date"),
        (
            "= 2022-12-31",
            "= 2022-02-31",
            18,
            "Invalid date or datetime (at line 18, column 15); write a day that the cal",
        ),
        ("= 2022-12-31", "= 2019-12-31", 18, "block.valid_until: it lies before valid_from (2020-01-01)"),
        ("= 2022-12-31", "= 2024-01-01", 5, "block.valid_from: a block begins on 2024-01-01 before"),
        ("= 2020-01-01", "= 2024-01-01", 18, "block.valid_until: it lies before"),
        ("[[block.lists]]", "[block.lists]", 10, "block.lists: it is no table; begin it with [[block.lists]]"),
        ('title = "h1"', "title = ", 8, "Invalid value"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_a_cure(
    old: str, new: str, line: int | None, message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(WHOLE.replace(old, new, 1), "example.com.toml")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"example.com.toml:{line}: " if line else "example.com.toml: ")
    assert message in str(caught.value)
    assert "; " in str(caught.value)
    assert isinstance(caught.value, ExtractorError)


def test_a_file_without_a_block_is_refused() -> None:
    with pytest.raises(RuleError, match="there is no block; write at least one"):
        parse_rules('host = "example.com"', "x")


def test_a_file_that_cannot_be_read_is_named_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    with pytest.raises(RuleError, match="cannot be read"):
        rule_text(path)
    path.write_bytes('host = "é"'.encode("latin-1"))
    with pytest.raises(RuleError, match="not UTF-8; save it as UTF-8"):
        rule_text(path)
