"""What supervisor starts: Rasa without a single secret but its own."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from bot.settings import Settings

FILE = Path(__file__).parents[2] / "deploy/supervisord.conf"


def test_rasa_is_started_without_the_secrets_of_others() -> None:
    parser = configparser.RawConfigParser()
    parser.read(FILE, encoding="utf-8")
    taken = set(re.findall(r"-u ANSINH_(\w+)", parser["program:rasa"]["command"]))
    secret = {name.upper() for name, field in Settings.model_fields.items() if not field.repr}
    assert taken == secret - {"RASA_SECRET"}
