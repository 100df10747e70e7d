"""Names of voice.yml against the code that says them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.knowledge.domain import Aspect, State, Verdict
from bot.knowledge.voice import member_name, say

ROOT = Path(__file__).parents[2]
VOICE: dict[str, dict[str, str]] = yaml.safe_load((ROOT / "bot/knowledge/voice.yml").read_text(encoding="utf-8"))
SOURCES = [*(ROOT / "bot/knowledge").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
CHOSEN_AT_RUN_TIME = {
    "members": set(VOICE["members"]),
    "periods": set(VOICE["periods"]),
    "verdicts": {verdict.value for verdict in Verdict},
    "marks": {verdict.value for verdict in Verdict},
    "buttons": {aspect.value for aspect in Aspect},
    "answers": {state.value for state in State if state is not State.OPEN},
    "social": {"greet", "thanks", "bye", "help", "bot_challenge", "feedback_good", "feedback_bad", "foreign_language"},
}


def _calls() -> Iterator[ast.Call]:
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                yield node


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names_said() -> set[tuple[str, str]]:
    said = set()
    for call in _calls():
        section = _text(call.args[0])
        assert section is not None, ast.unparse(call)
        for node in ast.walk(call.args[1]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add((section, node.value))
    return said


def test_every_sentence_that_the_code_names_exists() -> None:
    literal = {
        (section, name) for call in _calls() if (section := _text(call.args[0])) and (name := _text(call.args[1]))
    }
    assert literal
    assert {(s, n) for s, n in literal if n not in VOICE.get(s, {})} == set()
    assert {(s, n) for s, names in CHOSEN_AT_RUN_TIME.items() for n in names if n not in VOICE[s]} == set()


def test_no_sentence_stands_unused() -> None:
    strings = {
        node.value
        for tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said = _names_said()
    # A name that a variable carries into say() stands as a string of its own somewhere in the code.
    by_variable = {_text(call.args[0]) for call in _calls() if _text(call.args[1]) is None}
    unused = [
        f"{section}.{name}"
        for section, names in VOICE.items()
        for name in names
        if (section, name) not in said
        and name not in CHOSEN_AT_RUN_TIME.get(section, ())
        and not (section in by_variable and name in strings)
    ]
    assert unused == []


def test_a_name_that_is_not_there_is_a_slip() -> None:
    with pytest.raises(KeyError):
        say("answers", "nothing_of_the_kind")


def test_members_are_named_and_an_unknown_one_is_the_citizen() -> None:
    assert [member_name(m) for m in ("mother", None, "self", "stranger")] == ["mẹ", "nhà mình", "mình", "mình"]
