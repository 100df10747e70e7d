"""The model on paper against the simulation, and both against what is known."""

from __future__ import annotations

import math
from statistics import fmean

import pytest

from bench.capacity import figures
from bench.queueing import Demand, Station, simulate, waiting_share


def test_a_broadcast_of_one_percent_in_an_hour() -> None:
    assert Demand(people=2_200_000, share=0.01, turns=4).per_second == pytest.approx(48.9, abs=0.1)


@pytest.mark.parametrize(("workers", "load", "share"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 0.4444)])
def test_erlangs_formula_in_known_cases(workers: int, load: float, share: float) -> None:
    assert waiting_share(workers, load) == pytest.approx(share, abs=1e-3)


def test_the_fewest_workers_that_are_not_too_busy() -> None:
    assert [Station("rasa", 0.01, 1).enough_for(rate).workers for rate in (1, 69, 71, 699)] == [1, 1, 2, 10]


def test_too_few_workers_never_get_done() -> None:
    assert Station("rasa", 0.01, 1, workers=1).mean_wait(100) == math.inf


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_paper_and_simulation_agree(workers: int) -> None:
    station = Station("rasa", 0.01, 300, workers)
    per_second = workers * 70.0
    took = simulate([station], per_second, turns=60_000, seed=1)
    assert fmean(took) == pytest.approx(station.mean_wait(per_second) + station.seconds, rel=0.06)


def test_the_report_plans_for_both_broadcasts() -> None:
    costs = [Station("gateway", 0.004, 90), Station("rasa", 0.006, 300), Station("actions", 0.005, 200)]
    found = figures(costs)
    assert found["turns_per_core_second"] == pytest.approx(1 / 0.015)
    assert found["province_rasa_workers"] == 1
    assert found["country_rasa_workers"] > 10 * found["province_rasa_workers"]
    assert found["country_simulated_mean_ms"] == pytest.approx(found["country_paper_mean_ms"], rel=0.1)
