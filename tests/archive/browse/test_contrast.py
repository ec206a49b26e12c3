"""The colours of the pages can be told apart: WCAG 2.2, 1.4.3 for words and 1.4.11 for what is drawn."""

import re
from importlib.resources import files
from itertools import product

import pytest

_SHEET = (files("archive.browse") / "static" / "pages.css").read_text("utf-8")
_LIGHT, _DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", _SHEET, re.DOTALL)
)
_SCHEMES = {"light": _LIGHT, "dark": {**_LIGHT, **_DARK}}

_WORDS = [
    *product(("ink", "soft", "link", "plus", "minus"), ("paper",)),
    *product(("ink", "soft"), ("raised", "article-back", "list-back")),
    ("plus", "plus-back"), ("minus", "minus-back"), ("ink", "mark"),
]  # fmt: skip
_DRAWN = [*product(("a", "b", "c", "d", "e", "edge"), ("paper",))]


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", _SCHEMES)
@pytest.mark.parametrize(
    ("front", "back", "least"), [*((*pair, 4.5) for pair in _WORDS), *((*pair, 3.0) for pair in _DRAWN)]
)
def test_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    lighter, darker = sorted((_luminance(_SCHEMES[scheme][name]) for name in (front, back)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least
