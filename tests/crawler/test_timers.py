"""``schedule``: units that systemd itself accepts, and cron lines that a shell understands."""

import json
import shlex
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import ConfigError
from crawler.__main__ import run
from crawler.timers import Job, cron_line, interval, service, timer

NASTY = "press of 100% $HOME"


def job(tmp_path: Path, *, of_user: bool = False, watch: bool = False, every: timedelta = timedelta(minutes=30)) -> Job:
    folder = tmp_path / NASTY
    folder.mkdir(exist_ok=True)
    return Job(
        command=(sys.executable, "-m", "crawler", "crawl", "--config", str(folder / 'a "config".toml')),
        directory=folder, writes=(folder,), every=every, user="root", of_user=of_user, watch=watch,
    )  # fmt: skip


def _settings(unit: str) -> dict[str, str]:
    pairs = [line.partition("=")[::2] for line in unit.splitlines() if "=" in line and not line.startswith("#")]
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("of_user", [False, True])
@pytest.mark.parametrize("watch", [False, True])
def test_systemd_accepts_the_units(tmp_path: Path, of_user: bool, watch: bool) -> None:
    made = job(tmp_path, of_user=of_user, watch=watch)
    files = [tmp_path / "presskeep.service"]
    files[0].write_text(service(made))
    if not watch:
        files.append(tmp_path / "presskeep.timer")
        files[1].write_text(timer(made))
    command = ["systemd-analyze", "verify", "--man=no", *(["--user"] if of_user else []), *map(str, files)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "presskeep" in line]
    assert (done.returncode, told) == (0, [])


def test_the_unit_of_a_timer_is_hardened_and_writes_only_where_it_must(tmp_path: Path) -> None:
    told = _settings(service(job(tmp_path)))
    assert (told["Type"], told["User"], told["NoNewPrivileges"]) == ("oneshot", "root", "yes")
    assert told["ProtectSystem"] == "strict"
    assert told["ReadWritePaths"] == f'"{tmp_path}/{NASTY.replace("%", "%%")}"'
    assert told["WorkingDirectory"] == f"{tmp_path}/{NASTY.replace('%', '%%')}"
    words = shlex.split(told["ExecStart"].replace("%%", "%").replace("$$", "$"))
    assert words == list(job(tmp_path).command)
    assert _settings(timer(job(tmp_path)))["OnUnitActiveSec"] == "30min"
    assert "PrivateTmp" not in told  # for the archive lies there
    elsewhere = Job(
        command=("/usr/bin/presskeep",), directory=Path("/srv/press"), writes=(Path("/srv/press"),),
        every=timedelta(hours=1), user="press",
    )  # fmt: skip
    assert _settings(service(elsewhere))["PrivateTmp"] == "yes"


def test_the_unit_of_a_user_and_of_a_watch(tmp_path: Path) -> None:
    told = _settings(service(job(tmp_path, of_user=True, watch=True)))
    assert (told["Type"], told["WantedBy"]) == ("notify", "default.target")
    assert told["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert not {"User", "ProtectSystem", "ReadWritePaths"} & set(told)
    assert timer(job(tmp_path, watch=True)) == cron_line(job(tmp_path, watch=True)) == ""


@pytest.mark.parametrize(
    ("text", "minutes", "times"),
    [
        ("30m", 30, "*/30 * * * *"),
        ("1m", 1, "* * * * *"),
        ("1h", 60, "0 * * * *"),
        ("6 h", 360, "0 */6 * * *"),
        ("1d", 1440, "0 3 * * *"),
        ("45m", 45, ""),
        ("90min", 90, ""),
        ("2d", 2880, ""),
    ],
)
def test_intervals(tmp_path: Path, text: str, minutes: int, times: str) -> None:
    assert interval(text) == timedelta(minutes=minutes)
    line = cron_line(job(tmp_path, every=interval(text)))
    assert line.startswith(times + " cd ") if times else line == ""


@pytest.mark.parametrize("text", ["", "0m", "30", "30s", "8d", "-5m", "1e3m"])
def test_no_interval(text: str) -> None:
    with pytest.raises(ConfigError, match="--every"):
        interval(text)


def test_a_shell_understands_the_cron_line(tmp_path: Path) -> None:
    made = job(tmp_path)
    command = cron_line(made).split(" ", 5)[5].replace("\\%", "%")  # as cron hands it over
    script = command.replace(shlex.join(made.command), "pwd")
    subprocess.run(["/bin/sh", "-c", script], check=True, timeout=10)
    assert (made.directory / "crawl.log").read_text() == f"{made.directory}\n"


def test_a_path_that_no_unit_can_hold_is_refused(tmp_path: Path) -> None:
    made = Job(command=("x",), directory=Path("/a\nUser=root"), writes=(), every=timedelta(hours=1), user="press")
    with pytest.raises(ConfigError, match="control characters"):
        service(made)


def test_the_command_prints_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(
        '[archive]\npath = "new/archive.db"\n[[sites]]\nname = "a"\nhome = "https://a.test/"\n'
    )
    assert run(["schedule", "--every", "2h", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["every_seconds", "command", "directory", "units", "cron"]
    assert told["command"][-2:] == ["--config", str(tmp_path / "config.toml")]
    assert Path(told["command"][0]).is_absolute()
    assert f"ReadWritePaths={tmp_path}\n" in told["units"]["presskeep.service"]
    assert (told["every_seconds"], told["cron"].split(" cd ")[0]) == (7200, "0 */2 * * *")
    assert run(["schedule", "--every", "45m", "--user"]) == 0
    out = capsys.readouterr().out
    assert "# ~/.config/systemd/user/presskeep.timer\n" in out
    assert "cron cannot keep an interval of 45m" in out
    assert run(["schedule", "--watch", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (list(told["units"]), told["cron"]) == (["presskeep.service"], None)
    assert run(["schedule", "--every", "never"]) == 2
