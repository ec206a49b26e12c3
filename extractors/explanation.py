"""Why a page was read as it was, as frozen records: blocks in page order, and where each field comes from."""

from dataclasses import dataclass
from typing import Literal

from extractors.article import LinkList, Reading
from extractors.generic import CELL_BAR
from extractors.text import canonical_text

Role = Literal["article", "list", "furniture"]
Cause = Literal[
    "model", "rules", "plug-in", "prose", "list", "repeats", "low-score", "skipped", "comments", "furniture-words",
    "headline", "byline", "date", "section", "label", "caption", "stop", "dropped", "outside", "no-article",
]  # fmt: skip
"""What decided: the block model's score, the site's rules, its plug-in, or the shape of a dump's line put it into the
article; a list took it, or a run that repeats but promotes nothing (navigation); its score was too low, or it stands
under names that never held an article; it lies in reader comments, is furniture by its own words, or a label of the
article (headline … stop); the rules or the plug-in leave it out (dropped inside the body, outside of it); or the whole
page is no article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the block model said; kept from ``threshold`` on; ``vote`` is the rules', ``section`` the gate's."""

    score: float
    threshold: float
    model: float
    vote: float
    section: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBlock:
    """One run of text of the page, and what became of it.

    ``reason`` is ``cause`` in words. ``list`` indexes the explanation's lists and ``item`` counts the items on the page
    (None for a heading). ``tag``, ``depth`` and ``path`` (tags with a first class or id, from the root) say where it
    stands; a dump's lines have tag "line". ``goes_on`` marks a table's cell in the paragraph of the one before.
    """

    text: str
    role: Role
    cause: Cause
    reason: str
    score: Score | None = None
    list: int | None = None
    item: int | None = None
    tag: str = "line"
    depth: int = 0
    path: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSource:
    """Where a field of the article comes from: the reader, then the places of the page that state this value."""

    name: str
    value: str
    reader: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The same decision as ``reading``, block by block; no blocks for a page that is not looked into."""

    reading: Reading
    blocks: tuple[ExplainedBlock, ...] = ()
    fields: tuple[FieldSource, ...] = ()

    @property
    def lists(self) -> tuple[LinkList, ...]:
        """The lists that ``ExplainedBlock.list`` indexes: those of the article; none without an article."""
        return self.reading.article.lists if self.reading.article else ()

    @property
    def text(self) -> str:
        """The article blocks joined: the text that ``extract`` gives, "" for None."""
        paragraphs: list[str] = []
        for block in self.blocks:
            if block.role == "article" and block.goes_on and paragraphs:
                paragraphs[-1] += CELL_BAR + block.text
            elif block.role == "article":
                paragraphs.append(block.text)
        return canonical_text("\n\n".join(paragraphs))
