"""What a message is – a question of policy, facts, thanks … – and, if a question, which aspect it asks about."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib  # type: ignore[import-untyped]  # ships no types
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit  # type: ignore[import-untyped]  # scipy ships no types
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from bot.nlu import segments
from bot.nlu.reading import ASK, Chances, Piece, Sentence, asks, read
from bot.nlu.segments import Segment, Span, clauses, segment, sentences
from bot.nlu.words import plain_tokens
from bot.text.abbreviations import TABLE
from bot.text.terms import Terms

logger = logging.getLogger(__name__)

ASPECT = "ask_"
"""What the intents begin with that ask about an aspect of policy."""
ASKS = "asks"
"""The key of a message that holds all it asks, in order: ``intent``, ``confidence``, ``start``, ``end`` of each."""
OUTSIDE = "out_of_scope"
"""The intent of what is none of our topics, and the setting that says how much likelier it is at work."""
LISTED = 10
"""How many intents the ranking holds."""
FILE = "model.joblib"


COUNTED = {
    segments.plain_runs: 1.0,
    segments.accented_runs: 1.0,
    segments.word_runs: 1.0,
    # Letters are many and say little about aspects.
    segments.letter_runs: 0.5,
}
"""What is counted in a segment, and how much each kind says."""


@dataclass(frozen=True)
class Model:
    """The terms of each kind of ``COUNTED``, and a column of weights and a bias for each act, then each aspect."""

    terms: list[Terms]
    acts: list[str]
    aspects: list[str]
    weights: Any
    bias: Any

    def chances(self, given: Sequence[Segment]) -> tuple[Any, Any]:
        """Segments × acts and segments × aspects, each row of sum 1.

        What the vectorizers and ``predict_proba`` of the two classifiers give: on so few rows, calls take the time.
        """
        each = expit(np.stack([self._margins(segment) for segment in given]) + self.bias)
        acts, aspects = np.split(each, [len(self.acts)], axis=1)
        return acts / acts.sum(axis=1, keepdims=True), aspects / aspects.sum(axis=1, keepdims=True)

    def _margins(self, given: Segment) -> Any:
        numbers: list[int] = []
        weights: list[float] = []
        for count, terms in zip(COUNTED, self.terms):  # noqa: B905 - Python 3.10 has no use for it
            known, weighed = terms.weigh(count(given))
            numbers += known
            weights += weighed
        return np.array(weights) @ self.weights[np.array(numbers, dtype=np.intp)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # rasa carries no types
    """Reads act and aspect of each sentence of a message apart, and joins them (``bot.nlu.reading``).

    Two questions, two classifiers: the words that tell a question of ours from any other are those of its topic, the
    words that tell aspects apart are those around it. An intent's confidence is the chance of its act, for aspects in
    proportion to the likeliest one.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """What the pipeline must hold before this."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Rasa puts the versions of these into the fingerprint."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: how closely the classifiers follow the phrases; ``out_of_scope``: how much likelier that is at work.

        Phrases are mostly about our topics; what comes in is not.
        """
        return {"C": 10.0, OUTSIDE: 1.0}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """What shapes the features and is not in the class's source."""
        return f"segments {segments.VERSION}, {TABLE.read_text(encoding='utf-8')}"

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature
    ) -> SentenceClassifier:
        """A classifier that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature
        **kwargs: Any,  # noqa: ARG003
    ) -> SentenceClassifier:
        """The classifier as it was trained; raises ValueError if ``resource`` holds none."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(Path(folder) / FILE))

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: Model | None = None
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all phrases with an intent, at least two acts and two aspects; keep it in the resource."""
        messages = [each for each in training_data.intent_examples if each.get(INTENT) and each.get(TEXT)]
        intents = [each.get(INTENT) for each in messages]
        features = FeatureUnion(
            [(count.__name__, TfidfVectorizer(analyzer=count, sublinear_tf=True)) for count in COUNTED],
            transformer_weights={count.__name__: share for count, share in COUNTED.items()},
        )
        counted = features.fit_transform([_segments(each, [_all(each)])[0] for each in messages])
        asking = [number for number, intent in enumerate(intents) if intent.startswith(ASPECT)]
        acts = [ASK if intent.startswith(ASPECT) else intent for intent in intents]
        learnt_acts = self._learnt(counted, acts)
        learnt_aspects = self._learnt(counted[asking], [intents[number] for number in asking])
        weights = np.ascontiguousarray(np.vstack([_each(learnt_acts.coef_), _each(learnt_aspects.coef_)]).T)
        terms: list[Terms] = []
        begin = 0
        for (_, learnt), share in zip(features.transformer_list, COUNTED.values()):  # noqa: B905 - Python 3.10
            terms.append(Terms(learnt.vocabulary_, learnt.idf_, begin))
            end = begin + len(learnt.vocabulary_)
            weights[begin:end] *= share
            begin = end
        self._model = Model(
            terms,
            learnt_acts.classes_.tolist(),
            learnt_aspects.classes_.tolist(),
            weights,
            np.concatenate([_each(learnt_acts.intercept_), _each(learnt_aspects.intercept_)]),
        )
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, Path(folder) / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``intent``, ``intent_ranking`` and ``asks`` of each message."""
        for message in messages:
            if self._model is not None:
                self._classify(message, self._model)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The phrases as they are: no component learns from what this one makes of them."""
        return training_data

    def _learnt(self, counted: Any, labels: Sequence[str]) -> LogisticRegression:
        # One against the rest (liblinear): in cross-validation better than lbfgs and trained in a tenth of its time.
        return LogisticRegression(
            C=self._config["C"], solver="liblinear", class_weight="balanced", tol=1e-3, max_iter=300
        ).fit(counted, labels)

    def _classify(self, message: Message, model: Model) -> None:
        text = message.get(TEXT) or ""
        parts = {sentence: clauses(text, sentence) for sentence in sentences(text)}
        spans = list(dict.fromkeys([_all(message), *parts, *(span for each in parts.values() for span in each)]))
        # All at once: of a small matrix, most of the time goes into the call.
        pieces = dict(zip(spans, self._pieces(message, spans, model)))  # noqa: B905 - Python 3.10 has no use for it
        read_sentences = [
            Sentence(
                sentence,
                pieces[sentence].acts,
                pieces[sentence].aspects,
                [pieces[span] for span in spans],
                text[slice(*sentence)].endswith("?"),
            )
            for sentence, spans in parts.items()
        ]
        ranking = _ranking(*read(pieces[_all(message)], read_sentences))
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[:LISTED], add_to_output=True)
        message.set(ASKS, [_ask(piece) for piece in asks(read_sentences)], add_to_output=True)

    def _pieces(self, message: Message, spans: Sequence[Span], model: Model) -> list[Piece]:
        acts, aspects = model.chances(_segments(message, spans))
        if OUTSIDE in model.acts:
            acts[:, model.acts.index(OUTSIDE)] *= self._config[OUTSIDE]
            acts /= acts.sum(axis=1, keepdims=True)
        return [
            Piece(span, dict(zip(model.acts, act)), dict(zip(model.aspects, aspect)))  # noqa: B905 - Python 3.10
            for span, act, aspect in zip(spans, acts.tolist(), aspects.tolist())  # noqa: B905
        ]


def _all(message: Message) -> Span:
    return 0, len(message.get(TEXT) or "")


def _segments(message: Message, spans: Sequence[Span]) -> list[Segment]:
    text: str = message.get(TEXT) or ""
    tokens: list[Token] = message.get(TOKENS_NAMES[TEXT]) or []
    words = plain_tokens(text, [(token.start, token.end) for token in tokens])
    return [
        segment(
            text[start:end],
            [word for token, word in zip(tokens, words) if start <= token.start and token.end <= end],  # noqa: B905
        )
        for start, end in spans
    ]


def _each(learnt: Any) -> Any:
    """A row for each class; of two classes scikit-learn gives only the second's."""
    return np.concatenate([-learnt, learnt]) if len(learnt) == 1 else learnt


def _ranking(acts: Chances, aspects: Chances) -> list[dict[str, Any]]:
    likeliest = max(aspects.values())
    confidences = {act: chance for act, chance in acts.items() if act != ASK}
    confidences |= {aspect: acts[ASK] * chance / likeliest for aspect, chance in aspects.items()}
    ranked = sorted(confidences.items(), key=lambda each: -each[1])
    return [{"name": name, "confidence": confidence} for name, confidence in ranked]


def _ask(piece: Piece) -> dict[str, Any]:
    aspect = max(piece.aspects, key=lambda name: piece.aspects[name])
    return {
        "intent": aspect,
        "confidence": piece.acts[ASK] * piece.aspects[aspect],
        "start": piece.span[0],
        "end": piece.span[1],
    }
