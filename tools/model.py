"""The Rasa model that fits the files as they are: `python -m tools.model` trains it when it is missing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.nlu.archive import FOLDER, ModelRefusedError, check, digest_path, write_digest
from tools.bootstrap import ROOT
from tools.preflight import RUN_NEEDS, check_disk, check_writable
from tools.process_env import rasa_environment
from tools.say import Stop, line, show_stop, speak_utf8
from tools.steps import run_step, stop_on_signals
from tools.training_data import NLU, without_taught

TRAINING_DATA = (NLU, "data/rules", "data/stories")
"""By name: plain `rasa train` reads all of data/ and takes policy files for its own."""

INPUTS = ("config.yml", "domain.yml", *TRAINING_DATA, "bot/nlu", "bot/text", "requirements/rasa.txt")
"""What a model depends on: training data, settings, components, and the versions of the libraries."""


LEARNED = "var/training/learned.yml"
"""Phrasings that reviewers taught, written by `python -m bot.conversation.review`."""

TAUGHT = "taught"
"""How the names of models begin that the console's training made."""


def fingerprint(root: Path, inputs: Iterable[str] = INPUTS) -> str:
    """16 hexadecimal digits over names and contents of the files under `inputs`; bytecode doesn't count."""
    digest = hashlib.sha256()
    for path in sorted(_files(root, inputs)):
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]


def _files(root: Path, inputs: Iterable[str]) -> Iterable[Path]:
    for name in inputs:
        place = root / name
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield path


def model_path(root: Path) -> Path:
    """Where the model that fits the files and what was taught stands, trained or not."""
    taught = f"-{fingerprint(root, [LEARNED])[:8]}" if _has_learned(root) else ""
    return root / FOLDER / f"ansinh-{fingerprint(root)}{taught}.tar.gz"


def is_trained(root: Path) -> bool:
    """Whether the model that fits the files and what was taught is there and as it was trained."""
    return _is_whole(root, model_path(root))


def _is_whole(root: Path, model: Path) -> bool:
    try:
        check(model, root / FOLDER)
    except ModelRefusedError:
        return False
    return True


def taught_path(root: Path, learned: str) -> Path:
    """Where the console's training puts the model of the files and the phrasings in the text `learned`.

    `model_to_run` takes none of these by itself: an officer decides which of them answers.
    """
    taught = hashlib.sha256(learned.encode()).hexdigest()[:8]
    return root / FOLDER / f"{TAUGHT}-{fingerprint(root)}-{taught}.tar.gz"


def model_to_run(root: Path, logs: Path, environ: Mapping[str, str], chosen: str | None = None) -> Path:
    """The model that officers have `chosen` if it fits the files, else the newest that does, whatever it was taught.

    Trained now if there is none; raises Stop. So a start waits for no training because a reviewer taught a phrasing:
    the search knows it already.
    """
    files = fingerprint(root)
    if chosen and files in chosen and _is_whole(root, root / FOLDER / chosen):
        return root / FOLDER / chosen
    fitting = (root / FOLDER).glob(f"ansinh-{files}*.tar.gz")
    whole = [path for path in fitting if _is_whole(root, path)]
    newest = max(whole, key=lambda path: path.stat().st_mtime, default=None)
    return newest or ensure_model(root, logs, environ)


def ensure_model(root: Path, logs: Path, environ: Mapping[str, str]) -> Path:
    """The model that fits files and phrasings, trained now (some minutes) unless it is there; raises Stop."""
    return train(model_path(root), Path(LEARNED) if _has_learned(root) else None, root, logs, environ)


def train(model: Path, learned: Path | None, root: Path, logs: Path, environ: Mapping[str, str]) -> Path:
    """Trains `model` on the files and the phrasings in `learned` unless it is there; raises Stop."""
    if _is_whole(root, model):
        return model
    check_writable(model.parent)
    check_disk(model.parent, RUN_NEEDS)
    # Trained aside and moved into place: a training that was cut short leaves no model behind.
    aside = model.parent / f"training-{os.getpid()}"
    try:
        run_step(
            "Huấn luyện mô hình hiểu câu hỏi",
            _command(root, model, learned, aside),
            logs / "train.log",
            rasa_environment(environ),
        )
        trained = aside / model.name
        if not trained.exists():
            raise Stop(
                f"Rasa không để lại mô hình. Nhật ký: {logs / 'train.log'}",
                f"Rasa left no model behind. Log: {logs / 'train.log'}",
            )
        write_digest(trained, model.name)
        # The model last: a stop in between leaves none, not one without its digest.
        digest_path(trained).replace(digest_path(model))
        trained.replace(model)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return model


def _command(root: Path, model: Path, learned: Path | None, aside: Path) -> list[str]:
    place = ["--fixed-model-name", model.name.removesuffix(".tar.gz"), "--out", str(aside)]
    data = [name for name in TRAINING_DATA if (root / name).is_dir()]
    if learned:
        data = [str(without_taught(root, learned, aside / "nlu")), *data[1:], str(learned)]
    return [
        ".venv-rasa/bin/rasa",
        "train",
        "--config",
        "config.yml",
        "--domain",
        "domain.yml",
        *place,
        "--data",
        *data,
    ]


def _has_learned(root: Path) -> bool:
    """Whether there is an example in the file; Rasa is given no empty one."""
    path = root / LEARNED
    return path.is_file() and "- intent:" in path.read_text(encoding="utf-8")


def main() -> int:
    """Prints the path of the model that fits."""
    speak_utf8()
    stop_on_signals()
    os.chdir(ROOT)
    try:
        line(str(ensure_model(ROOT, ROOT / "var" / "log", os.environ)))
    except Stop as stop:
        show_stop(stop)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
