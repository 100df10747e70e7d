"""The short form of `make eval`: a few questions, systems that stand in for the running ones, the whole way."""

import datetime as dt
import json
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpServer

from bot.conversation.messages import full_answer
from bot.knowledge.repository import snapshot_from_files
from evaluation.__main__ import read_rows
from evaluation.outcome import SILENT, Memory, Outcome
from evaluation.report import Measured, write
from evaluation.rows import Row, with_made_variants
from evaluation.run import OurSystem, StockSystem, ask_all
from evaluation.scores import figures, gain, judge
from evaluation.stock import files
from tools.say import Stop

ROOT = Path(__file__).parents[2]
ROWS = [
    Row("q1", "questions", ("clean",), "Hộ nghèo được vay bao nhiêu?", "credit", "benefit", coverable=True),
    Row("q2", "questions", ("clean",), "Làm hồ sơ khuyết tật ở đâu?", "disability", "procedure", coverable=False),
    Row("n1", "noisy", ("all", "dialect"), "Nhà nghèo mượn được mấy đồng?", "credit", "benefit", True, "q1"),
    Row("g1", "golden", ("clean",), "Đào giếng cần giấy tờ gì?", "clean_water", "documents", coverable=True),
    Row("o1", "off_topic", ("clean",), "Vé xem phim giá bao nhiêu?", None, None),
]


class WordSystem:
    """Takes the first word it knows for the topic: without accents it knows none. Gone after `patience` questions."""

    WORDS = (("vay", "credit", "benefit"), ("mượn", "credit", "benefit"), ("khuyết tật", "disability", "procedure"))

    def __init__(self, patience: int = 1000) -> None:
        self.patience = patience
        self.asked: list[str] = []

    async def ask(self, text: str) -> Outcome:
        if len(self.asked) == self.patience:
            raise KeyboardInterrupt
        self.asked.append(text)
        for word, topic, aspect in self.WORDS:
            if word in text:
                return Outcome("answered", "faq", 5.0, topic, aspect, (topic,), text="Dạ.")
        return Outcome("out_of_scope", "system", 5.0, text="Em chưa rõ.")


async def test_a_whole_evaluation_finds_what_is_right_and_what_is_wrong(tmp_path: Path) -> None:
    rows = with_made_variants(ROWS, 1)
    memory = Memory(tmp_path / "memory.jsonl")
    await ask_all("thử", WordSystem(), [row.text for row in rows], memory)
    judged = judge(rows, {row.text: outcome for row in rows if (outcome := memory.get(row.text))})
    found = figures(judged, 1)
    theirs = [*judged[:1], *judge(rows[1:], {row.text: Outcome("answered", "smalltalk", 9.0) for row in rows})]
    found |= gain(found, figures(theirs, 1))
    told = write(Measured(judged, found, ["thử"], dt.date(2026, 11, 30), theirs), tmp_path, 1)

    read = json.loads((tmp_path / "eval.json").read_text(encoding="utf-8"))
    assert read["questions_clean_topic"] == 1
    assert read["questions_clean_coverable_status_answered"] == 1
    assert read["questions_clean_uncoverable_status_answered"] == 1
    assert read["golden_clean_topic"] == 0
    # "vay" has no accent to lose, "khuyết tật" has.
    assert read["questions_made_no_accents_ratio"] == 0.5
    assert read["questions_made_nfd_topic"] == 0.5
    assert read["off_topic_clean_wrongly_answered"] == 0
    assert read["noisy_dialect_ratio"] == 1
    assert read["questions_clean_topic_gain"] == 2
    assert read["questions_clean_topic_errors_left"] == 0
    assert read["all_failures"] == 0
    assert all(isinstance(value, int | float) for value in read.values())

    assert "| chủ đề đúng (topic right) | ≥ 90.0% | 100.0% ✓ | 0.0% ✗ |" in told
    assert "| clean_water | none | 1 |" in told
    assert "![golden](eval-confusion-golden.png)" in told
    assert all((tmp_path / f"eval-confusion-{name}.png").exists() for name in ("questions", "golden"))
    missed = (tmp_path / "eval-misses.md").read_text(encoding="utf-8")
    assert "**g1** · golden clean · topic; not offered" in missed
    assert "q2/made_no_accents" in missed
    assert "g1/made_no_accents" not in missed
    assert not any(row.text in told for row in rows)
    assert json.loads((tmp_path / "eval-answers.jsonl").read_text(encoding="utf-8").splitlines()[0])["answer"] == "Dạ."


async def test_a_stopped_evaluation_goes_on_where_it_was(tmp_path: Path) -> None:
    texts = [row.text for row in ROWS]
    stopped, resumed = WordSystem(patience=2), WordSystem()
    with pytest.raises(KeyboardInterrupt):
        await ask_all("thử", stopped, texts, Memory(tmp_path / "memory.jsonl"))
    await ask_all("thử", resumed, [*texts, texts[0]], Memory(tmp_path / "memory.jsonl"))
    assert stopped.asked + resumed.asked == texts


def gateway(reply: web.Response) -> web.Application:
    """Opens any session and gives one reply to all."""

    async def session(_: web.Request) -> web.Response:
        return web.json_response({"token": "t", "messages": []}, status=201)

    async def messages(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer t"
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    app = web.Application()
    app.add_routes([web.post("/api/web/session", session), web.post("/api/web/messages", messages)])
    return app


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (web.json_response({"messages": [{"text": "Dạ.", "answer": full_answer({"topic": "credit"})}]}), "answered"),
        (web.json_response({"messages": []}), SILENT),
        (web.json_response({"error": "internal"}, status=500), SILENT),
        (web.Response(text="<h1>502</h1>", status=502, content_type="text/html"), SILENT),
    ],
)
async def test_our_system_is_asked_over_the_web_api(
    aiohttp_server: AiohttpServer, reply: web.Response, status: str
) -> None:
    server = await aiohttp_server(gateway(reply))
    async with aiohttp.ClientSession() as http:
        outcome = await OurSystem(http, str(server.make_url("")).rstrip("/")).ask("Vay?")
    assert outcome.status == status
    assert outcome.ms > 0


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([{"text": "faq:vay"}], ("answered", "faq", "credit", "benefit")),
        ([{"text": "intent:greet"}], ("answered", "smalltalk", None, None)),
        ([{"text": "intent:nlu_fallback"}], ("out_of_scope", "smalltalk", None, None)),
        ([], (SILENT, "", None, None)),
    ],
)
async def test_the_stock_bot_is_asked_over_its_rest_channel(
    aiohttp_server: AiohttpServer, said: list[dict[str, str]], wanted: tuple[str | None, ...]
) -> None:
    async def webhook(request: web.Request) -> web.Response:
        assert (await request.json())["message"] == "Vay?"
        return web.json_response(said)

    app = web.Application()
    app.add_routes([web.post("/webhooks/rest/webhook", webhook)])
    server = await aiohttp_server(app)
    async with aiohttp.ClientSession() as http:
        system = StockSystem(http, str(server.make_url("")).rstrip("/"), {"vay": ("credit", "benefit")})
        outcome = await system.ask("Vay?")
    assert (outcome.status, outcome.source, outcome.topic, outcome.aspect) == wanted


def test_the_stock_bot_learns_every_faq_entry_and_answers_each_intent() -> None:
    snapshot = snapshot_from_files(ROOT / "data")
    made = files(snapshot, ["ask_benefit", "greet"], 3)
    learnt = {each["intent"]: each["examples"] for each in made["faq.yml"]["nlu"]}
    assert set(learnt) == {f"faq/{faq}" for faq in snapshot.faqs}
    for faq in snapshot.faqs.values():
        assert len(learnt[f"faq/{faq.id}"].splitlines()) == len(faq.phrasings) + 1
    actions = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in made["rules.yml"]["rules"]}
    assert actions == {
        "ask_benefit": "utter_faq",
        "faq": "utter_faq",
        "greet": "utter_greet",
        "nlu_fallback": "utter_nlu_fallback",
    }
    said = {name: texts[0]["text"] for name, texts in made["domain.yml"]["responses"].items()}
    assert (said["utter_greet"], said["utter_nlu_fallback"]) == ("intent:greet", "intent:nlu_fallback")
    assert {said[f"utter_faq/{faq}"] for faq in snapshot.faqs} == {f"faq:{faq}" for faq in snapshot.faqs}
    epochs = [part["epochs"] for part in made["config.yml"]["pipeline"] if "epochs" in part]
    assert epochs == [3, 100]


def test_a_folder_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="ANSINH_EVAL_DIR"):
        read_rows(str(tmp_path / "none"), None)
