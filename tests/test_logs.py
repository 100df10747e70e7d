"""The log of our processes, in both forms."""

from __future__ import annotations

import json
import subprocess
import sys

_SAYS = """
import logging
from bot.logs import write_logs
from bot.settings import Settings
write_logs(Settings())
logging.getLogger("bot.x").info("để xem")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("bot.x").exception("hỏng\\n2026-11-30 ERROR giả")
"""


def logged(form: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _SAYS], env={"ANSINH_LOG_FORMAT": form, "PYTHONUTF8": "1"}, capture_output=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    return ran.stderr.splitlines()


def test_as_json_each_event_is_one_object_in_one_line() -> None:
    first, second = map(json.loads, logged("json"))
    assert (first["level"], first["part"], first["message"]) == ("INFO", "bot.x", "để xem")
    assert first["at"].startswith("20")
    assert second["message"] == "hỏng\n2026-11-30 ERROR giả"
    assert "ZeroDivisionError" in second["exc_info"]


def test_as_text_it_is_for_people() -> None:
    assert logged("text")[0].endswith(" INFO bot.x: để xem")
