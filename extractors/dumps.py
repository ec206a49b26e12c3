"""The lines of a plain-text dump of a page, and the lists among them.

A dump has lost the markup, so a list shows by its rhythm alone: ages or dates return every few lines (headline, teaser,
"4 hours ago"), or a known heading ("Recent Posts") is followed by lines that are no prose.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from extractors.article import LinkList, ListItem
from extractors.text import canonical_title, word_count
from extractors.vocabulary import heading_kind, is_junk
from extractors.when import is_when, when_interval

_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"[.!?।。！？][\"'”’»)\]]*$")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])[\"'”’»)\]]*$")
_BULLET = re.compile(r"^[-–—•*·▪►]\s*(?=\S)")
_DASHES = frozenset("-–—•*·|▪►")
_GROUP = 4  # lines between two ages of one list, at most
_PROSE = 20  # words of a line that is prose wherever it stands
_TITLE_WORDS = 3  # median of a list without times
_WRAPPED = range(45, 121)  # characters of a line that an editor wrapped
_FEWEST_BROKEN, _BROKEN_SHARE = 5, 0.3  # lines that break off at the margin, so that it is one


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does, and not as a teaser that was cut."""
    return bool(_SENTENCE_END.search(line)) and not is_teaser(line)


def is_teaser(line: str) -> bool:
    """Whether a line was cut off with an ellipsis."""
    return bool(_ELLIPSIS.search(line))


def is_prose(line: str) -> bool:
    """Whether a line is a paragraph by itself."""
    size = word_count(line)
    return not is_teaser(line) and (size >= 2 * _PROSE or (size >= 8 and is_sentence(line)))


def read_lines(text: str) -> list[str]:
    """The lines that hold anything, canonical; paragraphs that were wrapped at a margin are one line each again."""
    unified = _LINE_END.sub("\n", text)
    blocks = [
        [line for raw in block.split("\n") if (line := canonical_title(raw))] for block in _BLANK_LINES.split(unified)
    ]
    inner = [line for block in blocks for line in block[:-1]]
    wrapped = len(inner) > 2 and sum(len(line) in _WRAPPED for line in inner) > 0.8 * len(inner)
    if not wrapped:
        return _unwrapped([line for block in blocks for line in block])
    return [" ".join(block) for block in blocks if block]


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines joined again that were wrapped at a margin with no empty line between paragraphs.

    A line goes on in the next one if that one's first word would not have fitted in before the margin.
    """
    margin = max(map(len, lines), default=0)
    goes_on = [
        len(line) + 1 + len(below.partition(" ")[0]) > margin and not is_when(below) for line, below in pairwise(lines)
    ]
    broken = sum(on and not is_sentence(line) for line, on in zip(lines, goes_on, strict=False))
    if margin not in _WRAPPED or broken < max(_FEWEST_BROKEN, _BROKEN_SHARE * len(lines)):
        return lines
    joined: list[str] = []
    for line, on in zip(lines, [False, *goes_on], strict=True):
        if on:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """A list and the lines that it takes: ``range(start, end)``."""

    start: int
    end: int
    links: LinkList


def read_promoted(lines: list[str], fetched_at: datetime | None) -> list[Promoted]:
    """The lists of a dump in order; they do not overlap."""
    found: list[Promoted] = []
    for start, end in _spans(lines):
        headed = bool(heading_kind(lines[start])) or _is_label(lines[start])
        heading = lines[start] if headed else ""
        items = tuple(_items(lines[start + headed : end], fetched_at))
        if _promotes(items):
            links = LinkList(heading=heading, kind=heading_kind(heading) or "other", items=items)
            found.append(Promoted(start=start, end=end, links=links))
    return found


def _promotes(items: Sequence[ListItem]) -> bool:
    """Whether items are stories: dated, or headlines of some words; menus and rows of tags are neither."""
    dated = any(item.when_text for item in items)
    return bool(items) and (dated or median(word_count(item.title) for item in items) >= _TITLE_WORDS)


def _is_label(line: str) -> bool:
    return word_count(line) <= 6 and not is_sentence(line) and not is_when(line) and line not in _DASHES


def _spans(lines: list[str]) -> list[tuple[int, int]]:
    """Where lists begin (at their heading, if they have one) and end."""
    first_prose = next((index for index, line in enumerate(lines) if is_prose(line)), len(lines))
    spans = [span for run in _runs(lines) if (span := _rhythmic(lines, run, run[0] > first_prose))]
    taken = {index for start, end in spans for index in range(start, end)}
    for index, line in enumerate(lines):
        if index not in taken and heading_kind(line):
            end = _headed_end(lines, index, taken)
            # a short one in front of the prose may be the article's own section, headline and date
            if end - index > (1 if index > first_prose else _GROUP + 1):
                spans.append((index, end))
                taken.update(range(index, end))
    return sorted(spans)


def _headed_end(lines: list[str], start: int, taken: set[int]) -> int:
    """Behind a known heading a list goes on until prose, another heading or another list."""
    end = start + 1
    while end < len(lines) and end not in taken and not is_prose(lines[end]) and not heading_kind(lines[end]):
        end += 1
    return end


def _runs(lines: list[str]) -> list[list[int]]:
    """Where times stand, parted where they are too far from each other to belong to one list."""
    runs: list[list[int]] = []
    for index in (index for index, line in enumerate(lines) if is_when(line)):
        if runs and index - runs[-1][-1] <= _GROUP + 1 and not _breaks(lines[runs[-1][-1] + 1 : index]):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _breaks(between: list[str]) -> bool:
    """Whether the lines between two times end a list: an article's prose, or the heading of the next list."""
    return any(heading_kind(line) for line in between) or sum(map(is_prose, between)) > 1


def _rhythmic(lines: list[str], run: list[int], after_prose: bool) -> tuple[int, int] | None:
    """The list around a run of times, which is longer in front of the prose, where dates of publication stand."""
    first = run[0]
    steps = Counter(later - earlier for earlier, later in pairwise(run))
    step = steps.most_common(1)[0][0] if steps else 0
    if not after_prose and len(run) < 3:
        return None
    if first and len(run) > 1 and heading_kind(lines[first - 1]):  # each time stands before its headline
        return first - 1, min(len(lines), run[-1] + step)
    back = (each for each in (step, *range(2, _GROUP + 2)) if 2 <= each <= first)
    known = next((first - each for each in back if heading_kind(lines[first - each])), None)
    if known is not None:
        return known, run[-1] + 1
    start = first - step + 1
    if step < 2 or start < 0:
        return None
    return start - (start > 0 and _is_label(lines[start - 1])), run[-1] + 1


def _items(lines: list[str], fetched_at: datetime | None) -> list[ListItem]:
    found = (_item(group, fetched_at) for group in _groups(lines))
    return [item for item in found if item is not None]


def _groups(lines: list[str]) -> list[list[str]]:
    """The lines of each item: dashes part them, else times, else a teaser closes its headline's group."""
    if any(line in _DASHES for line in lines):
        starts = [line in _DASHES for line in lines]
    elif lines and is_when(lines[0]):
        starts = [is_when(line) for line in lines]
    else:
        ends = is_when if any(map(is_when, lines)) else is_teaser if any(map(is_teaser, lines)) else _any
        starts = [True, *(ends(line) for line in lines[:-1])]
    groups: list[list[str]] = []
    for line, start in zip(lines, starts, strict=False):
        if start or not groups:
            groups.append([])
        groups[-1].append(line)
    return groups


def _any(_line: str) -> bool:
    return True


def _item(group: list[str], fetched_at: datetime | None) -> ListItem | None:
    when_text = next((line for line in group if is_when(line)), None)
    lines = [_BULLET.sub("", line, count=1) for line in group if line not in _DASHES and not is_when(line)]
    lines = [line for line in lines if not is_junk(line.lower())]
    if not lines:
        return None
    section = lines.pop(0) if _begins_with_section(lines) else None
    interval = when_interval(when_text, fetched_at) if when_text else None
    return ListItem(
        title=lines[0],
        teaser=" ".join(lines[1:]) or None,
        section=section,
        when_text=when_text,
        when_at=interval[0] if interval else None,
        when_until=interval[1] if interval else None,
    )


def _begins_with_section(lines: list[str]) -> bool:
    """One to three words before a line that is no teaser and no paragraph."""
    if len(lines) < 2 or word_count(lines[0]) > 3 or is_sentence(lines[0]):
        return False
    return not is_teaser(lines[1]) and not (word_count(lines[1]) >= _PROSE and is_sentence(lines[1]))
