"""Headless Chromium opens the pages of hostile content: no dialog, and not one request to elsewhere."""

from collections.abc import Iterator

import pytest

from tests.archive.browse import hostile
from tests.archive.browse.browser import MISSING, Trap, Watched, browsing, serving, trap
from tests.archive.browse.conftest import Press
from tests.archive.browse.served import MARKS

pytestmark = [*MARKS, pytest.mark.timeout(900), pytest.mark.skipif(bool(MISSING), reason=MISSING)]

TABLES = ("", "/articles", "/versions", "/texts", "/list_items", "/events", "/headlines", "/changes", "/discoveries")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> hostile.Hostile:
    return hostile.make(tmp_path_factory.mktemp("hostile") / "evil.db")


@pytest.fixture(scope="module")
def trapped() -> Iterator[Trap]:
    with trap() as found:
        yield found


@pytest.fixture(scope="module")
def watched(evil: hostile.Hostile, press: Press, trapped: Trap) -> Iterator[Watched]:
    with serving(evil.path, press.path) as origin, browsing(origin, trapped=trapped) as page:
        yield page


def test_there_are_at_least_sixty_vectors() -> None:
    assert hostile.COUNT >= 60


def test_the_trap_hears_a_page_that_nothing_shuts_in(watched: Watched, trapped: Trap) -> None:
    """Otherwise the tests below could not fail: a request, and a frame that is refused after the connection is made."""
    hosts = ("picture", "frame")
    policy = "<meta http-equiv=Content-Security-Policy content=\"frame-src 'none'\">"
    watched.page.set_content(
        f"{policy}<img src=https://picture.loud.example/><iframe src=https://frame.loud.example/></iframe>"
    )
    for host in hosts:
        for _ in range(500):
            if trapped.of(f"{host}.loud.example".encode()):
                break
            watched.page.wait_for_timeout(20)
        assert trapped.of(f"{host}.loud.example".encode()), host


def test_nothing_hostile_happens_on_our_pages(evil: hostile.Hostile, watched: Watched, trapped: Trap) -> None:
    for page in evil.pages:
        watched.go(f"/-/presskeep/evil{page}")
        _nothing_happened(watched, trapped, page)


def test_nothing_hostile_happens_in_the_tables(watched: Watched, trapped: Trap) -> None:
    for table in TABLES:
        watched.go(f"/evil{table}")
        _nothing_happened(watched, trapped, table)


def test_a_click_in_an_archived_page_leads_nowhere(evil: hostile.Hostile, watched: Watched, trapped: Trap) -> None:
    """The frame may not leave for another host, and not take the window with it."""
    clicked = 0
    for page in evil.clickable:
        watched.go(f"/-/presskeep/evil{page}")
        for element in watched.page.frame_locator("iframe").locator("a, button").all():
            element.dispatch_event("click")
            clicked += 1
        _nothing_happened(watched, trapped, page)
    assert clicked >= 4


def test_nothing_came_late(watched: Watched, trapped: Trap) -> None:
    watched.go("/-/presskeep/evil/search")
    watched.page.wait_for_timeout(1000)
    _nothing_happened(watched, trapped, "the end")
    assert watched.errors == []


def _nothing_happened(watched: Watched, trapped: Trap, where: str) -> None:
    assert watched.dialogs == [], where
    assert watched.opened == [], where
    assert watched.page.url.startswith(watched.origin), where
    assert trapped.of(b"evil.example") == [], where
