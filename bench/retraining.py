"""The stock bot's way of correcting an answer: edit its YAML, train, put the new model into the running server.

Training uses Rasa's cache of the last one, and the server stays up: what costs the stock bot least.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.clients import Stock
from bench.stock import quiet
from tools.bootstrap import ROOT
from tools.say import Stop
from tools.steps import run_step

SAID = "Hey! How are you?"
CORRECTED = "Hey! How are you today?"
QUESTION = "hello"
MODEL = "corrected"
TIMEOUT = aiohttp.ClientTimeout(total=600)


def retrained_seconds(folder: Path, address: str) -> float:
    """Seconds from the edit in a copy of the bot in `folder` to the first answer of `address` with the new words.

    Raises Stop when the training fails or the new words never come.
    """
    with tempfile.TemporaryDirectory(prefix="ansinh-bench-stock-") as name:
        copy = Path(name) / "bot"
        shutil.copytree(folder, copy)
        begin = time.perf_counter()
        domain = copy / "domain.yml"
        domain.write_text(domain.read_text(encoding="utf-8").replace(SAID, CORRECTED), encoding="utf-8")
        run_step(
            "Huấn luyện lại bot gốc sau khi sửa một câu trả lời (rasa train)",
            _train(copy),
            Path(name) / "train.log",
            {**quiet(os.environ), "RASA_CACHE_DIRECTORY": str(copy / ".rasa" / "cache")},
        )
        asyncio.run(_reload(copy / "models" / f"{MODEL}.tar.gz", address))
        return time.perf_counter() - begin


def _train(folder: Path) -> list[str]:
    command = [str(ROOT / ".venv-rasa" / "bin" / "rasa"), "train", "--fixed-model-name", MODEL]
    command += ["--data", str(folder / "data"), "--config", str(folder / "config.yml")]
    return [*command, "--domain", str(folder / "domain.yml"), "--out", str(folder / "models")]


async def _reload(model: Path, address: str) -> None:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as http:
        async with http.put(f"{address}/model", json={"model_file": str(model)}) as response:
            if not response.ok:
                raise Stop(
                    f"Bot gốc không nạp được mô hình mới: {await response.text()}",
                    f"The stock bot did not load the new model: {response.status}",
                )
        conversation = await Stock(http, address).open()
        replies = await conversation.messages(QUESTION)
    if not any(CORRECTED in reply.get("text", "") for reply in replies):
        raise Stop(f"Bot gốc chưa trả lời theo bản mới: {replies}", f"The stock bot did not correct itself: {replies}")
