import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dom import paragraphs, parse, short_text
from extractors.table import CAPTION, FIGURE, HEADING, HIDDEN


def texts(html: str) -> list[str]:
    return parse(html).blocks.text


def test_blocks_are_split_at_block_elements_only() -> None:
    assert texts("<div>one <b>two</b> three<p>four</p>five</div>") == ["one two three", "four", "five"]


def test_one_line_break_is_a_space_and_two_end_a_block() -> None:
    assert texts("<p>one<br>two<br> <br>three</p>") == ["one two", "three"]


def test_text_that_is_no_text_is_left_out() -> None:
    html = "<nav>menu</nav><script>x()</script><style>p{}</style><button>ok</button><p>kept</p><footer>end</footer>"
    assert texts(html) == ["kept"]


def test_links_are_measured_and_labelled() -> None:
    blocks = parse('<p>See <a href="/one">the first</a> and <a href="/two">second</a></p><p>none</p>').blocks
    assert blocks.label == ["the first", ""]
    assert [blocks.hrefs[anchor] for anchor in blocks.anchor] == ["/one", ""]
    assert blocks.link[0] == pytest.approx(15 / len("See the first and second"))
    assert blocks.words == [5, 1]


def test_a_link_around_blocks_links_them_all() -> None:
    blocks = parse('<a href="/card"><h3>Title</h3><p>Teaser</p></a><p>text</p>').blocks
    assert blocks.link == [1.0, 1.0, 0.0]


def test_flags_are_inherited_and_subtrees_are_ranges() -> None:
    doc = parse("<figure><div style='display: none'>a</div><figcaption>b</figcaption></figure><h2>c</h2>")
    elements, owners = doc.elements, doc.blocks.element
    flags = [elements.flags[owner] for owner in owners]
    assert flags == [FIGURE | HIDDEN, FIGURE | CAPTION, HEADING]
    figure = elements.tag.index("figure")
    assert [figure <= owner < elements.end[figure] for owner in owners] == [True, True, False]


def test_head_is_read_in_the_same_walk() -> None:
    head = parse(
        "<html lang='pt'><head><title> A  title </title><meta name='Author' content=' Ada '>"
        "<link rel='Canonical' href='/c'>"
        "<script type='application/ld+json'>{}</script></head></html>"
    ).head
    assert (head.title, head.language) == ("A title", "pt")
    assert head.metas == (("author", "Ada"),)
    assert head.links == (("canonical", "/c"),)
    assert head.scripts == ("{}",)


def test_paragraphs_of_a_node_without_what_is_dropped() -> None:
    node = parse("<div id=a><p>one</p><p class=ad>ad</p>two <i class=ad>x</i> three</div>").tree.css_first("#a")
    assert node is not None
    assert paragraphs(node, [".ad"]) == ["one", "two three"]
    assert paragraphs(node) == ["one", "ad", "two x three"]


def test_short_text_gives_up_on_long_nodes() -> None:
    node = parse("<p>By <b>Ada</b></p>").tree.css_first("p")
    assert node is not None
    assert short_text(node) == "By Ada"
    assert short_text(node, limit=3) == ""


@given(st.text(alphabet="<>/ =\"'adivpr\x00é&;!-[]"))
def test_anything_parses(html: str) -> None:
    doc = parse(html)
    assert len(doc.blocks.text) == len(doc.blocks.link) == len(doc.blocks.label)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000 + "deep",
        "<p>word</p>" * 50_000,
        "<p>" + "x " * 1_500_000,
        "<b><i><a href=x>" * 5_000 + "y",
        "<ul><li><a href=x>a b c d</a>" * 10_000,
    ],
    ids=["nested", "many", "large", "inline", "lists"],
)
@pytest.mark.timeout(60)
def test_hostile_pages_are_read(html: str) -> None:
    doc = parse(html)
    assert doc.blocks.text
