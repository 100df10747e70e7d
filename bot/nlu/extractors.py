"""The entity parsers as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
import logging
from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities.reader import read_entities
from bot.nlu.gazetteer_file import COMMUNES, load_gazetteer

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CitizenEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # rasa: no types
    """Adds what a message states of sums, ages, dates, the household, its members and places.

    Entities: ``money``, ``age``, ``birth``, ``household_size``, ``date``, ``relation``, ``place``,
    ``number``. The day that "năm ngoái" counts from is ``metadata["today"]`` of the message.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """The parsers and the list of communes, which the class's own source does not show."""
        digest = hashlib.sha256()
        for path in [*sorted(Path(__file__).parent.joinpath("entities").glob("*.py")), COMMUNES]:
            digest.update(path.read_bytes() if path.is_file() else b"")
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> CitizenEntityExtractor:
        """An extractor that has read the list of communes."""
        load_gazetteer()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those that it has; never raises."""
        for message in messages:
            entities = self._read(message.get(TEXT) or "", _today(message))
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def _read(self, text: str, today: date | None) -> list[dict[str, Any]]:
        try:
            found = read_entities(text, load_gazetteer(), today)
        except Exception as error:  # noqa: BLE001 - a citizen gets an answer without entities rather than none
            logger.error("No entities for a text of %d characters: %s", len(text), type(error).__name__)  # noqa: TRY400 - a traceback could show the text
            return []
        return self.add_extractor_name(found)  # type: ignore[no-any-return]  # rasa carries no types


def _today(message: Message) -> date | None:
    metadata = message.get("metadata") or {}
    try:
        return date.fromisoformat(metadata["today"])
    except (KeyError, TypeError, ValueError):
        return None
