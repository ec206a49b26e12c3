"""An explanation for people at a terminal, and as data."""

from typing import TYPE_CHECKING, Any, Final

from crawler.cli import paint
from crawler.cli.shapes import list_shape
from extractors import ExplainedBlock, Explanation, FieldSource

if TYPE_CHECKING:
    from rich.console import Console

STYLES: Final = {"article": "green", "list": "blue", "furniture": "bright_black"}
MARKS: Final = {"article": "A", "list": "L", "furniture": "F"}
NO_ARTICLE: Final = {
    "empty": "the page is empty",
    "not-html": "it is neither HTML nor plain text",
    "no-article": "the page holds none",
}
"""The reasons of a reading without an article, in words."""


def explanation(console: "Console", url: str, shown: Explanation) -> None:
    """The page's lines in order: painted on a terminal with colours, marked in the margin everywhere else."""
    coloured = console.is_terminal and not console.no_color
    _legend(console, url, shown, coloured=coloured)
    before: ExplainedBlock | None = None
    for block in shown.blocks:
        mark = "" if coloured else f"{MARKS[block.role]}  "
        console.print(paint.styled(mark), paint.styled(block.text, STYLES[block.role]), sep="")
        if before is None or (block.reason, block.list) != (before.reason, before.list):
            console.print(paint.styled(f"     {where(block)}", "dim italic"), sep="")
        before = block
    console.print()
    for field in shown.fields:
        console.print(paint.styled(f"{field.name:<14}", "bold"), paint.styled(_cut(field.value)), sep="")
        console.print(paint.styled(f"{'':14}{source(field)}", "dim italic"), sep="")


def where(block: ExplainedBlock) -> str:
    """The reason, and the element that the block stands in."""
    return f"{block.reason}  <{block.path.rpartition(' > ')[2]}>" if block.path else block.reason


def source(field: FieldSource) -> str:
    """Who read a field, and where the page states it."""
    return f"{field.reader}: {', '.join(field.places)}" if field.places else field.reader


def sums(shown: Explanation) -> list[tuple[str, int, int]]:
    """For each role its number of blocks and of words."""
    rows = []
    for role in MARKS:
        texts = [block.text for block in shown.blocks if block.role == role]
        rows.append((role, len(texts), sum(len(text.split()) for text in texts)))
    return rows


def explanation_shape(url: str, shown: Explanation) -> dict[str, Any]:
    """What ``extract --explain --json`` prints."""
    reading = shown.reading
    article = reading.article
    return {
        "url": url,
        "reason": reading.reason or None,
        "text": article.text if article else None,
        "rules": article.rules if article else None,
        "confidence": article.confidence if article else None,
        "drift": list(reading.drift),
        "fields": [
            {"name": field.name, "value": field.value, "reader": field.reader, "places": list(field.places)}
            for field in shown.fields
        ],
        "lists": [list_shape(found) for found in shown.lists],
        "blocks": [_block_shape(block) for block in shown.blocks],
    }


def _block_shape(block: ExplainedBlock) -> dict[str, Any]:
    score = block.score
    names = ("score", "threshold", "model", "vote", "section")
    shape = {name: getattr(block, name) for name in ("text", "role", "cause", "reason", "list", "item")}
    scores = {name: getattr(score, name) for name in names} if score else dict.fromkeys(names)
    place = {"tag": block.tag, "depth": block.depth, "path": block.path, "goes_on": block.goes_on}
    return shape | scores | place


def _legend(console: "Console", url: str, shown: Explanation, *, coloured: bool) -> None:
    console.print(paint.styled(url, "bold"))
    if shown.reading.article is None:
        reason = shown.reading.reason
        console.print(paint.styled(f"No article here: {NO_ARTICLE.get(reason, reason)}.", "yellow"))
    for role, blocks, words in sums(shown):
        name = role if coloured else f"{MARKS[role]} {role}"
        counted = f"{paint.counted(blocks, 'block')}, {paint.counted(words, 'word')}"
        console.print(paint.styled(f"{name:<14}", STYLES[role]), paint.styled(counted), sep="")
    console.print()


def _cut(value: str, most: int = 160) -> str:
    return value if len(value) <= most else f"{value[:most]}…"
