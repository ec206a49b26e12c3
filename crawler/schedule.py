"""When an article is visited again: soon while it is young, then less and less, and more where edits were seen.

The pauses for an age are those of _AGES for a site of which nothing is known. Visits catch most edits for their number
when pauses go with 1 / sqrt(rate of edits) (Cho and Garcia-Molina, "Effective page refresh policies", TODS 28, 2003,
for rates that are alike within a group), so a pause is scaled by the root of the rate that was expected over the rate
that was seen. The rate is the mean of its posterior: a Gamma prior worth two edits, and edits seen as Poisson events.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_AGES = (
    (timedelta(hours=3), timedelta(minutes=30)),
    (timedelta(hours=12), timedelta(hours=2)),
    (timedelta(days=2), timedelta(hours=8)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=60)),
)
"""(younger than, visit again after). News edits cluster in the first ten hours."""

_PRIOR = 0.015
"""Edits an hour, times the square of a pause in hours: the rate that makes the pauses of _AGES the best ones."""

_PRIOR_EDITS = 2.0
_MOST_OFTEN, _LEAST_OFTEN = 0.25, 4.0
_AFTER_AN_EDIT = 0.5
_LIVELY = timedelta(hours=12)
"""After an edit, another one is likelier for so long."""

_OLD = timedelta(days=365)
_IN_VAIN = 5  # failed visits in a row, after which an old article is given up as well
_FIRST_RETRY = timedelta(minutes=15)
_LONGEST_RETRY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """What visits to articles of one age saw at a site: the hours between them, and the edits that they found."""

    hours: float = 0.0
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The next visit, and why then; ``at`` None gives the article up."""

    at: datetime | None
    reason: str


Rates = Mapping[int, Seen]
"""By number of the age group."""


def age_group(age: timedelta) -> int:
    """The number of the age group that an age belongs to; beyond the last one, articles are given up."""
    return next((number for number, (younger, _) in enumerate(_AGES) if age < younger), len(_AGES))


def edit_rate(group: int, seen: Seen) -> float:
    """Edits an hour that an article of an age group is expected to see."""
    pause = _AGES[min(group, len(_AGES) - 1)][1] / timedelta(hours=1)
    expected = _PRIOR / pause**2
    return (_PRIOR_EDITS + seen.edits) / (_PRIOR_EDITS / expected + seen.hours)


def next_visit(
    seen_at: datetime,
    *,
    published: datetime,
    failures: int = 0,
    rates: Rates | None = None,
    changed_at: datetime | None = None,
) -> Plan:
    """The next visit after one at ``seen_at``; ``published`` may be the time of discovery.

    ``rates`` is what was seen at the site, ``changed_at`` when the article was last found edited. After ``failures``
    failures in a row: 15 minutes, doubled each time up to a week, and never sooner than by age.
    """
    age = seen_at - published
    group = age_group(age)
    quiet = changed_at is None or seen_at - changed_at > _OLD / 4
    if group == len(_AGES) and quiet and (not failures or failures >= _IN_VAIN):
        return Plan(None, "given up: older than a year and not edited lately")
    younger, pause = _AGES[min(group, len(_AGES) - 1)]
    reasons = [f"{_words(pause)} at an age below {_words(younger)}"]
    seen = (rates or {}).get(group, Seen())
    if seen.hours:
        scale = math.sqrt(edit_rate(group, Seen()) / edit_rate(group, seen))
        scale = min(max(scale, _MOST_OFTEN), _LEAST_OFTEN)
        pause *= scale
        edits = "1 edit" if seen.edits == 1 else f"{seen.edits:,} edits"
        reasons.append(f"times {scale:.2f} for {edits} in {_words(timedelta(hours=seen.hours))} here")
    if changed_at is not None and seen_at - changed_at <= _LIVELY:
        pause *= _AFTER_AN_EDIT
        reasons.append(f"times {_AFTER_AN_EDIT} after its own edit")
    if failures:
        retry = min(_FIRST_RETRY * 2 ** min(failures - 1, 12), _LONGEST_RETRY)
        reasons.append(f"at least {_words(retry)} after {failures} failed {'visit' if failures == 1 else 'visits'}")
        pause = max(pause, retry)
    return Plan(seen_at + pause, ", ".join(reasons))


def _words(span: timedelta) -> str:
    for name, size in (("days", timedelta(days=1)), ("h", timedelta(hours=1))):
        if span >= size * (2 if name == "days" else 1):
            return f"{span / size:.3g} {name}"
    return f"{span / timedelta(minutes=1):.3g} min"
