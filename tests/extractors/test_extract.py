import importlib
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractors
from extractors import Article, ExtractorError, LinkList, ListItem, Page, extract, read, registry, rules_digest
from extractors.extract import REASONS
from extractors.registry import generic_label, plaintext_label

FETCHED = datetime(2025, 12, 26, 12, tzinfo=UTC)
PROSE = "The council met on Tuesday and decided, after a long night, to leave the old bridge where it is. " * 3
STORY = f"<html lang=en><title>Bridge stays</title><article><h1>Bridge stays</h1><p>{PROSE}</p><p>{PROSE}</p></article>"
PAGES = sorted((Path(__file__).parents[1] / "pages").rglob("*.html"))


def page(body: str | bytes = STORY, url: str = "https://example.com/a", **rest: str) -> Page:
    raw = body if isinstance(body, bytes) else body.encode()
    return Page(url=url, body=raw, fetched_at=FETCHED, media_type=rest.get("media_type", "text/html"))


def test_an_article_of_an_unknown_host_is_read_generically() -> None:
    found = read(page())
    assert found.reason == ""
    assert found.drift == ()
    assert found.article is not None
    assert (found.article.title, found.article.language) == ("Bridge stays", "en")
    assert found.article.text == f"{PROSE.strip()}\n\n{PROSE.strip()}"
    assert found.article.rules == generic_label()
    assert extract(page()) == found.article


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \r\n ", "text/plain", "empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "text/html", "not-html"),
        (b"%PDF-1.7\n", "application/pdf", "not-html"),
        (STORY.encode(), "application/json", "not-html"),
        (b'{"a": 1}', "text/html", "not-html"),
        (bytes(range(256)) * 9, "text/plain", "not-html"),
        (b"<html><body><p>Not found", "text/html", "no-article"),
        (b"<html></html>", "", "no-article"),
        (b"Recent Posts", "text/plain", "no-article"),
    ],
)
def test_without_an_article_there_is_a_reason(body: bytes, media_type: str, reason: str) -> None:
    found = read(page(body, media_type=media_type))
    assert (found.article, found.reason) == (None, reason)
    assert found.reason in REASONS


def test_a_listing_page_is_no_article() -> None:
    cards = "".join(
        f'<div class="card"><h2><a href="/{n}">Council number {n} weighs a plan for bridge {n + 1}</a></h2>'
        f"<p>Officials said on Monday that bridge {n + 1} would be built in spring after all.</p></div>"
        for n in range(40)
    )
    assert read(page(f"<html><title>News</title><body>{cards}")).reason == "no-article"
    links = "".join(
        f'<li><a href="/{n}">Council number {n} weighs a plan for bridge {n + 1}</a></li>' for n in range(90)
    )
    intro = "<p>All about councils, bridges, plans and what else happens between the two rivers, every day anew.</p>"
    assert read(page(f"<html><title>News</title><body>{intro}<ul>{links}</ul>")).reason == "no-article"


def test_xhtml_and_an_unnamed_type_are_html() -> None:
    for media_type in ("", "application/xhtml+xml"):
        assert read(page(media_type=media_type)).reason == ""


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/plain", "", "image/png"]))
def test_any_bytes_give_a_reading(body: bytes, media_type: str) -> None:
    for raw in (body, b"<html><p>" + body):
        found = read(page(raw, "import:x", media_type=media_type))
        assert (found.article is None) == (found.reason in REASONS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_beginning_of_a_page_gives_a_reading_under_the_same_rules(path: Path) -> None:
    body = path.read_bytes()
    cuts = random.Random(7).sample(range(len(body)), min(25, len(body)))
    for url in ("https://example.com/a", "https://thedailyguardian.com/a", "https://[bad/"):
        for cut in cuts:
            article = extract(page(body[:cut], url))
            assert article is None or article.rules == rules_digest(url, FETCHED, "text/html")


def test_the_readers_are_chosen_by_the_url_that_answered() -> None:
    redirected = replace(page(), final_url="https://thedailyguardian.com/a")
    article = extract(redirected)
    assert article is not None
    assert article.rules.startswith("thedailyguardian.com@2023-01-01/")
    assert article.rules == rules_digest(redirected.final_url, FETCHED, "text/html")


@pytest.mark.parametrize("host", ["thedailyguardian.com", "www.thedailyguardian.com", "amp.thedailyguardian.com"])
def test_rules_hold_for_every_name_of_their_site(host: str) -> None:
    assert rules_digest(f"https://{host}/x", FETCHED, "text/html").endswith(f"+{generic_label()}")
    assert rules_digest(f"https://{host}/x", FETCHED, "text/plain") == plaintext_label()
    assert rules_digest(f"https://sports.{host}/x", FETCHED, "text/html") == generic_label()


PLUG_IN = """
from extractors import Article


def read_page(page):
    if b"crash" in page.body:
        raise RuntimeError("no such shape")
    if b"odd" in page.body:
        return "text"
    if b"other" in page.body:
        return None
    return Article(title=" Its  title ", text="One.\\n\\n\\nTwo. ")
"""


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A distribution as pip installs it, with an extractor for plugged.example; gives the start of its pages."""
    (tmp_path / "plugged_reader.py").write_text(PLUG_IN, "utf-8")
    info = tmp_path / "plugged_reader-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged-reader\nVersion: 1.2\n", "utf-8")
    entry = "[presskeep.extractors]\nplugged.example = plugged_reader:read_page\nbroken.example = nowhere_at_all:x\n"
    (info / "entry_points.txt").write_text(entry, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    registry._plug_ins.cache_clear()
    yield "https://www.plugged.example/a"
    registry._plug_ins.cache_clear()
    sys.modules.pop("plugged_reader", None)


def test_a_plug_in_reads_its_host_and_leaves_the_rest_to_the_generic_reader(plug_in: str) -> None:
    found = read(page(url=plug_in))
    assert found.drift == ()
    assert found.article is not None
    assert (found.article.title, found.article.text) == ("Its title", "One.\n\nTwo.")
    assert found.article.language == "en"
    assert found.article.rules == f"plugged-reader@1.2+{generic_label()}" == rules_digest(plug_in, FETCHED, "text/html")


def test_a_plug_in_that_declines_leaves_the_page_to_the_generic_reader(plug_in: str) -> None:
    found = read(page(STORY + "<!-- other -->", plug_in))
    assert found.drift == ()
    assert found.article is not None
    assert found.article.title == "Bridge stays"


@pytest.mark.parametrize(
    ("mark", "url", "drift"),
    [
        ("crash", "https://plugged.example/a", "plugged-reader@1.2: it raises RuntimeError: no such shape"),
        ("odd", "https://plugged.example/a", "plugged-reader@1.2: it gives str, not an Article or None"),
        ("", "https://broken.example/a", "plugged-reader@1.2: it raises ModuleNotFoundError: No module named"),
    ],
)
@pytest.mark.usefixtures("plug_in")
def test_a_plug_in_that_fails_costs_nothing_and_is_reported(mark: str, url: str, drift: str) -> None:
    found = read(page(f"{STORY}<!-- {mark} -->", url))
    assert found.drift[0].startswith(drift)
    assert found.article is not None
    assert found.article.title == "Bridge stays"
    assert found.article.rules == f"plugged-reader@1.2+{generic_label()}"


def test_plain_text_is_read_as_a_dump() -> None:
    dump = "\n\n".join(
        ["world", "Bridge stays where it is", PROSE, "Recent Posts", "Night train is back", "4 hours ago"]
    )
    article = extract(page(dump, "import:0123", media_type="text/plain"))
    assert article == Article(
        title="Bridge stays where it is",
        text=PROSE.strip(),
        section="world",
        lists=(
            LinkList(
                heading="Recent Posts",
                kind="recent",
                items=(
                    ListItem(
                        title="Night train is back",
                        when_text="4 hours ago",
                        when_at=datetime(2025, 12, 26, 7, tzinfo=UTC),
                        when_until=datetime(2025, 12, 26, 8, 30, tzinfo=UTC),
                    ),
                ),
            ),
        ),
        rules=plaintext_label(),
        confidence=0.6,
    )


def test_public_names_are_sorted_complete_and_importable() -> None:
    names = extractors.__all__
    assert names == sorted(set(names))
    assert all(hasattr(extractors, name) for name in names)
    wanted = """Article ExtractorError LinkList ListItem ListKind Moment OptOut Page Reading RuleError URLError
    canonical_text canonical_title decode_body extract links moment_text normalize_url optouts parse_moment read
    registrable_domain rules_digest"""
    assert set(wanted.split()) <= set(names)
    assert (Path(extractors.__file__).parent / "py.typed").is_file()
    assert issubclass(ExtractorError, ValueError)
    assert extractors.parse_moment("2025-12-04") == date(2025, 12, 4)


def test_short_paragraphs_make_an_article_where_links_do_not_outweigh_them() -> None:
    lines = ["The bridge stayed shut on Monday morning.", "Nobody was hurt, the operator of the line said."] * 3
    body = "".join(f"<p>{line[:-1]} {number}.</p>" for number, line in enumerate(lines))
    menu = "".join(f'<li><a href="/{n}">Council votes on the new harbour bridge {n}</a></li>' for n in range(40))
    short = f"<html><body><article><h1>Bridge shut</h1>{body}</article></body></html>"
    front = f"<html><body><ul>{menu}</ul><div>{body}</div><ul>{menu}</ul></body></html>"
    assert extract(Page(url="https://news.example/story", body=short.encode())) is not None
    assert extract(Page(url="https://news.example/story", body=front.encode())) is None
