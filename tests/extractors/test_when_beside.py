from datetime import UTC, date, datetime, time, timedelta

import pytest

from extractors.when import is_age, is_when, when_interval
from extractors.when_beside import beside_interval
from tests.extractors.test_lists import lists_of

NOW = datetime(2025, 12, 10, 12, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


def days(first: date, past: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(0), UTC), datetime.combine(past, time(0), UTC)


@pytest.mark.parametrize(
    ("text", "first", "past"),
    [
        ("Mon", date(2025, 12, 8), date(2025, 12, 9)),
        ("am Montag", date(2025, 12, 8), date(2025, 12, 9)),
        ("Thursday", date(2025, 12, 4), date(2025, 12, 5)),
        ("सोमवार", date(2025, 12, 8), date(2025, 12, 9)),
        ("last week", date(2025, 11, 30), date(2025, 12, 8)),
        ("la semaine dernière", date(2025, 11, 30), date(2025, 12, 8)),
        ("la semana pasada", date(2025, 11, 30), date(2025, 12, 8)),
        ("letzten Monat", date(2025, 11, 1), date(2025, 12, 1)),
        ("last year", date(2024, 1, 1), date(2025, 1, 1)),
        ("December 2025", date(2025, 12, 1), date(2026, 1, 1)),
        ("Mai 2024", date(2024, 5, 1), date(2024, 6, 1)),
        ("5.12.", date(2025, 12, 5), date(2025, 12, 6)),
        ("24. 12.", date(2024, 12, 24), date(2024, 12, 25)),
        ("5.12., 14:05 Uhr", date(2025, 12, 5), date(2025, 12, 6)),
        ("this morning", date(2025, 12, 10), date(2025, 12, 11)),
        ("ce matin", date(2025, 12, 10), date(2025, 12, 11)),
    ],
)
def test_days_beside_a_headline(text: str, first: date, past: date) -> None:
    assert beside_interval(text, NOW) == days(first, past)
    assert not is_when(text)


def test_clocks_beside_a_headline() -> None:
    for text in ("14:05", "2:05 pm", "14h05", "14:05 Uhr", "ore 14:05"):
        assert beside_interval(text, NOW) == (NOW - DAY, NOW)
    start = datetime(2025, 12, 9, 13, 5, tzinfo=UTC)
    assert beside_interval("14:05 CET", NOW) == (start, start + timedelta(minutes=1))


@pytest.mark.parametrize(
    "text", ["Wednesday", "31.2.", "45 min", "Politics", "Monday politics", "last", "5", "", "25:71"]
)
def test_what_means_nothing_even_there(text: str) -> None:
    assert beside_interval(text, NOW) is None


def test_an_item_is_dated_by_such_a_line_where_it_shows_no_other() -> None:
    titles = ("Ferry line closes in May at last", "Choir of miners sings once more", "Lake town votes on longer trams")
    (found,) = lists_of(
        "".join(f"<li><span>Sunday</span><h4><a href='/{title}'>{title}</a></h4></li>" for title in titles)
    )
    assert [item.when_text for item in found.items] == ["Sunday"] * 3
    assert all(item.when_at and item.when_at.weekday() == 6 for item in found.items)


@pytest.mark.parametrize(
    "text",
    [
        "3 uur geleden", "för 3 timmar sedan", "for 3 timer siden", "3 godziny temu", "3 часа назад", "3 saat önce",
        "3 jam lalu", "منذ 3 ساعات", "3時間前", "3小时前", "3시간 전", "há cerca de 3 horas", "vor über 3 Stunden",
    ],
)  # fmt: skip
def test_ages_in_more_languages(text: str) -> None:
    assert when_interval(text, NOW) == (NOW - timedelta(hours=4), NOW - timedelta(hours=2.5))
    assert is_age(text)


@pytest.mark.parametrize("text", ["gisteren", "igår", "i går", "wczoraj", "вчера", "dün", "昨天"])
def test_yesterday_in_more_languages(text: str) -> None:
    assert when_interval(text, NOW) == days(date(2025, 12, 9), date(2025, 12, 10))


def test_a_date_is_no_age() -> None:
    assert not is_age("December 5, 2025")
    assert not is_age("Harbour")
