"""What every style of page shares: a view of one paper at one moment, and small helpers for HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from crawler.demo.story import Paper, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A paper as one request sees it. ``turn`` counts the requests: the lists beside an article move with it."""

    paper: Paper
    base: str
    opened: datetime
    now: datetime
    turn: int
    path: Callable[[Story], str]

    def url(self, story: Story) -> str:
        """The address of a story."""
        return self.base + self.path(story)

    def age(self, story: Story) -> timedelta:
        """How old a story is now."""
        return self.now - story.published(self.opened)

    def promoted(self, story: Story, count: int, *, shift: int = 0) -> list[Story]:
        """Other stories to put beside this one: another choice at every request."""
        others = [other for other in self.paper.stories if other.slug != story.slug and not other.gone]
        start = self.turn + shift
        return [others[(start + step) % len(others)] for step in range(min(count, len(others)))]


def ago(age: timedelta) -> str:
    """``4 hours ago``, as papers write it beside a headline."""
    minutes = int(age.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number} {unit}{'s' * (number != 1)} ago"
    return "just now"


def stamp(moment: datetime) -> str:
    """An ISO time with its zone, to the second."""
    return moment.isoformat(timespec="seconds")


def paragraphs(story: Story) -> str:
    """The story's paragraphs as ``<p>`` elements."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)


def sections(view: View) -> list[str]:
    """The paper's sections, in the order of their first story."""
    return list(dict.fromkeys(story.section for story in view.paper.stories))
