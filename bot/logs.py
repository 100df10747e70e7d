"""How our processes write their log: for people at a terminal, or one JSON object a line for what gathers logs."""

from __future__ import annotations

import logging

from pythonjsonlogger.json import JsonFormatter

from bot.settings import Settings

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FIELDS = {"asctime": "at", "levelname": "level", "name": "part"}


def write_logs(settings: Settings) -> None:
    """Write what is logged to standard error, in the form and from the level that the settings say."""
    handler = logging.StreamHandler()
    if settings.log_format == "json":
        handler.setFormatter(JsonFormatter(_TEXT, rename_fields=_FIELDS, json_ensure_ascii=False))
    else:
        handler.setFormatter(logging.Formatter(_TEXT))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
