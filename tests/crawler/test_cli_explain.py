"""``extract --explain`` for people, as one page, and as data."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crawler.__main__ import run
from tests.crawler.papers import flood_page


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return flood_page(tmp_path)


def test_a_log_gets_marks_in_the_margin_and_reasons(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(page), "--explain"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert re.search(r"^A  .*1\.5 million pounds", out, re.MULTILINE)
    assert re.search(r"^L  Recent Posts\n     list “Recent Posts” of kind recent, \d+ items  <", out, re.MULTILINE)
    assert re.search(r"^F  ", out, re.MULTILINE)
    assert re.search(r"score \d\.\d\d of \d\.\d\d: model \d\.\d\d, rules' vote yes, section \d\.\d\d", out)
    assert re.search(r"^title +Flood wall costs rise.*\n +generic/\d", out, re.MULTILINE)


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_wants_none(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["extract", str(page), "--explain"]) == 0
    out = capsys.readouterr().out
    assert ("\x1b[32m" in out) == coloured
    assert bool(re.search(r"^(?:\x1b\[\d*m)*L  ", out, re.MULTILINE)) != coloured


def test_as_data_it_is_the_decision_of_extract(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["extract", str(page), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert run(["extract", str(page), "--explain", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    names = ["url", "reason", "text", "rules", "confidence", "drift", "fields", "lists", "blocks"]
    assert list(shown) == names
    assert {name: shown[name] for name in ("text", "lists", "rules")} == {
        n: plain[n] for n in ("text", "lists", "rules")
    }
    article = [block["text"] for block in shown["blocks"] if block["role"] == "article"]
    assert "\n\n".join(article) == plain["text"]
    assert {"name", "value", "reader", "places"} == set(shown["fields"][0])
    assert {"text", "role", "cause", "reason", "score", "threshold", "list", "path"} <= set(shown["blocks"][0])


class _Outline(HTMLParser):
    """Tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_as_a_page_it_needs_and_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "bad.html", tmp_path / "why.html"
    prose = "The council met on Tuesday and decided to leave the old bridge where it is, after a long night. " * 3
    source.write_text(
        "<html lang='en\"><script>'><title>&lt;script>alert(1)&lt;/script></title>"
        "<article class='&quot;>&lt;img src=x>'>"
        f"<h1>&lt;b>Bridge stays</h1><p>{prose}&lt;img src=x onerror=alert(1)></p><p>{prose}</p></article></html>",
        "utf-8",
    )
    assert run(["extract", str(source), "--explain", "--html", str(out)]) == 0
    assert capsys.readouterr().out == f"Wrote {out}.\n"
    text = out.read_text("utf-8")
    outline = _Outline(text)
    tags = {tag for tag, _ in outline.tags}
    assert not tags & {"script", "img", "iframe", "link", "a", "form", "b"}
    assert "<img src=x onerror=alert(1)>" in outline.text
    policy = next(a["content"] for tag, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert (policy or "").startswith("default-src 'none'; style-src 'sha256-")
    assert all(
        not name.startswith("on") and name not in ("src", "href", "style") for _, a in outline.tags for name in a
    )
    assert "prefers-color-scheme: dark" in text
    assert {"html", "title", "main", "h1", "h2", "caption", "th"} <= tags
    assert all(a.get("scope") for tag, a in outline.tags if tag == "th")


def test_a_page_without_an_article_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body><a href='/'>Home</a></body></html>", "utf-8")
    assert run(["extract", str(path), "--explain", "--html", str(tmp_path / "out.html")]) == 0
    assert "No article here: the page holds none." in (tmp_path / "out.html").read_text("utf-8")
    capsys.readouterr()
    assert run(["extract", str(path), "--explain"]) == 0
    assert "No article here: the page holds none." in capsys.readouterr().out


def test_html_belongs_to_explain_and_needs_a_place(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["extract", str(page), "--html", str(tmp_path / "out.html")]) == 2
    assert "--html belongs to --explain" in capsys.readouterr().err
    assert run(["extract", str(page), "--explain", "--html", str(tmp_path / "no" / "out.html")]) == 2
    assert "name another file with --html" in capsys.readouterr().err
