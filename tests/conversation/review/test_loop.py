"""The whole way: a wrong answer, thumbs down, queue, decision – and the same in other words answered rightly."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.conversation import repository
from bot.conversation.messages import Incoming
from bot.conversation.rasa_client import RasaDownError, RasaReply
from bot.conversation.reading import read
from bot.conversation.repository import Outcome, Reply
from bot.conversation.review import cases, phrases, queue
from bot.conversation.review.collect import collect
from bot.conversation.review.decisions import Kind, Verdict, decide
from bot.conversation.review.log import Filters, listed
from bot.conversation.review.targets import Target
from bot.knowledge.assistant import Library
from bot.knowledge.case import Case
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.domain import Aspect, Learned
from bot.knowledge.loader import load
from bot.knowledge.snapshot import Snapshot
from tests.conversation.review.conftest import NOW

DATA = Path(__file__).parents[3] / "data"
ASKED = "thất thập ngũ rồi thì xã phát lương già mấy đồng một kỳ"
OTHERWISE = "người quá thất thập ngũ xã phát lương già mỗi kỳ mấy đồng"
RIGHT = Target(Learned.PROGRAM, "huu_tri_xa_hoi", Aspect.BENEFIT)


class World:
    """A database with the published rows, and the assistant that each turn reads from it, told the act by us."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.library = Library(engine)

    async def ask(self, text: str) -> RasaReply:
        assistant = self.library.assistant()
        replies, case = assistant.answer(Understanding(text, "ask_benefit", 0.9, dt.date(2026, 11, 25)), Case())
        return RasaReply.model_validate(
            {
                "answers": [reply.to_json() for reply in replies],
                "case": case.to_json(),
                "understanding": {"intent": "ask_benefit", "confidence": 0.9},
                "knowledge_version": assistant.snapshot.version,
            }
        )

    async def turn(self, text: str, now: dt.datetime) -> tuple[str, str]:
        """A citizen's whole conversation of one question; returns its session and the bot's message."""
        session_id = uuid.uuid4().hex
        incoming = Incoming(session_id=session_id, id=str(uuid.uuid4()), channel="web", text=text)
        reading = read(incoming, max_characters=2000)
        heard = await self.ask(reading.asked.normalised)
        answers = [Reply(each.text, each.answer.model_dump(mode="json"), []) for each in heard.answers]
        first = answers[0].answer
        log = {name: first[name] for name in ("status", "topic", "program", "aspect", "source")}
        log |= {"answers": [{"text": each.text, "answer": each.answer} for each in answers], "intent": "ask_benefit"}
        log |= {"confidence": 0.9, "knowledge_version": str(heard.knowledge_version)}
        with Session(self.engine) as db, db.begin():
            end = now + dt.timedelta(days=1)
            repository.add_session(db, session_id=session_id, channel="web", sender="x", now=now, expires=end)
            opened = repository.open_turn(db, incoming, reading.asked, now)
            outcome = Outcome(answers, "answered", log, case=heard.case)
            return session_id, repository.commit_turn(db, incoming, opened, outcome, now)[0].id


async def test_a_wrong_answer_becomes_a_right_one(engine: Engine) -> None:
    load(engine, DATA)
    world = World(engine)
    asked_at = NOW - dt.timedelta(hours=1)

    # Two citizens ask the same in other words, and both are answered wrongly; one says so.
    session_id, message_id = await world.turn(ASKED, asked_at)
    await world.turn(OTHERWISE, asked_at + dt.timedelta(minutes=1))
    with Session(engine) as db, db.begin():
        repository.give_feedback(
            db, session_id=session_id, message_id=message_id, value=-1, reason="không phải", now=asked_at
        )
    with Session(engine) as db:
        assert [entry.question for entry in listed(db, Filters(rating=-1)).turns] == [ASKED]
    for text in (ASKED, OTHERWISE):
        assert not RIGHT.reached([each.answer for each in (await world.ask(text)).answers])

    # The job finds both, in one item; a reviewer decides.
    with Session(engine) as db, db.begin():
        collect(db, world.library.assistant().index, NOW)
        (item,) = queue.listed(db, NOW)
        assert item.turns == 2
        assert item.reasons == {"thumbs_down": 1, "not_understood": 1}
        queue.claim(db, item.id, "lan", NOW)
        verdict = Verdict(Kind.LEADS_TO, "hỏi trợ cấp hưu trí xã hội", ASKED, OTHERWISE, RIGHT)
        decide(db, world.library.assistant().snapshot, item.id, "lan", verdict, NOW)
        assert queue.listed(db, NOW) == []

    # From the next turn on both are answered rightly, and the case proves it.
    for text in (ASKED, OTHERWISE, "that thap ngu thi xa phat luong gia may dong"):
        assert RIGHT.reached([each.answer for each in (await world.ask(text)).answers]), text
    with Session(engine) as db:
        (result,) = await cases.run(cases.listed(db), world.ask)
    assert result.passed, result.told

    # The next model learns it, too; taken back, all is as it was.
    assert phrases.training_examples(world.library.assistant().snapshot) == {"ask_benefit": [ASKED]}
    with Session(engine) as db, db.begin():
        phrases.unlearn(db, 1, NOW)
    with Session(engine) as db:
        (result,) = await cases.run(cases.listed(db), world.ask)
    assert not result.passed


async def test_a_case_without_an_answer_has_not_passed(engine: Engine, small: Snapshot) -> None:
    async def nobody(_text: str) -> RasaReply:
        raise RasaDownError

    with Session(engine) as db:
        cases.add(db, small, OTHERWISE, ASKED, RIGHT, "lan", NOW)
        (result,) = await cases.run(cases.listed(db), nobody)
    assert (result.passed, result.told) == (False, {"error": "RasaDownError"})
