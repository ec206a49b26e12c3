"""Property tests try the same examples each time, a busy machine fails none, and what Datasette leaves open neither."""

import gc
import multiprocessing
from multiprocessing import forkserver

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("presskeep", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("presskeep")


@pytest.fixture(scope="session", autouse=True)
def _fork_server() -> None:
    """All crawls of this process fork their workers from one server, which has what each would import itself.

    A worker imports the main module of its parent, pytest where that was started by its name, and the readers, which
    takes longer than most crawls of a few pages.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(["crawler.pool", "crawler.feeds", "pytest"])
    forkserver.ensure_running()


@pytest.hookimpl(trylast=True)  # after the fixtures of the test
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Collects after the last of some tests that ignore resource warnings, while these are still ignored."""
    if _ignores(item) and not (nextitem and _ignores(nextitem)):
        gc.collect()


def _ignores(item: pytest.Item) -> bool:
    return any("ignore::ResourceWarning" in mark.args for mark in item.iter_markers("filterwarnings"))
