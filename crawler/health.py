"""How a domain is doing, from the answers of this run: what slows us down there, and what makes us leave it alone.

The breaker is the pattern of M. Nygard, "Release It!": closed while requests come back, open after a row of failures,
half-open for the one request that follows a rest. The slow-down follows Scrapy's AutoThrottle (a pause of one latency,
divided by the requests that may be in flight), and doubles with each failure as congestion control does.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from archive import Outcome, http_outcome

BREAKING = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.DNS,
        Outcome.CONNECT,
        Outcome.TLS,
        Outcome.RESET,
        *map(http_outcome, (429, 500, 502, 503, 504, 520, 521, 522, 523, 524)),
    }
)
"""Outcomes that say more of a server than of a URL."""

_FAILURES = 5
_SILENCE = 30.0  # seconds: failures that come faster than this are a bad moment, and retries wait it out
_FIRST_REST = 60.0
_LONGEST_REST = 6 * 3600.0
_SLOWEST = 16.0
_LONGEST_PAUSE = 30.0
_SMOOTHING = 0.3
_ROUNDING = 0.001  # seconds: times of requests are whole milliseconds


@dataclass(slots=True)
class Health:
    """The state of one domain. ``clock`` gives monotonic seconds."""

    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _failing_since: float = 0.0
    _failed_at: float = -math.inf
    _openings: int = 0
    _latency: float = 0.0
    _slowness: float = field(default=1.0)

    @property
    def is_well(self) -> bool:
        """Whether no request failed since the last that was answered."""
        return not self._failures

    def answered(self, seconds: float) -> None:
        """A request came back after so many seconds: closes the breaker, unless it went out before the last failure."""
        self._latency += _SMOOTHING * (seconds - self._latency) if self._latency else seconds
        if self._was_under_way(seconds):
            return
        self._failures = self._openings = 0
        self._slowness = max(1.0, self._slowness * 0.8)

    def failed(self, seconds: float = 0.0) -> float:
        """A request failed after so many seconds in a way that speaks for the server; seconds for which to leave it
        alone, 0 while closed.

        Opens after 5 failures in a row over 30 s or more, for a minute, doubled by each failed probe up to 6 hours.
        Those that were in flight together fail as one.
        """
        if self._was_under_way(seconds):
            return 0.0
        self._failed_at = self.clock()
        if not self._failures:
            self._failing_since = self.clock()
        self._failures += 1
        self._slowness = min(_SLOWEST, self._slowness * 2)
        silent = self.clock() - self._failing_since >= _SILENCE
        if not (self._openings or (self._failures >= _FAILURES and silent)):
            return 0.0
        self._openings += 1
        return min(_FIRST_REST * 2.0 ** (self._openings - 1), _LONGEST_REST)

    def pause(self, delay: float, at_once: int = 1) -> float:
        """Seconds between two requests where ``delay`` are configured; a delay of 0 asks for no pause at all."""
        if not delay:
            return 0.0
        return max(delay, min(max(delay * self._slowness, self._latency / at_once), _LONGEST_PAUSE))

    def _was_under_way(self, seconds: float) -> bool:
        """Whether a request of so many seconds, which ends now, was in flight when the last failure came back."""
        return self.clock() - seconds < self._failed_at - _ROUNDING
