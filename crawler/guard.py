"""The address guard: a crawler must not be led into the network that it runs in.

It sits where a socket is made, after name resolution and for address literals alike, so that neither a redirect nor a
name server that changes its answer leads past it.
"""

import ipaddress
import socket
from collections.abc import Sequence
from contextvars import ContextVar
from urllib.parse import urlsplit

from crawler.config import Network

ALLOWED: ContextVar[tuple[Network, ...]] = ContextVar("allowed", default=())
"""The networks that the site of the current task may reach although they are not public."""

_METADATA = ipaddress.ip_network("fd00:ec2::254/128")
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32", "::/96")))
"""IPv6 ranges that carry IPv4 addresses (RFC 6052, 3056, 4380, 4291): some host would unpack them."""


class AddressRefusedError(OSError):
    """A connection to an address that is not public and not allowed."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"{address} is no public address; allow its network with allow_private if it is yours")


def is_refused(address: str, allowed: Sequence[Network]) -> bool:
    """Whether a literal IP address must not be connected to."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip.version == network.version and ip in network for network in allowed):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip in _METADATA or any(ip in network for network in _TRANSLATED)):
        return True
    return not ip.is_global or ip.is_multicast


def check_literal(url: str, allowed: Sequence[Network]) -> None:
    """Raises AddressRefusedError when the host of a URL is a refused address, whether or not a connection is open."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        refused = is_refused(host, allowed)
    except ValueError:
        return
    if refused:
        raise AddressRefusedError(host)


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
