"""The word diff: exact where it compares, quick whatever it is given."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import TextDiff, diff_texts, fold

words = st.lists(st.sampled_from(["bridge", "1.5", "15", "costs", "“so”", "–", "नमस्ते", "東京"]), max_size=8).map(
    " ".join
)
texts = st.lists(words, max_size=5).map("\n\n".join)


def side(diff: TextDiff, kind: str) -> str:
    """The text that a diff shows for one side."""
    blocks = ("".join(run.text for run in block.runs if run.kind in ("kept", kind)) for block in diff.blocks)
    return "\n\n".join(blocks)


def squeezed(text: str) -> str:
    return "".join(fold(text).split())


@settings(max_examples=200, deadline=None)
@given(old=texts, new=texts)
def test_both_sides_can_be_read_off(old: str, new: str) -> None:
    diff = diff_texts(("", old), ("", new))
    assert squeezed(side(diff, "removed")) == squeezed(old)
    assert squeezed(side(diff, "added")) == squeezed(new)
    assert diff.complete


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    diff = diff_texts((text, text), (text, text))
    assert (diff.words_added, diff.words_removed) == (0, 0)
    assert {block.kind for block in diff.blocks} <= {"kept"}


def test_one_word_among_paragraphs() -> None:
    old = "First paragraph.\n\nThe bridge costs 1.5 million, he said.\n\nLast one."
    diff = diff_texts(("T", old), ("T", old.replace("1.5", "1.8")))
    assert [block.kind for block in diff.blocks] == ["kept", "changed", "kept"]
    assert [(run.kind, run.text) for run in diff.blocks[1].runs] == [
        ("kept", "The bridge costs "), ("removed", "1.5 "), ("added", "1.8 "), ("kept", "million, he said."),
    ]  # fmt: skip
    assert (diff.words_added, diff.words_removed) == (1, 1)


def test_typography_is_no_difference() -> None:
    diff = diff_texts(("A “b”", "One – two"), ('A "b"', "One — two"))
    assert (diff.words_added, diff.words_removed) == (0, 0)


def test_unrelated_paragraphs_are_not_woven_together() -> None:
    diff = diff_texts(("", "The cat sat on the mat all day."), ("", "Stocks fell sharply in the morning trade."))
    assert [block.kind for block in diff.blocks] == ["removed", "added"]


def test_a_new_headline_is_counted() -> None:
    diff = diff_texts(("Old title", "x"), ("New title", "x"))
    assert [(run.kind, run.text) for run in diff.title] == [("removed", "Old "), ("added", "New "), ("kept", "title")]
    assert (diff.words_added, diff.words_removed) == (1, 1)


def test_characters_of_japanese_are_words() -> None:
    diff = diff_texts(("", "東京は晴れ"), ("", "大阪は晴れ"))
    assert (diff.words_added, diff.words_removed) == (2, 2)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("joint", [" ", "\n\n", ""])
def test_a_hostile_text_holds_nothing_up(joint: str) -> None:
    source = random.Random(4)
    count = 7_000_000 // (2 + len(joint))
    old, new = (joint.join(source.choices("abcdefgh", k=count)) for _ in range(2))
    diff = diff_texts(("", old), ("", new))
    assert diff.complete == (joint == "")


def test_breaks_between_paragraphs_are_kept_whole() -> None:
    """A paragraph that comes beside a changed one keeps the blank line before it."""
    old, new = "It costs 1.5 million.", "It costs 1.8 million.\n\nNobody came to the meeting."
    runs = [run for block in diff_texts(("", old), ("", new)).blocks for run in block.runs]
    assert "".join(run.text for run in runs if run.kind != "removed") == new
    assert "".join(run.text for run in runs if run.kind != "added") == old
