"""An archive in a file of its own, read by the fake reader."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.looks import START, read


class Clock:
    """A clock that moves one second each time it is looked at."""

    def __init__(self) -> None:
        self._ticks = count()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=next(self._ticks))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive(path, clock=Clock(), reader=read) as opened:
        yield opened


@pytest.fixture
def run(archive: Archive) -> str:
    return archive.start_run("test")
