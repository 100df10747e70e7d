"""Charts of tables as PNG, with a text that says what they show."""

from __future__ import annotations

import io
import textwrap

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.conversation.report import words
from bot.conversation.report.content import Table

# Told apart in grey and by those who see no red or green, too.
_COLOURS = ("#0b5c4a", "#b9c9c3")
_MOST = 12
_DOTS_PER_INCH = 200


def draw(table: Table) -> bytes:
    """A PNG 16 cm wide of a table that has a chart and rows."""
    assert table.chart is not None
    rows = table.rows if table.chart.kind == "line" else table.rows[:_MOST]
    tall = 2.6 if table.chart.kind == "line" else 0.6 + 0.42 * len(rows) * len(table.chart.columns) ** 0.5
    figure = Figure(figsize=(6.3, tall), dpi=_DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    labels = [textwrap.fill(str(row[0]), 34) for row in rows]
    for place, column in enumerate(table.chart.columns):
        values = [table.number(row, column) for row in range(len(rows))]
        name, colour = table.columns[column].title, _COLOURS[place]
        if table.chart.kind == "line":
            axes.plot(labels, values, color=colour, marker="o", markersize=3, label=name)
            axes.tick_params(axis="x", labelrotation=90, labelsize=7)
            axes.set_ylim(bottom=0)
            axes.set_ylabel(name)
        else:
            height = 0.8 / len(table.chart.columns)
            bars = axes.barh([number + place * height for number in range(len(rows))], values, height, color=colour)
            bars.set_label(name)
            axes.bar_label(bars, [words.number(value) for value in values], padding=2, fontsize=7)
    if table.chart.kind == "bars":
        middle = 0.4 - 0.4 / len(table.chart.columns)
        axes.set_yticks([number + middle for number in range(len(rows))], labels, fontsize=8)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.tick_params(axis="x", labelsize=7)
    counted = axes.yaxis if table.chart.kind == "line" else axes.xaxis
    counted.set_major_locator(MaxNLocator(integer=True))
    counted.set_major_formatter(FuncFormatter(lambda value, _place: words.number(round(value))))
    axes.spines[["top", "right"]].set_visible(False)
    if len(table.chart.columns) > 1:
        axes.legend(fontsize=8, frameon=False)
    png = io.BytesIO()
    # Without the version of the library, the same figures give the same bytes.
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def described(table: Table) -> str:
    """What the chart of a table shows, for whoever can't see it."""
    assert table.chart is not None
    kind = "Biểu đồ đường" if table.chart.kind == "line" else "Biểu đồ thanh"
    if not table.rows:
        return f"{kind}: {table.title}. {table.empty}"
    first = table.chart.columns[0]
    most = max(range(len(table.rows)), key=lambda row: table.number(row, first))
    said = f"{table.rows[most][0]} ({words.number(table.number(most, first))})"
    return f"{kind}: {table.title}. Nhiều nhất: {said}. Số liệu đầy đủ ở bảng cùng tên."
