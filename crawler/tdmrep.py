"""/.well-known/tdmrep.json: where a whole site reserves text and data mining (W3C TDM Reservation Protocol, 2024)."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

PATH = "/.well-known/tdmrep.json"

_MOST = 1000  # rules of one file that are looked at
_LONGEST = 2000  # characters of a location


@dataclass(frozen=True, slots=True)
class Reservations:
    """The rules of one host in their order; the first whose location fits a path decides."""

    rules: tuple["_Rule", ...] = ()

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
        return next((rule.reserves for rule in self.rules if rule.fits(path)), False)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A location as the ``parts`` between its ``*``, which stand for anything, as in robots.txt; ``whole``: with the
    ``$`` that stands for the end."""

    parts: tuple[str, ...]
    whole: bool
    reserves: bool

    def fits(self, path: str) -> bool:
        """Whether a path has the parts, each as early as it comes: a regular expression would try all places of all."""
        first, *others = self.parts
        if not path.startswith(first):
            return False
        place = len(first)
        for part in others:
            place = path.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return not self.whole or (path.endswith(others[-1]) if others else place == len(path))


def _rule(entry: object) -> _Rule | None:
    if not isinstance(entry, dict):
        return None
    location, value = entry.get("location"), entry.get("tdm-reservation")
    if not isinstance(location, str) or not 0 < len(location) <= _LONGEST:
        return None
    parts = tuple(location.removesuffix("$").split("*"))
    return _Rule(parts, location.endswith("$"), value in (1, "1", True))
