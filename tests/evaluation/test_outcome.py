from pathlib import Path
from typing import Any

from bot.conversation.messages import full_answer
from evaluation.outcome import Memory, Outcome, of_replies


def reply(**given: Any) -> dict[str, Any]:
    return {"text": "Dạ.", "answer": full_answer(given)}


def reading(topic: str, aspect: str) -> dict[str, Any]:
    return {"topic": topic, "program": None, "aspect": aspect}


def test_the_first_answer_counts_and_all_topics_are_offered() -> None:
    first = reply(topic="credit", aspect="benefit", office="Ngân hàng")
    outcome = of_replies([first, reply(topic="clean_water", aspect="procedure")], 12.0)
    assert (outcome.status, outcome.topic, outcome.aspect, outcome.office) == ("answered", "credit", "benefit", True)
    assert outcome.offered == ("credit", "clean_water")
    assert (outcome.text, outcome.ms, outcome.answers) == ("Dạ.\nDạ.", 12.0, 2)


def test_the_first_reading_counts_where_several_are_offered() -> None:
    readings = [reading("merit", "benefit"), reading("credit", "benefit"), reading("merit", "documents")]
    outcome = of_replies([reply(status="clarify", topic="credit", readings=readings)], 1.0)
    assert (outcome.topic, outcome.aspect) == ("merit", "benefit")
    assert set(outcome.offered) == {"merit", "credit"}


def test_silence_and_apologies_are_failures() -> None:
    assert of_replies([], 1.0).failed
    assert of_replies([reply(status="error")], 1.0).failed
    assert of_replies([reply(status="unavailable")], 1.0).failed
    assert not of_replies([reply(status="out_of_scope")], 1.0).failed


def test_what_was_asked_is_known_after_a_stop_in_the_middle_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "eval" / "memory.jsonl"
    memory = Memory(path)
    known = Outcome("answered", "faq", 3.0, "credit", "benefit", ("credit",), office=True, text="Dạ được.")
    memory.add("Vay bao nhiêu?", known)
    memory.add("Vay ở đâu?", known)
    path.write_text(path.read_text(encoding="utf-8")[:-10], encoding="utf-8")
    again = Memory(path)
    assert (again.get("Vay bao nhiêu?"), again.get("Vay ở đâu?")) == (known, None)
    again.add("Vay ở đâu?", known)
    assert Memory(path).get("Vay ở đâu?") == known


def test_a_failure_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "memory.jsonl"
    memory = Memory(path)
    memory.add("Vay?", of_replies([], 1.0))
    assert memory.get("Vay?") == of_replies([], 1.0)
    assert Memory(path).get("Vay?") is None
