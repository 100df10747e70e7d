"""What a model is trained on beside the phrasings that reviewers taught: all examples but those taught otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.prepared import prepare_row

NLU = "data/nlu"


def without_taught(root: Path, learned: Path, place: Path) -> Path:
    """Writes the examples of `root` to `place`, but those that `learned` teaches to another intent.

    Accents or not: a phrasing that stood under two intents would teach neither.
    """
    taught = {prepare_row(text): each["intent"] for each in _blocks(learned) for text in _examples(each)}
    place.mkdir(parents=True, exist_ok=True)
    for path in sorted((root / NLU).glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            if "intent" in block:
                intent = block["intent"]
                own = [text for text in _examples(block) if taught.get(prepare_row(text), intent) == intent]
                block["examples"] = "".join(f"- {text}\n" for text in own)
        content["nlu"] = [block for block in content["nlu"] if block.get("examples") != ""]
        written = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
        (place / path.name).write_text(written, encoding="utf-8")
    return place


def _blocks(path: Path) -> list[dict[str, Any]]:
    return [block for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"] if "intent" in block]


def _examples(block: dict[str, Any]) -> list[str]:
    return [line.strip()[2:] for line in block.get("examples", "").splitlines() if line.strip().startswith("- ")]
