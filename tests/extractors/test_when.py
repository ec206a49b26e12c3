from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.when import is_when, when_interval

NOW = datetime(2025, 12, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    [
        "4 hours ago", "Updated 4 hours ago", "about four hours ago", "4 hrs ago", "4h", "4 h ago", "vor 4 Stunden",
        "vor vier Stunden", "il y a 4 heures", "Il y a environ 4 heures", "hace 4 horas", "há 4 horas", "4 horas atrás",
        "4 ore fa", "4 घंटे पहले", "४ घंटे पहले", "4 घंटे पूर्व",
    ],
)  # fmt: skip
def test_four_hours_ago(text: str) -> None:
    assert is_when(text)
    assert when_interval(text, NOW) == (NOW - 5 * HOUR, NOW - 3.5 * HOUR)
    assert when_interval(text, None) is None


@pytest.mark.parametrize(
    ("text", "oldest", "newest"),
    [
        ("just now", timedelta(minutes=5), timedelta(0)),
        ("gerade eben", timedelta(minutes=5), timedelta(0)),
        ("à l’instant", timedelta(minutes=5), timedelta(0)),
        ("2 mins ago", timedelta(minutes=3), timedelta(minutes=1.5)),
        ("a few minutes ago", timedelta(minutes=11), timedelta(minutes=1.5)),
        ("25 seconds ago", timedelta(seconds=26), timedelta(seconds=24.5)),
        ("an hour ago", 2 * HOUR, HOUR / 2),
        ("vor einer Stunde", 2 * HOUR, HOUR / 2),
        ("1 hour 20 minutes ago", timedelta(minutes=81), timedelta(minutes=79.5)),
        ("a day ago", 2 * DAY, DAY / 2),
        ("hace un día", 2 * DAY, DAY / 2),
        ("2 weeks ago", 21 * DAY, 10.5 * DAY),
        ("3mo ago", 124 * DAY, 70 * DAY),
        ("il y a un an", 732 * DAY, 182.5 * DAY),
    ],
)
def test_ages(text: str, oldest: timedelta, newest: timedelta) -> None:
    assert when_interval(text, NOW) == (NOW - oldest, NOW - newest)


@pytest.mark.parametrize("text", ["yesterday", "Gestern, 10:30 Uhr", "hier", "ayer a las 10:30", "ontem", "ieri", "कल"])
def test_yesterday_is_the_day_before_in_utc(text: str) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=14)))
    assert when_interval(text, local) == (datetime(2025, 12, 25, tzinfo=UTC), datetime(2025, 12, 26, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "December 04, 2025", "Dec 4, 2025", "Dec. 4, 2025", "04 Dec 2025", "04-Dec-2025", "4th December 2025",
        "Thursday, December 4, 2025", "December 4, 2025 10:30 PM", "4. Dezember 2025", "Stand: 04.12.2025, 10:30 Uhr",
        "4.12.2025", "2025-12-04", "2025/12/04", "le 4 décembre 2025 à 10h30", "jeu. 4 déc. 2025",
        "4 de diciembre de 2025", "4 de dezembro de 2025", "4 dicembre 2025", "4 दिसंबर 2025", "Published: Dec 4, 2025",
        "04.12.25",
    ],
)  # fmt: skip
def test_a_full_date_is_its_utc_day_and_needs_no_fetch(text: str) -> None:
    assert when_interval(text, None) == (datetime(2025, 12, 4, tzinfo=UTC), datetime(2025, 12, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("Dec 4, 2025 10:30 IST", datetime(2025, 12, 4, 5, tzinfo=UTC), timedelta(minutes=1)),
        ("2025-12-04T10:30:59.5+05:30", datetime(2025, 12, 4, 5, tzinfo=UTC), timedelta(minutes=1)),
        ("2025-12-04T10:30:00Z", datetime(2025, 12, 4, 10, 30, tzinfo=UTC), timedelta(minutes=1)),
        ("Dec 4, 2025 at 10:30 p.m. EST", datetime(2025, 12, 5, 3, 30, tzinfo=UTC), timedelta(minutes=1)),
        ("Dec 4, 2025, 10:30 am GMT+5:30", datetime(2025, 12, 4, 5, tzinfo=UTC), timedelta(minutes=1)),
        ("Dec 4, 2025 IST", datetime(2025, 12, 3, 18, 30, tzinfo=UTC), DAY),
    ],
)
def test_a_zone_moves_the_date(text: str, start: datetime, length: timedelta) -> None:
    assert when_interval(text, None) == (start, start + length)


def test_a_date_without_a_year_is_its_last_occurrence() -> None:
    assert when_interval("Dec 4", NOW) == (datetime(2025, 12, 4, tzinfo=UTC), datetime(2025, 12, 5, tzinfo=UTC))
    assert when_interval("28 December", NOW) == (datetime(2024, 12, 28, tzinfo=UTC), datetime(2024, 12, 29, tzinfo=UTC))
    assert when_interval("Dec 4", None) is None


def test_the_order_of_day_and_month_depends_on_the_language() -> None:
    assert is_when("04/05/2025")
    assert when_interval("04/05/2025", None) is None
    assert when_interval("04/05/2025", None, "en-US") is None
    assert when_interval("04/05/2025", None, "fr") == when_interval("2025-05-04", None)
    assert when_interval("13/05/2025", None) == when_interval("05/13/2025", None) == when_interval("2025-05-13", None)


def test_a_day_that_no_calendar_has_means_nothing() -> None:
    assert when_interval("31 February 2025", NOW) is None
    assert when_interval("99999 years ago", NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "News", "May", "ago", "2025", "10:30", "5 min", "5 min read", "10 m", "4 hours", "2:1", "1.5",
        "March 2025", "June 4 massacre", "4 dead in blast", "Top 10", "2025-26", "9/11", "11 September attacks",
        "12 people", "Recent Posts", "Version 1.2.2025 released", "Trump met Putin 4 hours ago", "+ 4 h",
        "4 hours ago " * 9,
    ],
)  # fmt: skip
def test_other_lines_are_no_time_texts(text: str) -> None:
    assert not is_when(text)
    assert when_interval(text, NOW) is None


@given(st.text(alphabet=st.sampled_from(" .,:-/+0123456789२adeghorst4decayvil'\x00"), max_size=90))
def test_any_line_has_an_ordered_interval_or_none(text: str) -> None:
    found = when_interval(text, NOW)
    assert found is None or (is_when(text) and found[0] <= found[1] and found[0].tzinfo is UTC)
