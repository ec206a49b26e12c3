"""Which failures deserve another attempt, and when."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt, wait_random_exponential

from archive import Outcome, http_outcome
from crawler.wire import Failure

TRANSIENT = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.DNS,
        Outcome.CONNECT,
        Outcome.RESET,
        Outcome.TRUNCATED,
        *map(http_outcome, (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)),
    }
)
"""Outcomes that often go away by themselves: network faults and the server errors of RFC 9110 and of proxies."""

HOST_WIDE = frozenset({http_outcome(429), http_outcome(503)})
"""Outcomes that speak for the whole host: its other URLs wait as well."""

PATIENCE = 120.0
"""Seconds. A server that asks for more is asked again in a later run."""

LONGEST_REST = 7 * 86_400.0
"""Seconds: a week; what asks for more is a mistake."""

_JITTER = wait_random_exponential(multiplier=0.5, max=30)  # "full jitter", AWS Architecture Blog 2015
Result = TypeVar("Result")

_REST = 5.0
"""Seconds that a host rests after a 429 or 503 that names no time."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None if absent or neither."""
    if value is None:
        return None
    try:
        asked = float(value) if value.strip().isdecimal() else (parsedate_to_datetime(value) - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0.0, asked), LONGEST_REST)


def rest_after(failure: Failure) -> float:
    """Seconds for which a 429 or 503 asks the whole host to be left alone."""
    return _REST if failure.retry_after is None else failure.retry_after


def is_transient(result: object) -> bool:
    """Whether a result is worth another attempt in this run."""
    return isinstance(result, Failure) and result.outcome in TRANSIENT and (result.retry_after or 0) <= PATIENCE


async def persistently(
    attempt: Callable[[], Awaitable[Result]], *, retries: int, sleep: Callable[[float], Awaitable[None]]
) -> tuple[Result, int]:
    """The first result that is no transient failure, else the last one; and how many attempts it took."""
    result = await attempt()
    if retries < 1 or not is_transient(result):
        return result, 1
    policy = AsyncRetrying(
        retry=retry_if_result(is_transient),
        stop=stop_after_attempt(retries + 1),
        wait=_wait,
        sleep=sleep,
        retry_error_callback=lambda state: state.outcome and state.outcome.result(),
    )
    attempts = 0

    async def counted() -> Result:
        nonlocal attempts
        attempts += 1
        return result if attempts == 1 else await attempt()

    return await policy(counted), attempts


def _wait(state: RetryCallState) -> float:
    """At least what the server asked for, and a jittered back-off that spreads the rest."""
    result = state.outcome.result() if state.outcome else None
    asked = result.retry_after if isinstance(result, Failure) else None
    return (asked or 0.0) + _JITTER(state)
