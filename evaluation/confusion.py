"""Which topic is taken for which: counts, and a picture of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from evaluation.scores import Judged

NONE = "none"
"""Off topic, as the topic asked about; no topic at all, as the one answered."""

Matrix = Counter[tuple[str, str]]


def confusion(judged: Sequence[Judged]) -> Matrix:
    """How often a topic asked about got which topic in the first answer or reading."""
    return Counter((each.row.topic or NONE, each.outcome.topic or NONE) for each in judged)


def aspects(judged: Sequence[Judged]) -> Matrix:
    """How often an aspect asked about got which aspect, where the topic is right."""
    return Counter((each.row.aspect or NONE, each.outcome.aspect or NONE) for each in judged if each.topic)


def pairs(matrix: Matrix, count: int) -> list[tuple[str, str, int]]:
    """The `count` commonest mistakes: asked about, taken for, how often."""
    wrong = [(asked, taken, number) for (asked, taken), number in matrix.items() if asked != taken]
    return sorted(wrong, key=lambda each: (-each[2], each[0], each[1]))[:count]


def draw(matrix: Matrix, title: str, path: Path) -> None:
    """A PNG with a row per topic asked about and a column per topic answered; colours are shares of the row."""
    topics = [*sorted({topic for pair in matrix for topic in pair} - {NONE}), NONE]
    counts = np.array([[matrix[asked, taken] for taken in topics] for asked in topics], dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # Without pyplot no window system is asked for and nothing stays in memory.
    with mpl.rc_context({"font.size": 8}):
        side = 3.0 + 0.45 * len(topics)
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(topics)), topics, rotation=60, ha="right")
        axes.set_yticks(range(len(topics)), topics)
        axes.set_xlabel("chủ đề được trả lời (answered)")
        axes.set_ylabel("chủ đề được hỏi (asked)")
        axes.set_title(title)
        for (row, column), count in np.ndenumerate(counts):
            if count:
                colour = "white" if shares[row, column] > 0.5 else "black"
                axes.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour)
        figure.savefig(path, dpi=130)
