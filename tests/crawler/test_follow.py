"""Whole crawls that go where articles lead: promoted stories, and canonical URLs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import follow
from tests.crawler.case import Case, play
from tests.crawler.newsstand import Answer, Script, feed, story

TODAY = datetime.now(UTC)


def page(number: int, *, age: int | None = 1, promotes: tuple[str, ...] = (), canonical: str = "") -> Answer:
    """A story of so many days ago that promotes these paths."""
    date = (TODAY - timedelta(days=age)).isoformat() if age is not None else ""
    head = f'<meta property="article:published_time" content="{date}">' if date else ""
    head += f'<link rel="canonical" href="{{base}}{canonical}">' if canonical else ""
    items = "".join(
        f'<li><a href="{path}">What happened at {path.strip("/").replace("-", " ")}</a> <span>4 hours ago</span></li>'
        for path in promotes
    )
    body, _, _ = story(number).decode().replace("</head>", head + "</head>").partition("<aside>")
    beside = f"<aside><h2>Recent Posts</h2><ul>{items}</ul></aside>" if items else ""
    return Answer(body=f"{body}{beside}</body></html>".encode())


CHAIN: dict[str, Script] = {
    "/feed": feed("/story-number-zero"),
    "/story-number-zero": page(0, promotes=("/story-number-one", "/story-number-ten", "/tag/the-long-tag", "/section")),
    "/story-number-one": page(1, promotes=("/story-number-two", "/story-number-zero", "/story-number-ten")),
    "/story-number-two": page(2, promotes=("/story-number-three", "/story-number-four", "/story-number-zero")),
    "/story-number-three": page(3),
    "/story-number-ten": page(10, age=40, promotes=("/story-number-eleven", "/story-number-twelve")),
}


def test_promoted_stories_are_visited_two_lists_deep_and_once(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        report = await case.crawl()
        zero, one, ten, two = ("/story-number-zero", "/story-number-one", "/story-number-ten", "/story-number-two")
        assert case.stand.targets()[3:] == [zero, one, ten, two]
        assert report.new_articles == 4
        found = case.rows("SELECT url, found_in FROM discoveries WHERE kind = 'list-item' ORDER BY seq")
        base = case.stand.base
        assert found == [(base + one, base + zero), (base + ten, base + zero), (base + two, base + one)]
        await case.crawl(now=True)
        assert case.stand.count("/story-number-three") == 0

    play(tmp_path, CHAIN, act)


def test_lists_are_not_followed_where_the_site_says_so(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        await case.crawl('feeds = ["{base}/feed"]\nfollow_lists = false')
        assert case.paths() == ["/story-number-zero"]
        await case.crawl('feeds = ["{base}/feed"]\ndeny = ["ten"]', now=True)
        assert case.paths() == ["/story-number-one", "/story-number-two", "/story-number-zero"]

    play(tmp_path, CHAIN, act)


def test_what_is_beyond_the_limit_of_a_run_is_due_in_the_next(tmp_path: Path) -> None:
    async def act(case: Case) -> None:
        await case.crawl(limit=2)
        assert len(case.paths()) == 2
        await case.crawl(limit=5)
        assert len(case.paths()) == 4

    play(tmp_path, CHAIN, act)


@pytest.mark.parametrize(
    ("age", "source", "visited"),
    [(40, "feeds", 1), (None, "sitemaps", 1), (None, "feeds", 1), (1, "sitemaps", 3)],
)
def test_old_and_undated_articles_lead_nowhere(tmp_path: Path, age: int | None, source: str, visited: int) -> None:
    promotes = ("/story-number-one", "/story-number-two")
    sitemap = Answer(body=b"<urlset><url><loc>{base}/story-number-zero</loc></url></urlset>")
    scripts: dict[str, Script] = {"/feed": feed("/story-number-zero") if source == "feeds" else sitemap}
    scripts |= {"/story-number-zero": page(0, age=age, promotes=promotes), "/story-number-one": page(1)}
    scripts |= {"/story-number-two": page(2)}

    async def act(case: Case) -> None:
        await case.crawl()
        assert len(case.paths()) == visited
        assert case.rows("SELECT count(*) FROM list_items") == [(2,)]

    play(tmp_path, scripts, act, f'{source} = ["{{base}}/feed"]')


@pytest.mark.parametrize("alive", [0, 1, 20])
def test_lists_that_lead_to_nothing_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alive: int) -> None:
    monkeypatch.setattr(follow, "PROBES", 4)
    names = [f"/story-number-{n}" for n in range(100, 120)]
    scripts: dict[str, Script] = {"/feed": feed("/story-number-a"), "/story-number-a": page(1, promotes=tuple(names))}
    scripts |= {name: page(100 + n) for n, name in enumerate(names[:alive])}

    async def act(case: Case) -> None:
        await case.crawl()
        tried = sum(case.stand.count(name) for name in names)
        assert tried == (20 if alive else 4)
        await case.crawl(now=True)
        assert case.rows("SELECT count(*) FROM discoveries WHERE kind = 'list-item'") == [(20 if alive else 8,)]

    play(tmp_path, scripts, act)


def test_stories_that_no_limit_let_through_are_due_in_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "PROBES", 2)
    names = [f"/story-number-{n}" for n in range(100, 108)]
    scripts: dict[str, Script] = {"/feed": feed("/story-number-a"), "/story-number-a": page(1, promotes=tuple(names))}
    scripts |= {name: page(100 + n) for n, name in enumerate(names)}

    async def act(case: Case) -> None:
        await case.crawl(limit=2)
        await case.crawl()
        assert len(case.paths()) == 9

    play(tmp_path, scripts, act)


def test_a_page_and_a_run_lead_to_so_many_stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "MAX_OF_PAGE", 3)
    monkeypatch.setattr(follow, "MAX_OF_RUN", 5)
    names = [f"/story-number-{n}" for n in range(100, 120)]
    scripts: dict[str, Script] = {
        "/feed": feed("/story-number-a", "/story-number-b"),
        "/story-number-a": page(1, promotes=tuple(names[:10])),
        "/story-number-b": page(2, promotes=tuple(names[10:])),
    }

    async def act(case: Case) -> None:
        await case.crawl()
        assert case.rows("SELECT count(*) FROM discoveries WHERE kind = 'list-item'") == [(5,)]
        found = case.rows(
            "SELECT max(n) FROM (SELECT count(*) n FROM discoveries WHERE kind = 'list-item' GROUP BY found_in)"
        )
        assert found == [(3,)]

    play(tmp_path, scripts, act)


@pytest.mark.parametrize("tagged", [False, True])
def test_an_amp_page_leads_to_its_canonical_and_is_then_left_alone(tmp_path: Path, tagged: bool) -> None:
    headers = (("ETag", '"amp"'),) if tagged else ()
    amp = Answer(body=page(1, canonical="/story-number-one").body, headers=headers)
    scripts: dict[str, Script] = {
        "/feed": feed("/story-number-one/amp"),
        "/story-number-one/amp": amp,
        "/story-number-one": page(1, canonical="/story-number-one"),
    }

    async def act(case: Case) -> None:
        await case.crawl()
        assert case.paths() == ["/story-number-one"]
        await case.crawl(now=True)
        await case.crawl(now=True)
        assert case.stand.count("/story-number-one/amp") == 2
        assert case.stand.count("/story-number-one") == 3
        assert case.paths() == ["/story-number-one"]
        assert case.rows("SELECT reason FROM frontier WHERE state = 'gone'") == [
            (f"canonical URL: {case.stand.base}/story-number-one",)
        ]

    play(tmp_path, scripts, act)


def test_a_canonical_that_is_missing_or_elsewhere_retires_nothing(tmp_path: Path) -> None:
    elsewhere = page(2).body.replace(
        b"</head>", b'<link rel=canonical href="https://b.example/story-number-two"></head>'
    )
    scripts: dict[str, Script] = {
        "/feed": feed("/story-number-one/amp", "/story-number-two/amp", "/story-number-four/amp"),
        "/story-number-one/amp": page(1, canonical="/story-number-one"),
        "/story-number-two/amp": Answer(body=elsewhere),
        "/story-number-four/amp": page(4, canonical="/section"),
    }

    async def act(case: Case) -> None:
        await case.crawl()
        await case.crawl(now=True)
        assert case.rows("SELECT count(*) FROM frontier WHERE kind = 'article' AND reason LIKE 'canonical%'") == [(0,)]
        assert case.paths("SELECT url FROM discoveries WHERE kind = 'canonical'") == ["/story-number-one"]
        assert case.stand.count("/story-number-two/amp") == 2

    play(tmp_path, scripts, act)
