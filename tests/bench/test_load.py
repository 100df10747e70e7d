"""What is made of the samples of a load: nothing wrong passes for right, and a deliberate refusal is no error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.load.growth import Growth
from bench.load.report import goals, load_figures, soak_figures, table
from bench.load.samples import Sample, read_samples, seconds_until_calm, summary


def turn(ms: float, outcome: str = "ok", *, since: float = 1.0, kind: str = "turn", stage: int = 0) -> Sample:
    return Sample(stage, since, kind, ms, outcome)


def growing(**lines: tuple[float, float]) -> Growth:
    """Memory along straight lines: MB at the beginning, MB an hour."""
    made = Growth()
    for at in range(0, 1800, 60):
        made.seconds.append(float(at))
        for name, (begin, per_hour) in lines.items():
            made.held.setdefault(name, []).append(round((begin + per_hour * at / 3600) * 1e6))
    return made


def test_a_line_that_is_only_half_written_waits(tmp_path: Path) -> None:
    file = tmp_path / "samples"
    assert read_samples(file) == []
    file.write_text(json.dumps([0, 1.5, "turn", 12.5, "ok"]) + "\n" + '[0, 2.0, "tu', encoding="utf-8")
    assert read_samples(file) == [Sample(0, 1.5, "turn", 12.5, "ok")]


def test_a_deliberate_refusal_is_no_error_and_everything_else_is() -> None:
    told = summary(
        [
            turn(10),
            turn(1, "429 too_busy"),
            turn(1, "429 too_many_requests", kind="session"),
            turn(1, "503 unavailable"),
            turn(1, "TimeoutError", kind="history"),
            turn(3000, kind="answer"),
            turn(20, "unavailable", kind="answer"),
            turn(90, "refused too often", kind="answer"),
        ],
        2.0,
    )
    assert told.refused == 2
    assert told.errors == {
        "turn: 503 unavailable": 1,
        "history: TimeoutError": 1,
        "answer: unavailable": 1,
        "answer: refused too often": 1,
    }
    assert (told.turns, told.patient, told.per_second) == ((10,), (3000,), 0.5)


def test_no_turn_at_all_has_no_speed() -> None:
    told = summary([], 1.0)
    assert (told.p(95), told.patient_p(95), told.per_second) == (0, 0, 0)


def test_it_is_calm_again_in_the_first_second_that_is_as_before() -> None:
    after = [turn(900, since=0.5), turn(1, "429 too_busy", since=1.2), turn(50, since=1.5), turn(60, since=2.1)]
    assert seconds_until_calm(after, 100) == 2
    assert seconds_until_calm(after, 10) is None
    assert seconds_until_calm([], 100) is None


def test_growth_is_the_line_through_the_second_half() -> None:
    made = growing(rasa=(300, 12), gateway=(100, 0))
    assert made.slope_mb_per_hour("rasa") == pytest.approx(12, rel=0.01)
    assert made.growth_share("rasa") == pytest.approx(12 / 303, rel=0.02)
    assert made.growth_share("gateway") == 0
    assert made.begin_mb("rasa") < made.end_mb("rasa")
    # What fills up in the first half is no growth.
    for number in range(len(made.seconds) // 2):
        made.held["gateway"][number] //= 2
    assert made.growth_share("gateway") == 0


def test_the_goals_of_a_load_are_judged_by_its_figures() -> None:
    stages = {10: [turn(50)], 200: [turn(500), turn(1, "429 too_busy")]}
    lengths = {10: 10.0, 200: 10.0}
    figures = load_figures(stages, lengths, [turn(100)], [turn(90, since=3.0)], growing(rasa=(300, 0)))
    assert figures["p95_ratio_10"] == 0.5
    assert figures["recovery_seconds"] == 3
    assert list(goals(figures).values()) == [True, True, True]

    stages[200].append(turn(1, "502"))
    worse = load_figures(stages, lengths, [turn(40)], [turn(900, since=3.0)], growing(rasa=(300, 0)))
    assert list(goals(worse).values()) == [False, False, False]
    assert "turn: 502: 1" in table(worse)


def test_what_the_stock_bot_fails_at_is_told_and_no_fault_of_ours() -> None:
    figures = load_figures({10: [turn(50)]}, {10: 1.0}, [turn(90), turn(1, "500")], [turn(9)], growing(rasa=(300, 0)))
    assert all(goals(figures).values())
    assert "stock_10: turn: 500: 1" in table(figures)


@pytest.mark.parametrize(("per_hour", "flat"), [(3.0, True), (30.0, False)])
def test_a_soak_is_judged_by_errors_and_memory(per_hour: float, flat: bool) -> None:
    samples = [turn(50, since=float(second)) for second in range(100)]
    figures = soak_figures(samples, 100.0, growing(rasa=(300, per_hour), gateway=(100, 0)))
    assert list(goals(figures).values()) == [True, flat]
    assert (figures["soak_first_p95_ms"], figures["soak_last_p95_ms"]) == (50, 50)
