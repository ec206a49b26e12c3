"""What of substance an edit touched besides its words: quotations, numbers and notes of correction."""

import re
from collections import Counter
from collections.abc import Iterable

from archive.fold import fold

_QUOTES = re.compile(
    r"“([^“”\n]{1,2000})[”\n]|«([^«»\n]{1,2000})»|„([^„“”\n]{1,2000})[“”]|「([^「」\n]{1,2000})」"
    r'|(?<![^\s(\[–—-])"(?=\S)([^"\n]{1,2000})(?<=\S)"'
)
_LEAST_QUOTE = 2  # words; a single word in quotation marks is distance or a name
_NUMBER = re.compile(r"[$€£₹¥]?\d+(?:[.,٫٬·'’:/]\d+)*(?:\s?[%‰])?")
_LABELS = (
    "corrections?|clarifications?|editor[’']?s note|erratum|errata|rectificatif|précision|note de la rédaction|"
    "korrektur|berichtigung|richtigstellung|anmerkung der redaktion|corrección|rectificación|fe de errores|"
    "nota de la redacción|correção|correcção|nota da redação|correzione|rettifica|सुधार|भूल सुधार|स्पष्टीकरण|शुद्धिपत्र"
)
_NOTE = re.compile(
    rf"^\W*(?:{_LABELS})\b[^:.–—\n]{{0,60}}[:.–—]"
    r"|\bthis (?:article|story|report|headline|piece) (?:was|has been|is) (?:\w+ )?(?:amended|corrected|clarified)\b"
    r"|\b(?:an )?(?:earlier|previous) version of th(?:is|e) (?:article|story|report|headline|piece)\b"
    r"|\bin einer (?:früheren|vorherigen) (?:version|fassung)\b|\bune version (?:précédente|antérieure) de\b"
    r"|\buna versión anterior de\b|\buma versão anterior d|\buna (?:precedente versione|versione precedente) d",
    re.IGNORECASE,
)
_NOTE_SPAN = 400  # characters of a paragraph in which a note says that it is one
_KEPT, _LENGTH = 10, 300  # so many findings of an event are kept, so many characters of each


def substance(old: str, new: str) -> dict[str, dict[str, object]]:
    """The detail of an event for each kind: what is there no more, and what is there only now.

    A number counts when some went and some came: a paragraph more with its numbers corrects none.
    """
    found = {
        "quote": _difference(_quotes(old), _quotes(new)),
        "number": _difference(_numbers(old), _numbers(new)),
        "correction": _difference(_notes(old), _notes(new)),
    }
    if not all(found["number"].values()):
        del found["number"]
    return {kind: dict(detail) for kind, detail in found.items() if any(detail.values())}


def _difference(old: Iterable[str], new: Iterable[str]) -> dict[str, list[str]]:
    """Equal are those whose folded forms are; in the order in which the texts have them."""
    return {"removed": _without(old, new), "added": _without(new, old)}


def _without(some: Iterable[str], others: Iterable[str]) -> list[str]:
    left = Counter(map(fold, others))
    missing: list[str] = []
    for one in some:
        folded = fold(one)
        if left[folded] > 0:
            left[folded] -= 1
        elif len(missing) < _KEPT:
            missing.append(one[:_LENGTH])
    return missing


def _quotes(text: str) -> list[str]:
    quotes = ["".join(match.groups("")).strip(" ,.;") for match in _QUOTES.finditer(f"{text}\n")]
    return [quote for quote in quotes if len(quote.split(maxsplit=_LEAST_QUOTE)) >= _LEAST_QUOTE]


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(text)


def _notes(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if _NOTE.search(paragraph[:_NOTE_SPAN])]
