"""The diff as pages show it, and that it ends."""

import pytest

from archive.browse.comparing import MOST_CHARACTERS, compared, folded, sides
from tests.archive.browse.served import MARKS

pytestmark = MARKS

WORDS = "alpha beta gamma delta epsilon zeta eta theta"


def _kinds(old: str, new: str) -> list[str]:
    found = compared(("T", old), ("T", new))
    assert found is not None
    return [block["kind"] for block in found["blocks"]]


def test_a_paragraph_that_moved_is_neither_removed_nor_added() -> None:
    first, second, third = (f"{WORDS} {name}" for name in ("one", "two", "three"))
    kinds = _kinds("\n\n".join([first, second, third]), "\n\n".join([second, third, first]))
    assert sorted(kinds) == ["kept", "kept", "moved-away", "moved-here"]


def test_a_short_paragraph_is_not_called_moved() -> None:
    first, second = f"{WORDS} one", f"{WORDS} two"
    kinds = _kinds(f"Sport\n\n{first}\n\n{second}", f"{first}\n\n{second}\n\nSport")
    assert sorted(kinds) == ["added", "kept", "kept", "removed"]


def test_a_paragraph_doubled_moves_once_and_comes_once() -> None:
    first, second = WORDS, "quite other words stand in this one paragraph"
    kinds = _kinds(f"{first}\n\n{second}", f"{second}\n\n{first}\n\n{first}")
    assert kinds.count("moved-away") == kinds.count("moved-here") == 1
    assert kinds.count("added") == 1


def test_folding_leaves_one_paragraph_of_context() -> None:
    kept = [{"kind": "kept", "runs": [{"kind": "kept", "text": str(n)}]} for n in range(9)]
    change = {"kind": "changed", "runs": []}
    shown = folded([*kept[:4], change, *kept[4:8], change, kept[8]])
    assert [block["kind"] for block in shown] == [
        "folded", "kept", "changed", "kept", "folded", "kept", "changed", "kept",
    ]  # fmt: skip
    assert shown[0]["paragraphs"] == ["0", "1", "2"]
    assert shown[4]["paragraphs"] == ["5", "6"]


def test_columns_set_what_went_beside_what_came() -> None:
    kept = {"kind": "kept", "runs": []}
    removed, added = {"kind": "removed", "runs": []}, {"kind": "added", "runs": []}
    assert sides([kept, removed, added, kept, added]) == [
        (kept, kept), (removed, added), (kept, kept), (None, added),
    ]  # fmt: skip


def test_a_paragraph_that_moves_beside_a_change_is_known_too() -> None:
    first, second = "The wall will cost 1.5 million more.", WORDS
    last = "quite other words stand in this one paragraph"
    kinds = _kinds(f"{first}\n\n{second}\n\n{last}", f"{first.replace('1.5', '1.8')}\n\n{last}\n\n{second}")
    assert sorted(kinds) == ["changed", "kept", "moved-away", "moved-here"]


def test_a_break_that_comes_alone_is_shown() -> None:
    found = compared(("", f"{WORDS} {WORDS}"), ("", f"{WORDS}\n\n{WORDS}"))
    assert found is not None
    marks = [run for block in found["blocks"] for run in block["runs"] if "¶" in run["text"]]
    assert [run["kind"] for run in marks] == ["added"]


@pytest.mark.timeout(60)
def test_a_diff_of_hostile_texts_ends() -> None:
    half = MOST_CHARACTERS // 4
    shapes = [
        ("a " * (half // 2), "b " * (half // 2)),
        ("a b " * (half // 4), "b a " * (half // 4)),
        ("x\n\n" * (half // 3), "y\n\n" * (half // 3)),
        ("x\n\ny z\n\n" * 500, "y z\n\nq\n\n" * 500),
        ("".join(f"{n} " for n in range(half // 7)), "".join(f"{n * 7 % 65537} " for n in range(half // 7))),
    ]
    for old, new in shapes:
        found = compared(("", old), ("", new))
        if found is not None:
            assert len(sides(folded(found["blocks"]))) <= 3001


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert compared(("", "a" * MOST_CHARACTERS), ("", "b")) is None
