"""Hooks: who is told of what, as the ``[[notify]]`` tables say it. What is secret in them is not in their repr.

``${NAME}`` in a webhook, a header or a command stands for a variable of the environment. It is looked up when a crawl
begins, so that a configuration can be read, shown and digested without it.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.errors import ConfigError

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

TOPICS = ("new", "edit", "vanished", "drift", "blocked", "failed-site")
"""What can be told; ``on`` of a hook names some of them."""

DEFAULT_TIMEOUT = 10.0
"""Seconds for one attempt of a webhook, and for a whole command."""

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""What stands for a variable of the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One ``[[notify]]`` table. ``where`` names it in messages; either ``webhook`` or ``command`` is given.

    ``sites`` and ``kinds`` empty mean all. ``kinds`` and ``min_words`` choose among edits only.
    """

    where: str
    on: tuple[str, ...]
    sites: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_words: int = 0
    webhook: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    command: tuple[str, ...] = field(default=(), repr=False)
    timeout: float = DEFAULT_TIMEOUT
    allow_private: Networks = ()

    def resolved(self, environ: Mapping[str, str]) -> "Target":
        """Where its messages go; raises ConfigError for a variable that is not set, without saying any value."""
        url = self._filled(self.webhook, "webhook", environ)
        if self.webhook and not is_web(url):
            raise ConfigError(f"{self.where} webhook: is no http or https URL; mend it or its variable")
        headers = tuple((name, self._filled(value, f"headers.{name}", environ)) for name, value in self.headers)
        for name, value in headers:
            if not value.isascii() or not value.isprintable():
                raise ConfigError(f"{self.where} headers.{name}: is not one line of ASCII text; mend its variable")
        return Target(
            url=url,
            headers=headers,
            command=tuple(self._filled(word, "command", environ) for word in self.command),
            timeout=self.timeout,
            allow_private=self.allow_private,
        )

    def _filled(self, text: str, key: str, environ: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1] not in environ:
                cure = "set it where presskeep runs, or take it out of the configuration"
                raise ConfigError(f"{self.where} {key}: the environment has no variable {match[1]}; {cure}")
            return environ[match[1]]

        return VARIABLE.sub(value, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A hook's address with its variables filled in: a ``url``, or a ``command``."""

    url: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    command: tuple[str, ...] = field(default=(), repr=False)
    timeout: float = DEFAULT_TIMEOUT
    allow_private: Networks = ()


def is_web(url: str) -> bool:
    """Whether a text is a URL that can be posted to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable() and " " not in url
