"""Dates and names in lines anywhere on a page, for pages that give them neither in markup nor near the headline."""

import re
from itertools import takewhile
from typing import Final

from extractors.article import Moment
from extractors.bylines import is_person
from extractors.datelines import BULLETS, MODIFIED, NO_PERSON, POSTED, SHORT
from extractors.dom import Document
from extractors.when_dates import stated_days

_YEAR = re.compile(r"(?:19|20)\d\d")
_SIGNED = re.compile(
    r"(?:this (?:post|article|story|blog post|guide) (?:was|is) )?(?:written|authored|contributed) by\b"
    r"|(?:geschrieben|verfasst) von\b|(?:écrit|rédigé) par\b|escrito por\b|scritto da\b|contributors?:",
    re.IGNORECASE,
)
_SIGNED_BELOW = re.compile(
    r"(?:about|meet) the authors?|(?:written|article|words|posted) by|authors?(?:\(s\))?|über (?:den autor|die autorin)"
    r"|à propos de l['’]auteure?|sobre (?:el autor|la autora|o autor|a autora)|l['’]autore|l['’]autrice",
    re.IGNORECASE,
)
_BEGINNINGS: Final = (
    "this ", "written by", "authored by", "contributed by", "geschrieben von", "verfasst von", "écrit par",
    "rédigé par", "escrito por", "scritto da", "contributor", "about the author", "meet the author", "article by",
    "words by", "posted by", "author", "über den autor", "über die autorin", "à propos de l'auteur",
    "à propos de l’auteur", "sobre ", "l'autor", "l’autor", "l'autric", "l’autric",
)  # fmt: skip
"""How such lines begin, in lower case: cheaper to look for."""
_LONGEST_LINE: Final = 160  # characters; one without spaces is no longer short
_LONGEST_SIGNED: Final = 16  # words
_LABEL: Final = 4
_MOST_SIGNED: Final = 6


def read_stray_dates(doc: Document, language: str) -> tuple[Moment | None, Moment | None]:
    """The dates, of publication and of a change, in short lines anywhere on a page that states none near its headline.

    A line counts that says what its date is ("Posted on 4 March 2026", "Last updated: …"); a bare date only when the
    page has no other.
    """
    published: list[Moment] = []
    modified: list[Moment] = []
    bare: set[Moment] = set()
    for line, size in zip(doc.blocks.text, doc.blocks.words, strict=True):
        if size > SHORT or len(line) > _LONGEST_LINE or not _YEAR.search(line):
            continue
        for start, moment in stated_days(line, language):
            before = line[:start]
            if MODIFIED.search(before):
                modified.append(moment)
            elif POSTED.match(before):
                published.append(moment)
            elif not before.strip(BULLETS):
                bare.add(moment)
    found = published or (list(bare) if len(bare) == 1 else [])
    return next(iter(found), None), next(iter(modified), None)


def read_signatures(doc: Document) -> list[str]:
    """Lines anywhere on a page that say who wrote it: "Written by Ada Quill", or a name below "About the author"."""
    found: list[str] = []
    texts = doc.blocks.text
    for place in [k for k, line in enumerate(doc.lines.lower) if line.startswith(_BEGINNINGS)]:
        line, size = texts[place], doc.blocks.words[place]
        if size > _LONGEST_SIGNED:
            continue
        label = _SIGNED_BELOW.fullmatch(line.rstrip(" :")) if size <= _LABEL else None
        if label is None and _SIGNED.match(line):
            found.append(line)
        elif label is not None:
            several = _MOST_SIGNED if label[0].lower().endswith(("s", ")")) else 1
            below = texts[place + 1 : place + 1 + several]
            names = list(takewhile(lambda name: is_person(name) and not NO_PERSON.search(name), below))
            found += [", ".join(names)] if names else []
    return found
