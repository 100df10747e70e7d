"""Counts of words or letters that do not depend on accents, shorthand or dialect."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, INTENT_RESPONSE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.text.abbreviations import TABLE, expansions
from bot.text.fold import fold
from bot.text.offsets import compose

# Raise it when the features of some text change: trained models are then trained anew.
VERSION = 1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class FoldedCountVectorsFeaturizer(CountVectorsFeaturizer):  # type: ignore[misc]  # rasa carries no types
    """Rasa's ``CountVectorsFeaturizer`` over text that is written out and without accents.

    "ko dc hỗ trợ", "không được hỗ trợ" and "khong duoc ho tro" get the same features. Takes the
    configuration of the base class (``analyzer: word`` or ``char_wb``, ``min_ngram`` …).
    """

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """The table of shorthand shapes the features, and is not in the class's source."""
        return f"featurizer {VERSION}, {TABLE.read_text(encoding='utf-8')}"

    def _get_message_tokens_by_attribute(self, message: Message, attribute: str) -> list[str]:
        tokens: list[Token] = message.get(TOKENS_NAMES[attribute]) or []
        if attribute in (INTENT, ACTION_NAME, INTENT_RESPONSE_KEY):
            return [token.text for token in tokens]
        return plain_tokens(message.get(attribute) or "", [(token.start, token.end) for token in tokens])


def plain_tokens(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """One folded, written-out string for each token; together they read as the whole text does.

    An expansion of several tokens ("khi mô") goes to the first of them, the others are empty:
    sequence features need one row for each token.
    """
    composed = compose(text)
    found = [(*composed.original_span(start, end), full) for start, end, full in expansions(composed.text)]
    result: list[str] = []
    for start, end in spans:
        pieces: list[str] = []
        at = start
        for begin, finish, full in found:
            if finish <= start or begin >= end:
                continue
            if begin >= start:
                pieces += [text[at:begin], full]
            at = min(finish, end)
        result.append(fold("".join([*pieces, text[at:end]])))
    return result
