"""A simulated month: which share of edits do visits catch, how late, and for how many requests?

    python -m tests.benchmarks.revisits [--articles 3000] [--seed 1]

The clock is invented, the schedule is the one that crawls use. Articles appear evenly over 30 days on sites that edit
5, 20 and 60 % of them. An edited article has 1 + Poisson(1) edits; the age at an edit is log-normal with a median of 2
hours and a sigma of 1.5 (half of them within two hours, nine tenths within 14), and one in ten comes at any time of the
month instead. An edit is caught by a visit before the next edit of its article; the delay is from the edit to that
visit. Every policy visits an article once when it appears, and runs every 5 minutes. "pauses x 2.6" is a policy that
waits so much longer each time: with it two policies can be compared for the same number of visits.
"""

import argparse
import heapq
import json
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawler.schedule import Seen, age_group, next_visit

START = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
TICK = timedelta(minutes=5)
SHARES = (0.05, 0.2, 0.6)


@dataclass(slots=True)
class Story:
    """One article and its edits, in order."""

    site: int
    published: datetime
    edits: list[datetime]
    seen_at: datetime
    changed_at: datetime | None = None


@dataclass(slots=True)
class Result:
    """What a policy caught."""

    visits: int = 0
    edits: int = 0
    delays: list[float] = field(default_factory=list)


Policy = Callable[[Story, datetime, dict[int, dict[int, Seen]]], datetime | None]


def stories(number: int, chance: random.Random) -> list[Story]:
    """The articles of the month."""
    made = []
    for _ in range(number):
        site, published = chance.randrange(len(SHARES)), START + MONTH * chance.random()
        ages = []
        if chance.random() < SHARES[site]:
            for _ in range(1 + _poisson(chance)):
                late = chance.random() < 0.1
                ages.append(720 * chance.random() if late else chance.lognormvariate(0.693, 1.5))
        edits = sorted(published + timedelta(hours=age) for age in ages)
        made.append(Story(site, published, [edit for edit in edits if edit < START + MONTH], published))
    return made


def ours(story: Story, now: datetime, rates: dict[int, dict[int, Seen]]) -> datetime | None:
    """The schedule of crawls."""
    return next_visit(now, published=story.published, rates=rates[story.site], changed_at=story.changed_at).at


def unlearned(story: Story, now: datetime, rates: dict[int, dict[int, Seen]]) -> datetime | None:
    """The same without what was seen."""
    return next_visit(now, published=story.published).at


def fixed(hours: float) -> Policy:
    """The same pause whatever the age."""
    return lambda story, now, rates: now + timedelta(hours=hours)


def stretched(policy: Policy, factor: float) -> Policy:
    """A policy with all its pauses longer, or shorter."""

    def at(story: Story, now: datetime, rates: dict[int, dict[int, Seen]]) -> datetime | None:
        due = policy(story, now, rates)
        return None if due is None else now + (due - now) * factor

    return at


def newsdiffs(story: Story, now: datetime, rates: dict[int, dict[int, Seen]]) -> datetime | None:
    """NewsDiffs' table, by the time since the last change that it saw (github.com/ecprice/newsdiffs, scraper.py)."""
    quiet = (now - (story.changed_at or story.published)) / timedelta(minutes=1)
    days = quiet // 1440
    if quiet < 180:
        return now + timedelta(minutes=15)
    for most, minutes in ((1, 60), (7, 180), (30, 4320), (360, 43_200)):
        if days < most:
            return now + timedelta(minutes=minutes)
    return None


def simulate(policy: Policy, number: int, seed: int) -> Result:
    """One policy over the month."""
    made = stories(number, random.Random(seed))
    rates: dict[int, dict[int, Seen]] = {site: {} for site in range(len(SHARES))}
    queue = [(story.published, index) for index, story in enumerate(made)]
    heapq.heapify(queue)
    result = Result(edits=sum(len(story.edits) for story in made))
    while queue:
        due, index = heapq.heappop(queue)
        now = START + TICK * -((START - due) // TICK)  # the next run
        if now >= START + MONTH:
            continue
        story = made[index]
        result.visits += 1
        new = [edit for edit in story.edits if story.seen_at < edit <= now]
        if new:
            result.delays.append((now - new[-1]) / timedelta(minutes=1))
            story.changed_at = now
        _learn(rates[story.site], story, now, bool(new))
        story.seen_at = now
        at = policy(story, now, rates)
        if at is not None:
            heapq.heappush(queue, (max(at, now + timedelta(seconds=1)), index))
    return result


def _learn(rates: dict[int, Seen], story: Story, now: datetime, changed: bool) -> None:
    if now > story.seen_at > story.published:
        group = age_group(story.seen_at - story.published)
        before = rates.get(group, Seen())
        rates[group] = Seen(before.hours + (now - story.seen_at) / timedelta(hours=1), before.edits + changed)


def _poisson(chance: random.Random) -> int:
    """Poisson(1), by Knuth's method."""
    number, product = 0, chance.random()
    while product > 0.36787944117144233:
        number, product = number + 1, product * chance.random()
    return number


def main() -> None:
    """Prints a row for each policy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    policies = {"presskeep": ours, "presskeep, nothing learned": unlearned, "NewsDiffs' table": newsdiffs}
    policies |= {
        "presskeep, pauses x 0.35": stretched(ours, 0.35),
        "NewsDiffs' table, pauses x 2.6": stretched(newsdiffs, 2.6),
    }
    policies |= {f"every {hours} h": fixed(hours) for hours in (1, 3, 6, 12, 24)}
    rows = []
    for name, policy in policies.items():
        result = simulate(policy, arguments.articles, arguments.seed)
        rows.append(
            {
                "policy": name,
                "visits_per_article": round(result.visits / arguments.articles, 1),
                "edits": result.edits,
                "caught": round(len(result.delays) / result.edits, 3),
                "median_delay_minutes": round(statistics.median(result.delays), 1),
                "caught_per_1000_visits": round(1000 * len(result.delays) / result.visits, 1),
            }
        )
    json.dump(rows, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
