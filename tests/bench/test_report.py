import json
from pathlib import Path

import pytest

from bench.__main__ import in_process
from bench.report import question_figures, table, turn_figures, write
from bench.run import CLIENTS, OURS, PHRASED, THEIRS, Results
from bench.screening import Screened
from bench.stats import Measured

NAMES = {
    "turn_p50_ratio_1",
    "turn_p50_ratio_10",
    "throughput_ratio_32",
    "memory_ratio",
    "ready_ratio",
    "turn200_ratio",
    "distinct_questions",
    "embedded_share",
    "publish_seconds",
    "publish_phrasing_seconds",
    "publish_ratio",
    "questions_mean",
    "questions_max",
}
"""What other programs read from bench.json."""


@pytest.fixture
def results() -> Results:
    results = Results()
    for clients in CLIENTS:
        results.turns[OURS, clients] = Measured((10.0, 20.0, 30.0), 0.5)
        results.turns[THEIRS, clients] = Measured((40.0, 40.0, 40.0), 2.0, 1)
    results.memory = {OURS: 500_000_000, THEIRS: 1_000_000_000}
    results.idle_memory = {OURS: 400_000_000, THEIRS: 900_000_000}
    results.ready = {OURS: [9.0, 11.0], THEIRS: [40.0]}
    results.sessions = {OURS: (20.0, 22.0), THEIRS: (40.0, 80.0)}
    results.publish = {OURS: [0.3, 0.1, 0.2], PHRASED: [0.4, 0.6, 0.5], THEIRS: [40.0]}
    return results


def test_ratios_are_ours_to_the_stock_bot_s(results: Results) -> None:
    figures = turn_figures(results)
    assert figures["turn_p50_ratio_1"] == 0.5
    assert figures["throughput_ratio_32"] == 4.0
    assert figures["memory_ratio"] == 0.5
    assert figures["ready_ratio"] == 0.25
    assert figures["turn200_ratio"] == pytest.approx(1.1)
    assert (figures["publish_seconds"], figures["publish_max_seconds"]) == (0.2, 0.3)
    assert (figures["publish_phrasing_seconds"], figures["publish_phrasing_max_seconds"]) == (0.5, 0.6)
    assert (figures["stock_publish_seconds"], figures["publish_ratio"]) == (40.0, 0.005)
    assert figures["stock_failures_10"] == 1


def test_the_report_has_every_name_and_the_table_every_system(results: Results, tmp_path: Path) -> None:
    figures = turn_figures(results) | question_figures(
        [Screened(8, 20, {}), Screened(13, 31, {})], [Screened(5, 12, {})]
    )
    figures["distinct_questions"] = 600
    write(figures, table(figures), tmp_path)
    read = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert set(read) >= NAMES
    assert all(isinstance(value, int | float) for value in read.values())
    assert (read["questions_mean"], read["questions_max"]) == (10.5, 13)
    assert (read["facts_mean"], read["facts_max"]) == (25.5, 31)
    told = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert "| p50, 32 client (ms) | 20 | 40 | 0.50 |" in told
    assert "0.20 s, nhiều nhất 0.30 s; có thêm cách hỏi mới (new phrasing): 0.50 s, nhiều nhất 0.60 s; bot gốc" in told


def test_the_short_form_measures_what_needs_no_process() -> None:
    figures = in_process(2)
    assert figures["distinct_questions"] >= 500
    assert figures["households"] == 2
    assert figures["questions_max"] >= figures["questions_mean"] > 0
