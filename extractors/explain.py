"""Why a page was read as it was. The decision is the one of ``extract``: it is told again here, never made again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from extractors.article import LinkList
from extractors.decision import REPEATED, Decision, passing
from extractors.dom import Document
from extractors.dumplines import THRESHOLD
from extractors.explanation import Cause, ExplainedBlock, Explanation, Role, Score
from extractors.extract import HtmlTrace, trace
from extractors.generic import in_row
from extractors.names import COMMENTS, NEGATIVE, name_marks
from extractors.page import Page
from extractors.plaintext import LIST, TEXT, Dump
from extractors.provenance import dump_sources, html_sources
from extractors.retold import by_plug_in, by_rules
from extractors.runs import Run
from extractors.vocabulary import is_junk, is_stop
from extractors.when import is_when
from extractors.wordsets import similar, words

_HEADLINE: Final = 0.01  # of the model's part, from which only a headline has a score of nothing
_LINES: Final[dict[str, tuple[Role, Cause, str]]] = {
    "text": ("article", "prose", "prose: long, or it ends as a sentence does"),
    "list": ("list", "list", ""),
    "title": ("furniture", "headline", "the headline: first line before the prose that can be one"),
    "section": ("furniture", "section", "a label of one to three words over the headline"),
    "label": ("furniture", "label", "a label before the headline, of a picture or a section"),
    "byline": ("furniture", "byline", "names who wrote it"),
    "date": ("furniture", "date", "a date, a time or an age"),
    "caption": ("furniture", "caption", "credits a picture"),
    "furniture": ("furniture", "furniture-words", "neither prose nor a known label"),
}


def explain(page: Page) -> Explanation:
    """What each block of a page was taken for and why, and where each field comes from. Never raises."""
    found = trace(page)
    if found.html is not None:
        reading = found.reading
        blocks = _html_blocks(found.html, page, reading.article.lists if reading.article else None)
        return Explanation(reading=reading, blocks=tuple(blocks), fields=html_sources(found.html, reading.article))
    if found.dump is not None:
        blocks = _dump_blocks(found.dump, article=found.reading.article is not None)
        return Explanation(reading=found.reading, blocks=tuple(blocks), fields=dump_sources(found.reading.article))
    return Explanation(reading=found.reading)


def _html_blocks(html: HtmlTrace, page: Page, lists: tuple[LinkList, ...] | None) -> list[ExplainedBlock]:
    blocks = _generic_blocks(html)
    if lists is None:
        return [_without_article(block) for block in blocks]
    if html.ruled is not None and html.own.block is not None and html.own.site is not None:
        return by_rules(blocks, html, page, lists)
    if html.plugged is not None:
        return by_plug_in(blocks, html.plugged, html.generic, lists)
    return blocks


def _without_article(block: ExplainedBlock) -> ExplainedBlock:
    if block.role != "article":
        return replace(block, list=None, item=None)
    reason = f"the page holds no article: too little prose beside its links; else it would be text ({block.reason})"
    return replace(block, role="furniture", cause="no-article", reason=reason)


def _generic_blocks(html: HtmlTrace) -> list[ExplainedBlock]:
    """Every block as the generic reader took it."""
    doc, steps = html.doc, html.steps
    paths = paths_of(doc)
    scores = _scores(steps.decision)
    kept = dict(zip(steps.kept, in_row(doc, steps.kept), strict=True))
    members = _members(steps.promoted.runs)
    told = _Telling(html)
    found = []
    for k, text in enumerate(doc.blocks.text):
        owner = doc.blocks.element[k]
        number, item = members.get(k, (None, None))
        role: Role = "article" if k in kept else "list" if number is not None else "furniture"
        cause, reason = told.article(scores[k]) if k in kept else told.other(k, number, scores.get(k))
        found.append(
            ExplainedBlock(
                text=text, role=role, cause=cause, reason=reason, score=scores.get(k), list=number, item=item,
                goes_on=kept.get(k, False), tag=doc.elements.tag[owner],
                depth=doc.elements.depth[owner], path=paths[owner],
            )
        )  # fmt: skip
    return found


def _scores(decision: Decision | None) -> dict[int, Score]:
    if decision is None:
        return {}
    columns = (decision.score, decision.model, decision.vote, decision.section)
    rows = zip(decision.index, *(column.tolist() for column in columns), strict=True)
    return {
        block: Score(
            score=round(score, 4), threshold=round(decision.threshold, 4), model=round(model, 4), vote=vote,
            section=round(section, 4),
        )
        for block, score, model, vote, section in rows
    }  # fmt: skip


def _members(runs: Sequence[Run]) -> dict[int, tuple[int, int | None]]:
    """For each block of a list the list's number, and the item's."""
    found: dict[int, tuple[int, int | None]] = {}
    for number, run in enumerate(runs):
        first = run.start if run.heading is None else run.heading
        found |= dict.fromkeys(range(first, run.end), (number, None))
        for item, (start, end) in enumerate(run.items):
            found |= dict.fromkeys(range(start, end), (number, item))
    return found


class _Telling:
    """Puts the reader's steps into words, in the order in which they apply."""

    def __init__(self, html: HtmlTrace) -> None:
        self.doc = html.doc
        self.lists = html.steps.body.lists
        self.taken = html.steps.promoted.taken
        self.singles = html.steps.promoted.singles
        self.hidden = html.steps.rules.hidden
        self.moving = html.doc.lines.moving
        self.kept = frozenset(html.steps.decision.kept if html.steps.decision else ())
        self.title = frozenset(words(html.metadata.title))
        self.said = Counter(html.doc.lines.lower)

    def article(self, score: Score) -> tuple[Cause, str]:
        return "model", f"score {score.score:.2f} of {score.threshold:.2f}: {_parts(score)}"

    def other(self, block: int, number: int | None, score: Score | None) -> tuple[Cause, str]:
        text = self.doc.blocks.text[block]
        if number is not None:
            return "list", list_reason(self.lists[number])
        if self.taken[block]:
            if self.singles[block]:
                return "repeats", "promotes a single other story beside the text"
            return "repeats", "one of a run of like links that promotes no stories, such as navigation or tags"
        if self.hidden[block]:
            if is_junk(text.lower()):
                return "furniture-words", "furniture by its own words: sharing, credits, newsletters, links to more"
            if self.moving[block]:
                return "furniture-words", "furniture by its own words: an age, consent, or the portrait of a reporter"
            return "comments", f"stands in reader comments{self.named(block, COMMENTS)}"
        if block in self.kept:
            return self.label(text)
        if score is None:
            return "skipped", f"stands under names that hold no article on any known page{self.named(block, NEGATIVE)}"
        if not score.score and score.model > _HEADLINE:
            if self.said[self.doc.lines.lower[block]] >= REPEATED and not similar(words(text), self.title):
                return "repeats", "the page says it again and again, such as a call, a notice or a label"
            return "headline", "the headline, or says it again: it is the title and never text"
        return "low-score", f"score {score.score:.2f} under {score.threshold:.2f}: {_parts(score)}" + self.named(
            block, NEGATIVE
        )

    def label(self, text: str) -> tuple[Cause, str]:
        """Why a block with a good score is a label of the article and not its text."""
        if is_when(text):
            return "date", "a date, a time or an age beside the text"
        if is_stop(text):
            return "stop", "opens what follows an article"
        if is_junk(text.lower()):
            return "furniture-words", "furniture by its own words: sharing, credits, newsletters, links to more"
        if similar(words(text), self.title):
            return "headline", "says the headline again"
        return "byline", "names an author of the page"

    def named(self, block: int, mark: int) -> str:
        """The nearest names above a block that carry the mark."""
        elements, element = self.doc.elements, self.doc.blocks.element[block]
        while element:
            names = elements.names[element]
            if names and name_marks(names) & mark:
                return f"; inside <{elements.tag[element]} {names[:60].strip()}>"
            element = elements.parent[element]
        return ""


def _parts(score: Score) -> str:
    through = float(passing(np.asarray(score.section)))
    gate = f"section {score.section:.2f}" + (f", which lets {through:.0%} through" if through < 1 else "")
    return f"model {score.model:.2f}, rules' vote {'yes' if score.vote else 'no'}, {gate}"


def list_reason(found: LinkList) -> str:
    """What a list is, in words."""
    heading = f"“{found.heading}”" if found.heading else "without a heading"
    return f"list {heading} of kind {found.kind}, {len(found.items)} items"


def paths_of(doc: Document) -> list[str]:
    """For each element the tags from the root down to it, with the first name of each."""
    elements = doc.elements
    paths: list[str] = []
    for element, (tag, parent, names) in enumerate(zip(elements.tag, elements.parent, elements.names, strict=True)):
        first = names.split(maxsplit=1)[:1] if names else []
        own = ".".join([tag, *first])
        paths.append(f"{paths[parent]} > {own}" if element else own)
    return paths


def _dump_blocks(dump: Dump, *, article: bool) -> list[ExplainedBlock]:
    found = []
    numbers = {
        at: (number, each.links) for number, each in enumerate(dump.promoted) for at in range(each.start, each.end)
    }
    for at, (line, role) in enumerate(zip(dump.lines, dump.roles, strict=True)):
        kind, cause, reason = _LINES[role]
        number = None
        if role == LIST:
            number, links = numbers[at]
            reason = list_reason(links)
        elif dump.chances:
            said = f"line model {dump.chances[at]:.2f} of {THRESHOLD}"
            reason = said if role == TEXT and dump.chances[at] >= THRESHOLD else f"{reason}; {said}"
        found.append(ExplainedBlock(text=line, role=kind, cause=cause, reason=reason, list=number if article else None))
    return found
