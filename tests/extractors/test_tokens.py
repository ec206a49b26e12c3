from hypothesis import given
from hypothesis import strategies as st

from extractors.names import COMMENTS, name_marks
from extractors.tokens import Marker, pieces, tokens


def test_names_are_known_whole_and_in_pieces() -> None:
    assert pieces("ArticleBody__text-3") == {"articlebody__text-#", "article", "body", "text"}
    assert tokens("story-body c12") == {"story-body", "story", "body", "c#"}


def test_generated_names_say_nothing() -> None:
    assert pieces("x" * 61) == set()


def test_a_mark_is_the_extremes_of_its_tokens() -> None:
    marker = Marker({"story": 2.0, "share": -3.0, "bar": -1.0})
    mark = marker.element("story share-bar")
    assert (mark.low, mark.high) == (-3.0, 2.0)
    assert marker.element("unheard of") == marker.element("")


def test_comments_are_recognised() -> None:
    assert name_marks("comments") & COMMENTS
    assert not name_marks("story") & COMMENTS


@given(names=st.text(max_size=200))
def test_any_names_give_a_mark(names: str) -> None:
    mark = Marker({"a": 1.0}).element(names)
    assert mark.low <= 0 <= mark.high
