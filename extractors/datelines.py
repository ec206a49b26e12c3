"""The lines around the headline that say who wrote the article and when: read where no markup does.

A date counts only near the headline, in a short line, with its year, and not after a word that gives it to something
else (an event, a deadline, a copyright). Far from the headline stand the dates of comments and of other stories.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from extractors.article import Moment
from extractors.bylines import is_person
from extractors.dom import Document
from extractors.table import HEADING
from extractors.when_calendar import MONTHS
from extractors.when_dates import stated_days
from extractors.wordsets import may_be_similar, similar, words

_BEFORE: Final = 3  # blocks before the headline
_AFTER: Final = 14  # and after it: kicker, standfirst, portrait, role, share buttons
_LONGEST: Final = 160  # characters of such a line
_PROSE: Final = 120  # words of running text, after which nothing belongs to the headline
MODIFIED = re.compile(
    r"(?<![^\W\d_])(?:updated?|modified|edited|revised|reviewed|changed|aktualisiert|stand|geändert|actualisé"
    r"|mis à jour|màj|modifié|actualizad[oa]|actualización|atualizad[oa]|aggiornat[oa]|aggiornamento|bijgewerkt"
    r"|uppdaterad|oppdatert|opdateret|zaktualizowano|aktualizacja|güncelleme|обновлено|अपडेट|अपडेटेड)\b[^\d]{0,20}$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"©|copyright|\b(?:since|until|till|through|before|by|valid|expires?|deadline|born|founded|starts?|ends?|from|to"
    r"|due|accessed|retrieved|between|effective|beginning|starting|joined|registered)\s*:?\s*$",
    re.IGNORECASE,
)
POSTED = re.compile(
    r"(?:(?:this )?(?:article|story|post|page|entry) (?:was )?)?(?:originally |first )?"
    r"(?:posted|published|created|written|date|publié|publicado|publicada|pubblicato|veröffentlicht|erschienen|gepubliceerd|opublikowano|publicerad|publisert"
    r"|प्रकाशित)\b[^\d]{0,12}$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")
_DOTTED = re.compile(r"\d\.\d\d\.\d\d")
BULLETS: Final = " ·|•–—-("
SHORT: Final = 9  # words of a line that says only when
_MONTH = "|".join(sorted((re.escape(month) for month in MONTHS if len(month) > 2), key=len, reverse=True))
_BY = (
    r"(?i:(?:(?:written|posted|published|words|story|text|article|recipe|reported|authored|created|contributed)\s+)?by"
    r"|von|par|por|di|av|af|door|przez|द्वारा|authors?\s*:|autor(?:in|es)?\s*:|auteurs?\s*:|autori?\s*:)\s*:?\s*"
)
_BYLINE = re.compile(rf"(?:^|[·|•●]\s*|\d\s+(?=by\b)){_BY}(?<![^\W\d_])(?=[^\W\d_])|^{_BY}(?=[A-Z][^A-Z\s])")
_BY_ALONE = re.compile(rf"^{_BY}$")
_SEPARATORS = re.compile(r"\s*[|·•●・–—]\s*|\s{2,}")
NO_PERSON = re.compile(
    r"\b(?:read|share|home|blog|news|table|contents?|free|trial|demo|get|view|print|guide|tips?|how|what|why|the|and"
    r"|for|your|our|all|more|back|about|contact|last|updated?|written|posted|published|reviewed|min|mins|minutes?|time"
    r"|facebook|twitter|linkedin|pinterest|email|copy|link|log|sign|skip|menu|search|category|tags?|topics?|article"
    r"|articles|posts?|resources?|insights?|stories|press|release|products?|services?|business|marketing|health"
    r"|finance|technology|engineering|travel|education|management|company|learn|start|book|subscribe|example|listen"
    r"|save|comments?|editorial|sponsored|video|photos?|photo|image|in|on|of|to|&)\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"(?i:\b(?:{_MONTH}))\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}\.?\s+(?i:(?:{_MONTH}))\b\.?(?:,?\s+\d{{4}})?|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}"
)
_LONGEST_BYLINE: Final = 110
_MOST_DAYS: Final = 2  # where no headline is shown
_LINKED: Final = 0.8
_FILED = re.compile(r"/(?:categor|tags?/|topics?/|sections?/|rubri|thema|themen/|kategori)", re.IGNORECASE)
"""Where a link leads that names what the article is filed under."""
_BESIDE: Final = 2  # lines between the date and a name that stands alone
_SENTENCE: Final = 12  # words before a date that make it part of a sentence
_CLAUSE: Final = 5  # the same in a line that ends as a sentence does
_GLUED = re.compile(rf"(?<=[a-zà-ÿ])(?=[A-Z])(?=(?i:{_MONTH})\.?\s\d)|(?<=\d)(?=[A-Z][a-zA-Z]{{3}})")
"""Where a line has lost the space between two elements: "HealthMARCH 4, 2026Updated"."""
_SHORT_YEAR = re.compile(
    r"((?:^|[|·•–,]\s?|^[^\W\d_]{2,10}\.?,?\s|\b(?:am|vom|den|le|il|el|em|del|op)\s)\d\d\.\d\d\.)(\d\d)(?![\d.]\d|\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDates:
    """``plain`` is the date of publication where its line says nothing else; ``place`` the first line with a date."""

    published: Moment | None
    modified: Moment | None
    plain: Moment | None
    place: int | None


class Datelines:
    """What the lines around the headline say. Where the headline is not in the text, the page's first lines stand for
    them. ``language`` decides the order of day and month."""

    def __init__(self, doc: Document, title: str, language: str) -> None:
        self._doc = doc
        self._language = language
        self.lines, self._sure, self._found = _around(doc, frozenset(words(title)))

    @cached_property
    def bylines(self) -> tuple[str, ...]:
        """Whole lines such as "By Ada Quill, City Editor", without what stands before "By"."""
        return tuple(_bylines(self.lines))

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Names that stand beside the date without such a word."""
        place = self.dates.place
        return () if place is None else tuple(_people(self.lines, place))

    @cached_property
    def dates(self) -> NearDates:
        published: list[Moment] = []
        modified: list[Moment] = []
        plain: list[Moment] = []
        dated: list[int] = []
        english = self._language[:2].lower() in ("", "en")
        for place, line in enumerate(self.lines):
            if not _YEAR.search(line) and (english or not _DOTTED.search(line)):
                continue
            line = _spelled(line, english=english)  # noqa: PLW2901  # the line as it is meant
            for start, moment in stated_days(line, self._language, lambda: self._doc.lines.month_first):
                before = line[:start] if line[:start].strip() or not place else self.lines[place - 1]
                if len(before.split()) > _SENTENCE or _in_sentence(line, start):
                    break
                if MODIFIED.search(before):
                    modified.append(moment)
                elif _ELSEWHERE.search(before):
                    continue
                else:
                    published.append(moment)
                    if self._sure and _is_plain(line, start, before):
                        plain.append(moment)
                dated.append(place)
        if not self._found and len(set(published)) > _MOST_DAYS:  # a list of other things
            published, plain, dated = [], [], []
        return NearDates(
            published=next(iter(published), None),
            modified=next(iter(modified), None),
            plain=plain[0] if plain and plain[0] == published[0] else None,
            place=next(iter(dated), None),
        )


def says_modified(text: str) -> bool:
    """Whether a line such as "Updated: 4 March 2026" gives its date to a change."""
    text = text[:_LONGEST]
    number = re.search(r"\d", text)
    words_before = text[: number.start()] if number else ""
    return bool(MODIFIED.search(re.sub(r"[^\W\d_]{3,10}\.?\s*$", "", words_before)) or MODIFIED.search(words_before))


def _is_plain(line: str, start: int, before: str) -> bool:
    return len(line.split()) <= SHORT and bool(POSTED.match(before) or not line[:start].strip(BULLETS))


def _in_sentence(line: str, start: int) -> bool:
    before = line[:start]
    return len(before.split()) > _CLAUSE and line.endswith((".", "!", "?")) and not POSTED.search(before)


def _spelled(line: str, *, english: bool) -> str:
    """The line with spaces between glued words, and years in full: "04.03.26" is a date in no English text."""
    return _GLUED.sub(" ", line if english else _SHORT_YEAR.sub(r"\g<1>20\2", line))


def _bylines(lines: Sequence[str]) -> Iterator[str]:
    """Lines that begin with "By", or what follows such a word alone on its line."""
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        found = _BYLINE.search(line)
        if found and len(line) - found.start() <= _LONGEST_BYLINE:
            yield line[found.start() :].lstrip(" ·|•●0123456789")
        elif _BY_ALONE.match(line) and is_person(after):
            yield after


def _people(lines: Sequence[str], place: int) -> Iterator[str]:
    """The name in the line of the date or alone in a line beside it: "Ada Quill · 4 March 2026 · 5 min read"."""
    near = range(max(0, place - _BESIDE), min(len(lines), place + _BESIDE + 1))
    for other in sorted(near, key=lambda other: abs(other - place)):
        for part in _SEPARATORS.split(_undated(lines[other])):
            if is_person(part) and part[0].isupper() and not NO_PERSON.search(part):
                yield part
                return


def _undated(line: str) -> str:
    """The line with its dates turned into separators."""
    if _DIGIT.search(line) is None:
        return line.strip(" |")
    return _DATED.sub(" | ", line).strip(" |")


def _around(doc: Document, title: frozenset[str]) -> tuple[list[str], bool, bool]:
    """The short lines after the headline, nearest first, then those right before it; whether it is the page's h1 with
    the title's words; and whether the page shows one at all."""
    blocks = doc.blocks
    found, sure = _headline(doc, title)
    place = -1 if found is None else found  # no headline is shown: the page begins with the lines around it
    lines: list[str] = []
    prose = 0
    for block in range(place + 1, min(place + 1 + _AFTER, len(blocks.text))):
        line, size = blocks.text[block], blocks.words[block]
        if len(line) <= _LONGEST and not (blocks.link[block] > _LINKED and _FILED.search(_href(doc, block))):
            lines.append(line)
        prose += size if size > 25 else 0
        if prose > _PROSE:
            break
    lines += [line for line in reversed(blocks.text[max(0, place - _BEFORE) : place]) if len(line) <= _LONGEST]
    return lines, sure, found is not None


def _href(doc: Document, block: int) -> str:
    return doc.blocks.hrefs[doc.blocks.anchor[block]]


def _headline(doc: Document, title: frozenset[str]) -> tuple[int | None, bool]:
    """The block of the headline, and whether it is an h1 with the title's words: else another heading with them, a
    line with them, the first h1."""
    blocks, flags = doc.blocks, doc.elements.flags
    h1 = _first_h1(doc)
    if h1 is not None and similar(words(blocks.text[h1]), title):
        return h1, True
    plain: int | None = None
    length = sum(map(len, title))
    fewest, most = len(title) // 2, 3 * len(title) + 3
    for place in [place for place, size in enumerate(blocks.words) if fewest <= size <= most]:
        line = blocks.text[place].lower()
        if not 0.6 * length <= len(line) <= 2 * length + 20:
            continue
        if not may_be_similar(line, title) or not similar(words(line), title):
            continue
        owner = blocks.element[place]
        if flags[owner] & HEADING:
            return place, doc.elements.tag[owner] == "h1"
        plain = place if plain is None else plain
    return h1 if plain is None else plain, False


def _first_h1(doc: Document) -> int | None:
    """The first block that an h1 holds itself."""
    tags, owners = doc.elements.tag, doc.blocks.element
    h1 = -1
    try:
        while True:
            h1 = tags.index("h1", h1 + 1)
            if h1 in owners:
                return owners.index(h1)
    except ValueError:
        return None
