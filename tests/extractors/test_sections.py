import numpy as np

from extractors.decision import decide, load_model, votes
from extractors.dom import parse
from extractors.frame import Frame, frame
from extractors.rows import read_rows
from extractors.sections import section_features, sections
from tests.extractors.generic_pages import PARAGRAPHS, page_with


def frame_of(html: str) -> Frame:
    document = parse(html)
    found = frame(document, bytes(len(document.blocks.text)), load_model().marker)
    assert found is not None
    return found


PAGE = """<body><div id="top"><p>Menu of the day</p></div><div id="story"><h1>Title</h1><p>One one one.</p>
<p>Two two.</p><h2>Next</h2><p>Three three.</p><div id="box"><p>Box box.</p><p>More box.</p></div></div>
<div id="end"><p>Imprint</p><p>Terms</p></div></body>"""


def test_flow_is_one_section_until_a_heading() -> None:
    columns = frame_of(PAGE)
    kept = np.array([float(text[:3] in ("One", "Two", "Thr")) for text in columns.texts])
    parts = sections(columns, kept)
    grouped: dict[int, list[str]] = {}
    for number, text in zip(parts.of_block.tolist(), columns.texts, strict=True):
        grouped.setdefault(number, []).append(text)
    assert list(grouped.values()) == [
        ["Menu of the day"],
        ["Title", "One one one.", "Two two."],
        ["Next", "Three three."],
        ["Box box.", "More box."],
        ["Imprint", "Terms"],
    ]
    assert parts.level.tolist() == [1, 0, 0, 0, 1]
    assert [columns.texts[k] for k in parts.first] == [texts[0] for texts in grouped.values()]


def test_nothing_kept_is_no_error() -> None:
    columns = frame_of(PAGE)
    parts = sections(columns, np.zeros(len(columns.texts)))
    assert len(parts.of_block) == len(columns.texts)


def test_the_weights_fit_the_columns() -> None:
    columns = frame_of(PAGE)
    rows = read_rows(columns, {})
    kept = np.full(len(columns.texts), 0.5)
    parts = sections(columns, kept)
    names, table = section_features(columns, rows, parts, kept, votes(columns, columns.index))
    gate = load_model().sections
    assert gate is not None
    assert names == gate.names
    assert table.shape == (len(parts.first), len(names))
    assert np.isfinite(table).all()


def comments(count: int) -> str:
    said = "I was there on the day and what the paper says is not at all how I remember that long afternoon."
    items = (
        f"<li class='entry'><div>Reader {k}</div><div>{k} hours ago</div><p>{said}</p><p>Reply</p></li>"
        for k in range(1, count)
    )
    return f"<section class='thread'><h3>Join the discussion</h3><ul>{''.join(items)}</ul></section>"


def test_a_thread_after_the_article_is_left_out_as_one() -> None:
    document = parse(page_with(comments(12), "end"))
    taken = bytes(len(document.blocks.text))
    everything = range(len(taken))
    decision = decide(document, taken, everything)
    assert decision is not None
    assert [document.blocks.text[k] for k in decision.kept] == list(PARAGRAPHS)
    recall = decide(document, taken, everything, recall=True)
    assert recall is not None
    assert set(decision.kept) <= set(recall.kept)
