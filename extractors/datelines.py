"""The lines around the headline that say who wrote the article and when: read where no markup does.

A date counts only near the headline, in a short line, with its year, and not after a word that gives it to something
else (an event, a deadline, a copyright). Far from the headline stand the dates of comments and of other stories.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from extractors.article import Moment
from extractors.dom import Document
from extractors.table import HEADING
from extractors.when import stated_days
from extractors.wordsets import similar, words

_BEFORE: Final = 3  # blocks before the headline
_AFTER: Final = 14  # and after it: kicker, standfirst, portrait, role, share buttons
_LONGEST: Final = 160  # characters of such a line
_PROSE: Final = 120  # words of running text, after which nothing belongs to the headline
_MODIFIED = re.compile(
    r"\b(?:updated?|modified|edited|revised|reviewed|changed|aktualisiert|stand|geändert|actualisé|mis à jour|màj"
    r"|modifié|actualizad[oa]|actualización|atualizad[oa]|aggiornat[oa]|aggiornamento|bijgewerkt|uppdaterad"
    r"|oppdatert|opdateret|zaktualizowano|aktualizacja|güncelleme|обновлено|अपडेट|अपडेटेड)\b[^\d]{0,20}$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"©|copyright|\b(?:since|until|till|through|before|by|valid|expires?|deadline|born|founded|starts?|ends?|from|to"
    r"|due|accessed|retrieved|between|effective)\s*:?\s*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:(?:written|posted|published|words|story|text|article|reported|authored|created|contributed)\s+by"
    r"|by|von|par|por|di|av|af|door|przez|द्वारा|authors?\s*:|autor(?:in)?\s*:|auteur\s*:|autore\s*:)\s*:?\s+"
    r"(?=[^\W\d_a-z])",
    re.IGNORECASE,
)
_SENTENCE: Final = 12  # words before a date that make it part of a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Datelines:
    """What the lines around the headline say; ``bylines`` are whole lines such as "By Ada Quill, City Editor"."""

    bylines: tuple[str, ...]
    published: Moment | None
    modified: Moment | None


def says_modified(text: str) -> bool:
    """Whether a line such as "Updated: 4 March 2026" gives its date to a change."""
    number = re.search(r"\d", text)
    words_before = text[: number.start()] if number else ""
    return bool(_MODIFIED.search(re.sub(r"[^\W\d_]{3,10}\.?\s*$", "", words_before)) or _MODIFIED.search(words_before))


def read_datelines(doc: Document, title: str, language: str) -> Datelines:
    """``language`` decides the order of day and month. All is empty where the headline is not in the text."""
    bylines: list[str] = []
    published: list[Moment] = []
    modified: list[Moment] = []
    for line in _around(doc, words(title)):
        if _BYLINE.match(line) and len(line.split()) <= 14:
            bylines.append(line)
        for start, moment in stated_days(line, language):
            before = line[:start]
            if len(before.split()) > _SENTENCE:
                break
            if _MODIFIED.search(before):
                modified.append(moment)
            elif not _ELSEWHERE.search(before):
                published.append(moment)
    return Datelines(bylines=tuple(bylines), published=next(iter(published), None), modified=next(iter(modified), None))


def _around(doc: Document, title: Sequence[str]) -> Iterator[str]:
    """The short lines after the headline, nearest first, then those right before it."""
    blocks = doc.blocks
    place = _headline(doc, title)
    if place is None:
        return
    prose = 0
    for line, size in zip(
        blocks.text[place + 1 : place + 1 + _AFTER], blocks.words[place + 1 : place + 1 + _AFTER], strict=True
    ):
        if len(line) <= _LONGEST:
            yield line
        prose += size if size > 25 else 0
        if prose > _PROSE:
            break
    yield from (line for line in reversed(blocks.text[max(0, place - _BEFORE) : place]) if len(line) <= _LONGEST)


def _headline(doc: Document, title: Sequence[str]) -> int | None:
    """The block of the headline: the first heading with the title's words, else the first line with them, else the first h1."""
    blocks, flags, tags = doc.blocks, doc.elements.flags, doc.elements.tag
    plain: int | None = None
    first: int | None = None
    length = sum(map(len, title))
    for place, (text, owner) in enumerate(zip(blocks.text, blocks.element, strict=True)):
        if first is None and tags[owner] == "h1":
            first = place
        if not 0.6 * length <= len(text) <= 2 * length + 20 or not similar(words(text), title):
            continue
        if flags[owner] & HEADING:
            return place
        plain = place if plain is None else plain
    return first if plain is None else plain
