"""When an article is visited again: soon while it is young, then less and less."""

from datetime import datetime, timedelta

_BY_AGE = (
    (timedelta(hours=3), timedelta(minutes=30)),
    (timedelta(hours=12), timedelta(hours=2)),
    (timedelta(days=2), timedelta(hours=8)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=60)),
)
"""(younger than, visit again after). News edits cluster in the first ten hours."""

_OLD = timedelta(days=365)
_FIRST_RETRY = timedelta(minutes=15)
_LONGEST_RETRY = timedelta(days=7)


def next_visit(seen_at: datetime, *, published: datetime, failures: int) -> datetime:
    """The time of the next visit after one at ``seen_at``; ``published`` may be the time of discovery.

    After ``failures`` failures in a row: 15 minutes, doubled each time up to a week, and never sooner than by age.
    """
    age = seen_at - published
    pause = next((pause for younger, pause in _BY_AGE if age < younger), _OLD)
    if failures:
        pause = max(pause, min(_FIRST_RETRY * 2 ** min(failures - 1, 12), _LONGEST_RETRY))
    return seen_at + pause
