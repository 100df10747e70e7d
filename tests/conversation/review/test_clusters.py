from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from bot.conversation.review.clusters import Asked, Clusters
from bot.knowledge.repository import snapshot_from_files
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def published() -> Snapshot:
    return snapshot_from_files(ROOT / "data")


@pytest.fixture(scope="module")
def held_out(published: Snapshot) -> tuple[Index, list[tuple[str, Asked]]]:
    """An index without a quarter of the FAQ entries, and their phrasings with the entry of each, well mixed."""
    chance = random.Random(20261125)
    names = sorted(published.faqs)
    out = set(chance.sample(names, len(names) // 4))
    rest = {name: faq for name, faq in published.faqs.items() if name not in out}
    asked = [
        (name, Asked(text, published.faqs[name].aspect.value))
        for name in sorted(out)
        for text in published.faqs[name].phrasings
    ]
    chance.shuffle(asked)
    return Index(replace(published, faqs=rest)), asked


def pairs(numbers: Iterable[object]) -> set[tuple[int, int]]:
    places = list(enumerate(numbers))
    return {(a, b) for (a, one), (b, two) in combinations(places, 2) if one == two}


def test_phrasings_of_one_unknown_entry_come_together_far_more_than_those_of_others(
    published: Snapshot, held_out: tuple[Index, list[tuple[str, Asked]]]
) -> None:
    index, asked = held_out
    placed = Clusters(index, []).place([each for _, each in asked])
    together, same = pairs(placed), pairs(name for name, _ in asked)
    topics = [published.faqs[name].topic for name, _ in asked]
    recall, precision = len(together & same) / len(same), len(together & same) / len(together)
    by_chance = len(same) / (len(asked) * (len(asked) - 1) / 2)
    # Entries of data/faq are close neighbours, and their phrasings meant to differ: chance would get 0.3 %.
    assert by_chance < 0.01
    assert precision > 0.45
    assert recall > 0.25
    assert len(together & pairs(topics)) / len(together) > 0.85


def test_forty_ways_of_typing_one_question_are_one_item(published: Snapshot) -> None:
    """The golden set's clean questions with their rewordings: dialect, abbreviations, no accents, typing errors."""
    index = Index(published)
    rows = [row for path in sorted((ROOT / "tests/golden").glob("*.yml")) for row in yaml.safe_load(path.read_text())]
    aspects = {row["id"]: row.get("aspect") for row in rows}
    mine = [row for row in rows if row.get("topic") and row.get("variant") not in {"story", "two_asks"}]
    random.Random(1).shuffle(mine)
    bases = [row.get("of", row["id"]) for row in mine]
    placed = Clusters(index, []).place([Asked(row["text"], aspects[row["id"]]) for row in mine])
    together, same = pairs(placed), pairs(bases)
    assert len(same) > 100
    assert len(together & same) / len(same) > 0.95


def test_the_same_questions_in_the_same_order_make_the_same_items(
    held_out: tuple[Index, list[tuple[str, Asked]]],
) -> None:
    index, asked = held_out
    questions = [each for _, each in asked[:80]]
    assert Clusters(index, []).place(questions) == Clusters(index, []).place(questions)


def test_a_batch_goes_on_where_the_one_before_ended(held_out: tuple[Index, list[tuple[str, Asked]]]) -> None:
    index, asked = held_out
    questions = [each for _, each in asked[:60]]
    whole = Clusters(index, []).place(questions)
    first = Clusters(index, []).place(questions[:40])
    known = [[q for q, place in zip(questions, first, strict=False) if place == n] for n in range(max(first) + 1)]
    assert [*first, *Clusters(index, known).place(questions[40:])] == whole


def test_another_aspect_is_another_item(published: Snapshot) -> None:
    clusters = Clusters(Index(published), [])
    first, other, same = clusters.place(
        [
            Asked("vay vốn làm nhà vệ sinh được bao nhiêu tiền", "benefit"),
            Asked("vay vốn làm nhà vệ sinh cần giấy tờ gì", "documents"),
            Asked("vay von lam nha ve sinh dc bao nhieu tien", "benefit"),
        ]
    )
    assert first == same != other


def test_nothing_is_placed_for_no_questions(published: Snapshot) -> None:
    assert Clusters(Index(replace(published, programs={}, faqs={}, topics={})), []).place([]) == []
