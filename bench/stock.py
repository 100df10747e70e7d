"""The stock bot: what `rasa init` would make of the same training phrases, with one fixed response per intent.

Configuration, endpoints and credentials are as `rasa init` writes them: no pipeline and no policies are named, so
Rasa takes its defaults (DIET, memoization, rules, UnexpecTED, TED). Two rules and some short stories stand in for
those of the example; every intent is in at least one story, so that TED has something to learn.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tools.bootstrap import ROOT
from tools.say import Stop
from tools.steps import run_step

FOLDER = ROOT / "var" / "bench"
RULED = ("bye", "bot_challenge")
"""As in `rasa init`: said at any time, answered by a rule."""

CONFIG = "recipe: default.v1\nassistant_id: stock\nlanguage: vi\n"
CREDENTIALS = "rest:\n"
ENDPOINTS = "{}\n"


def intents(nlu: Path) -> list[str]:
    """The intents that have training phrases, in the order of the files."""
    found: list[str] = []
    for path in sorted(nlu.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [str(entry["intent"]) for entry in content["nlu"] if "intent" in entry]
    return list(dict.fromkeys(found))


def domain(names: Sequence[str]) -> dict[str, Any]:
    """The domain: each intent with its one response."""
    responses = {f"utter_{name}": [{"text": f"Em đã nghe: {name}."}] for name in names}
    session = {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}
    return {"version": "3.1", "intents": list(names), "responses": responses, "session_config": session}


def rules() -> dict[str, Any]:
    """The two rules."""
    told = [{"rule": name, "steps": _steps([name])} for name in RULED]
    return {"version": "3.1", "rules": told}


def stories(names: Sequence[str]) -> dict[str, Any]:
    """A greeting, then two different intents; each intent comes first once and second once."""
    free = [name for name in names if name not in (*RULED, "greet")]
    pairs = zip(free, [*free[1:], free[0]], strict=True)
    told = [{"story": f"{a} then {b}", "steps": _steps(["greet", a, b])} for a, b in pairs]
    return {"version": "3.1", "stories": told}


def _steps(names: Sequence[str]) -> list[dict[str, str]]:
    return [step for name in names for step in ({"intent": name}, {"action": f"utter_{name}"})]


def project(nlu: Path) -> dict[str, str]:
    """The files of the stock bot by path, its training phrases those of An Sinh in `nlu`."""
    names = intents(nlu)
    written = {f"data/{path.name}": path.read_text(encoding="utf-8") for path in sorted(nlu.glob("*.yml"))}
    made = {"domain.yml": domain(names), "data/rules.yml": rules(), "data/stories.yml": stories(names)}
    written |= {path: yaml.safe_dump(content, allow_unicode=True) for path, content in made.items()}
    return written | {"config.yml": CONFIG, "credentials.yml": CREDENTIALS, "endpoints.yml": ENDPOINTS}


def fingerprint(files: Mapping[str, str], lock: Path) -> str:
    """16 hexadecimal digits over the files and the versions of the libraries."""
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode())
    digest.update(lock.read_bytes())
    return digest.hexdigest()[:16]


def ensure_stock() -> tuple[Path, Path]:
    """The stock bot's folder and its model, trained now (some minutes) unless one fits; raises Stop."""
    files = project(ROOT / "data" / "nlu")
    folder = FOLDER / f"stock-{fingerprint(files, ROOT / 'requirements' / 'rasa.txt')}"
    model = folder / "models" / "stock.tar.gz"
    if model.exists():
        return folder, model
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    aside = folder / "training"
    command = [str(ROOT / ".venv-rasa" / "bin" / "rasa"), "train", "--fixed-model-name", "stock"]
    for option, place in (("config", "config.yml"), ("domain", "domain.yml"), ("data", "data")):
        command += [f"--{option}", str(folder / place)]
    run_step(
        "Huấn luyện bot gốc của Rasa để so sánh (stock bot)",
        [*command, "--out", str(aside)],
        folder / "train.log",
        quiet(os.environ),
    )
    trained = aside / model.name
    if not trained.exists():
        log = folder / "train.log"
        raise Stop(f"Rasa không để lại mô hình. Nhật ký: {log}", f"Rasa left no model behind. Log: {log}")
    model.parent.mkdir(exist_ok=True)
    trained.replace(model)
    return folder, model


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


if __name__ == "__main__":
    ensure_stock()
