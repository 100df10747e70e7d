"""The stand-in is for a whole process, so each test asks a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

BEGIN = """
from bot.nlu import without_tensorflow
without_tensorflow.install()
import rasa.engine.recipes.default_components
"""

REAL_MODULES = """
import sys
print([name for name, module in sys.modules.items() if name.startswith("tensorflow") and module.__spec__.origin])
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return python("-W", "ignore", "-c", code)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=240, check=False)


def test_all_components_of_rasa_are_imported_without_loading_tensorflow() -> None:
    ended = run(BEGIN + REAL_MODULES)
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr


@pytest.mark.parametrize("use", ["tensorflow.constant(1)", "tensorflow.Tensor()", "tensorflow.newly.named"])
def test_whoever_uses_it_afterwards_is_told_what_to_do(use: str) -> None:
    begin = "import tensorflow; tensorflow.constant; tensorflow.Tensor; without_tensorflow.seal(); "
    ended = run(BEGIN + begin + use)
    assert ended.returncode == 1
    assert "Serve a model with such components by `rasa run`." in ended.stderr


def test_it_cannot_come_too_late() -> None:
    ended = run("import sys; sys.modules['tensorflow'] = sys\n" + BEGIN)
    assert "imported before its stand-in: tensorflow" in ended.stderr


def test_a_model_that_is_not_there_is_named() -> None:
    ended = python("-m", "bot.nlu.serve", "--model", "models/none.tar.gz")
    assert ended.returncode == 2
    assert "There is no model models/none.tar.gz. `make train` makes it" in ended.stderr
