from collections import Counter
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from bench.clients import measure
from bench.memory import proportional_bytes, tree
from bench.questions import choose, questions
from bench.report import question_figures
from bench.screening import OPENING, screen, verdicts_of_everything
from bench.stats import Measured, early_and_late, percentile
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.households import Household, make_households
from bot.knowledge.prepared import prepare
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_from_files(ROOT / "data")


@pytest.fixture(scope="module")
def assistant(snapshot: Snapshot) -> Assistant:
    return Assistant(snapshot, Index(snapshot))


@pytest.fixture(scope="module")
def households(snapshot: Snapshot) -> list[Household]:
    return make_households(snapshot, 20, TODAY, 1)


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([4, 1, 3, 2], 50) == 2.5
    assert percentile([1, 2, 3], 100) == 3
    assert percentile([7], 95) == 7
    with pytest.raises(ValueError, match="no 50 %"):
        percentile([], 50)


def test_rounds_add_up() -> None:
    both = Measured((10.0, 20.0), 1.0, 1) + Measured((30.0,), 0.5)
    assert (both.p50, both.per_second, both.failures) == (20.0, 2.0, 1)


def test_early_and_late_turns_of_all_sessions_count() -> None:
    rising = [float(turn) for turn in range(1, 201)]
    assert early_and_late([rising, rising], 5, 196, 4) == (5.0, 196.0)


def test_at_least_five_hundred_questions_are_all_different(snapshot: Snapshot) -> None:
    chosen = choose(snapshot, 600, 1)
    assert len({prepare(text) for text in chosen}) == len(chosen) == 600
    assert chosen == choose(snapshot, 600, 1)
    assert chosen != choose(snapshot, 600, 2)
    with pytest.raises(ValueError, match="different questions"):
        choose(snapshot, len(questions(snapshot, 1)) + 1, 1)


def test_screening_says_what_telling_everything_says(assistant: Assistant, households: list[Household]) -> None:
    seen: Counter[str] = Counter()
    for household in households:
        everything = verdicts_of_everything(assistant.snapshot, household, TODAY)
        asked = screen(assistant, household, TODAY)
        assert asked.verdicts == everything
        assert 0 < asked.questions < len(household.truth)
        seen.update(everything.values())
    assert seen["eligible"]
    assert seen["not_eligible"]


def test_a_screening_is_short(snapshot: Snapshot, assistant: Assistant) -> None:
    asked = [screen(assistant, household, TODAY).questions for household in make_households(snapshot, 60, TODAY, 2)]
    assert fmean(asked) <= 10
    assert max(asked) <= 16


def test_what_was_told_before_is_not_asked(assistant: Assistant, households: list[Household]) -> None:
    from_nothing = [screen(assistant, household, TODAY) for household in households[:8]]
    from_opening = [screen(assistant, household, TODAY, OPENING) for household in households[:8]]
    figures = question_figures(from_nothing, from_opening)
    assert figures["questions_after_opening_mean"] < figures["questions_mean"] <= figures["questions_max"]


def test_households_are_the_same_for_the_same_seed(snapshot: Snapshot, households: list[Household]) -> None:
    assert make_households(snapshot, 20, TODAY, 1) == households
    assert make_households(snapshot, 20, TODAY, 2) != households


def test_memory_of_a_process_and_its_children(tmp_path: Path) -> None:
    for pid, parent, kilobytes in ((1, 0, 10), (2, 1, 20), (3, 2, 30), (4, 0, 40)):
        folder = tmp_path / str(pid)
        folder.mkdir()
        (folder / "stat").write_text(f"{pid} (a ) b) S {parent} 0 0")
        (folder / "smaps_rollup").write_text(f"00-ff ---p 0 0 0 [rollup]\nRss: 99 kB\nPss: {kilobytes} kB\n")
    assert sorted(tree(1, tmp_path)) == [1, 2, 3]
    assert proportional_bytes(tree(1, tmp_path), tmp_path) == 60 * 1024


class EchoSystem:
    """Hears everything; says nothing to "?"."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []
        self.opened = 0

    async def open(self) -> "EchoConversation":
        self.opened += 1
        return EchoConversation(self, self.opened)


class EchoConversation:
    def __init__(self, system: EchoSystem, number: int) -> None:
        self.system = system
        self.number = number

    async def ask(self, text: str) -> bool:
        self.system.heard.append((self.number, text))
        return text != "?"


async def test_each_question_is_sent_once_and_conversations_stay_short() -> None:
    system = EchoSystem()
    texts = [*map(str, range(49)), "?"]
    measured = await measure(system, texts, 1)
    assert [text for _, text in system.heard] == texts
    assert max(Counter(number for number, _ in system.heard).values()) == 10
    assert (len(measured.times), measured.failures) == (50, 1)
