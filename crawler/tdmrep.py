"""/.well-known/tdmrep.json: where a whole site reserves text and data mining (W3C TDM Reservation Protocol, 2024)."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

PATH = "/.well-known/tdmrep.json"

_MOST = 1000  # rules of one file that are looked at
_LONGEST = 2000  # characters of a location


@dataclass(frozen=True, slots=True)
class Reservations:
    """The rules of one host in their order; the first whose location fits a path decides."""

    rules: tuple[tuple[re.Pattern[str], bool], ...] = ()

    @classmethod
    def parse(cls, body: bytes) -> "Reservations":
        """The rules of a file; a file that is no such list states nothing."""
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(told, list):
            return cls()
        return cls(tuple(rule for entry in told[:_MOST] if (rule := _rule(entry)) is not None))

    def reserves(self, url: str) -> bool:
        """Whether the rights on a page are reserved."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return next((reserved for pattern, reserved in self.rules if pattern.match(path)), False)


def _rule(entry: object) -> tuple[re.Pattern[str], bool] | None:
    """``*`` stands for anything and ``$`` at the end for the end, as in robots.txt."""
    if not isinstance(entry, dict):
        return None
    location, value = entry.get("location"), entry.get("tdm-reservation")
    if not isinstance(location, str) or not 0 < len(location) <= _LONGEST or location.count("*") > 10:
        return None
    end = location.endswith("$")
    pattern = ".*?".join(re.escape(part) for part in re.sub(r"\*+", "*", location.removesuffix("$")).split("*"))
    return re.compile(pattern + (r"\Z" if end else ""), re.DOTALL), value in (1, "1", True)
