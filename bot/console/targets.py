"""Finding what a question should lead to: programs, FAQ entries and topics by the words of their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation.review.targets import Target
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.snapshot import Snapshot
from bot.text.fold import fold

MOST = 12
_KINDS = {kind.value: kind for kind in (Learned.PROGRAM, Learned.FAQ, Learned.TOPIC)}


@dataclass(frozen=True)
class Option:
    """A target to pick: ``value`` goes into a form, ``title`` is read."""

    value: str
    title: str


def found(snapshot: Snapshot, text: str, *, most: int = MOST) -> list[Option]:
    """The targets that share most words with ``text``, accents or not, best first; none that shares no word."""
    wanted = set(_words(text))
    ranked = []
    for option, said in _all(snapshot):
        name = set(_words(option.title))
        # A word of the name counts double: it says more than one of many phrasings.
        score = 2 * len(wanted & name) + len(wanted & set(_words(said)))
        if score:
            ranked.append((-score, len(name), option))
    return [option for _, _, option in sorted(ranked, key=lambda each: (each[0], each[1], each[2].value))[:most]]


def named(snapshot: Snapshot, value: str) -> Option | None:
    """The option of a form's value, if it is published."""
    return next((option for option, _ in _all(snapshot) if option.value == value), None)


def target_of(value: str, aspect: Aspect | None) -> Target | None:
    """The target that a form's value names; the aspect counts for programs alone."""
    kind, _, key = value.partition(":")
    if kind not in _KINDS or not key:
        return None
    return Target(_KINDS[kind], key, aspect if kind == Learned.PROGRAM else None)


def _all(snapshot: Snapshot) -> Iterator[tuple[Option, str]]:
    for program in snapshot.programs.values():
        said = " ".join([program.short_name, *program.keywords])
        yield Option(f"{Learned.PROGRAM}:{program.id}", f"Chương trình: {program.name}"), said
    for faq in snapshot.faqs.values():
        yield Option(f"{Learned.FAQ}:{faq.id}", f"Hỏi đáp: {faq.question}"), " ".join(faq.phrasings)
    for topic in snapshot.topics.values():
        yield Option(f"{Learned.TOPIC}:{topic.id}", f"Lĩnh vực: {topic.name}"), " ".join(topic.keywords)


def _words(text: str) -> list[str]:
    folded = fold(text).lower()
    return "".join(char if char.isalnum() else " " for char in folded).split()
