"""When the next visit is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule import next_visit

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def pause(age: timedelta, failures: int = 0) -> timedelta:
    return next_visit(NOW, published=NOW - age, failures=failures) - NOW


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), timedelta(minutes=30)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(days=1), timedelta(hours=8)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=20), timedelta(days=7)),
        (timedelta(days=100), timedelta(days=60)),
        (timedelta(days=5000), timedelta(days=365)),
    ],
)
def test_young_articles_are_seen_often(age: timedelta, expected: timedelta) -> None:
    assert pause(age) == expected


@given(st.timedeltas(timedelta(0), timedelta(days=9000)), st.timedeltas(timedelta(0), timedelta(days=9000)))
def test_an_older_article_never_comes_sooner(one: timedelta, other: timedelta) -> None:
    assert pause(min(one, other)) <= pause(max(one, other))


@given(st.timedeltas(timedelta(0), timedelta(days=9000)), st.integers(0, 5000))
def test_failures_only_defer_and_not_for_ever(age: timedelta, failures: int) -> None:
    assert pause(age) <= pause(age, failures) <= max(pause(age), timedelta(days=7))
    assert pause(age, failures) <= pause(age, failures + 1)
