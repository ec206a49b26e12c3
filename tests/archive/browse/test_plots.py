"""Plots and words of the pages."""

from xml.etree import ElementTree as ET

import pytest

from archive.browse import plots, words
from tests.archive.browse.served import MARKS

pytestmark = MARKS


@pytest.mark.parametrize("count", [0, 1, 2, 60, 400])
def test_plots_are_well_formed_and_described(count: int) -> None:
    labels = [f"2026-11-{day % 28 + 1:02}" for day in range(count)]
    series = [plots.Series(name="a", css="a", values=tuple(float(day) for day in range(count)))]
    for made in (plots.bars("x", "A <title>", labels, series), plots.area("x", "A <title>", labels, series[0], "B")):
        root = ET.fromstring(str(made))
        assert [child.text for child in root if child.tag == "title"] == ["A <title>"]
        assert next(child for child in root if child.tag == "desc").text


def test_bars_reach_as_high_as_their_share() -> None:
    made = plots.bars("x", "t", ["a", "b"], [plots.Series(name="n", css="a", values=(50.0, 100.0))])
    heights = [float(bar.attrib["height"]) for bar in ET.fromstring(str(made)) if bar.tag == "rect"]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (62_600, "62.6 kB"), (4_360_000, "4.4 MB")]
)
def test_sizes(value: int, shown: str) -> None:
    assert words.size(value) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-11-22T08:05:00.000Z", '<time datetime="2026-11-22T08:05:00.000Z">22 Nov 2026, 08:05</time>'),
        ("2025-12-04", '<time datetime="2025-12-04">4 Dec 2025</time>'),
        ("2025-13-04", "2025-13-04"),
        ("<b>", "&lt;b&gt;"),
        (None, "–"),
    ],
)
def test_moments(stored: str | None, shown: str) -> None:
    assert str(words.moment(stored)) == shown


def test_a_snippet_is_escaped_before_its_marks_are_set() -> None:
    assert str(words.snippet("<b>⟦one⟧</b>")) == "&lt;b&gt;<mark>one</mark>&lt;/b&gt;"
