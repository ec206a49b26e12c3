"""A crawl in regular intervals: systemd units and a line for cron, as text.

What the keys mean is in systemd.service(5), systemd.timer(5) and systemd.exec(5), the quoting in systemd.syntax(7).
"""

import re
import shlex
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawler.errors import ConfigError

_EVERY = re.compile(r"([1-9]\d{0,3})\s*(m|min|h|d)")
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440}
_LONGEST = 7 * 1440
_TEMPORARY = tuple(map(Path, ("/tmp", "/var/tmp")))  # noqa: S108 - compared with, not written to


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to run. Paths are absolute; ``user`` is who a unit of the whole system runs as.

    ``command`` begins with the program; ``writes`` are the folders that it writes to.
    """

    command: tuple[str, ...]
    directory: Path
    writes: tuple[Path, ...]
    every: timedelta
    user: str
    of_user: bool = False
    """Units for the user's own manager (``systemctl --user``), which cannot give a service a file system of its own."""
    watch: bool = False
    """One service that goes on (``crawl --watch``) in place of a timer."""


def interval(text: str) -> timedelta:
    """The time that ``30m``, ``2h`` or ``1d`` means, up to a week; raises ConfigError."""
    match = _EVERY.fullmatch(text.strip())
    minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
    if not 0 < minutes <= _LONGEST:
        raise ConfigError(f"--every: found {text!r}; write a time from 1m to 7d, such as 30m, 2h or 1d")
    return timedelta(minutes=minutes)


def service(job: Job) -> str:
    """``presskeep.service``"""
    kind = (
        ("Type=notify", "NotifyAccess=main", "ExecReload=/bin/kill -HUP $MAINPID", "WatchdogSec=5min")
        if job.watch
        else ("Type=oneshot",)
    )
    # 3 some sites failed, 4 another presskeep writes, 130 stopped and saved: nothing that systemd could mend.
    ends = ("Restart=on-failure", "RestartSec=1min") if job.watch else ("SuccessExitStatus=3 4 130",)
    lines = [
        "[Unit]",
        "Description=presskeep: keep the press",
        *([] if job.of_user else ["Wants=network-online.target", "After=network-online.target"]),
        "",
        "[Service]",
        *kind,
        *([] if job.of_user else [f"User={_value(job.user)}"]),
        f"WorkingDirectory={_path(job.directory)}",
        f"ExecStart={' '.join(map(_word, job.command))}",
        *ends,
        "# Workers end with the crawl, which first saves what is under way.",
        "KillMode=mixed",
        "TimeoutStopSec=90s",
        "Nice=10",
        "NoNewPrivileges=yes",
        *([] if job.of_user else _hardening(job)),
    ]
    if job.watch:
        lines += ["", "[Install]", f"WantedBy={'default' if job.of_user else 'multi-user'}.target"]
    return "\n".join(lines) + "\n"


def timer(job: Job) -> str:
    """``presskeep.timer``; "" for a service that goes on."""
    if job.watch:
        return ""
    minutes = round(job.every.total_seconds() / 60)
    return (
        "[Unit]\nDescription=presskeep at regular times\n\n"
        f"[Timer]\nOnBootSec=2min\nOnUnitActiveSec={minutes}min\n"
        "# Not everybody at the full hour.\nRandomizedDelaySec=30s\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )


def cron_line(job: Job) -> str:
    """The line of a crontab; "" for an interval that cron cannot keep, and for a service that goes on."""
    times = _cron_times(round(job.every.total_seconds() / 60))
    if job.watch or not times:
        return ""
    log = shlex.quote(str(job.directory / "crawl.log"))
    line = f"cd {shlex.quote(str(job.directory))} && {shlex.join(job.command)} >> {log} 2>&1"
    return f"{times} {line.replace('%', chr(92) + '%')}"  # crontab(5): % ends the command


def _cron_times(minutes: int) -> str:
    if minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    hours, rest = divmod(minutes, 60)
    if rest or hours > 24 or 24 % hours:
        return ""
    return {1: "0 * * * *", 24: "0 3 * * *"}.get(hours, f"0 */{hours} * * *")


def _hardening(job: Job) -> list[str]:
    """What a crawl does without. Where it lives in a temporary folder, that folder has to stay the one of all."""
    paths = (job.directory, *job.writes)
    in_temporary = any(path.is_relative_to(folder) for path in paths for folder in _TEMPORARY)
    return [
        "ProtectSystem=strict",
        f"ReadWritePaths={' '.join(_quoted(_value(str(path))) for path in dict.fromkeys(job.writes))}",
        *([] if in_temporary else ["PrivateTmp=yes"]),
        "PrivateDevices=yes",
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectControlGroups=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "RestrictNamespaces=yes",
        "RestrictSUIDSGID=yes",
        "RestrictRealtime=yes",
        "LockPersonality=yes",
        "CapabilityBoundingSet=",
    ]


def _word(text: str) -> str:
    """A word of a command line, where $ begins a variable too."""
    return _quoted(_value(text).replace("$", "$$"))


def _path(path: Path) -> str:
    return _value(str(path))  # the rest of the line, unquoted


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./$-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> str:
    """Text in which % stands for itself; raises ConfigError for what no unit can hold."""
    if not text.isprintable():
        raise ConfigError(f"{text!r}: a path with control characters cannot stand in a unit; rename it")
    return text.replace("%", "%%")
