"""What went wrong on the network, from exceptions of aiohttp, ssl and the system to outcomes."""

import socket
import ssl

import aiohttp
import httpx

from archive import Outcome
from crawler.guard import AddressRefusedError
from crawler.wire import Failure


def translated(url: str, error: BaseException) -> Failure:
    """The one border where foreign exceptions become outcomes."""
    outcome, detail = _cause(error)
    if isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
        # Its own words name the proxy, which may come from the environment as a secret.
        status = f" (HTTP {error.status})" if isinstance(error, aiohttp.ClientHttpProxyError) else ""
        outcome, detail = Outcome.CONNECT, f"the proxy gives no connection{status}; see [crawler] proxy"
    return Failure(url=url, outcome=outcome, detail=detail or type(error).__name__)


def _cause(error: BaseException) -> tuple[str, str]:
    causes = list(_chain(error))
    for kind, outcome in _OUTCOMES:
        for cause in causes:
            if isinstance(cause, kind):
                return outcome, str(cause)
    return Outcome.CONNECT, str(error)


def _chain(error: BaseException | None) -> "list[BaseException]":
    """An exception, those it came from, and the members of groups, each once."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "os_error", None)]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found


_OUTCOMES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (AddressRefusedError, Outcome.ADDRESS_REFUSED),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), Outcome.DNS),
    ((aiohttp.ClientSSLError, ssl.SSLError), Outcome.TLS),
    ((aiohttp.ClientPayloadError, aiohttp.http_exceptions.TransferEncodingError), Outcome.TRUNCATED),
    ((TimeoutError, aiohttp.ServerTimeoutError, httpx.TimeoutException), Outcome.TIMEOUT),
    ((aiohttp.ServerDisconnectedError, ConnectionResetError, BrokenPipeError), Outcome.RESET),
    (aiohttp.ClientOSError, Outcome.CONNECT),
    (aiohttp.ClientResponseError, Outcome.RESET),
    ((httpx.InvalidURL, ValueError), Outcome.ADDRESS_REFUSED),
)
"""In this order: a connector error has a reset or a time-out among its causes only when that is what it was."""
