"""The terminal chat."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli import chat


def message(text: str, **answer: Any) -> dict[str, Any]:
    buttons = [{"title": "Có", "payload": "#b:co"}, {"title": "Không", "payload": "#b:khong"}]
    return {"text": text, "buttons": buttons, "answer": answer or None}


def test_message_is_shown_with_verdict_source_and_numbered_buttons() -> None:
    citations = [{"article": "Điều 7", "document": "188/2025/NĐ-CP"}]
    shown = chat.shown([message("Được ạ.", verdict="eligible", citations=citations, verified=False), message("Nữa?")])
    assert "An Sinh: Được ạ." in shown
    assert "Kết luận: Đủ điều kiện" in shown
    assert "Căn cứ: Điều 7, 188/2025/NĐ-CP" in shown
    assert "chờ cán bộ xác nhận" in shown
    assert "[1] Có" in shown
    assert "[4] Không" in shown


@pytest.fixture
async def gateway(aiohttp_server: Any) -> TestServer:
    async def session(_request: web.Request) -> web.Response:
        return web.json_response({"token": "t", "messages": [message("Chào.")]}, status=201)

    async def messages(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer t"
        body = await request.json()
        if body.get("text") == "nhanh":
            return web.json_response({"error": {"message": "Chậm lại ạ."}}, status=429)
        return web.json_response({"messages": [message(body.get("payload") or body["text"])]})

    app = web.Application()
    app.add_routes([web.post("/api/web/session", session), web.post("/api/web/messages", messages)])
    server: TestServer = await aiohttp_server(app)
    return server


async def test_number_presses_the_button_and_other_text_is_sent(gateway: TestServer) -> None:
    async with aiohttp.ClientSession() as http:
        talk = chat.Chat(http, str(gateway.make_url("/")))
        await talk.open()
        assert (await talk.say("2"))[0]["text"] == "#b:khong"
        assert (await talk.say("3"))[0]["text"] == "3"
        assert (await talk.say("²"))[0]["text"] == "²"
        with pytest.raises(chat.ApiRefusedError, match="Chậm lại"):
            await talk.say("nhanh")


async def test_conversation_goes_on_until_one_leaves(
    gateway: TestServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["hỏi", "nhanh", "thoát"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(typed))
    assert await chat.converse(str(gateway.make_url("/"))) == 0
    printed = capsys.readouterr().out
    assert "An Sinh: hỏi" in printed
    assert "! Chậm lại ạ." in printed


async def test_no_gateway_says_what_to_do(unused_tcp_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert await chat.converse(f"http://127.0.0.1:{unused_tcp_port}") == 1
    assert "make run" in capsys.readouterr().err
