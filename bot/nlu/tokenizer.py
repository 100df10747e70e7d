"""Words of Vietnamese, which are often several syllables written apart."""

from __future__ import annotations

import logging
import unicodedata
from importlib.metadata import version
from typing import Any

import underthesea
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.text.tokens import Syllable, syllables

logger = logging.getLogger(__name__)

# Raise it when the tokens of some text change: trained models are then trained anew.
VERSION = 1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class UndertheseaTokenizer(Tokenizer):  # type: ignore[misc]  # rasa carries no types
    """Joins the syllables of a text as underthesea's segmenter groups them.

    Places come from walking over the text itself, never from searching the segmenter's words
    in it, so what the segmenter rewrites or drops cannot move or break a token. Wherever the
    two disagree the syllables stand alone.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every key that Rasa's base class reads."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Rasa puts the versions of these into the fingerprint."""
        return ["underthesea"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """What the class's own source does not show: a change of either needs a new training."""
        return f"underthesea {version('underthesea')}, tokenizer {VERSION}"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's signature
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> UndertheseaTokenizer:
        """A tokenizer that has already paid for the segmenter's slow first call."""
        _segments("hộ cận nghèo")
        return cls({**cls.get_default_config(), **config})

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of ``message``, in order; never raises."""
        text = message.get(attribute) or ""
        return self._apply_token_pattern(  # type: ignore[no-any-return]  # rasa carries no types
            [Token(text[start:end], start, end) for start, end in word_spans(text)]
        )


def word_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each word of ``text``, in order and without overlaps."""
    pieces = syllables(text)
    spans: list[tuple[int, int]] = []
    at = 0
    for segment in _segments(text):
        joined = _match(pieces, at, segment)
        if joined:
            spans.append((pieces[at].start, pieces[at + joined - 1].end))
            at += joined
        elif at < len(pieces):
            # The walk lost the segmenter: without its place no later group can be trusted.
            break
    spans.extend((piece.start, piece.end) for piece in pieces[at:])
    return spans


def _segments(text: str) -> list[str]:
    try:
        return list(underthesea.word_tokenize(unicodedata.normalize("NFC", text), use_token_normalize=False))
    except Exception as error:  # noqa: BLE001 - a library in the way of every message must not stop any
        logger.warning("Segmenter failed on a text of %d characters: %s", len(text), type(error).__name__)
        return []


def _match(pieces: list[Syllable], at: int, segment: str) -> int:
    """How many pieces from ``at`` on make up ``segment``, spaces aside; 0 if none do."""
    wanted = "".join(segment.split())
    found = ""
    for count, piece in enumerate(pieces[at:], start=1):
        found += unicodedata.normalize("NFC", piece.text)
        if found == wanted:
            return count
        if not wanted.startswith(found):
            return 0
    return 0
