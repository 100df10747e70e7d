"""The story tests, as Rasa's own command runs them on a model."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from tools.bootstrap import RASA, ROOT
from tools.process_env import rasa_environment
from tools.say import Stop, tail
from tools.steps import started

_SECONDS = 600.0


def run_stories(model: Path, stories: Path, folder: Path, environ: Mapping[str, str]) -> dict[str, bool]:
    """Each story by name, and whether the model takes it; `folder` takes what Rasa writes. Raises Stop.

    Empty where there are no stories.
    """
    names = [name for path in sorted(stories.glob("*.yml")) for name in _names(path)]
    if not names:
        return {}
    out = folder / f"stories-{model.name}"
    command = [str(RASA.folder / "bin" / "rasa"), "test", "core", "--stories", str(stories), "--model", str(model)]
    log = folder / "stories.log"
    command += ["--out", str(out), "--no-plot"]
    with started(command, log, env=rasa_environment(environ), cwd=ROOT) as child:
        try:
            code = child.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            code = os.EX_TEMPFAIL
    failed = out / "failed_test_stories.yml"
    if code or not failed.exists():
        raise Stop(f"Không chạy được các câu chuyện mẫu.\n{tail(log)}", f"The story tests did not run: {log}")
    wrong = set(_names(failed))
    return {name: name not in wrong for name in names}


def _names(path: Path) -> list[str]:
    """The stories in a file; Rasa adds the file in brackets to the name of one that failed."""
    read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return [str(each["story"]).split(" (")[0] for each in read.get("stories") or ()]
