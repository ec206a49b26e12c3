"""A plain-text dump of a page, split the same three ways: article, lists, furniture.

The article is what no list takes. Its lines are told apart by length and end alone: prose is long or ends as sentences
do; before the first prose stand labels, captions, the title, byline and date; behind the last one the byline again.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from extractors.article import Article, Moment
from extractors.bylines import names
from extractors.dates import moment
from extractors.dumps import is_prose, is_sentence, read_lines, read_promoted, word_count
from extractors.text import canonical_text
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
_CAPTION_WORDS = 40
_LABEL_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the prose. ``standfirst`` are its lines that belong to the text."""

    title: str
    section: str | None
    standfirst: list[str]
    authors: tuple[str, ...]
    published: Moment | None


def read_plaintext(text: str, fetched_at: datetime | None) -> Article | None:
    """The article of a dump, or None if it holds no prose; its ``rules`` are left to the caller."""
    lines = read_lines(text)
    promoted = read_promoted(lines, fetched_at)
    taken = {index for each in promoted for index in range(each.start, each.end)}
    own = [line for index, line in enumerate(lines) if index not in taken]
    prose = [index for index, line in enumerate(own) if is_prose(line) and not _is_caption(line)]
    if not prose:
        return None
    head = _head(own[: prose[0]])
    body = [line for line in own[prose[0] : prose[-1] + 1] if not _is_furniture(line)]
    tail = list(takewhile(lambda line: not is_stop(line), own[prose[-1] + 1 :]))
    kept = [*head.standfirst, *body, *filter(_is_closing, tail)]
    return Article(
        title=head.title,
        text=canonical_text("\n\n".join(kept)),
        authors=head.authors or names(line for line in tail[:3] if _is_byline(line) or _is_person(line))[:3],
        published=head.published,
        section=head.section,
        lists=tuple(each.links for each in promoted),
        confidence=0.9 if head.title and len(prose) > 2 else 0.6,
    )


def _head(lines: list[str]) -> _Head:
    at = _title_at(lines)
    before, after = (lines[:at], lines[at + 1 :]) if at is not None else ([], lines)
    labels = [line for line in before if word_count(line) <= _LABEL_WORDS and not is_when(line)]
    section = labels[-1] if labels and before[-1] == labels[-1] and not _is_byline(labels[-1]) else None
    dates = (known for line in lines if is_when(line) and (known := moment(line)) is not None)
    return _Head(
        title=lines[at] if at is not None else "",
        section=section,
        standfirst=[line for line in after if _is_standfirst(line)],
        authors=names(line for line in lines if _is_byline(line)),
        published=next(dates, None),
    )


def _title_at(lines: list[str]) -> int | None:
    """The first line of four words or more that could be a headline, else the longest shorter one."""
    fitting = [index for index, line in enumerate(lines) if _could_be_title(line)]
    long = [index for index in fitting if word_count(lines[index]) > _LABEL_WORDS]
    best = long or sorted(fitting, key=lambda index: -len(lines[index]))
    return best[0] if best else None


def _could_be_title(line: str) -> bool:
    return not (is_when(line) or _is_caption(line) or _is_byline(line) or is_junk(line) or line.endswith("."))


def _is_standfirst(line: str) -> bool:
    return (word_count(line) > _LABEL_WORDS or is_sentence(line)) and _could_be_text(line)


def _is_closing(line: str) -> bool:
    """Whether a line behind the last prose is the article's: a short sentence, or a line too long for a label."""
    return (is_sentence(line) or word_count(line) > 2 * _LABEL_WORDS) and _could_be_text(line)


def _could_be_text(line: str) -> bool:
    return not (is_when(line) or _is_caption(line) or _is_byline(line) or is_junk(line))


def _is_furniture(line: str) -> bool:
    return not is_prose(line) and (is_when(line) or is_junk(line) or _is_caption(line))


def _is_caption(line: str) -> bool:
    return word_count(line) <= _CAPTION_WORDS and bool(_CREDIT.search(line))


def _is_byline(line: str) -> bool:
    return word_count(line) <= 8 and not is_sentence(line) and bool(_BYLINE.fullmatch(line))


def _is_person(line: str) -> bool:
    """Two to four capitalised words and nothing else, as an author's box leaves behind the text."""
    parts = line.split()
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts) and not is_sentence(line)
