"""One archive for all tests of the pages."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.browse import served


@dataclass(frozen=True)
class Press:
    """An archive's file and the keys of its story."""

    path: Path
    article: str
    texts: tuple[str, ...]
    raws: tuple[str, ...]
    base: str = "/-/presskeep/press"

    def every_page(self) -> list[str]:
        """An address of each page that shows HTML."""
        first, last, raw = self.texts[0], self.texts[-1], self.raws[-1]
        pages = [
            "", f"/article/{self.article}", f"/article/{self.article}/{first}", f"/article/{self.article}?cosmetic=1",
            f"/diff/{self.article}/{first}/{last}", f"/diff/{self.article}/{first}/{last}?view=side", f"/raw/{raw}",
            f"/seen/{raw}", "/edits", "/edits?kind=byline", "/headlines", "/coverage", "/search", "/search?q=flood",
            "/search?q=lighthouse&where=lists",
        ]  # fmt: skip
        return [self.base + page for page in pages]

    def html(self, target: str) -> str:
        """The page below ``base``, which must be there."""
        page = served.get([self.path], self.base + target)[0]
        assert page.status_code == 200, page.text
        return str(page.text)


@pytest.fixture(scope="package")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    path = tmp_path_factory.mktemp("pages") / "press.db"
    served.make(path)
    with closing(sqlite3.connect(path)) as db:
        key, number = db.execute("SELECT key, id FROM articles WHERE url = ?", (served.URL,)).fetchone()
        rows = db.execute("SELECT text_key, raw_key FROM versions WHERE article = ? ORDER BY number", (number,))
        texts, raws = zip(*rows, strict=True)
    return Press(path=path, article=key, texts=texts, raws=raws)


@pytest.fixture(scope="package", autouse=True)
def _plugin() -> Iterator[None]:
    with served.plugin():
        yield
