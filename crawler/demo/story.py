"""The stories of the demo papers: what they say in the first act, and in the second after the edits."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Self

PAPERS = ("courier", "review", "gazette")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What the paper does to a story between the two crawls."""

    title: str | None = None
    replace: tuple[tuple[str, str], ...] = ()
    add: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story. ``age`` is its age in minutes when the paper opens; ``busy`` answers 503 to the first request."""

    slug: str
    section: str
    title: str
    author: str
    age: int
    teaser: str
    paragraphs: tuple[str, ...]
    language: str
    encoding: str = "utf-8"
    busy: bool = False
    gone: bool = False
    edited: bool = False
    edit: Edit | None = None

    @classmethod
    def from_table(cls, table: dict[str, Any], language: str) -> Self:
        """The story of one ``[[articles]]`` table."""
        fields = {"language": language, **table}
        paragraphs = tuple(part.strip() for part in fields.pop("text").strip().split("\n\n"))
        edit = fields.pop("edit", None)
        if edit is not None:
            edit = Edit(**{**edit, "replace": tuple((old, new) for old, new in edit.get("replace", ()))})
        return cls(paragraphs=paragraphs, edit=edit, **fields)

    def revised(self) -> Self:
        """The story after its edit; itself when it has none."""
        if self.edit is None:
            return self
        text = "\n\n".join(self.paragraphs + ((self.edit.add,) if self.edit.add else ()))
        for old, new in self.edit.replace:
            text = text.replace(old, new)
        title = self.edit.title or self.title
        return replace(
            self, title=title, paragraphs=tuple(text.split("\n\n")), gone=self.edit.gone, edited=True, edit=None
        )

    def published(self, opened: datetime) -> datetime:
        """When the story appeared, seen from the paper's opening time."""
        return opened - timedelta(minutes=self.age)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented newspaper."""

    name: str
    title: str
    stories: tuple[Story, ...]

    def revised(self) -> Self:
        """The paper after all its edits."""
        return replace(self, stories=tuple(story.revised() for story in self.stories))


@cache
def paper(name: str) -> Paper:
    """The paper of that name (see ``PAPERS``), as it opens."""
    data = tomllib.loads((files(__package__) / "stories" / f"{name}.toml").read_text("utf-8"))
    stories = tuple(Story.from_table(table, data["language"]) for table in data["articles"])
    return Paper(name=data["name"], title=data["title"], stories=stories)
