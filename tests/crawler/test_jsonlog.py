"""Structured logs: every line is one object with the promised keys, and no password is in it."""

import json
import logging
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.__main__ import run
from crawler.events import Event, Fetched, Planned, Problem, SiteFinished, SiteStarted
from crawler.jsonlog import JsonLog, _Notes, captured
from tests.crawler.papers import papers, write_config

EVENTS: dict[str, tuple[Event, str]] = {
    "site-started": (SiteStarted(site="a", due=3), "info"),
    "fetched": (Fetched(site="a", url="https://a/x", kind="article", outcome="new", bytes=1), "info"),
    "planned": (Planned(site="a", url="https://a/x", due_at="2026-11-22"), "info"),
    "problem": (Problem(site="a", line="x"), "warning"),
    "site-finished": (SiteFinished(site="a", failed="timeout"), "error"),
}
FETCHED = "time level event site url kind outcome bytes detail fetch ms stored_bytes"


def _logged(event: Event) -> dict[str, Any]:
    lines: list[str] = []
    JsonLog(lines.append, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC)).event(event)
    [line] = lines
    assert "\n" not in line
    told: dict[str, Any] = json.loads(line)
    return told


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_a_line(name: str) -> None:
    event, level = EVENTS[name]
    told = _logged(event)
    assert list(told)[:4] == ["time", "level", "event", "site"]
    assert (told["time"], told["level"], told["event"]) == ("2026-11-22T00:00:00.000Z", level, name)
    assert told["site"] == "a"
    if name == "fetched":
        assert list(told) == FETCHED.split()


@pytest.mark.parametrize(("outcome", "level"), [("same", "info"), ("robots", "info"), ("http-500", "warning")])
def test_levels(outcome: str, level: str) -> None:
    assert _logged(Fetched(site="a", url="u", kind="article", outcome=outcome, bytes=0))["level"] == level


def test_a_host_without_robots_txt_is_no_warning() -> None:
    event = Fetched(site="a", url="u", kind="robots", outcome="http-404", bytes=0)
    assert _logged(event)["level"] == "info"


def test_passwords_are_left_out() -> None:
    url = "https://user:s3cret@a.test/feed?mail=x@y.test"
    told = _logged(Fetched(site="a", url=url, kind="feed", outcome="dns", bytes=0, detail=f"dns: {url}"))
    assert told["url"] == "https://a.test/feed?mail=x@y.test"
    assert "s3cret" not in json.dumps(told)


def test_warnings_of_libraries_are_lines_too(capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    with captured(JsonLog(lines.append)), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("a process died\nunexpectedly", UserWarning, stacklevel=1)
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=ValueError("boom"))
        logging.getLogger("asyncio").info("of no interest")
    logging.getLogger("asyncio").info("afterwards")
    warned, failed = map(json.loads, lines)
    assert (warned["level"], warned["event"]) == ("warning", "note")
    assert "UserWarning: a process died unexpectedly" in warned["line"]
    assert failed["level"] == "error"
    assert failed["line"] == "Task exception was never retrieved (ValueError: boom)"
    assert capfd.readouterr().err == ""


def test_a_warning_whose_values_do_not_fit_is_a_line_as_it_was_written() -> None:
    lines: list[str] = []
    record = logging.LogRecord("library", logging.WARNING, "", 1, "%d of %s", ("one",), None)
    _Notes(JsonLog(lines.append)).emit(record)
    [line] = map(json.loads, lines)
    assert line["line"] == "%d of %s"


def test_a_crawl_with_structured_logs_says_nothing_else_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with papers() as sites:
        config = write_config(tmp_path, sites)
        assert run(["crawl", "review", "--config", str(config), "--log-json", "--json"]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    lines = [json.loads(line) for line in captured.err.splitlines()]
    fetched = [line for line in lines if line["event"] == "fetched"]
    assert sum(line["outcome"] == "new" and line["kind"] == "article" for line in fetched) == report["new_articles"]
    assert lines[-1]["event"] == "run-finished"
    assert lines[-1]["run"] == report["run"]
    assert run(["crawl", "review", "--config", str(config), "--log-json", "--archive", str(tmp_path / "b.db")]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""  # nothing else either where both streams go to one journal
    assert all(json.loads(line)["time"] for line in captured.err.splitlines())
    assert run(["crawl", "herald", "--config", str(config), "--log-json"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["level"], "herald" in json.loads(line)["line"]) == ("error", True)
