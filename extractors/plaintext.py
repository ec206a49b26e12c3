"""A plain-text dump of a page, split the same three ways: article, lists, furniture.

The article is what no list takes. Its lines are told apart by length and end alone: prose is long or ends as sentences
do; before the first prose stand labels, captions, the title, byline and date; behind the last one the byline again.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from extractors.article import Article, Moment
from extractors.bylines import names
from extractors.dates import moment
from extractors.dumplines import THRESHOLD, article_chances
from extractors.dumps import Promoted, is_prose, is_sentence, read_lines, read_promoted
from extractors.text import canonical_text, word_count
from extractors.vocabulary import is_junk, is_stop
from extractors.when import is_when

_CREDIT = re.compile(
    r"\b(?:photo(?:graph)?s?|image|picture|pic|foto|bild|crédits?|credits?|imagen|fotografía|immagine)"
    r"(?: courtesy| credits?| by)?\s?[:/|]|\bvia wikimedia|\bwikimedia commons|\bgetty images|\bfile photo|\(reuters\)"
    r"|\(ap\)|\(afp\)|\(pti\)|(?:फोटो|फ़ोटो|तस्वीर)\s?[:/|]",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:(?:written |reported |edited )?by|von|par|por|di|द्वारा|लेखक)\s*:?\s+\S.{0,80}"
    r"|.{0,40}\b(?:desk|bureau|staff|correspondent|reporter|reporters|agency|agencies|redaktion|rédaction|redacción"
    r"|redação|redazione)\b.{0,20}|.{0,40}(?:डेस्क|ब्यूरो|संवाददाता)",
    re.IGNORECASE,
)
TEXT, LIST, TITLE, SECTION, LABEL, BYLINE, DATE, CAPTION, FURNITURE = (
    "text", "list", "title", "section", "label", "byline", "date", "caption", "furniture",
)  # fmt: skip
ROLES = (TEXT, LIST, TITLE, SECTION, LABEL, BYLINE, DATE, CAPTION, FURNITURE)
"""What a line of a dump may be; only TEXT is the article's."""

_CAPTION_WORDS = 40
_LABEL_WORDS = 3
_HEAD_LINES = 10
_FULL_TEXT_WORDS = 100


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the prose."""

    title: str
    section: str | None
    authors: tuple[str, ...]
    published: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """The lines of a dump, each with what it is, and what they make: ``article`` is None where there is no prose.

    ``chances`` are the line model's, None for a dump that it has no say in.
    """

    lines: list[str]
    roles: list[str]
    promoted: list[Promoted]
    article: Article | None
    chances: list[float] | None = None


def read_plaintext(text: str, fetched_at: datetime | None) -> Article | None:
    """The article of a dump, or None if it holds no prose; its ``rules`` are left to the caller."""
    return read_dump(text, fetched_at).article


def read_dump(text: str, fetched_at: datetime | None) -> Dump:
    """A dump split line by line; see ``ROLES``."""
    lines = read_lines(text)
    promoted = read_promoted(lines, fetched_at)
    split = _corrected(lines, _by_rules(lines, promoted))
    if split.head is None:
        return Dump(lines=lines, roles=split.roles, promoted=promoted, article=None)
    head = split.head
    kept = [line for line, role in zip(lines, split.roles, strict=True) if role == TEXT]
    article = Article(
        title=head.title,
        text=canonical_text("\n\n".join(kept)),
        authors=head.authors or split.signed,
        published=head.published,
        section=head.section,
        lists=tuple(each.links for each in promoted),
        confidence=_confidence(lines, split),
    )
    return Dump(lines=lines, roles=split.roles, promoted=promoted, article=article, chances=split.chances)


def rule_roles(lines: list[str]) -> list[str]:
    """What the rules alone take each line for."""
    return _by_rules(lines, read_promoted(lines, None)).roles


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """The rules' roles; ``head`` is None where there is no prose, ``prose`` counts its lines."""

    roles: list[str]
    head: _Head | None = None
    prose: int = 0
    chances: list[float] | None = None
    signed: tuple[str, ...] = ()


def _by_rules(lines: list[str], promoted: list[Promoted]) -> _Split:
    roles = [""] * len(lines)
    for each in promoted:
        roles[each.start : each.end] = [LIST] * (each.end - each.start)
    own = [index for index, role in enumerate(roles) if not role]
    prose = [index for index in own if is_prose(lines[index]) and not _is_caption(lines[index])]
    if not prose:
        for index in own:
            roles[index] = _other(lines[index])
        return _Split(roles=roles)
    head = _head(lines, [index for index in own if index < prose[0]], roles)
    for index in own:
        if prose[0] <= index <= prose[-1]:
            roles[index] = _other(lines[index]) if _is_furniture(lines[index]) else TEXT
    behind = [index for index in own if index > prose[-1]]
    tail = list(takewhile(lambda index: not is_stop(lines[index]), behind))
    for index in behind:
        roles[index] = TEXT if index in tail and _is_closing(lines[index]) else _other(lines[index])
    signed = names(lines[index] for index in tail[:3] if _is_byline(lines[index]) or _is_person(lines[index]))
    return _Split(roles=roles, head=head, prose=len(prose), signed=signed[:3])


def _confidence(lines: list[str], split: _Split) -> float:
    """The F1 that the line model expects of the text, less for a short one; where it has no say, a guess."""
    if split.chances is None:
        return 0.9 if split.head is not None and split.head.title and split.prose > 2 else 0.6
    sizes = [word_count(line) for line in lines]
    rows = list(zip(sizes, split.roles, split.chances, strict=True))
    kept = sum(size for size, role, _ in rows if role == TEXT)
    gained = sum(size * chance for size, role, chance in rows if role == TEXT)
    expected = 2 * gained / max(1.0, kept + sum(size * chance for size, _, chance in rows))
    return round(expected * min(1.0, kept / _FULL_TEXT_WORDS), 3)


def _corrected(lines: list[str], rules: _Split) -> _Split:
    """The rules' split as the line model sees it: the text is what the model says, and the head what stands before."""
    chances = article_chances(lines, [r == TEXT for r in rules.roles], [r == LIST for r in rules.roles])
    if rules.head is None or chances is None:
        return rules
    own = [index for index, role in enumerate(rules.roles) if role != LIST]
    text = [index for index in own if chances[index] >= THRESHOLD and not _is_signature(lines[index])]
    if text and _is_title(lines, own, text[0]):
        text.pop(0)
    if not text:
        return replace(rules, chances=chances)
    roles = [role if role == LIST else _other(line) for line, role in zip(lines, rules.roles, strict=True)]
    head = _head(lines, _head_lines(own, text[0]), roles)
    chosen = frozenset(text)
    for index in own:
        if index >= text[0] or roles[index] == TEXT:
            roles[index] = TEXT if index in chosen else _other(lines[index])
    return replace(rules, roles=roles, head=head, chances=chances)


def _is_signature(line: str) -> bool:
    """Whether a line is a date, a byline or a credit by its words, whatever its place makes of it."""
    return not is_prose(line) and (is_when(line) or _is_byline(line) or _is_caption(line))


def _head_lines(own: list[int], first: int) -> list[int]:
    """The lines before the text in which its head is looked for: higher up a whole page has its navigation."""
    return [index for index in own if index < first][-_HEAD_LINES:]


def _is_title(lines: list[str], own: list[int], first: int) -> bool:
    """Whether the first line of the text is rather its title: shaped like one, and nothing before it is."""
    if is_sentence(lines[first]) or is_prose(lines[first]) or not _could_be_title(lines[first]):
        return False
    before = (lines[index] for index in _head_lines(own, first))
    return not any(_could_be_title(line) and word_count(line) > _LABEL_WORDS for line in before)


def _other(line: str) -> str:
    """What a line is that is neither text nor in a list."""
    if is_when(line):
        return DATE
    if _is_byline(line) or _is_person(line):
        return BYLINE
    return CAPTION if _is_caption(line) else FURNITURE


def _head(lines: list[str], before: list[int], roles: list[str]) -> _Head:
    """What the lines ``before`` the prose are; ``roles`` is filled in."""
    mine = [lines[index] for index in before]
    at = _title_at(mine)
    labels = [k for k, line in enumerate(mine[:at]) if word_count(line) <= _LABEL_WORDS and not is_when(line)]
    labels = [] if at is None else labels
    section = labels[-1] if labels and labels[-1] == (at or 0) - 1 and not _is_byline(mine[labels[-1]]) else None
    for k, (index, line) in enumerate(zip(before, mine, strict=True)):
        if k == at:
            roles[index] = TITLE
        elif k == section:
            roles[index] = SECTION
        elif k in labels and not _is_byline(line):
            roles[index] = LABEL
        else:
            roles[index] = TEXT if (at is None or k > at) and _is_standfirst(line) else _other(line)
    dates = (known for line in mine if is_when(line) and (known := moment(line)) is not None)
    return _Head(
        title=mine[at] if at is not None else "",
        section=mine[section] if section is not None else None,
        authors=names(line for line in mine if _is_byline(line)),
        published=next(dates, None),
    )


def _title_at(lines: list[str]) -> int | None:
    """The first line of four words or more that could be a headline, else the longest shorter one."""
    fitting = [index for index, line in enumerate(lines) if _could_be_title(line)]
    long = [index for index in fitting if word_count(lines[index]) > _LABEL_WORDS]
    best = long or sorted(fitting, key=lambda index: -len(lines[index]))
    return best[0] if best else None


def _could_be_title(line: str) -> bool:
    return not (is_when(line) or _is_caption(line) or _is_byline(line) or is_junk(line.lower()) or line.endswith("."))


def _is_standfirst(line: str) -> bool:
    return (word_count(line) > _LABEL_WORDS or is_sentence(line)) and _could_be_text(line)


def _is_closing(line: str) -> bool:
    """Whether a line behind the last prose is the article's: a short sentence, or a line too long for a label."""
    return (is_sentence(line) or word_count(line) > 2 * _LABEL_WORDS) and _could_be_text(line)


def _could_be_text(line: str) -> bool:
    return not (is_when(line) or _is_caption(line) or _is_byline(line) or is_junk(line.lower()))


def _is_furniture(line: str) -> bool:
    return not is_prose(line) and (is_when(line) or is_junk(line.lower()) or _is_caption(line))


def _is_caption(line: str) -> bool:
    return word_count(line) <= _CAPTION_WORDS and bool(_CREDIT.search(line))


def _is_byline(line: str) -> bool:
    return word_count(line) <= 8 and not is_sentence(line) and bool(_BYLINE.fullmatch(line))


def _is_person(line: str) -> bool:
    """Two to four capitalised words and nothing else, as an author's box leaves behind the text."""
    parts = line.split()
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts) and not is_sentence(line)
