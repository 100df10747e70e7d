"""The data that a new database starts with."""

from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.knowledge.db import Base, make_engine
from bot.knowledge.domain import State
from bot.knowledge.loader import load
from bot.knowledge.repository import load_snapshot, snapshot_from_files
from bot.knowledge.schema import TopicId
from bot.knowledge.snapshot import Snapshot

DATA = Path("data")
FILES = sorted([*DATA.glob("policy/**/*.yml"), *DATA.glob("faq/*.yml"), *DATA.glob("places/*.yml")])
# The top-level keys that Rasa 3.6 reads from training data, domain and test files.
RASA = {
    "version", "nlu", "rules", "stories", "intents", "entities", "slots", "responses", "forms", "actions",
    "session_config", "config", "e2e_actions", "lookup", "regex", "synonyms", "policies", "pipeline",
}  # fmt: skip
CORE_TOPICS = (
    "housing_support",
    "social_housing",
    "clean_water",
    "health_insurance",
    "poverty_status",
    "poverty_benefits",
    "social_pension",
    "credit",
)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_from_files(DATA)


def test_the_data_load_and_come_back_as_written(tmp_path: Path, snapshot: Snapshot) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    Base.metadata.create_all(engine)
    assert load(engine, DATA).kept == []
    assert not load(engine, DATA).changed
    with engine.connect() as connection:
        assert load_snapshot(connection) == snapshot


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_file_is_taken_for_one_of_rasa(path: Path) -> None:
    assert RASA.isdisjoint(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def test_there_are_enough_programs(snapshot: Snapshot) -> None:
    assert len(snapshot.programs) >= 20


@pytest.mark.parametrize("topic", CORE_TOPICS)
def test_each_core_topic_has_a_program(topic: str, snapshot: Snapshot) -> None:
    assert [program.id for program in snapshot.programs.values() if program.topic == topic] != []


def test_there_are_enough_faq_entries(snapshot: Snapshot) -> None:
    assert len(snapshot.faqs) >= 80


def test_every_commune_of_the_province_is_there(snapshot: Snapshot) -> None:
    assert len(snapshot.communes) == 96


def test_every_topic_is_there(snapshot: Snapshot) -> None:
    assert set(snapshot.topics) == set(get_args(TopicId))


def test_an_open_provision_says_who_and_what_or_why_not(snapshot: Snapshot) -> None:
    empty = [
        f"{program.id} {provision.key}"
        for program in snapshot.programs.values()
        for provision in program.provisions
        if provision.state is State.OPEN
        and not ((provision.common or provision.groups) and provision.benefits)
        and not provision.note
    ]
    assert empty == []


def test_no_question_stands_in_two_faq_entries(snapshot: Snapshot) -> None:
    asked = [text.casefold().strip(" ?") for faq in snapshot.faqs.values() for text in {faq.question, *faq.phrasings}]
    assert sorted({text for text in asked if asked.count(text) > 1}) == []
