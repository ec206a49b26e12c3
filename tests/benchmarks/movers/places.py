"""The shared pages, and where in one its article begins and ends."""

import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLACES = ("before", "middle", "after")

_PARAGRAPH = re.compile(rb"<p\b[^>]*>(.*?)</p\s*>", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(
    rb"<(script|style|noscript|template|textarea|svg|head|footer)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rb"<[^>]*>")
_WORD = re.compile(r"\w+")
_FEWEST = 3  # paragraphs of an article; with fewer there is no middle
_SEGMENT = 4  # words of a segment that is looked for
_PROBE = 8  # words of a paragraph that have to stand in the reference
_LARGEST = 3_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``reference`` holds the words of the article, ``segments`` what must appear in it; a set has one of them."""

    id: str
    url: str
    path: Path
    reference: str
    segments: tuple[str, ...]

    def body(self) -> bytes:
        return gzip.decompress(self.path.read_bytes())


def load(root: Path, limit: int) -> list[Case]:
    """All pages of all sets, or the first ``limit`` of them in the order of their ids' digests."""
    found = sorted(_cases(root), key=lambda case: hashlib.sha256(f"movers/{case.id}".encode()).hexdigest())
    return found[:limit] if limit else found


def _cases(root: Path) -> Iterator[Case]:
    for truth in sorted(root.glob("*/truth.jsonl.gz")):
        with gzip.open(truth, "rt", encoding="utf8") as rows:
            for row in map(json.loads, rows):
                yield Case(
                    id=f"{truth.parent.name}/{row['id']}",
                    url=row["url"] or "",
                    path=truth.parent / row["file"],
                    reference=_words(row["text"] or ""),
                    segments=tuple(_words(segment) for segment in row["with"] if len(segment.split()) >= _SEGMENT),
                )


def too_large(body: bytes) -> bool:
    return len(body) > _LARGEST


def seen(body: bytes) -> bytes:
    """The page with blanks for scripts, styles, comments and footers: offsets stay, and nothing is found there."""
    return _UNSEEN.sub(lambda match: b" " * len(match[0]), body)


def cuts(page: bytes, case: Case) -> dict[str, int]:
    """Offsets for each place: at the first, after the middle, and after the last paragraph of the article.

    ``page`` is what :func:`seen` gives. Empty for a page that has fewer than three long paragraphs in <p> from the
    first to the last of these.
    """
    long = [(match, words) for match in _PARAGRAPH.finditer(page) if len(words := _plain(match[1])) >= _PROBE]
    own = [number for number, (_, words) in enumerate(long) if _is_own(words, case)]
    if not own or own[-1] - own[0] + 1 < _FEWEST:
        return {}
    first, middle, last = (long[number][0] for number in (own[0], (own[0] + own[-1]) // 2, own[-1]))
    return {"before": first.start(), "middle": middle.end(), "after": last.end()}


def _plain(inner: bytes) -> list[str]:
    return _words(html.unescape(_TAG.sub(b" ", inner).decode("utf-8", "replace"))).split()


def _is_own(words: list[str], case: Case) -> bool:
    """Whether the middle of a paragraph stands in the reference, or one of the segments in the paragraph."""
    start = (len(words) - _PROBE) // 2
    flat = " ".join(words)
    return " ".join(words[start : start + _PROBE]) in case.reference or any(part in flat for part in case.segments)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text)).lower()
