"""The address guard: a crawler must not be led into the network that it runs in.

It sits where a socket is made, after name resolution and for address literals alike, so that neither a redirect nor a
name server that changes its answer leads past it.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Sequence
from contextvars import ContextVar
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.config import Network

ALLOWED: ContextVar[tuple[Network, ...]] = ContextVar("allowed", default=())
"""The networks that the site of the current task may reach although they are not public."""

_METADATA = ipaddress.ip_network("fd00:ec2::254/128")
_TRANSLATED = tuple(
    map(
        ipaddress.ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"),
    )
)
"""IPv6 ranges that carry IPv4 addresses (RFC 6052, 8215, 3056, 4380, 4291, 2765): some host would unpack them."""

_RESERVED = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")))
"""Relays of 6to4, sites' own, for documents, segments (RFC 7526, 3879, 9637, 9602): no host of the public has one,
and Python's tables do not know them all."""


_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:_-]+(?=[/?#]|\Z)")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BAD_PORTS = frozenset(
    (
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
        110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
        531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
        5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    )
)  # fmt: skip
"""Ports of other protocols, which a request in HTTP could be made to speak (Fetch standard, 2.9)."""


class AddressRefusedError(OSError):
    """A connection to an address that is not public and not allowed."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"{address} is no public address; allow its network with allow_private if it is yours")


def is_refused(address: str, allowed: Sequence[Network]) -> bool:
    """Whether a literal IP address must not be connected to."""
    return _is_refused(address, tuple(allowed))


@lru_cache(maxsize=4096)  # asked for the name in a URL and for the socket
def _is_refused(address: str, allowed: tuple[Network, ...]) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip.version == network.version and ip in network for network in allowed):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip in _METADATA or any(ip in network for network in _TRANSLATED)):
        return True
    if any(ip.version == network.version and ip in network for network in _RESERVED):
        return True
    return not ip.is_global or ip.is_multicast


def check_literal(url: str, allowed: Sequence[Network]) -> None:
    """Raises AddressRefusedError when the host of a URL is a refused address, whether or not a connection is open.

    Spellings that a resolver would read as an address count as that address: ``0x7f.1``, ``2130706433``, ``localhost``.
    """
    host = _refused(_origin(url), tuple(allowed))
    if host:
        raise AddressRefusedError(host)


def _origin(url: str) -> str:
    """The beginning of a URL that names its host and port; all of it where it is written in an unusual way."""
    match = _ORIGIN.match(url)
    return match[0] if match else url


@lru_cache(maxsize=4096)
def _refused(origin: str, allowed: tuple[Network, ...]) -> str:
    """The host of a URL in its plain form when it is an address that is refused, else ""."""
    name = urlsplit(origin).hostname or ""
    host = unicodedata.normalize("NFKC", unquote(name)).lower().removesuffix(".")
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, 6.3
        return host if all(is_refused(address, allowed) for address in ("127.0.0.1", "::1")) else ""
    try:
        return host if is_refused(_numeric(host), allowed) else ""
    except ValueError:
        return ""


def check_port(url: str, ports: Sequence[int]) -> None:
    """Raises ValueError when the port of a URL is none of ``ports``, or, without any, one of another protocol."""
    port = _port(_origin(url))
    if port not in ports if ports else port in _BAD_PORTS:
        raise ValueError(f"port {port} is not asked; name it in ports if it serves pages")


@lru_cache(maxsize=4096)
def _port(origin: str) -> int:
    parts = urlsplit(origin)
    return parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme, 0)


def _numeric(host: str) -> str:
    """An IPv4 address in dotted form, from any of those that inet_aton reads; other hosts as they are."""
    if not host[:1].isdecimal():
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host


def guarded_socket(
    info: tuple[
        socket.AddressFamily | int, socket.SocketKind | int, int, str, tuple[str, int] | tuple[str, int, int, int]
    ],
) -> socket.socket:
    """A socket for one resolved address; the socket factory of the connector. Raises AddressRefusedError."""
    family, kind, protocol, _, address = info
    if is_refused(str(address[0]), ALLOWED.get()):
        raise AddressRefusedError(str(address[0]))
    return socket.socket(family, kind, protocol)
