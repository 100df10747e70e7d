"""Which files a trained model depends on, and that half a training leaves none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.conversation.review.phrases import write_examples
from bot.nlu.archive import digest_path
from tools.model import LEARNED, ensure_model, fingerprint, is_trained, model_path, model_to_run, taught_path, train
from tools.say import Stop

TAUGHT_TEXT = write_examples({"ask_benefit": ["lương già lãnh mấy đồng", "lương già", "tiền già"]})

FILES = [
    "config.yml",
    "domain.yml",
    "data/nlu/greet.yml",
    "data/rules/all.yml",
    "bot/nlu/tokenizer.py",
    "bot/text/fold.py",
]

GREET = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - xin chào
    - Lương già lãnh mấy đồng?
    - tiền già
- intent: ask_benefit
  examples: |
    - lương già
- intent: out_of_scope
  examples: |
    - tien gia
"""

RASA = """#!/bin/sh
echo "$@"
while [ $# -gt 0 ]; do
  case "$1" in --fixed-model-name) name=$2;; --out) out=$2;; esac
  shift
done
mkdir -p "$out"
cat "$out"/nlu/*.yml 2>/dev/null
echo model > "$out/$name.tar.gz"
exit EXIT
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "data/nlu/greet.yml").write_text(GREET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fake_rasa(root: Path, exit_code: int = 0) -> None:
    rasa = root / ".venv-rasa" / "bin" / "rasa"
    rasa.parent.mkdir(parents=True, exist_ok=True)
    rasa.write_text(RASA.replace("EXIT", str(exit_code)), encoding="utf-8")
    rasa.chmod(0o755)


@pytest.mark.parametrize("name", [*FILES, "data/stories/new.yml", "requirements/rasa.txt"])
def test_each_input_changes_the_fingerprint(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("changed", encoding="utf-8")
    assert fingerprint(root) != before


def test_a_renamed_file_changes_the_fingerprint(root: Path) -> None:
    before = fingerprint(root)
    (root / "data/nlu/greet.yml").rename(root / "data/nlu/hello.yml")
    assert fingerprint(root) != before


@pytest.mark.parametrize("name", ["bot/nlu/__pycache__/tokenizer.cpython-310.pyc", "data/policy/bhyt.yml", "README.md"])
def test_what_a_model_does_not_depend_on_leaves_it(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("new", encoding="utf-8")
    assert fingerprint(root) == before


def test_a_model_is_trained_once_and_again_when_the_data_changed(root: Path) -> None:
    fake_rasa(root)
    first = ensure_model(root, root / "log", {})
    assert first == model_path(root)
    fake_rasa(root, exit_code=1)
    assert ensure_model(root, root / "log", {}) == first
    fake_rasa(root)
    (root / "data/nlu/greet.yml").write_text("other", encoding="utf-8")
    assert ensure_model(root, root / "log", {}) != first
    assert len(list((root / "models").glob("*.tar.gz"))) == 2


def test_a_model_has_its_digest_beside_it(root: Path) -> None:
    fake_rasa(root)
    model = ensure_model(root, root / "log", {})
    subprocess.run(["sha256sum", "--check", "--strict", f"{model.name}.sha256"], cwd=model.parent, check=True)


def test_a_model_without_its_digest_is_trained_again(root: Path) -> None:
    fake_rasa(root)
    model = ensure_model(root, root / "log", {})
    model.write_text("put here by somebody", encoding="utf-8")
    digest_path(model).unlink()
    assert ensure_model(root, root / "log", {}).read_text(encoding="utf-8") == "model\n"


def test_a_model_that_was_damaged_is_trained_again(root: Path) -> None:
    fake_rasa(root)
    model = ensure_model(root, root / "log", {})
    model.write_text("half of i", encoding="utf-8")
    assert ensure_model(root, root / "log", {}).read_text(encoding="utf-8") == "model\n"


def test_a_model_counts_as_trained_while_nothing_changed(root: Path) -> None:
    fake_rasa(root)
    assert not is_trained(root)
    model = ensure_model(root, root / "log", {})
    assert is_trained(root)
    model.write_text("other", encoding="utf-8")
    assert not is_trained(root)


def test_a_training_that_fails_leaves_no_model(root: Path) -> None:
    fake_rasa(root, exit_code=1)
    with pytest.raises(Stop):
        ensure_model(root, root / "log", {})
    assert list((root / "models").iterdir()) == []


def test_what_reviewers_taught_makes_another_model_but_delays_no_start(root: Path) -> None:
    fake_rasa(root)
    first = ensure_model(root, root / "log", {})
    (root / LEARNED).parent.mkdir(parents=True)
    (root / LEARNED).write_text("version: '3.1'\nnlu: []\n", encoding="utf-8")
    assert model_path(root) == first, "nothing is taught yet"
    (root / LEARNED).write_text("nlu:\n- intent: ask_benefit\n  examples: |\n    - lương già\n", encoding="utf-8")
    assert model_path(root) != first
    assert model_to_run(root, root / "log", {}) == first
    fake_rasa(root)
    taught = ensure_model(root, root / "log", {})
    assert taught == model_path(root)
    os.utime(first, (1, 1))
    assert model_to_run(root, root / "log", {}) == taught
    (root / "data/nlu/greet.yml").write_text(GREET.replace("xin chào", "chào"), encoding="utf-8")
    assert model_to_run(root, root / "log", {}) not in {first, taught}


def test_rasa_is_given_what_reviewers_taught(root: Path) -> None:
    fake_rasa(root)
    said = root / "log" / "train.log"
    (root / LEARNED).parent.mkdir(parents=True)
    (root / LEARNED).write_text(TAUGHT_TEXT, encoding="utf-8")
    ensure_model(root, root / "log", {})
    assert LEARNED in said.read_text(encoding="utf-8")
    (root / LEARNED).unlink()
    ensure_model(root, root / "log", {})
    assert LEARNED not in said.read_text(encoding="utf-8")


def test_what_was_taught_to_one_intent_is_left_out_of_the_others(root: Path) -> None:
    fake_rasa(root)
    (root / LEARNED).parent.mkdir(parents=True)
    (root / LEARNED).write_text(TAUGHT_TEXT, encoding="utf-8")
    ensure_model(root, root / "log", {})
    command, _, given = (root / "log" / "train.log").read_text(encoding="utf-8").partition("version:")
    assert " data/nlu " not in command
    blocks = {each["intent"]: each["examples"] for each in yaml.safe_load(f"version:{given}")["nlu"]}
    assert blocks == {"greet": "- xin chào\n", "ask_benefit": "- lương già\n"}
    assert (root / "data/nlu/greet.yml").read_text(encoding="utf-8") == GREET
    assert [path.suffix for path in sorted((root / "models").iterdir())] == [".gz", ".sha256"]


def test_a_model_of_the_console_answers_only_when_it_is_chosen_and_fits(root: Path) -> None:
    fake_rasa(root)
    first = ensure_model(root, root / "log", {})
    taught = train(taught_path(root, "câu đã dạy"), None, root, root / "log", {})
    assert taught != taught_path(root, "câu khác")
    os.utime(first, (1, 1))
    assert model_to_run(root, root / "log", {}) == first
    assert model_to_run(root, root / "log", {}, taught.name) == taught
    digest_path(taught).unlink()
    assert model_to_run(root, root / "log", {}, taught.name) == first
    train(taught, None, root, root / "log", {})
    (root / "data/nlu/greet.yml").write_text("other", encoding="utf-8")
    assert model_to_run(root, root / "log", {}, taught.name) not in {first, taught}
