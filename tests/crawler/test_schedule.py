"""When the next visit is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.schedule import Seen, age_group, edit_rate, next_visit

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def pause(age: timedelta, failures: int = 0) -> timedelta:
    plan = next_visit(NOW, published=NOW - age, failures=failures, changed_at=NOW - timedelta(days=2))
    assert plan.at is not None
    return plan.at - NOW


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), timedelta(minutes=30)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(days=1), timedelta(hours=8)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=20), timedelta(days=7)),
        (timedelta(days=100), timedelta(days=60)),
        (timedelta(days=5000), timedelta(days=60)),
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


def test_an_old_article_that_rests_is_given_up() -> None:
    plan = next_visit(NOW, published=NOW - timedelta(days=366))
    assert (plan.at, plan.reason) == (None, "given up: older than a year and not edited lately")
    assert next_visit(NOW, published=NOW - timedelta(days=366), failures=1).at is not None
    assert next_visit(NOW, published=NOW - timedelta(days=366), failures=5).at is None


def test_an_edit_announces_another() -> None:
    lively = next_visit(NOW, published=NOW - timedelta(hours=4), changed_at=NOW)
    assert lively.at == NOW + timedelta(hours=1)
    assert "its own edit" in lively.reason


@pytest.mark.parametrize(
    ("seen", "scale"),
    [
        (Seen(), 1.0),
        (Seen(hours=100_000, edits=0), 4.0),
        (Seen(hours=500, edits=2000), 0.25),
        (Seen(hours=1000, edits=3), 1.09),
    ],
)
def test_a_site_is_visited_as_often_as_it_edits(seen: Seen, scale: float) -> None:
    age = timedelta(hours=6)
    plan = next_visit(NOW, published=NOW - age, rates={age_group(age): seen})
    assert plan.at is not None
    assert (plan.at - NOW) / timedelta(hours=2) == pytest.approx(scale, abs=0.02)


@given(st.integers(0, 5), st.floats(0.1, 1e5), st.integers(0, 1000))
def test_more_edits_mean_a_higher_rate(group: int, hours: float, edits: int) -> None:
    assert edit_rate(group, Seen(hours, edits)) < edit_rate(group, Seen(hours, edits + 1))
    assert edit_rate(group, Seen(hours + 1, edits)) < edit_rate(group, Seen(hours, edits))
