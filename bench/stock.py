"""The stock bot: the project that `rasa init` makes, with its own example data, pipeline and policies.

Nothing is named in its configuration, so Rasa takes its defaults (DIET, memoization, rules, UnexpecTED, TED). Its
example has about 70 training phrases; with An Sinh's thousands its features would be wider and it slower, so the
comparison favours the stock bot.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.bootstrap import ROOT
from tools.model import fingerprint
from tools.say import Stop
from tools.steps import run_step

FOLDER = ROOT / "var" / "bench"


def ensure_stock() -> tuple[Path, Path]:
    """The stock bot's folder and its model, made now (about two minutes) unless it is there; raises Stop."""
    folder = FOLDER / f"stock-{fingerprint(ROOT, ['requirements/rasa.txt'])}"
    if model := _model(folder):
        return folder, model
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder / "init.log"
    run_step(
        "Tạo bot gốc của Rasa để so sánh (rasa init)",
        [str(ROOT / ".venv-rasa" / "bin" / "rasa"), "init", "--no-prompt", "--init-dir", str(folder)],
        log,
        quiet(os.environ),
    )
    if model := _model(folder):
        return folder, model
    raise Stop(f"Rasa không để lại mô hình. Nhật ký: {log}", f"Rasa left no model behind. Log: {log}")


def _model(folder: Path) -> Path | None:
    return next((folder / "models").glob("*.tar.gz"), None)


def quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """No telemetry, few logs; threads as Rasa likes them, since they are its defaults that are measured."""
    return {
        **environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
