"""JSON-LD as pages really write it: graphs, arrays, references by @id, and syntax that no JSON parser accepts."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Thing = Mapping[str, object]

MAX_THINGS: Final = 3000
_LOOKED_AT: Final = 200


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


ARTICLE_TYPES: Final = _words(
    """
    article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle reviewnewsarticle
    backgroundnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle techarticle
    scholarlyarticle liveblogposting socialmediaposting report review
    """
)
PAGE_TYPES: Final = frozenset({"webpage", "itempage", "aboutpage", "faqpage"})
LISTING_TYPES: Final = frozenset({"collectionpage", "searchresultspage", "profilepage", "contactpage"})

_OPENING = re.compile(r"\A(?:[\s;\ufeff]|//|/\*.*?\*/|/\*|\*/|<!\[CDATA\[|<!--)*", re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_OPENED = frozenset("{[")
_CLOSING = frozenset("}]")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_MISSING_COMMA = re.compile(r"}\s*(?={)")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_PAIR = re.compile(
    r"\"(@type|headline|datePublished|dateModified|articleSection|isAccessibleForFree|inLanguage)\"\s*:\s*\"([^\"\\]{1,300})\"(?=\s*[,}])"
)
_QUOTED: Final = "&quot;"


def things(scripts: Iterable[str]) -> tuple[Thing, ...]:
    """Every object of the scripts, outer before inner; at most MAX_THINGS."""
    found: list[Thing] = []
    queue: list[object] = [value for script in scripts for value in _values(script)]
    for value in queue:  # the queue grows while it is read
        if isinstance(value, dict):
            found.append(value)
            queue += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            queue += [inner for inner in value if isinstance(inner, dict | list)]
        if len(found) >= MAX_THINGS:
            break
    return tuple(found)


def types(thing: Thing) -> frozenset[str]:
    """Lower-case type names without their vocabulary's address."""
    stated = thing.get("@type")
    if isinstance(stated, str):
        return frozenset((stated.rsplit("/", 1)[-1].lower(),))
    names = stated if isinstance(stated, list) else [stated]
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def strings(value: object) -> Iterator[str]:
    """The strings of a value: itself, an array's, or the @value, name, url or @id of an object."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list):
        for inner in value[:100]:
            if not isinstance(inner, list):
                yield from strings(inner)
    elif isinstance(value, dict):
        named = (value.get(key) for key in ("@value", "name", "url", "@id"))
        yield from ([text for text in named if isinstance(text, str) and text.strip()][:1])


def parts(thing: Thing) -> list[Thing]:
    """The objects of ``hasPart``."""
    stated = thing.get("hasPart")
    return [part for part in (stated if isinstance(stated, list) else [stated]) if isinstance(part, dict)]


def first(found: Iterable[Thing], key: str) -> str | None:
    """The first string that any of the objects gives for a key."""
    return next((text for thing in found for text in strings(thing.get(key))), None)


def people(thing: Thing, by_id: Mapping[str, Thing]) -> list[str]:
    """Names of the authors (else creators) of an article; organisations only where it names no person."""
    stated = thing.get("author") or thing.get("creator")
    persons: list[str] = []
    bodies: list[str] = []
    for entry in (stated if isinstance(stated, list) else [stated])[:50]:
        body, names = _names(entry, by_id)
        (bodies if body else persons).extend(names)
    return persons or bodies


def _names(entry: object, by_id: Mapping[str, Thing]) -> tuple[bool, list[str]]:
    if isinstance(entry, str):
        return False, [] if entry.startswith(("http", "#", "_:")) else [entry]
    if not isinstance(entry, dict):
        return False, []
    named: Thing = entry
    if not entry.get("name") and isinstance(reference := entry.get("@id"), str):
        named = by_id.get(reference, entry)
    whole = [name for name in strings(named.get("name")) if not name.startswith("http")]
    parts = " ".join(part for key in ("givenName", "familyName") for part in strings(named.get(key)))
    return any("organization" in kind for kind in types(named)), whole or ([parts] if parts else [])


def _values(script: str) -> list[object]:
    """The values of a script; of one that no repair makes JSON, the plain pairs of its first article."""
    text = script.strip()
    if text[:1] not in _OPENED or text[-1:] not in _CLOSING:
        text = _OPENING.sub("", text[:_LOOKED_AT]) + text[_LOOKED_AT:]
        text = text[: max(map(text.rfind, _CLOSING)) + 1] or text
    for repair in (_same, _unquoted, _commas, _escapes):
        if (repaired := repair(text)) is None:
            continue
        try:
            return [_encodable(json.loads(repaired, strict=False), repaired)]
        except (ValueError, RecursionError):
            continue
    return _rows(text) or _pairs(text)


def _encodable(value: object, text: str) -> object:
    """A value without halves of surrogate pairs, which JSON can write ("\\ud83d") and no file can hold."""
    if _SURROGATE.search(text) is None:
        return value
    whole: object = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "ignore"))
    return whole


def _same(text: str) -> str | None:
    return text


def _unquoted(text: str) -> str | None:
    return html.unescape(text) if _QUOTED in text[:_LOOKED_AT] else None


def _commas(text: str) -> str | None:
    return _TRAILING_COMMA.sub("", text)


def _escapes(text: str) -> str | None:
    """Backslashes that JSON does not know, and objects set side by side."""
    return (
        "["
        + _MISSING_COMMA.sub("},", _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub("", text.replace("\\'", "'"))))
        + "]"
    )


def _rows(text: str) -> list[object]:
    """What stands before the place where a script breaks: objects in a row, or one with an unclosed tail."""
    try:
        value = _encodable(json.JSONDecoder(strict=False).raw_decode(text)[0], text)
    except (ValueError, RecursionError):
        return []
    return [value]


def _pairs(text: str) -> list[object]:
    """Headline and dates by pattern, from the first type that is an article's: a stray quote costs only its string."""
    found: dict[str, object] = {}
    for key, value in _PAIR.findall(text):
        if key == "@type" and (found or value.lower() not in ARTICLE_TYPES):
            if found:
                break
        elif key == "@type" or found:
            found.setdefault(key, value)
    return [found] if len(found) > 1 else []
