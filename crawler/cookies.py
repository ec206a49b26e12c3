"""Cookies of one visit: what a redirect sets is sent to the next hop of the same site, and forgotten with the answer.

Some sites redirect a reader to the same page until a cookie comes back; without this they would be endless loops.
Nothing goes from one visit to another, so that pages come as to a first-time reader.
"""

from collections.abc import Iterable

from extractors import ExtractorError, registrable_domain

MOST = 20
"""Cookies of one site in one visit."""

LONGEST = 4096
"""Bytes of one cookie, name and value (RFC 6265, 6.1)."""

_NEVER = ("max-age=0", "max-age=-1")


class Cookies:
    """Those of one chain of redirects, by registrable domain: no site sees another's."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, str]] = {}

    def take(self, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Notes the Set-Cookie headers of an answer; ``headers`` have names in lower case."""
        for name, value in headers:
            if name == "set-cookie":
                self._set(_site(url), value)

    def header(self, url: str) -> str:
        """The value of the Cookie header for a request, "" for none."""
        if not self._kept:
            return ""
        return "; ".join(f"{name}={value}" for name, value in self._kept.get(_site(url), {}).items())

    def _set(self, site: str, line: str) -> None:
        pair, *attributes = line.split(";")
        name, equals, value = (part.strip() for part in pair.partition("="))
        kept = self._kept.setdefault(site, {})
        if not (name and equals and (name + value).isascii() and (name + value).isprintable()):
            return
        if any(attribute.strip().lower() in _NEVER for attribute in attributes):
            kept.pop(name, None)
        elif len(name) + len(value) <= LONGEST and (name in kept or len(kept) < MOST):
            kept[name] = value


def _site(url: str) -> str:
    try:
        return registrable_domain(url)
    except ExtractorError:
        return ""
