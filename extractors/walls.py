"""Signs that a page shows only the beginning of its article: what stands below the text asks for a subscription."""

import re
from collections.abc import Sequence
from typing import Final

from extractors.dom import Document
from extractors.table import HIDDEN

_WALL = re.compile(
    "|".join(
        (
            r"\b(?:subscribe|sign (?:up|in)|register|log ?in|join)(?: now)? to (?:(?:continue|unlock|finish)\b"
            r"|keep reading\b|read (?:on|this|the (?:full|whole|entire|complete|rest))\b|read\W*$)",
            r"\bto (?:continue|keep|finish) reading\b|\b(?:continue|keep) reading with\b|\balready an? subscriber\b",
            r"\bthis (?:article|story|content) is (?:for|exclusive|available|reserved|only)\b.*\b(?:subscrib|member)",
            r"\bfor (?:paid |paying )?(?:subscribers|members) only\b|\bfree articles? (?:left|remaining|this month)\b",
            r"\bweiterlesen mit\b|\b(?:jetzt|sofort|(?:diesen|ganzen) artikel) (?:weiterlesen|freischalten)\b",
            r"\bum (?:diesen artikel |den artikel )?weiterzulesen\b|\b(?:nur|exklusiv) für abonnent",
            r"\b(?:bereits|schon) (?:abonnent|ein abo)",
            r"\b(?:réservé|accessible) (?:aux|à nos) abonné|\bil vous reste \d+\s?% de cet article|\bdéjà abonné",
            r"\bpour lire la suite\b|\blire la suite avec\b|\babonnez-vous pour (?:lire|continuer|accéder)",
            r"\b(?:exclusivo|s[oó]lo) para (?:suscriptores|abonados|socios)|\bsuscr[ií]bete para (?:leer|seguir)",
            r"\bpara (?:seguir|continuar) leyendo\b|\bya (?:eres|soy) (?:suscriptor|socio)",
            r"\bexclusivo para assinantes|\bassine para (?:ler|continuar)|\bpara continuar (?:lendo|a ler)\b",
            r"\bjá é assinante|\briservat[oa] agli abbonati|\babbonati per (?:leggere|continuare)",
            r"\bper continuare a leggere\b|\bsei già abbonat",
            r"(?:पूरा लेख|पूरी खबर|आगे) पढ़ने के लिए (?:सब्सक्राइब|लॉग ?इन|सदस्य)",
        )
    ),
    re.IGNORECASE,
)
"""English, German, French, Spanish, Portuguese, Italian, Hindi."""
_BELOW: Final = 8  # blocks: share buttons and a portrait may stand between
_LONGEST: Final = 30  # words of such a line
_WHOLE: Final = 350  # words of a text that is taken for whole, whatever stands below


def is_cut_off(doc: Document, kept: Sequence[int]) -> bool:
    """Whether a wall follows the ``kept`` blocks or is the last of them, where they are few enough for a beginning."""
    blocks, flags = doc.blocks, doc.elements.flags
    if not kept or sum(blocks.words[block] for block in kept) > _WHOLE:
        return False
    last = kept[-1]
    return any(
        blocks.words[block] <= _LONGEST
        and not flags[blocks.element[block]] & HIDDEN
        and _WALL.search(blocks.text[block]) is not None
        for block in range(last, min(last + _BELOW + 1, len(blocks.text)))
    )
