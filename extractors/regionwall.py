"""Pages that answer 200 and say that they are not shown where the reader is ("not available in your region").

Told from a story about such pages by whom they speak to: a wall speaks to its reader, and says little else. What is
quoted, and what holds under a condition ("if it is not available in your country, ..."), is no wall.
"""

import re
from typing import Final

_LONGEST: Final = 200  # words of a wall
_LONGEST_BARE: Final = 120  # words of a page without an article, its menus included
_MOST_BESIDE: Final = 12  # words beside what tells a wall: how to write to the site, a way back

_PLACE: Final = r"your (?:current |geographic(?:al)? )?(?:region|country|location|area|territory|jurisdiction|market)"
_NOT_HERE: Final = (
    r"(?:(?:(?<!may )(?<!might )\bnot|n['’]t) (?:currently |yet |presently )?"
    r"(?:available|accessible|permitted|allowed|viewable|supported)|"
    r"\bunavailable|\b(?:is|are|been) (?:blocked|restricted|denied|prohibited))"
)
_SAID: Final = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        # English
        rf"{_NOT_HERE}\b[^.\n]{{0,60}}\b(?:in|from|to|for|within) {_PLACE}\b",
        rf"\b(?:access|visitors?|visits|traffic|requests)\b[^.\n]{{0,60}}\bfrom {_PLACE}\b[^.\n]{{0,60}}{_NOT_HERE}",
        rf"\b(?:our|this) (?:web)?site\b[^.\n]{{0,60}}{_NOT_HERE}\b[^.\n]{{0,60}}"
        r"\b(?:in most european|in europe|european (?:union|economic area)|(?:the )?(?:eu|eea|gdpr)\b|outside)",
        rf"{_NOT_HERE} (?:to|for) (?:\w+ )?(?:visitors|users|readers|audiences) (?:in|from|outside)\b",
        r"\battempting to access this (?:web)?site from\b|\bbanned the country or region your ip\b",
        rf"\bwe (?:have )?(?:detected|recogni[sz]ed?)\b[^.\n]{{0,60}}\bfrom (?:{_PLACE}|a country)\b",
        # German, Dutch, Nordic
        r"\bin (?:ihr|dein)e[mr] (?:land|region|gebiet|standort)\b[^.\n]{0,40}"
        r"\bnicht (?:verfügbar|abrufbar|zugänglich|erreichbar)",
        r"\bnicht (?:verfügbar|abrufbar|zugänglich|erreichbar)\b[^.\n]{0,40}"
        r"\bin (?:ihr|dein)e[mr] (?:land|region|gebiet)",
        r"\bniet (?:beschikbaar|toegankelijk)\b[^.\n]{0,40}"
        r"\b(?:in|voor|vanuit) (?:jouw|je|uw) (?:land|regio|locatie|gebied)",
        r"\b(?:inte|ikke|ikkje) (?:tillgänglig|tilgjengelig|tilgængelig)\w*\b[^.\n]{0,40}"
        r"\bi (?:ditt|dit|din) (?:land|region|område)",
        # French, Spanish, Portuguese, Italian, Polish
        r"\b(?:pas (?:disponible|accessible)s?|indisponibles?|inaccessibles?)\b[^.\n]{0,40}"
        r"\b(?:dans|depuis|pour) votre (?:pays|région|zone|territoire)",
        r"\bno (?:está|están|se encuentra)n? disponibles?\b[^.\n]{0,40}"
        r"\b(?:en|desde|para) (?:tu|su|vuestro) (?:país|región|zona|ubicación|territorio|área)",
        r"\bnão (?:está|estão|se encontra) dispon[ií]ve(?:l|is)\b[^.\n]{0,40}"
        r"\b(?:n|em |para )?[oa]? ?(?:seu|sua|teu|tua) (?:país|região|localização|área|território)",
        r"\bnon (?:è|sono) (?:al momento |attualmente )?(?:disponibil|accessibil)[ei]\b[^.\n]{0,40}"
        r"\b(?:nel|nella|dal|dalla|per il|per la) (?:tu|su)[oa] (?:paese|regione|area|zona|territorio)",
        r"\b(?:nie (?:jest|są) dostępn\w+|niedostępn\w+)\b[^.\n]{0,40}"
        r"\bw (?:twoim|twojej|państwa) (?:kraju|regionie|lokalizacji)",
    )
)
_QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{1,400}[”“»\"]|(?<!\w)[‘'][^‘’'\n]{8,400}[’'](?!\w)")
_CLAUSE: Final = 200  # characters before what is said, in which a condition may stand
_CONDITION: Final = re.compile(
    r"\b(?:if|when|where|whether|should|wenn|falls|sofern|si|se|als|indien|om|hvis|jeśli)\b[^.!?\n]*\Z", re.IGNORECASE
)


def is_region_wall(text: str) -> bool:
    """Whether the text of an article says, and says little else, that it is not shown where its reader is."""
    if len(text.split()) > _LONGEST:
        return False
    beside = said = 0
    for paragraph in filter(None, text.split("\n")):
        size = len(paragraph.split())
        if _says_so(paragraph):
            said += size
        else:
            beside += size
    return said > 0 and (beside <= said or beside <= _MOST_BESIDE)


def is_bare_region_wall(bare: str) -> bool:
    """The same of all that a page without an article shows."""
    return len(bare.split()) <= _LONGEST_BARE and any(map(_says_so, bare.split("\n")))


def _says_so(paragraph: str) -> bool:
    own = _QUOTED.sub(" ", paragraph)
    return any(
        not _CONDITION.search(own, max(0, match.start() - _CLAUSE), match.start())
        for phrase in _SAID
        for match in phrase.finditer(own)
    )
