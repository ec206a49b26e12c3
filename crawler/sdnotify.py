"""What a service tells systemd: sd_notify(3), a datagram to the socket that ``$NOTIFY_SOCKET`` names."""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress


class Systemd:
    """The service manager that started us; where there is none, nothing is sent."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path  # "@" stands for an abstract name
        self.watchdog = _watchdog(environ)
        """Seconds between two signs of life: half of what the manager waits; None if it does not wait."""

    def ready(self, status: str) -> None:
        """The service is up, or up again after a reload."""
        self._send(f"READY=1\nSTATUS={_line(status)}")

    def status(self, status: str) -> None:
        """What ``systemctl status`` shows."""
        self._send(f"STATUS={_line(status)}")

    def reloading(self) -> None:
        """A reload begins; :meth:`ready` ends it."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def alive(self) -> None:
        """A sign of life for ``WatchdogSec=``."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The service is on its way down."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.setblocking(False)
                out.sendto(message.encode(), self._address)


def _watchdog(environ: Mapping[str, str]) -> float | None:
    meant = environ.get("WATCHDOG_PID", str(os.getpid()))
    asked = environ.get("WATCHDOG_USEC", "")
    if meant != str(os.getpid()) or not asked.isdecimal() or int(asked) == 0:
        return None
    return int(asked) / 2e6


def _line(text: str) -> str:
    return " ".join(text.split())
