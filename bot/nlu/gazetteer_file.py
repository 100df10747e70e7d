"""The province's communes from ``data/places``, read once per process."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.entities.places import Commune, Gazetteer

logger = logging.getLogger(__name__)

COMMUNES = Path(__file__).resolve().parents[2] / "data" / "places" / "communes.yml"


@lru_cache(maxsize=1)
def load_gazetteer(path: Path = COMMUNES) -> Gazetteer:
    """The names that ``path`` lists; none, with a warning, if there is no such file."""
    if not path.is_file():
        logger.warning("No list of communes at %s: messages are read without places", path.name)
        return Gazetteer([])
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Gazetteer(Commune.from_row(row) for row in rows["communes"])
