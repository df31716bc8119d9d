"""What benches print, as data and as pictures: tables of Markdown in, records and SVG out. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

# Cells that begin with a figure; others say something in words.
_FIGURES = re.compile(r"^-?\d")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COLUMN_BREAK = re.compile(r"(?<!\\)\|")
_RATIO = "ratio"
# Of a plot, in pixels.
_LABELS, _BARS, _HEIGHT, _GAP, _MARGIN = 330, 400, 14, 12, 12
_COLOURS = ("#1b6ca8", "#d1711f", "#4c9a52", "#8d5ba6", "#a8434b", "#5f6b72")


@dataclass(frozen=True)
class Table:
    """`columns` are the headings; a row has a cell for each of them, the first one says what it is about."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def names(self) -> list[str]:
        """What the columns behind the first one are called: a ratio after the column that it is about."""
        pairs = itertools.pairwise(self.columns)
        return [f"{column} of {before}" if column == _RATIO else column for before, column in pairs]

    def records(self) -> list[dict[str, Any]]:
        """Each row, with the figures of its cells: "12 / 15 (0.5)" has three."""
        return [
            {"what": row[0]}
            | {
                column: _figures(cell)
                for column, cell in zip(self.names, row[1:], strict=False)
                if cell not in ("", "–")
            }
            for row in self.rows
        ]

    def markdown(self) -> str:
        """As it was printed."""
        lines = (self.columns, ["---"] * len(self.columns), *self.rows)
        return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _figures(cell: str) -> list[float] | str:
    return [float(number) for number in _NUMBER.findall(cell)] if _FIGURES.match(cell) else cell


def tables(printed: str) -> list[Table]:
    """The tables in what a bench has printed."""
    found: list[list[list[str]]] = [[]]
    for line in printed.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in _COLUMN_BREAK.split(line)[1:-1]])
        elif found[-1]:
            found.append([])
    return [Table(lines[0], lines[2:]) for lines in found if len(lines) > 2]


def plot(title: str, table: Table) -> str:
    """A picture of a table's medians, SVG: a bar for each program in each row, and a thin line up to the next figure.

    Which columns: those with as many figures a cell as the first one that has any, so ratios are left out beside times.
    "" where there is nothing to compare.
    """
    records = table.records()
    columns = _compared(table.names, records)
    rows = [record for record in records if any(column in record for column in columns)]
    most = max((max(record[column][:2]) for record in rows for column in columns if column in record), default=0.0)
    if not rows or len(rows) * len(columns) < 2 or most <= 0:
        return ""
    body, top = [_text(_MARGIN, 16, title, weight="bold")], 30
    for at, column in enumerate(columns):
        body += [_bar(_MARGIN, top, 10, _COLOURS[at % len(_COLOURS)]), _text(_MARGIN + 18, top + 10, column)]
        top += 18
    for record in rows:
        top += _GAP
        body.append(_text(_MARGIN, top + 11, record["what"][:52]))
        for at, column in enumerate(columns):
            if column in record:
                median, *more = record[column]
                colour, x = _COLOURS[at % len(_COLOURS)], _MARGIN + _LABELS
                body.append(_bar(x, top, median / most * _BARS, colour))
                if more and more[0] > median:
                    left, right, y = x + median / most * _BARS, x + more[0] / most * _BARS, top + _HEIGHT / 2
                    body.append(f'<path d="M{left:.1f} {y}H{right:.1f}" stroke="{colour}" stroke-width="2"/>')
                reach = max([median, *more[:1]]) / most * _BARS
                body.append(_text(x + reach + 6, top + 11, f"{median:g}"))
            top += _HEIGHT
    width, height = _MARGIN * 2 + _LABELS + _BARS + 60, top + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12" role="img" aria-label="{escape(title)}">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _compared(columns: Sequence[str], records: Sequence[dict[str, Any]]) -> list[str]:
    """The columns that have figures of the same kind as the first one."""
    counts = {
        column: max((len(r[column]) for r in records if isinstance(r.get(column), list)), default=0)
        for column in columns
        if all(isinstance(r.get(column, []), list) for r in records)
    }
    first = next((count for count in counts.values() if count), 0)
    return [
        c for c, count in counts.items() if count and (count == first or first > 1) and not _is_ratio(c, count, first)
    ]


def _is_ratio(column: str, count: int, first: int) -> bool:
    return column.startswith(f"{_RATIO} of ") or (first > 1 and count < 2)


def _bar(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{_HEIGHT - 3}" fill="{colour}"/>'


def _text(x: float, y: float, words: str, *, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y}" font-weight="{weight}" fill="#222222">{escape(words)}</text>'
