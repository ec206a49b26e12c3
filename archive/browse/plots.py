"""Plots as SVG, made here: no script, no colours of their own but classes, and words for those who do not see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from archive.browse import words

_WIDTH, _HEIGHT = 560, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 6, 10, 26
_MOST_LABELS = 6
_NAMES, _HEAD, _STEP, _NAME, _WIDEST = 110, 20, 16, 16, 40  # of a grid: margins, rows, the longest name, cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One colour of a plot: its name, the class that colours it, and a value for each label."""

    name: str
    css: str
    values: tuple[float, ...]


def bars(name: str, title: str, labels: Sequence[str], series: Sequence[Series], unit: str = "") -> Markup:
    """Stacked bars, a bar for each label; ``name`` is a word unique in the page, ``unit`` is "" or "B"."""
    sums = [sum(values) for values in zip(*(one.values for one in series), strict=True)]
    top = _ceiling(max(sums, default=0))
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    width = max(min(step * 0.78, 40), 0.6)
    drawn: list[str] = []
    for index, _ in enumerate(labels):
        base, x = 0.0, _LEFT + step * index + (step - width) / 2
        for one in series:
            if one.values[index] > 0:
                height = max(one.values[index] / top * _inner(), 0.8)
                y = _HEIGHT - _BOTTOM - (base + one.values[index]) / top * _inner()
                place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
                drawn.append(f'<rect class="{escape(one.css)}" {place}/>')
                base += one.values[index]
    bars_drawn = Markup("".join(drawn))  # noqa: S704 - numbers and escaped classes
    return _frame(name, title, _described(labels, sums, unit), labels, top, unit, bars_drawn)


def area(name: str, title: str, labels: Sequence[str], one: Series, unit: str = "") -> Markup:
    """A filled line that runs through the middle of each label's place."""
    top = _ceiling(max(one.values, default=0))
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    points = [
        (_LEFT + step * (index + 0.5), _HEIGHT - _BOTTOM - value / top * _inner())
        for index, value in enumerate(one.values)
    ]
    if len(points) == 1:
        points = [(_LEFT, points[0][1]), (_WIDTH - _RIGHT, points[0][1])]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = Markup()
    if points:
        floor = _HEIGHT - _BOTTOM
        around = f"{points[0][0]:.1f},{floor} {line} {points[-1][0]:.1f},{floor}"
        drawn = Markup('<polygon class="{0} soft" points="{1}"/><polyline class="{0} line" points="{2}"/>').format(
            one.css, around, line
        )
    return _frame(name, title, _described(labels, one.values, unit), labels, top, unit, drawn)


def grid(
    name: str, title: str, rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], str]
) -> Markup:
    """A square for each row and column that ``cells`` gives a class; the names of rows stand before them."""
    step = min((_WIDTH - _NAMES) / max(len(columns), 1), _WIDEST)
    high = _HEAD + _STEP * len(rows)
    drawn: list[Markup] = []
    for down, row in enumerate(rows):
        y = _HEAD + _STEP * down
        shown = row if len(row) <= _NAME else f"{row[: _NAME - 1]}…"
        drawn.append(
            Markup('<text class="tick end" x="{}" y="{:.1f}">{}</text>').format(_NAMES - 8, y + _STEP * 0.68, shown)
        )
        for across, column in enumerate(columns):
            if (row, column) in cells:
                drawn.append(
                    Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1.5"/>').format(
                        cells[row, column], _NAMES + step * across, y + 1, step - 2, _STEP - 2
                    )
                )
    every = -(-len(columns) // _MOST_LABELS) or 1
    drawn += [
        Markup('<text class="tick middle" x="{:.1f}" y="{}">{}</text>').format(
            _NAMES + step * (index + 0.5), _HEAD - 6, _short(columns[index])
        )
        for index in range(every // 2, len(columns), every)
    ]
    return Markup(
        '<svg class="plot" viewBox="0 0 {0} {1}" role="img" aria-labelledby="{2}-title {2}-text" direction="ltr">'
        '<title id="{2}-title">{3}</title><desc id="{2}-text">{4}</desc>{5}</svg>'
    ).format(
        _WIDTH, high, name, title,
        f"{words.count(len(rows), 'site')}, {words.count(len(columns), 'day')}. The numbers are in the table below.",
        Markup().join(drawn),
    )  # fmt: skip


def _frame(
    name: str, title: str, description: str, labels: Sequence[str], top: float, unit: str, drawn: Markup
) -> Markup:
    floor = _HEIGHT - _BOTTOM
    grid = Markup()
    for share in (0.0, 0.5, 1.0):
        y = floor - share * _inner()
        grid += Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            _LEFT, _WIDTH - _RIGHT, y, y
        )
        grid += Markup('<text class="tick end" x="{}" y="{:.1f}">{}</text>').format(
            _LEFT - 6, y + 3.5, _amount(top * share, unit)
        )
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    every = -(-len(labels) // _MOST_LABELS) or 1
    for index in range(0, len(labels), every):
        grid += Markup('<text class="tick middle" x="{:.1f}" y="{}">{}</text>').format(
            _LEFT + step * (index + 0.5), _HEIGHT - 7, _short(labels[index])
        )
    return Markup(
        '<svg class="plot" viewBox="0 0 {0} {1}" role="img" aria-labelledby="{2}-title {2}-text" direction="ltr">'
        '<title id="{2}-title">{3}</title><desc id="{2}-text">{4}</desc>{5}{6}</svg>'
    ).format(_WIDTH, _HEIGHT, name, title, description, grid, drawn)


def _inner() -> float:
    return _HEIGHT - _TOP - _BOTTOM


def _ceiling(value: float) -> float:
    """The next round number: 1, 2 or 5 times a power of ten, at least 2 so that the middle line is whole."""
    power = 1.0
    while value > power * 10:
        power *= 10
    return next((step * power for step in (2, 4, 6, 10) if value <= step * power), power * 10)


def _amount(value: float, unit: str) -> str:
    if unit == "B":
        return words.size(value) if value else "0"
    for limit, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if value >= limit:
            scale = 1000 if letter == "k" else limit
            return f"{value / scale:g}{letter}"
    return words.number(int(value))


def _short(label: str) -> str:
    """A day without its year."""
    is_day = len(label) == 10 and label[4] == "-"
    return f"{int(label[8:10])} {words.MONTHS[int(label[5:7]) - 1]}" if is_day else label


def _described(labels: Sequence[str], values: Sequence[float], unit: str) -> str:
    if not labels:
        return "Nothing to show yet."
    most = max(range(len(values)), key=values.__getitem__)
    return (
        f"{labels[0]} to {labels[-1]}. Most at {labels[most]}: {_amount(values[most], unit)}. "
        "The numbers are in the table below."
    )
