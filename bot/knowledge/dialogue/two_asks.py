"""Two asks in one message: "được bao nhiêu tiền, với lại cần giấy tờ gì?" gets an answer to each."""

from dataclasses import replace

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case
from bot.knowledge.dialogue.matching import CLEAR_TOPIC
from bot.knowledge.dialogue.questions import ASPECTS, Questions
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.values import FactKey, FactValue

_TOLD = frozenset({"answered", "asked_back", "not_covered"})
"""What an ask must come to, to be worth a message of its own."""


def answer(
    questions: Questions, said: Understanding, case: Case, told: dict[FactKey, FactValue]
) -> tuple[list[Reply], Case]:
    """Answer a question, and a second one that the message asks; ``told`` are the facts it states, already in ``case``.

    The second stands alone where its own words name a topic; otherwise it asks something else of what the first was
    about. Where the two can't be told apart the message is answered as one.
    """
    parts = _parts(said)
    if parts is None:
        return questions.answer(said, case, told)
    first, second = parts
    replies, after = questions.answer(first, case, told)
    if replies[0].answer.status not in _TOLD:
        return questions.answer(said, case, told)
    more, then = _second(questions, second, replies[-1], after)
    if not more:
        return questions.answer(said, case, told)
    if after.pending is None:
        return [*replies, *more], then
    # The question that waits for an answer stands last.
    return [*more, *replies], after


def _parts(said: Understanding) -> tuple[Understanding, Understanding] | None:
    """Return the message up to its second ask, and that ask; ``None`` where it asks one thing only."""
    asks = [ask for ask in said.asks if ask.intent in ASPECTS]
    if len(asks) != 2 or said.intent not in ASPECTS:
        return None
    one, two = asks
    return said.part(0, two.start, one), said.part(two.start, two.end, two)


def _second(questions: Questions, said: Understanding, first: Reply, case: Case) -> tuple[list[Reply], Case]:
    topics = questions.index.search(said.text).topics
    aspect = ASPECTS[said.intent]
    if topics and topics[0].score >= CLEAR_TOPIC and topics[0].id != first.answer.topic:
        # Whatever it comes to, a check under way is not given up for it.
        replies, then = questions.answer(said, replace(case, pending=None, goal=None), {})
        if replies[0].answer.status not in _TOLD - {"asked_back"}:
            return [], case
    else:
        program = questions.snapshot.programs.get(first.answer.program or "")
        if program is None or aspect.value == first.answer.aspect:
            return [], case
        replies, then = questions.tell(program, aspect, case, said.today)
    # Of a program that has ended there is one thing to say, whatever is asked.
    same = replies[0].text.splitlines()[0] == first.text.splitlines()[0]
    return ([], case) if same else (replies, then)
