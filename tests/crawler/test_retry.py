"""What is tried again, how often, and when."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive import Outcome
from crawler.retry import PATIENCE, is_transient, persistently, retry_after
from crawler.wire import Failure

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def failure(outcome: str, wait: float | None = None) -> Failure:
    return Failure(url="http://a.example/", outcome=outcome, retry_after=wait)


def tried(*results: object, retries: int = 4) -> tuple[object, int, list[float]]:
    """The result, the attempts, and the pauses between them."""
    left, pauses = list(results), []

    async def attempt() -> object:
        return left.pop(0)

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    result, attempts = asyncio.run(persistently(attempt, retries=retries, sleep=sleep))
    return result, attempts, pauses


def test_a_success_ends_it() -> None:
    assert tried("page") == ("page", 1, [])
    result, attempts, pauses = tried(failure("http-503"), failure(Outcome.RESET), "page")
    assert (result, attempts, len(pauses)) == ("page", 3, 2)


def test_it_gives_up() -> None:
    last = failure("http-500")
    result, attempts, _ = tried(failure("http-502"), failure("http-502"), last, retries=2)
    assert (result, attempts) == (last, 3)
    assert tried(last, retries=0)[:2] == (last, 1)


@pytest.mark.parametrize(
    "outcome",
    ["http-404", "http-410", "http-403", Outcome.ROBOTS, Outcome.TOO_LARGE, Outcome.ADDRESS_REFUSED, Outcome.BREAKER,
     Outcome.REDIRECT_LOOP, Outcome.TLS, Outcome.NOT_HTML],
)  # fmt: skip
def test_what_will_not_change_is_not_tried_again(outcome: str) -> None:
    assert tried(failure(outcome), "page")[1] == 1


@pytest.mark.parametrize("outcome", ["http-429", "http-503", Outcome.TIMEOUT, Outcome.DNS, Outcome.TRUNCATED])
def test_what_may_pass_is(outcome: str) -> None:
    assert is_transient(failure(outcome))


def test_the_server_is_given_the_time_that_it_asks_for() -> None:
    for _ in range(20):
        _, _, (pause,) = tried(failure("http-429", 7.0), "page")
        assert 7.0 <= pause <= 7.5
    assert tried(failure("http-503", PATIENCE + 1), "page")[1] == 1


def test_pauses_grow_and_vary() -> None:
    pauses = tried(*[failure("http-500")] * 9, retries=8)[2]
    assert all(pause <= min(30, 0.5 * 2**n) for n, pause in enumerate(pauses))
    assert len(set(pauses)) > 4


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("Sun, 99 Nov 2026 10:00:00 GMT", None),
        ("9" * 400, 7 * 86_400.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
