"""Our own pages in several styles, and lists in the shapes that sites use, for the tests of the generic reader."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from extractors.dom import parse
from extractors.generic import Body, read_body
from extractors.metadata import Metadata, read_metadata

PAGES: Final = Path(__file__).parents[1] / "pages" / "generic"
URL: Final = "https://www.kelvincourier.example/city/harbour-bridge"
FETCHED_AT: Final = datetime(2026, 3, 4, 12, tzinfo=UTC)


def stored(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def read_page(html: str, url: str = URL) -> tuple[Metadata, Body]:
    doc = parse(html)
    metadata = read_metadata(doc, url)
    return metadata, read_body(doc, metadata, FETCHED_AT, url)


PARAGRAPHS: Final = (
    "The reservoir above the town has fallen to its lowest level since it was filled, the water board said on Monday.",
    "Gardens may be watered only after eight in the evening, and the two public fountains have been turned off.",
    "“Nobody will go thirsty,” said the board’s director, who asked the larger farms to send in their plans by Friday.",
    "Rain is expected at the end of the month, but the hills would need three wet weeks before the level rises again.",
    "A similar drought nineteen years ago ended with a night of thunder that flooded the lower streets.",
)

SUBJECTS: Final = ("Mayor", "Bakery", "Orchestra", "Ferry line", "Village school", "Old mill", "Rowing club", "Library")
VERBS: Final = ("opens", "loses", "celebrates", "postpones", "plans", "sells", "doubles", "explains")
OBJECTS: Final = (
    "a new season",
    "its second home",
    "half of the fees",
    "the long route",
    "every Sunday",
    "a rare find",
)


def headline(dice: random.Random) -> str:
    return f"{dice.choice(SUBJECTS)} {dice.choice(VERBS)} {dice.choice(OBJECTS)} in {dice.choice(SUBJECTS).lower()} row"


def teaser(dice: random.Random) -> str:
    words = " ".join(dice.choice(OBJECTS) for _ in range(dice.randrange(3, 8)))
    return f"Those who saw {words}…"


def age(dice: random.Random) -> str:
    return f"{dice.randrange(2, 23)} hours ago"


def address(dice: random.Random) -> str:
    return f"/news/{dice.randrange(10**6)}.html"


def linked_items(dice: random.Random, count: int) -> str:
    items = "".join(f'<li><a href="{address(dice)}">{headline(dice)}</a> <i>{age(dice)}</i></li>' for _ in range(count))
    return f"<div><h3>Latest news</h3><ul>{items}</ul><!-- {dice.random()} --></div>"


def plain_divs(dice: random.Random, count: int) -> str:
    items = "".join(f'<div class="k3"><a href="{address(dice)}">{headline(dice)}</a></div>' for _ in range(count))
    return f'<div class="q{dice.randrange(99)}"><div class="h">From the newsroom</div>{items}</div>'


def cards(dice: random.Random, count: int) -> str:
    items = "".join(
        f'<div><a href="{(link := address(dice))}"><img src="x.jpg"></a><h3><a href="{link}">{headline(dice)}</a></h3>'
        f"<p>{teaser(dice)}</p><p>{age(dice)}</p></div>"
        for _ in range(count)
    )
    return f"<section><h2>More from this section</h2>{items}</section>"


def bare_triples(dice: random.Random, count: int) -> str:
    items = "".join(f"<p>{headline(dice)}</p><p>{teaser(dice)}</p><p>{age(dice)}</p>" for _ in range(count))
    return f"<p>Latest posts</p>{items}"


def bare_pairs(dice: random.Random, count: int) -> str:
    items = "".join(f"<p>{headline(dice)}</p><p>{teaser(dice)}</p>" for _ in range(count))
    return f"<h4>Don't miss</h4>{items}"


def age_first(dice: random.Random, count: int) -> str:
    items = "".join(f"<p>{age(dice)}</p><p>{headline(dice)}</p>" for _ in range(count))
    return f"<p>Breaking news</p>{items}"


def dated_groups(dice: random.Random, count: int) -> str:
    items = "".join(
        f"<p>-</p><p>News</p><p>{headline(dice)}</p><p>March 0{dice.randrange(1, 5)}, 2026</p>" for _ in range(count)
    )
    return f"<p>Top stories</p>{items}"


def linked_paragraphs(dice: random.Random, count: int) -> str:
    items = "".join(f'<p><a href="{address(dice)}">{headline(dice)}</a></p>' for _ in range(count))
    return f"<p><b>Also read</b></p>{items}"


SHAPES: Final[dict[str, Callable[[random.Random, int], str]]] = {
    "linked-items": linked_items,
    "plain-divs": plain_divs,
    "cards": cards,
    "bare-triples": bare_triples,
    "bare-pairs": bare_pairs,
    "age-first": age_first,
    "dated-groups": dated_groups,
    "linked-paragraphs": linked_paragraphs,
}
POSITIONS: Final = ("middle", "after", "end")


def page_with(block: str, position: str) -> str:
    """A page whose article has five paragraphs, with a block between them, after them, or at the end of the page."""
    paragraphs = [f"<p>{text}</p>" for text in PARAGRAPHS]
    at = {"middle": 2, "after": len(paragraphs)}.get(position)
    if at is not None:
        paragraphs.insert(at, block)
    return (
        "<html lang='en'><head><title>Reservoir at its lowest level</title></head><body><div class='a1'>"
        f"<h1>Reservoir at its lowest level</h1><div class='b2'>{''.join(paragraphs)}</div></div>"
        f"{block if position == 'end' else ''}</body></html>"
    )
