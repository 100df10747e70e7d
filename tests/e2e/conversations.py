"""Conversations in YAML (`conversations/README.md` says how they are written): reading, holding, comparing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.running import Talk

FOLDER = Path(__file__).with_name("conversations")

_PLAIN = ("status", "topic", "program", "aspect", "verdict", "source", "member", "as_of", "verified")
_MOST_QUESTIONS = 40

Expected = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """One conversation of a file."""

    name: str
    turns: list[dict[str, Any]]


def conversations() -> Iterator[Conversation]:
    """All conversations of all files."""
    for file in sorted(FOLDER.glob("*.yml")):
        for each in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield Conversation(f"{file.stem}: {each['name']}", each["turns"])


def hold(talk: Talk, conversation: Conversation) -> None:
    """Holds a conversation and compares each turn; AssertionError names the turn and what came."""
    for number, turn in enumerate(conversation.turns, 1):
        match turn:
            case {"greeting": dict(expect)}:
                messages = talk.last
            case {"say": str(text), "expect": expect}:
                messages = talk.say(_typed(text, turn))
            case {"press": str(title), "expect": expect}:
                messages = talk.press(title)
            case {"answer": dict(answers), "expect": expect}:
                messages = _answer(talk, answers)
            case _:
                raise AssertionError(f"turn {number} is not written as the README says: {turn}")
        wrong = list(_differences(messages, expect if isinstance(expect, list) else [expect]))
        assert not wrong, f"turn {number}, {_short(turn)}:\n" + "\n".join(wrong) + f"\ncame: {_seen(messages)}"


def _typed(text: str, turn: Mapping[str, Any]) -> str:
    text = text * turn.get("times", 1)
    return unicodedata.normalize("NFD", text) if turn.get("nfd") else text


def _answer(talk: Talk, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Answers each question until none is asked any more; `answers` goes by "fact", or "fact member"."""
    for _ in range(_MOST_QUESTIONS):
        asked = talk.last[-1]["answer"]["asks"]
        if asked is None:
            return talk.last
        text = answers.get(f"{asked['fact']} {asked['member']}") or answers.get(asked["fact"])
        assert text or "otherwise" in answers, f"nothing to answer to {asked}"
        text = text or answers["otherwise"]
        buttons = [button["title"] for button in talk.last[-1]["buttons"]]
        if text in buttons:
            talk.press(text)
        else:
            talk.say(text)
    raise AssertionError(f"asked more than {_MOST_QUESTIONS} questions")


def _differences(messages: list[dict[str, Any]], expected: list[Expected]) -> Iterator[str]:
    if len(messages) != len(expected):
        yield f"{len(messages)} messages, expected {len(expected)}"
        return
    for message, expect in zip(messages, expected, strict=True):
        yield from _of_message(message, expect)


def _of_message(message: dict[str, Any], expect: Expected) -> Iterator[str]:
    for name, wanted in expect.items():
        if name in _PLAIN:
            if message["answer"][name] != wanted:
                yield f"{name} is {message['answer'][name]!r}, expected {wanted!r}"
        elif name in _COMPARE:
            yield from _COMPARE[name](message, wanted)
        else:
            yield f"{name!r} is nothing that can be expected"


def _says(message: dict[str, Any], wanted: list[str]) -> Iterator[str]:
    yield from (f"does not say {words!r}" for words in wanted if words not in message["text"])


def _never_says(message: dict[str, Any], wanted: list[str]) -> Iterator[str]:
    yield from (f"says {words!r}" for words in wanted if words in message["text"])


def _asks(message: dict[str, Any], wanted: str | None) -> Iterator[str]:
    asks = message["answer"]["asks"]
    asked = asks and " ".join(filter(None, (asks["fact"], asks["member"])))
    if asked != wanted:
        yield f"asks {asked!r}, expected {wanted!r}"


def _has(what: str, has: Iterable[str], wanted: list[str]) -> Iterator[str]:
    there = list(has)
    yield from (f"has no {what} {each!r}, only {there}" for each in wanted if each not in there)


def _cites(message: dict[str, Any], wanted: list[str]) -> Iterator[str]:
    yield from _has("citation of", (each["document"] for each in message["answer"]["citations"]), wanted)


def _buttons(message: dict[str, Any], wanted: list[str]) -> Iterator[str]:
    yield from _has("button", (button["title"] for button in message["buttons"]), wanted)


def _readings(message: dict[str, Any], wanted: list[str]) -> Iterator[str]:
    yield from _has("reading", (reading["program"] for reading in message["answer"]["readings"]), wanted)


def _because(message: dict[str, Any], wanted: list[dict[str, str]]) -> Iterator[str]:
    criteria = message["answer"]["criteria"]
    for each in wanted:
        if not any(all(criterion[name] == value for name, value in each.items()) for criterion in criteria):
            yield f"no criterion {each} in {criteria}"


def _results(message: dict[str, Any], wanted: Mapping[str, str]) -> Iterator[str]:
    """`wanted` maps "program" or "program member" to a verdict, or to "absent"."""
    found: dict[str, str] = {}
    for result in message["answer"]["results"]:
        found[" ".join(filter(None, (result["program"], result["member"])))] = result["verdict"]
    for key, verdict in wanted.items():
        if found.get(key, "absent") != verdict:
            yield f"{key} is {found.get(key, 'absent')}, expected {verdict}"


_COMPARE: dict[str, Callable[[dict[str, Any], Any], Iterator[str]]] = {
    "says": _says,
    "never_says": _never_says,
    "asks": _asks,
    "cites": _cites,
    "buttons": _buttons,
    "readings": _readings,
    "because": _because,
    "results": _results,
}


def _short(turn: Mapping[str, Any]) -> str:
    return next(f"{name} {str(turn[name])[:80]!r}" for name in ("greeting", "say", "press", "answer") if name in turn)


def _seen(messages: list[dict[str, Any]]) -> str:
    return "\n---\n".join(
        f"{message['text']}\n{ {name: message['answer'][name] for name in (*_PLAIN, 'asks')} }"
        f"\n{[button['title'] for button in message['buttons']]}"
        for message in messages
    )
