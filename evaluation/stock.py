"""The stock alternative: what one gets from Rasa's documentation with the same phrases and the same FAQ.

Rasa's default NLU pipeline (DIET, ResponseSelector), trained on data/nlu and on the questions and phrasings of
data/faq as retrieval intents `faq/<id>`. Wherever a comparison has to choose, it chooses what favours this bot:
every intent that asks something leads to the FAQ, not only its own `faq`, and a topic counts as right when the
entry it answers with has that topic, whatever the entry says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.stock import quiet
from bot.knowledge.snapshot import Snapshot
from evaluation.outcome import SILENT, Outcome
from tools.bootstrap import ROOT
from tools.model import fingerprint
from tools.say import Stop
from tools.steps import run_step

INPUTS = ("data/nlu", "data/faq", "domain.yml", "requirements/rasa.txt", "evaluation/stock.py")
EPOCHS = 5
"""Of DIET, in place of 100: one takes about 80 seconds of a core, and training is to end in ten minutes on two."""
SELECTOR_EPOCHS = 100
"""Rasa's default, since the ResponseSelector is what finds the entry, and after a few epochs it finds next to none."""

Entries = Mapping[str, tuple[str, str]]
"""Topic and aspect by id of the FAQ entry."""

_FAQ, _INTENT = "faq:", "intent:"


def entries(snapshot: Snapshot) -> Entries:
    """What the entries that the bot can answer with are about."""
    return {faq.id: (faq.topic, faq.aspect.value) for faq in snapshot.faqs.values()}


def of_stock(replies: Sequence[Mapping[str, Any]], ms: float, known: Entries) -> Outcome:
    """The outcome of a turn of the REST channel: the bot says the id of an entry, or the intent that it heard."""
    if not replies:
        return Outcome(SILENT, "", ms)
    said = str(replies[0].get("text", ""))
    if said.startswith(_FAQ):
        topic, aspect = known[said.removeprefix(_FAQ)]
        return Outcome("answered", "faq", ms, topic, aspect, (topic,), text=said)
    status = "out_of_scope" if said in (f"{_INTENT}out_of_scope", f"{_INTENT}nlu_fallback") else "answered"
    return Outcome(status, "smalltalk", ms, text=said)


def ensure_alternative(snapshot: Snapshot, epochs: int) -> tuple[Path, Path]:
    """The alternative's folder and its model, trained now (some minutes) unless it is there; raises Stop."""
    folder = ROOT / "var" / "eval" / f"stock-{fingerprint(ROOT, INPUTS)}-{epochs}"
    model = folder / "models" / "stock.tar.gz"
    if not model.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files(snapshot, _intents(), epochs).items():
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False) if content else ""
            (folder / name).write_text(text, encoding="utf-8")
        _train(folder, folder / "training")
        (folder / "training").rename(model.parent)
    return folder, model


def _train(folder: Path, out: Path) -> None:
    command = [str(ROOT / ".venv-rasa" / "bin" / "rasa"), "train", "--fixed-model-name", "stock", "--out", str(out)]
    command += ["--config", str(folder / "config.yml"), "--domain", str(folder / "domain.yml")]
    command += ["--data", str(ROOT / "data" / "nlu"), str(folder / "faq.yml"), str(folder / "rules.yml")]
    run_step("Huấn luyện bot mặc định của Rasa để so sánh (stock)", command, folder / "train.log", quiet(os.environ))
    if not (out / "stock.tar.gz").exists():
        log = folder / "train.log"
        raise Stop(f"Rasa không để lại mô hình. Nhật ký: {log}", f"Rasa left no model behind. Log: {log}")


def _intents() -> list[str]:
    """The intents of our own domain that somebody can type."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    named = [next(iter(each)) if isinstance(each, dict) else each for each in domain["intents"]]
    return [name for name in named if name not in ("button", "nlu_fallback")]


def files(snapshot: Snapshot, intents: Sequence[str], epochs: int) -> dict[str, dict[str, Any]]:
    """Configuration, domain, rules and FAQ phrases of the bot, by file name."""
    actions = {name: "utter_faq" if name.startswith("ask_") else f"utter_{name}" for name in intents}
    actions |= {"faq": "utter_faq", "nlu_fallback": "utter_nlu_fallback"}
    responses = {f"utter_faq/{faq}": [{"text": f"{_FAQ}{faq}"}] for faq in snapshot.faqs}
    responses |= {
        action: [{"text": f"{_INTENT}{name}"}]
        for name, action in actions.items()
        if action == f"utter_{name}" != "utter_faq"
    }
    return {
        "config.yml": {
            "recipe": "default.v1",
            "assistant_id": "stock",
            "language": "vi",
            "pipeline": _pipeline(epochs),
            # One rule per intent: nothing for a learned policy to learn.
            "policies": [{"name": "RulePolicy"}],
        },
        "domain.yml": {
            "version": "3.1",
            "intents": [*intents, "faq", "nlu_fallback"],
            "responses": responses,
        },
        "rules.yml": {
            "version": "3.1",
            "rules": [
                {"rule": name, "steps": [{"intent": name}, {"action": action}]} for name, action in actions.items()
            ],
        },
        "faq.yml": {
            "version": "3.1",
            "nlu": [
                {"intent": f"faq/{faq.id}", "examples": _examples((faq.question, *faq.phrasings))}
                for faq in snapshot.faqs.values()
            ],
        },
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
    }


def _examples(phrases: Sequence[str]) -> str:
    return "".join(f"- {' '.join(phrase.split())}\n" for phrase in phrases)


def _pipeline(epochs: int) -> list[dict[str, Any]]:
    """Rasa 3.6's default, as `rasa init` names it in its configuration, but for the epochs of DIET."""
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": SELECTOR_EPOCHS, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]
