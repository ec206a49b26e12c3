import random
from importlib.resources import files

import numpy as np
import pytest

from extractors.decision import decide, load_model
from extractors.dom import parse
from extractors.features import features
from extractors.frame import Frame, frame
from extractors.lists import read_lists
from extractors.rows import read_rows
from tests.extractors.generic_pages import POSITIONS, SHAPES, page_with

TEXT = """<html><head><title>Ferry returns to the lake - The Courier</title>
<meta property="og:description" content="The boat that closed in 1987 takes passengers again from the old pier.">
</head><body><header><h1>Ferry returns to the lake</h1></header><main class="story-body">
<p class="lead">The boat that closed in 1987 takes passengers again from the old pier.</p>
<p>On its first morning forty people crossed, most of them with bicycles, and the captain rang the bell twice.</p>
<p>The council paid for the engine, and a club of pensioners spent four winters on the hull and on the seats.</p>
</main><div class="comments"><p>Nice.</p></div></body></html>"""


def frame_of(html: str) -> Frame:
    document = parse(html)
    found = frame(document, read_lists(document, "", None, None).taken, load_model().marker)
    assert found is not None
    return found


def table_of(html: str) -> tuple[list[str], np.ndarray]:
    columns = frame_of(html)
    return columns.texts, features(columns, read_rows(columns, load_model().words))[1]


def test_the_weights_fit_the_columns() -> None:
    columns = frame_of(TEXT)
    names, table = features(columns, read_rows(columns, {}))
    assert names == load_model().blocks.names
    assert table.shape == (len(columns.texts), len(names))
    assert np.isfinite(table).all()


def test_what_a_block_is_told_by() -> None:
    columns = frame_of(TEXT)
    rows = read_rows(columns, {"^the": 1.5, "boat": -0.5})
    lead = columns.texts.index("The boat that closed in 1987 takes passengers again from the old pier.")
    assert rows.described[lead] == 1
    assert (rows.low[lead], rows.high[lead]) == (-0.5, 1.5)
    assert rows.headline.tolist() == [tag == "Ferry returns to the lake" for tag in columns.texts]
    assert rows.title == columns.texts.index("Ferry returns to the lake")


def test_the_container_holds_the_prose() -> None:
    columns = frame_of(TEXT)
    assert columns.document.elements.tag[columns.container] == "main"
    assert columns.document.elements.tag[columns.body] == "main"


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_list_leaves_no_trace_in_the_features(shape: str, position: str) -> None:
    texts, bare = table_of(page_with("", position))
    for seed, count in ((1, 4), (2, 11)):
        block = SHAPES[shape](random.Random(seed), count)
        again, table = table_of(page_with(block, position))
        assert again == texts
        np.testing.assert_array_equal(table, bare)


def test_the_weights_are_small_and_have_their_card() -> None:
    folder = files("extractors") / "model"
    assert len((folder / "weights.json").read_bytes()) < 400_000
    assert "licence" in (folder / "card.md").read_text(encoding="utf-8")


def test_no_text_no_frame() -> None:
    document = parse("<html><body><nav>Home</nav></body></html>")
    assert frame(document, b"", load_model().marker) is None
    assert decide(document, b"", []) is None


def test_a_page_where_all_is_skipped_by_name_is_read_again() -> None:
    odds = load_model().marker.odds
    worst = min(odds, key=odds.__getitem__)
    assert odds[worst] < -4.2
    columns = frame_of(f'<div class="{worst}"><p>All the text that there is stands in here.</p></div>')
    assert columns.texts == ["All the text that there is stands in here."]
