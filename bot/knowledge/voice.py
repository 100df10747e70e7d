"""The sentences of ``voice.yml``. A name that is not there raises ``KeyError``: a slip of ours."""

from pathlib import Path
from typing import Final

import yaml

_FILE = Path(__file__).with_name("voice.yml")
_VOICE: Final[dict[str, dict[str, str]]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def say(section: str, name: str, **values: object) -> str:
    """Return a sentence with its placeholders filled."""
    return _VOICE[section][name].format(**values)


def member_name(member: str | None) -> str:
    """Return how a member of the household is spoken of."""
    return _VOICE["members"].get(member or "household", _VOICE["members"]["self"])
