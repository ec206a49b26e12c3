"""How requests leave: directly or through a proxy, and which authorities vouch for servers."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The keys ``proxy`` and ``ca_file`` of ``[crawler]``. ``ca_file`` replaces the system's authorities."""

    proxy: str = ""
    ca_file: Path | None = None

    def tls(self) -> ssl.SSLContext:
        """A context that verifies names and certificates; raises OSError for a ``ca_file`` that cannot be used."""
        return ssl.create_default_context(cafile=self.ca_file)


def checked_proxy(value: str, refusal: Callable[[str, str], ConfigError]) -> str:
    """A proxy's URL; the ConfigError of ``refusal`` for anything else. It never repeats what the value is."""
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or not value.isascii() or not value.isprintable() or " " in value:
        raise refusal("no URL of a proxy", 'write one such as "http://127.0.0.1:3128"')
    return value


def checked_authorities(value: Any, folder: Path, refusal: Callable[[str, str], ConfigError]) -> Path:
    """The path of a PEM file with certificates, taken from ``folder`` when it is relative."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise refusal(repr(value), "write the path of a PEM file in quotes")
    path = folder / Path(value).expanduser()
    try:
        Route(ca_file=path).tls()
    except ssl.SSLError as error:
        raise refusal(f"{value}, which holds no certificate in PEM form", "name a PEM file") from error
    except OSError as error:
        raise refusal(f"{value}, which cannot be read ({error.strerror})", "name a PEM file") from error
    return path
