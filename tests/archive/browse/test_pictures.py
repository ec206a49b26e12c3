"""The pictures that the README shows are there, small, and told in words."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_README = (_ROOT / "README.md").read_text("utf-8")
_SHOWN = [
    *((path, told) for told, path in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", _README)),
    *re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]*)"', _README),
]


def test_the_readme_shows_how_it_looks() -> None:
    assert len(_SHOWN) >= 4
    assert len(_SHOWN) == _README.count("<img ") + _README.count("](.github/")


@pytest.mark.parametrize(("path", "told"), _SHOWN)
def test_a_picture_is_small_and_told_in_words(path: str, told: str) -> None:
    body = (_ROOT / path).read_bytes()
    assert body[:4] == b"RIFF"
    assert body[8:12] == b"WEBP"
    assert len(body) < 60_000
    assert len(told) > 30
