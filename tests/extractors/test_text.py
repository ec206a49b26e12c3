import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text import canonical_paragraphs, canonical_text, canonical_title

anything = st.text() | st.text(alphabet=" \t\n\r\u2028\u2029\u00a0\u200b\u200da\u0301\u1112\u1161\ud800\x1c\x85é")


@given(anything)
def test_canonical_text_is_idempotent(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    once.encode("utf-8")


@given(anything)
def test_canonical_title_is_idempotent_and_one_line(text: str) -> None:
    once = canonical_title(text)
    assert canonical_title(once) == once
    assert once.splitlines() in ([], [once])


@given(st.lists(anything))
def test_paragraphs_in_single_spaces_give_the_same_by_the_shorter_way(texts: list[str]) -> None:
    paragraphs = [line for text in texts if (line := " ".join(text.split()))]
    assert canonical_paragraphs(paragraphs) == canonical_text("\n\n".join(paragraphs))


@given(anything)
def test_paragraphs_are_trimmed_and_not_empty(text: str) -> None:
    for paragraph in filter(None, [canonical_text(text)]):
        assert all(part == part.strip() and part for part in paragraph.split("\n\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \r\n\t ", ""),
        ("one\r\ntwo\r\n\r\nthree", "one two\n\nthree"),
        ("a\u00a0 b\u2009c", "a b c"),
        ("Ver\u00adein\u200bigung\ufeff", "Vereinigung"),
        ("cafe\u0301", "café"),
        ("one\u2029two\u2028three", "one\n\ntwo three"),
        ("a\x00b\x1bc", "abc"),
    ],
)
def test_canonical_text(text: str, expected: str) -> None:
    assert canonical_text(text) == expected


def test_joiners_that_spelling_needs_stay() -> None:
    assert canonical_text("क्\u200dष می\u200cخواهم") == "क्\u200dष می\u200cخواهم"
