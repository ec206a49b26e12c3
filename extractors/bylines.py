"""Names out of bylines: "By Ada Lovelace and Grace Hopper, Staff Writers | Reuters" names two people."""

import re
from collections.abc import Iterable
from typing import Final

MAX_AUTHORS: Final = 12

_LEADING = re.compile(
    r"^(?:(?:written|posted|published|reported|edited|reviewed|story|text|words|photos?|article|medically reviewed)"
    r"\s+)?"
    r"(?:by|von|vom|par|por|door|di|av|af|przez|autore?|autor(?:in|a|es)?|auteurs?|authors?|text|texte|texto|words"
    r"|report|reported by|द्वारा|लेखक)\b\s*:?\s+|^(?:द्वारा|लेखक)\s*:?\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[|·•\n\t(/].*|\s+[–—-]\s+.*"
    r"|\s+(?:on|updated|published|posted|last updated)\s+(?=\w+\.?\s+\d|\d).*"
    r"|\s+\d{1,2}[:.]\d\d.*|,?\s+(?:für|for|in|aus)\s+[A-Z].*",
    re.DOTALL,
)
_ROLE = re.compile(
    r"\b(?:editors?|writers?|reporters?|correspondents?|contributors?|staff|bureau|desk|journalists?|columnists?"
    r"|producers?|fellows?|redaktion|redakteur(?:in)?|korrespondent(?:in)?|journaliste|periodista|redactor[ae]?"
    r"|redazione|rédaction|chief|senior|analyst|photographer|professor|lecturer|director|manager|ph\.?d\.?|m\.?d\.?)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[,;|]|\s&\s|\s(?:and|und|et|y|en|och|og|e|i|și|और)\s)\s*")
_SUFFIX = re.compile(r",\s*(?=(?:Jr|Sr|II|III|IV|Ph\.?D|MD|M\.D)\b)")
_SLUG = re.compile(r"^[a-z]{2,}(?:-[a-z]{2,}){1,3}$")
_NO_NAME = re.compile(
    r"https?:|www\.|\w@\w|\d{3}|facebook\.com|\.(?:com|org|net|de)\b"
    r"|^(?:by|admin|administrator|user|guest|author|editor|staff|webmaster|root|null|undefined|none|unknown|anonymous"
    r"|posted|comments?|share|follow|read more|view all.*|more from.*)$",
    re.IGNORECASE,
)


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """Separate names without "By", roles, places or dates, each once, in order."""
    found: dict[str, str] = {}
    for text in texts:
        for name in _split(text[:400]):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_AUTHORS]


def _split(text: str) -> list[str]:
    if "://" in text:
        return []
    line = _LEADING.sub("", " ".join(text.split()).strip(" ,;|·•-–—:"))
    line = _SUFFIX.sub(" ", _TAIL.sub("", line))
    parts = [_LEADING.sub("", part).strip(" ,;:.*\"'“”") for part in _SPLIT.split(line)]
    people = [_spelled(part) for part in parts if _is_name(part)]
    persons = [part for part in people if not _ROLE.search(part)]
    return persons or people[:1]


def _is_name(text: str) -> bool:
    return 2 < len(text) <= 60 and len(text.split()) <= 6 and not _NO_NAME.search(text) and text[0].isalpha()


def _spelled(name: str) -> str:
    """A slug ("ada-lovelace") as the name that it stands for."""
    return name.replace("-", " ").title() if _SLUG.match(name) else name
