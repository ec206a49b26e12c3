"""One run of text that is several links in a row: headlines between line breaks or bars, with an age behind each."""

from collections.abc import Sequence
from typing import Final

from extractors.lines import is_time

BREAK: Final = -1  # stands for a line break where else the number of a link stands
ROW_SHARE: Final = 0.5
TIMED_SHARE: Final = 0.85
_UNBROKEN_SHARE: Final = 0.7
"""Of the characters of a run of text, how many are linked at least where it may be such a row."""

_EDGES: Final = " \t\r\n\f|·•»«›‹→►▶▸–—-,;/()[]*+"
_MOST_ASIDE: Final = 6  # words beside a headline: an age, a name
_MOST_LABEL: Final = 2  # words of a link beside a headline's: a section, a length
_MOST_BEFORE: Final = 8  # words before the first of them: a heading

LinkRow = tuple[str, int, int, str, int]
"""Text, its words, its link, the link's words and their length, as a block has them."""


def link_rows(parts: Sequence[str], sources: Sequence[int]) -> list[LinkRow]:
    """A block for each headline (and one for what stands before the first), or none where this is a sentence.

    ``sources`` says for each part which link holds it: 0 for none, :data:`BREAK` for a line break.
    """
    if BREAK not in sources and not _is_mostly_linked(parts, sources):
        return []
    rows = [row for line in _lines(parts, sources) if (row := _row(*line))]
    linked = [row for row in rows if row[2]]
    heads = [row for row in linked if _is_headline(row)]
    loose = [row for row in rows if not row[2]]
    short = all(row[1] <= _MOST_LABEL for row in linked if row not in heads)
    if len({row[2] for row in linked}) < 2 or not heads or not short or (len(heads) < len(linked) and loose):
        return []
    if loose and (len(loose) > 1 or loose[0] is not rows[0] or loose[0][1] > _MOST_BEFORE):
        return []
    tail = "" if sources[-1] > 0 else parts[-1].strip()
    return [] if tail.endswith(".") and BREAK not in sources else rows


def timed_rows(parts: Sequence[str], anchor: int) -> list[LinkRow]:
    """Two blocks for a link whose last part is a time ("Ferry closes" and "3 hours ago" in spans of their own)."""
    inner = [part for part in parts if part.strip()]
    if len(inner) < 2 or not any(map(str.isdigit, inner[-1])) or not is_time(inner[-1].strip()):
        return []
    rows = (_row(own, own, anchor) for own in (inner[:-1], inner[-1:]))
    return [row for row in rows if row]


def _lines(parts: Sequence[str], sources: Sequence[int]) -> list[tuple[list[str], list[str], int]]:
    """Parts by the link that they belong to: words, the linked ones of them, and the link."""
    lines: list[tuple[list[str], list[str], int]] = [([], [], 0)]
    broken = False
    for part, source in zip(parts, sources, strict=True):
        if source == BREAK:
            broken = True
            continue
        _, _, own = lines[-1]
        if source > 0 and source != own:
            if own or (len(lines) == 1 and _is_before("".join(lines[0][0]))):
                lines.append(([], [], source))
            else:
                lines[-1] = (*lines[-1][:2], source)
        elif broken and own and part.strip(_EDGES):
            lines.append(([], [], 0))
        broken = broken and not part.strip(_EDGES)
        lines[-1][0].append(part)
        if source > 0:
            lines[-1][1].append(part)
    return lines


def _is_mostly_linked(parts: Sequence[str], sources: Sequence[int]) -> bool:
    linked = sum(len(part) for part, source in zip(parts, sources, strict=True) if source > 0)
    return linked >= _UNBROKEN_SHARE * sum(map(len, parts))


def _is_before(text: str) -> bool:
    """Whether the words before the first link are a line of their own, and no time of day that belongs to it."""
    return text.strip(_EDGES) != "" and not any(map(str.isdigit, text))


def _row(parts: list[str], linked: list[str], source: int) -> LinkRow | None:
    words = "".join(parts).strip(_EDGES).split()
    if not words:
        return None
    label, text = " ".join("".join(linked).split()), " ".join(words)
    return text + ")" * (text.count("(") > text.count(")")), len(words), source, label, len(label)


def _is_headline(row: LinkRow) -> bool:
    _, words, _, label, _ = row
    own = label.count(" ") + 1
    return (own >= 3 or (len(label) >= 8 and not label.isascii())) and words - own <= _MOST_ASIDE
