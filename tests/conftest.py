"""Property tests try the same examples each time, a busy machine fails none, and what Datasette leaves open neither."""

import gc

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("presskeep", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("presskeep")


@pytest.hookimpl(trylast=True)  # after the fixtures of the test
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Collects after the last of some tests that ignore resource warnings, while these are still ignored."""
    if _ignores(item) and not (nextitem and _ignores(nextitem)):
        gc.collect()


def _ignores(item: pytest.Item) -> bool:
    return any("ignore::ResourceWarning" in mark.args for mark in item.iter_markers("filterwarnings"))
