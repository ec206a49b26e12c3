"""Names out of bylines: "By Ada Lovelace and Grace Hopper, Staff Writers | Reuters" names two people and an agency."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from extractors.agencies import AGENCIES, AGENCY_WORDS, SERVICE, is_agency
from extractors.when_calendar import MONTHS
from extractors.wordsets import words

MAX_AUTHORS: Final = 12
_LONGEST_BODY: Final = 80  # characters

_LEADING = re.compile(
    r"^(?:(?:written|posted|published|reported|authored|edited|reviewed|fact[- ]checked|created|contributed|story"
    r"|text|words|photos?|article|recipe|medically reviewed)\s+)?"
    r"(?:by|von|vom|par|por|door|di|av|af|przez|autore?|autor(?:in|a|es)?|auteurs?|authors?|text|texte|texto|words|interview|protokoll"
    r"|report|reported by|द्वारा|लेखक)\b\s*:?\s+|^(?:द्वारा|लेखक)\s*:?\s*",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^((?i:(?:(?:written|posted|authored|reviewed)\s+)?by|authors?)\s*:?)(?=[A-Z][^A-Z\s])")
"""Where a line has lost the space between two elements: "Written byAda Quill"."""
_GLUED_AFTER = re.compile(
    r"(?<=[a-zà-ÿ])(?:(?:Published|Updated|Posted|Written|Reviewed|Medically|Senior|Staff|Contributor|Editor|Reporter"
    r"|Writer|Lifestyle|Chief|Last|Correspondent)\b.*)",
    re.DOTALL,
)
_FOOTNOTE = re.compile(r"(\w\s[\w'’.-]*[a-zà-ÿ])\d{1,2}(?=\s*(?:$|[,;&]|(?:and|und|et|y|e)\s))")
"""The same after a name: "Ada QuillPublished: 4 March", and the number of a footnote."""

_MONTH = "|".join(sorted((re.escape(month) for month in MONTHS if len(month) > 2), key=len, reverse=True))
_TAIL = re.compile(
    r"\s*[|·•●\n\t(/].*|\s+[–—-]\s+.*"
    r"|\s+last\s+updated?\b.*|\s+on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*"
    r"|\s+(?:on|updated|published|posted|last updated)(?:\s+on)?:?\s+(?=\w+\.?\s+\d|\d).*"
    rf"|[\s,]+(?:{_MONTH})\.?\s+\d.*|[\s,]+\d{{1,2}}\.?\s+(?:de\s+)?(?:{_MONTH})\b.*"
    r"|[\s,]+\d+\s*-?\s*min(?:ute)?s?\b.*|[\s,]+\d{1,2}(?:st|nd|rd|th)\b.*"
    r"|,\s+(?:head|director|dean|professor|manager|chief|(?:vice )?president|vp)\s+(?:of|for)\b.*"
    r"|\s+(?:on behalf of|view all|view in)\b.*|\s+@\w+.*|\s+(?:發表在|發表於|发表于|发布于).*"
    r"|\s+\d{1,2}[:.]\d\d.*",
    re.DOTALL | re.IGNORECASE,
)
_TAIL_SIGNS = re.compile(
    r"[|·•●(/–—\d發发@-]|\b(?:last|on|updated?|published|posted|head|director|dean|professor|manager|chief|president|vp"
    r"|view)\b",
    re.IGNORECASE,
)
"""What every tail holds: cheaper to look for than the tails."""
_AGENCY_SPLIT = re.compile(r"\s*[,;|/()•·]\s*|\s+[–—-]\s+|\s+(?:and|und|et|y|with|mit|avec|con|von)\s+")
_PLACE = re.compile(r",?\s+(?:für|for|in|aus)\s+[A-Z].*", re.DOTALL)
_ROLE = re.compile(
    r"\b(?:editors?|writers?|reporters?|correspondents?|contributors?|staff|bureau|desk|journalists?|columnists?"
    r"|producers?|fellows?|redaktion|redakteur(?:in)?|korrespondent(?:in)?|journaliste|periodista|redactor[ae]?"
    r"|redazione|rédaction|chief|senior|analyst|photographer|professor|lecturer|director|manager|founder|officer"
    r"|president|strategist|specialist|consultant|attorney|expert|head of|team|ph\.?d\.?|m\.?d\.?)\b",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(
    r"(?:[\s,]+(?:Ph\.?\s?D|M\.?D|D\.?O|DVM|VMD|R\.?N|R\.?D|RDN|LDN|LCSW|MPH|MBA|CPA|CFP|CFA|PharmD|Psy\.?D|J\.?D|Esq"
    r"|M\.?Ed|Ed\.?D|MSN|FNP|DACVB|LVT)\.?(?:-[A-Z]+)?)+$"
)
_SPLIT = re.compile(
    r"\s*(?:[,;|]|\s&\s|\s(?:and|und|et|y|en|och|og|e|i|ve|és|oraz|și|और|im Gespräch mit|in conversation with"
    r"|en conversation avec|en conversación con)\s)\s*"
)
_ASIDE = re.compile(r"(?<=\w)\s\([^()]{1,30}\)(?=\s[A-ZÀ-Þ])")
"""What stands in brackets inside a name: "Ada (A. J.) Quill"."""
_TOP_LEVEL = re.compile(r"\.(?:[a-z]{2}|com|org|net|info)$")
_SUFFIX = re.compile(r",\s*(?=(?:Jr|Sr|II|III|IV|Ph\.?D|MD|M\.D)\b)")
_INNER = re.compile(
    r"^.{0,40}\b(?i:(?:written|posted|authored)\s+by"
    r"|(?:erstellt|geschrieben|verfasst|veröffentlicht|publiziert|artikel|beitrag|bericht|alles|beiträge)\s+von|(?:écrit|rédigé|publié)\s+par"
    r"|(?:escrito|publicado)\s+por|(?:scritto|pubblicato)\s+da)\b\s*:?\s*(?=\S)|^[a-zà-ÿ]+\s(?:by|von|par|por|di)\s(?=[A-Z])"
)
_OFFICE = re.compile(
    r"\s(?:(?:co-?|senior |chief |managing |associate |executive |deputy |staff )*(?:founder|editor|officer|president"
    r"|director|manager|coordinator|strategist|specialist|correspondent|reporter|ceo|cto|cmo)\b).*$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"^(?:Dr\.?\s|Prof\.?\s)?[^\W\d_][\w'’.-]*(?:\s(?:(?:van|von|der|den|de|da|di|del|la|le|bin|al|el|ten|zu)\s)*"
    r"[^\W\d_][\w'’.-]*){1,3}$"
)
_PARTICLES: Final = frozenset(
    {"van", "von", "der", "den", "de", "da", "di", "del", "la", "le", "bin", "al", "el", "ten", "zu"}
)
_BODY = re.compile(
    r"(?:the )?(?:cent(?:er|re)|department|office|institute?|ministry|bureau|university|université|council|association"
    r"|federation|committee|commission|school|college|faculty|bundes\w+|ministerium|ministère|ministerio|ministero"
    r"|universität|universidad|universidade|università)\b",
    re.IGNORECASE,
)
"""How the names of bodies begin, which hold "and", "for" and "of" themselves."""
_SLUG = re.compile(r"^[a-z]{2,}(?:[-.][a-z]{2,}){1,3}$")
_NO_NAME = re.compile(
    r"https?:|www\.|\w:\s|\w@\w|\d{3}|facebook\.com|\.(?:com|org|net|de)\b|^[a-z_]+(?:\.[a-z_]+){2,}$"
    rf"|^(?:by|admin|administrator|user|guest|author|editor|staff|webmaster|root|null|undefined|none|unknown|anonymous"
    r"|(?:.*\s)?(?:posted|published|written|reviewed)(?:\s+by)?|(?:publié|mis à jour|publicado|pubblicato)\b.*"
    r"|veröffentlicht\b.*|no author"
    r"|(?:(?:staff|senior|contributing|guest|freelance)\s)*(?:writer|editor|reporter|contributor|correspondent)s?"
    r"|key takeaways|front page|last|updated?|comments?|share|follow|read more|view all.*|see all.*"
    r"|more (?:from|articles|posts|stories)\b.*|(?:articles|posts|stories) by\b.*|fact[- ]checked"
    r"|(?:the|this) authors?|authors?\b.*|of this\b.*"
    r"|sign in|log ?in|sign up"
    rf"|subscribe|authori[sz].*|about the authors?|(?:updated\s+)?(?:{_MONTH})\.?(?:\s\d{{1,2}})?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Z][a-zà-ÿ]+(?: [A-Z]\.)?(?: [A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?){1,2}")
_BY = re.compile(r"\A(?:by|von|par|por):?\s+(?=[A-Z])", re.IGNORECASE)
_READ_BY: Final = (
    _LEADING, _TAIL, _PLACE, _ROLE, _CREDENTIALS, _INNER, _OFFICE, _NO_NAME, _GLUED, _GLUED_AFTER, SERVICE,
)  # fmt: skip
_SPOKEN_OF: Final = frozenset(
    word.removesuffix(ending)
    for text in (*(pattern.pattern for pattern in _READ_BY), *AGENCIES)
    for word in re.findall(r"[^\W\d_]{2,}", text.lower())
    for ending in ("", "s")
)
"""Every word that a pattern or the name of an agency holds: a name without any of them is read by none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signs: ``people`` (a desk where no person is named) and ``agencies``, each once and in order."""

    people: tuple[str, ...]
    agencies: tuple[str, ...]


def signed(texts: Iterable[str]) -> Signed:
    """Separate names without "By", roles, credentials, places or dates."""
    people: dict[str, str] = {}
    agencies: dict[str, str] = {}
    for text in texts:
        if _is_plain(name := _BY.sub("", text, 1)):
            people.setdefault(name.casefold(), name)
            continue
        line = _line(text[:400])
        for agency in _agencies(line):
            agencies.setdefault(agency.casefold(), agency)
        for name in _split(line):
            people.setdefault(name.casefold(), name)
    return Signed(people=tuple(people.values())[:MAX_AUTHORS], agencies=tuple(agencies.values())[:MAX_AUTHORS])


def _is_plain(text: str) -> bool:
    """Whether a text is a full name and nothing else, so that no pattern has to be tried on it: most are."""
    return (
        len(text) <= 60
        and _PLAIN.fullmatch(text) is not None
        and _SPOKEN_OF.isdisjoint(text.lower().replace("-", " ").split())
    )


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The people; the agencies where nobody else signs."""
    found = signed(texts)
    return found.people or found.agencies


def is_person(name: str) -> bool:
    """Whether a text has the shape of a full name: two to four words, in capitals where the script has them."""
    return bool(_PERSON.match(name)) and not any(word[0].islower() for word in name.split() if word not in _PARTICLES)


def is_label(name: str) -> bool:
    """Whether a text is written as no name is: "Personal finance"."""
    first, *rest = name.split()
    return first[0].isupper() and any(word[0].islower() and word not in _PARTICLES for word in rest)


def _line(text: str) -> str:
    line = _ASIDE.sub("", " ".join(text.split())).strip(" ,;|·•-–—:")
    line = _INNER.sub("", line)
    return _LEADING.sub("", _GLUED.sub(r"\1 ", _FOOTNOTE.sub(r"\1", _GLUED_AFTER.sub("", line))))


def _agencies(line: str) -> Iterator[str]:
    if AGENCY_WORDS.isdisjoint(words(line)):
        return
    for part in _AGENCY_SPLIT.split(line):
        if part and len(part) <= 40 and is_agency(part):
            yield part.strip(" .")


def _split(line: str) -> list[str]:
    if "://" in line:
        return []
    line = _TAIL.sub("", line) if _TAIL_SIGNS.search(line) else line
    if _BODY.match(line) and len(line) <= _LONGEST_BODY and not _ROLE.search(line):
        return [line.strip(" ,;|·•-–—:")]
    line = _SUFFIX.sub(" ", _PLACE.sub("", line))
    parts = [_LEADING.sub("", part).strip(" ,;:.*\"'“”") for part in _SPLIT.split(line)]
    bare = (_CREDENTIALS.sub("", f" {part}").strip(" ,") for part in parts)
    people = [_spelled(part) for part in bare if _is_name(part) and not is_agency(part)]
    people = [_without_office(part) for part in people]
    persons = [part for part in people if not _ROLE.search(part)]
    if persons and is_person(persons[0]):  # what else stands behind a full name is an office
        persons = [part for part in persons if is_person(part)]
    return persons or people[:1]


def _without_office(name: str) -> str:
    """ "Ada Quill Founder at Quill & Co" without the office, where a full name stands before it."""
    bare = _OFFICE.sub("", name)
    return bare if bare != name and is_person(bare) else name


def _is_name(text: str) -> bool:
    return 2 < len(text) <= 60 and len(text.split()) <= 6 and not _NO_NAME.search(text) and text[0].isalpha()


def _spelled(name: str) -> str:
    """A slug ("ada-lovelace") as the name that it stands for."""
    return re.sub(r"[-.]", " ", name).title() if _SLUG.match(name) and not _TOP_LEVEL.search(name) else name
