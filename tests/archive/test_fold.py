"""What counts as the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import fold
from archive.diff import count_words
from archive.fold import pieces

SAME = [
    ("“Yes,” he said", '"Yes", he said'),
    ("don’t", "don't"),
    ("well – known", "well-known"),
    ("One, two; three.", "One two three"),
    ("a\u00a0b\u2009c\n\nd", "a b c d"),
    ("soft\u00adware", "software"),
    ("U.S. troops", "US troops"),
    ("2020–21", "2020-21"),
    ("It cost 5.", "It cost 5"),
    ("é", "e\u0301"),
    ("− 5", "- 5"),
    ("end…", "end..."),
]
DIFFERENT = [
    ("1.5", "15"),
    ("1,500", "1.500"),
    ("10:30", "1030"),
    ("9-0", "90"),
    ("-5 degrees", "5 degrees"),
    ("5%", "5"),
    ("$5", "€5"),
    ("10²", "102"),
    ("resume", "résumé"),
    ("polish", "Polish"),
    ("the rapist", "therapist"),
    ("कि", "की"),
    ("3/4", "34"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_typography_is_folded(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_substance_is_kept(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_any_text_folds_to_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.decimals(min_value=0, max_value=10**6, places=2))
def test_different_numbers_stay_different(one: object, other: object) -> None:
    assert (fold(f"It cost {one}.") == fold(f"It cost {other}!")) == (str(one) == str(other))


@given(st.text(st.sampled_from("aZ09 .,'`|-–’“”…é€\u00a0\u00ad\u2028\x1f\ufe0f\U0001f600天\ue02e\ud800"), max_size=60))
def test_mostly_ascii_folds_as_any_other_text(text: str) -> None:
    """Enough letters around a text bring it through the table of bytes, and it alone through that of characters."""
    letters = "x" * 400
    through_bytes = fold(f"{letters} {text} {letters}").removeprefix(letters).removesuffix(letters)
    assert through_bytes.split() == fold(f"天{'天' * 400} {text} {'天' * 400}天").replace("天" * 401, "").split()


def test_a_text_of_very_many_characters_is_folded_at_once() -> None:
    """Character by character, the text would be gone through a hundred thousand times."""
    many = "".join(map(chr, range(0x3400, 0x1B400)))
    letters = "x" * 1_000_000
    assert fold(f"{letters} {many} “y”") == f"{letters} {fold(many)} y"


@given(st.lists(st.text(alphabet="aB1.,- \n’–é\u0301中", max_size=12), max_size=12), st.integers(0, 20))
def test_a_text_is_folded_and_counted_piece_by_piece_to_the_same(paragraphs: list[str], size: int) -> None:
    text = "\n\n".join(paragraphs)
    parts = list(pieces(text, size))
    assert "\n\n".join(parts) == text
    assert " ".join(filter(None, map(fold, parts))) == fold(text)
    assert sum(map(count_words, parts)) == count_words(text)


def test_a_long_text_is_folded_whole() -> None:
    line = "It cost 1.5, A.B. Smith said."
    assert fold(f"{line}\n\n" * 9000) == " ".join([fold(line)] * 9000)
    assert count_words(f"{line}\n\n" * 9000) == 54_000
