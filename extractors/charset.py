"""Bytes become text here, before any parsing, and the decision is explicit.

The order: byte order mark; UTF-8 if the bytes are valid UTF-8 (other text almost never is, whatever it is declared to
be); the declared label of the page or the transport; a detector; windows-1252 with replacement characters.
Labels mean what the WHATWG Encoding Standard says: iso-8859-1 and us-ascii mean windows-1252, gb2312 means gb18030.
"""

import codecs
import re

from chardet import EncodingEra, detect
from w3lib.encoding import resolve_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_NAMES = {
    "utf-8": "utf-8",
    "cp866": "ibm866",
    **{f"iso8859-{part}": f"iso-8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "mac-roman": "macintosh",
    "mac-cyrillic": "x-mac-cyrillic",
    "cp874": "windows-874",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
    "gb18030": "gb18030",
    "big5hkscs": "big5",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
}
"""The codecs that a page may choose, and the names that the standard gives them. Python knows others that must not be
chosen from outside, such as unicode_escape or utf-7."""

_LABELS = {
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "unicode": "utf-16-le",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "dos-874": "cp874",
    "tis-620": "cp874",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-x-big5": "big5hkscs",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
}

_META = re.compile(
    rb"<(?:meta|\?xml)[^<>]{0,300}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE
)
_META_WINDOW = 4096  # the standard asks for 1024; real pages put it later
_LONGEST = 4  # bytes of one character in any of these encodings
_CUT_OFF = frozenset({"unexpected end of data", "incomplete multibyte sequence", "truncated data"})
_DETECTED = 100_000  # bytes that the detector reads
_MOST = 20  # valid multi-byte characters for each broken one in text that is UTF-8 with a few bytes of something else


def decode_body(body: bytes, declared: str | None, media_type: str) -> tuple[str, str]:
    """The text of a body and the standard's name of the encoding that was used; never fails.

    ``declared`` is the transport's label. A label inside the body counts only when ``media_type`` is not text/plain.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), _NAMES[codec]
    labels = _declared_codecs(body, declared, media_type)
    for codec in (*_before_utf8(body, labels), "utf-8", *labels):
        text = _strict(body, codec)
        if text is not None:
            return text, _NAMES[codec]
    return _undeclared(body)


def _undeclared(body: bytes) -> tuple[str, str]:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(character > "\x7f" for character in text) - broken > _MOST * broken:
        return text, "utf-8"
    found = detect(body[:_DETECTED], encoding_era=EncodingEra.MODERN_WEB)["encoding"]
    codec = _codec(found) or "cp1252"
    decoded = _strict(body, codec)
    if decoded is not None:
        return decoded, _NAMES[codec]
    return body.decode("cp1252", "replace"), "windows-1252"


def _declared_codecs(body: bytes, declared: str | None, media_type: str) -> tuple[str, ...]:
    """The transport's label before the page's own, as the standard says, except for a Western one.

    Servers add iso-8859-1 by default to pages that they know nothing about (Apache's AddDefaultCharset).
    """
    found = None if media_type == "text/plain" else _META.search(body[:_META_WINDOW])
    codecs_found = [_codec(declared), _codec(found[1].decode("ascii") if found else None)]
    codecs_found.sort(key=lambda codec: codec == "cp1252")
    return tuple(codec for codec in codecs_found if codec)


def _before_utf8(body: bytes, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Encodings whose bytes are also valid UTF-8, when declared and when the bytes show them."""
    if b"\x1b" in body[:_DETECTED] and "iso2022_jp" in labels:
        return ("iso2022_jp",)
    if b"\0" in body[:_META_WINDOW]:
        return tuple(codec for codec in labels if codec.startswith("utf-16"))
    return ()


def _codec(label: str | None) -> str | None:
    name = (label or "").strip().strip("\"'").lower()
    if not name:
        return None
    codec = _LABELS.get(name) or resolve_encoding(name)
    return codec if codec in _NAMES else None


def _strict(body: bytes, codec: str) -> str | None:
    """The text if every byte is valid; a character that is cut off at the end of the body counts as valid."""
    if codec.startswith("utf-16") and b"\0" not in body[:_META_WINDOW]:
        return None
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        whole = body[: error.start]
        cut_off = len(body) - error.start < _LONGEST and error.reason in _CUT_OFF and not whole.isascii()
        return whole.decode(codec) if cut_off else None
