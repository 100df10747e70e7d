"""``python -m bot.cli.chat``: a conversation in the terminal, through the web API.

Type a question, or the number of a button. ``thoát`` or Ctrl-D ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import uuid
from typing import Any

import aiohttp

from bot.settings import Settings

_VERDICTS = {"eligible": "Đủ điều kiện", "not_eligible": "Chưa đủ điều kiện", "unknown": "Chưa đủ thông tin"}
_QUIT = {"thoát", "thoat", "quit", "exit"}


class ApiRefusedError(Exception):
    """The server's own sentence about what is wrong."""


class Chat:
    """One session with the gateway at ``url``."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._headers: dict[str, str] = {}
        self._payloads: list[str] = []

    async def open(self) -> list[dict[str, Any]]:
        """Begin; returns the greeting. Raises aiohttp's errors and ``ApiRefusedError``."""
        body = await self._post("/api/web/session", {})
        self._headers = {"Authorization": f"Bearer {body['token']}"}
        return self._keep(body["messages"])

    async def say(self, typed: str) -> list[dict[str, Any]]:
        """Send text, or press the button of that number; returns the replies."""
        body = {"id": str(uuid.uuid4())}
        if typed.isdecimal() and 0 < int(typed) <= len(self._payloads):
            body["payload"] = self._payloads[int(typed) - 1]
        else:
            body["text"] = typed
        return self._keep((await self._post("/api/web/messages", body))["messages"])

    def _keep(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._payloads = [button["payload"] for message in messages for button in message["buttons"]]
        return messages

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        async with self._http.post(self._url + path, json=body, headers=self._headers) as response:
            answer: dict[str, Any] = await response.json()
        if not response.ok:
            raise ApiRefusedError(answer["error"]["message"])
        return answer


def shown(messages: list[dict[str, Any]]) -> str:
    """Messages as a terminal shows them; buttons are numbered over all of them."""
    lines: list[str] = []
    number = 0
    for message in messages:
        answer = message["answer"] or {}
        lines.append(f"\nAn Sinh: {message['text']}")
        if answer.get("verdict"):
            lines.append(f"  Kết luận: {_VERDICTS.get(answer['verdict'], answer['verdict'])}")
        lines.extend(
            f"  Căn cứ: {', '.join(filter(None, (citation.get('article'), citation.get('document'))))}"
            for citation in answer.get("citations") or ()
        )
        if answer.get("verified") is False:
            lines.append("  (Thông tin này chờ cán bộ xác nhận.)")
        for button in message["buttons"]:
            number += 1
            lines.append(f"  [{number}] {button['title']}")
    return "\n".join(lines)


async def converse(url: str) -> int:
    """Talk until the person leaves; returns an exit status."""
    async with aiohttp.ClientSession() as http:
        chat = Chat(http, url)
        try:
            print(shown(await chat.open()))
            while (typed := await _ask()) is not None:
                print(await _reply(chat, typed))
        except aiohttp.ClientError:
            print(f"Không kết nối được với {url}. Hãy chạy `make run` trước.", file=sys.stderr)
            return 1
    return 0


async def _reply(chat: Chat, typed: str) -> str:
    try:
        return shown(await chat.say(typed))
    except ApiRefusedError as error:
        return f"\n! {error}"


async def _ask() -> str | None:
    try:
        typed = (await asyncio.to_thread(input, "\nMình: ")).strip()
    except EOFError:
        return None
    return None if typed.lower() in _QUIT else typed


def main() -> int:
    """Read the arguments and talk."""
    settings = Settings()
    parser = argparse.ArgumentParser(description="Trò chuyện với An Sinh trong cửa sổ dòng lệnh.")
    parser.add_argument("--url", default=f"http://{settings.host}:{settings.port}", help="địa chỉ của cổng")
    try:
        return asyncio.run(converse(parser.parse_args().url))
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
