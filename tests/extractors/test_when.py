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


@pytest.mark.parametrize(
    ("text", "oldest", "newest"),
    [
        ("half an hour ago", 45, 19.5), ("vor einer halben Stunde", 45, 19.5), ("il y a une demi-heure", 45, 19.5),
        ("hace media hora", 45, 19.5), ("há meia hora", 45, 19.5), ("mezz'ora fa", 45, 19.5),
        ("आधा घंटा पहले", 45, 19.5), ("hace una hora", 120, 30), ("há uma hora", 120, 30), ("un'ora fa", 120, 30),
        ("il y a 5 mn", 6, 4.5), ("mis à jour il y a 5 minutes", 6, 4.5), ("seit 5 Minuten", 6, 4.5),
        ("vor 10 Min.", 11, 9.5), ("pochi minuti fa", 11, 1.5), ("hace pocos minutos", 11, 1.5),
        ("há poucos minutos", 11, 1.5), ("Just in", 5, 0), ("seconds ago", 5, 0), ("proprio ora", 5, 0),
        ("il y a un jour", 2880, 720), ("an hour and a half ago", 105, 74.5), ("vor anderthalb Stunden", 105, 74.5),
        ("hace una hora y media", 105, 74.5), ("un'ora e mezza fa", 105, 74.5), ("one hour and a half ago", 105, 74.5),
        ("hace 1 hora y 20 minutos", 81, 79.5), ("Há 1 hora e 20 minutos", 81, 79.5),
        ("1 ora e 20 minuti fa", 81, 79.5), ("1 hour and 20 minutes ago", 81, 79.5), ("twenty minutes ago", 21, 19.5),
        ("il y a moins d'une heure", 60, 0), ("less than an hour ago", 60, 0), ("meno di un'ora fa", 60, 0),
    ],
)  # fmt: skip
def test_ages_in_minutes(text: str, oldest: float, newest: float) -> None:
    assert when_interval(text, NOW) == (NOW - timedelta(minutes=oldest), NOW - timedelta(minutes=newest))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mon, 14:05", 22), ("Wednesday at 10:30 AM", 24), ("last Monday", 22), ("Mo., 14:05 Uhr", 22),
        ("lundi dernier", 22), ("lunes pasado", 22), ("last Friday", 19), ("Today, 14:05", 26), ("Oggi, ore 14:05", 26),
        ("hoje às 14h05", 26), ("hoy a las 14:05 h", 26), ("ieri alle 14.05", 25), ("आज 02:05 PM", 26),
        ("24 दिस 2025", 24), ("24. des 2025", 24), ("24 grudnia 2025", 24), ("24 Aralık 2025", 24),
        ("24 декабря 2025", 24), ("2025年12月24日", 24), ("2025년 12월 24일", 24), ("24/12/2025 14:05h", 24),
        ("Dec. 24, 2025, 2:05 PM ET", 24),
    ],
)  # fmt: skip
def test_days_of_december(text: str, day: int) -> None:
    start = datetime(2025, 12, day, tzinfo=UTC)
    assert when_interval(text, NOW, "es") == (start, start + DAY)


def test_a_day_word_with_a_zone_is_that_minute() -> None:
    minute = timedelta(minutes=1)
    assert when_interval("yesterday, 21:40 GMT", NOW) == (
        start := datetime(2025, 12, 25, 21, 40, tzinfo=UTC),
        start + minute,
    )
    late = datetime(2025, 12, 26, 20, tzinfo=UTC)  # already the 27th in India
    assert when_interval("today 01:00 IST", late) == (
        start := datetime(2025, 12, 26, 19, 30, tzinfo=UTC),
        start + minute,
    )


def test_a_weekday_with_a_time_is_unknown_on_that_weekday() -> None:
    assert is_when("Fri, 14:05")
    assert when_interval("Fri, 14:05", NOW) is None


@pytest.mark.parametrize("text", ["Monday", "Sonntag", "5 mins", "Last", "on Tuesday", "25 seconds"])
def test_lines_that_head_something_else(text: str) -> None:
    assert not is_when(text)


def test_english_with_a_country_that_writes_the_day_first() -> None:
    assert when_interval("04/05/2025", None, "en-GB") == when_interval("2025-05-04", None)


_AGES = {
    "minute": ["{} minutes ago", "{} min ago", "vor {} Minuten", "vor {} Min.", "il y a {} minutes", "hace {} minutos",
               "há {} minutos", "{} minuti fa", "{} मिनट पहले"],
    "hour": ["{} hours ago", "{}h ago", "{}h", "vor {} Stunden", "vor {} Std.", "il y a {} h", "hace {} horas",
             "há {} horas", "{} ore fa", "{} घंटे पहले"],
    "day": ["{} days ago", "{}d ago", "vor {} Tagen", "il y a {} jours", "hace {} días", "há {} dias", "{} giorni fa",
            "{} दिन पहले"],
}  # fmt: skip
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


@given(
    st.sampled_from([(unit, form) for unit, forms in _AGES.items() for form in forms]),
    st.integers(min_value=1, max_value=400),
    st.floats(min_value=0, max_value=0.999),
    st.sampled_from(["down", "nearest"]),
    st.booleans(),
)
def test_the_interval_holds_the_moment_that_was_rendered(
    shown: tuple[str, str], count: int, part: float, rounding: str, native: bool
) -> None:
    """Sites round an age down or to the nearest unit; digits may be those of Devanagari."""
    unit, form = shown
    age = timedelta(seconds=(count + part) * _SECONDS[unit])
    stated = count + 1 if rounding == "nearest" and part >= 0.5 else count
    digits = str(stated).translate(str.maketrans("0123456789", "०१२३४५६७८९")) if native else str(stated)
    found = when_interval(form.format(digits), NOW)
    assert found is not None
    assert found[0] <= NOW - age <= found[1]


@pytest.mark.parametrize(
    "text", ["hace más de un año", "il y a plus d'un an", "più di un anno fa", "over a year ago", "oltre un anno fa"]
)
def test_more_than_a_year(text: str) -> None:
    assert when_interval(text, NOW) == (NOW - 732 * DAY, NOW - 182.5 * DAY)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("20 नवंबर 2025 शाम 5:30 बजे IST", 12),
        ("20 नवंबर 2025 सुबह 5:30 बजे IST", 0),
        ("20 नवंबर 2025 रात 11:30 बजे IST", 18),
        ("20 नवंबर 2025 रात 1:30 बजे UTC", 1),
        ("20 नवंबर 2025 रात 12:30 बजे UTC", 0),
        ("20 नवंबर 2025 दोपहर 11:30 बजे UTC", 11),
        ("20 नवंबर 2025 दोपहर 1:30 बजे UTC", 13),
    ],
)
def test_hindi_clocks_with_a_part_of_the_day(text: str, hour: int) -> None:
    minute = 30 if "UTC" in text else 0
    start = datetime(2025, 11, 20, hour, minute, tzinfo=UTC)
    assert when_interval(text, NOW) == (start, start + timedelta(minutes=1))
