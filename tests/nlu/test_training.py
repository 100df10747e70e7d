"""Training data and rules: enough to learn from, nothing ambiguous, one way from each intent to its action."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.text.fold import fold
from bot.text.tokens import syllables

ROOT = Path(__file__).parents[2]
ACTIONS = {"action_answer", "action_social", "action_safety", "action_button"}
WITHOUT_PHRASES = {"button", "nlu_fallback"}
"""A button press comes as a command, the fallback from FallbackClassifier."""
SAME_WITHOUT_ACCENTS = {"dung"}
""""đúng" agrees and "dừng" stops; the accented features tell them apart."""


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def domain_intents() -> list[str]:
    return [name for intent in read(ROOT / "domain.yml")["intents"] for name in intent]


def rules() -> list[dict[str, Any]]:
    return [rule for path in sorted((ROOT / "data/rules").glob("*.yml")) for rule in read(path)["rules"]]


def phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in read(path)["nlu"]:
            found[block["intent"]] += [line.removeprefix("- ") for line in block["examples"].splitlines()]
    return found


def key(phrase: str) -> str:
    """The phrase as the folded features see it: its syllables, without accents."""
    return " ".join(fold(piece.text) for piece in syllables(phrase))


def test_each_intent_of_the_domain_has_exactly_one_rule() -> None:
    ruled = Counter(rule["steps"][0]["intent"] for rule in rules())
    assert ruled == Counter(domain_intents())


def test_each_rule_leads_from_one_intent_to_one_known_action() -> None:
    for rule in rules():
        intent, action = rule["steps"]
        assert set(intent) == {"intent"}
        assert action["action"] in ACTIONS


def test_the_domain_names_just_the_actions_that_rules_lead_to() -> None:
    assert set(read(ROOT / "domain.yml")["actions"]) == ACTIONS == {rule["steps"][1]["action"] for rule in rules()}


def test_rasa_keeps_no_state_of_a_conversation() -> None:
    domain = read(ROOT / "domain.yml")
    assert not {"slots", "forms", "responses", "entities"} & set(domain)
    assert domain["session_config"]["carry_over_slots_to_new_session"] is False


@pytest.mark.parametrize("intent", sorted(set(domain_intents()) - WITHOUT_PHRASES))
def test_an_intent_has_enough_different_phrases(intent: str) -> None:
    least = 90 if intent.startswith("ask_") else 25
    assert len({key(phrase) for phrase in phrases()[intent]}) >= least


def test_phrases_are_given_for_intents_of_the_domain_only() -> None:
    assert set(phrases()) == set(domain_intents()) - WITHOUT_PHRASES


def test_no_phrase_stands_under_two_intents() -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    for intent, examples in phrases().items():
        for phrase in examples:
            intents[key(phrase)].add(intent)
    ambiguous = {phrase: names for phrase, names in intents.items() if len(names) > 1}
    assert set(ambiguous) == SAME_WITHOUT_ACCENTS


def test_no_phrase_is_a_command_or_annotated() -> None:
    for examples in phrases().values():
        for phrase in examples:
            assert not phrase.startswith("/")
            assert not set("[]{}") & set(phrase)
