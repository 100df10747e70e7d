"""Answers a question as a reviewer has taught: the entry, program and aspect, or that it is none of ours."""

from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case, Focus
from bot.knowledge.dialogue import check
from bot.knowledge.dialogue.policy import answer_faq, answer_program, holds_on
from bot.knowledge.dialogue.replies import plain
from bot.knowledge.dialogue.stated import is_personal
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, Learned, LearnedPhrase
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.voice import say


def as_taught(
    phrase: LearnedPhrase | None, said: Understanding, case: Case, subjects: Sequence[str], snapshot: Snapshot
) -> tuple[list[Reply], Case] | None:
    """Answer ``said``, which is what ``phrase`` says; ``None`` where that settles no answer by itself."""
    if phrase is None:
        return None
    day = case.as_of or said.today
    match phrase.kind:
        case Learned.OUT_OF_SCOPE:
            return [plain("out_of_scope", say("fallback", "out_of_scope"), said.today)], case
        case Learned.FAQ:
            entry = snapshot.faqs[phrase.target]
            if not holds_on(entry, day, snapshot):
                return None
            focus = Focus(entry.topic, entry.program, entry.aspect.value)
            return [answer_faq(entry, day, said.today, snapshot)], replace(case, focus=focus, misses=0)
        case Learned.PROGRAM if phrase.aspect is not None:
            program = snapshot.programs[phrase.target]
            if phrase.aspect is Aspect.ELIGIBILITY and is_personal(said):
                return check.begin(case, program.id, subjects, said.today, snapshot)
            focus = Focus(program.topic, program.id, phrase.aspect.value)
            reply = answer_program(program, phrase.aspect, day, said.today, snapshot)
            return [reply], replace(case, focus=focus, misses=0)
        case _:
            return None
