"""What reads a message: the text functions of both environments, and the entity parsers of Rasa's."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from bot.text.abbreviations import expand, expansions
from bot.text.durations import find_durations
from bot.text.fold import fold, strip_accents
from bot.text.mask import mask
from bot.text.money import find_money
from bot.text.normalize import looks_garbled, normalize
from bot.text.numbers import find_numbers, parse_number_words
from bot.text.offsets import compose
from bot.text.sentences import sentence_spans
from bot.text.tokens import syllables
from tests.fuzz.target import Target
from tests.fuzz.texts import TEXTS

_DAYS = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)) | st.sampled_from([dt.date.min, dt.date.max])


def text_targets() -> Iterator[Target]:
    """Functions of ``bot.text``."""
    for run in (_normalize, _fold, _mask, _expand, _sentences, _syllables, _spans, _garbled):
        yield Target(run.__name__.strip("_"), TEXTS, run)


def entity_targets() -> Iterator[Target]:
    """The parsers of ``bot.nlu``, which only Rasa's environment has."""
    from bot.nlu.entities.reader import read_entities  # noqa: PLC0415 - see above
    from bot.nlu.gazetteer_file import load_gazetteer  # noqa: PLC0415
    from bot.nlu.segments import clauses, segment, sentences  # noqa: PLC0415

    gazetteer = load_gazetteer()

    def entities(given: tuple[str, dt.date | None]) -> None:
        text, today = given
        end = 0
        for entity in read_entities(text, gazetteer, today):
            assert end <= entity["start"] < entity["end"] <= len(text), "in order, apart, within the text"
            end = entity["end"]
            # Rasa sends it on as JSON.
            assert json.loads(json.dumps(entity["value"], allow_nan=False)) == entity["value"]

    def entities_as_read(given: tuple[str, dt.date | None]) -> None:
        text, today = given
        entities((mask(normalize(text)).text, today))

    def segments(text: str) -> None:
        for sentence in sentences(text):
            for start, end in clauses(text, sentence):
                segment(text[start:end], text[start:end].split())

    given = st.tuples(TEXTS, _DAYS)
    yield Target("entities", given, entities)
    yield Target("entities_as_read", given, entities_as_read)
    yield Target("segments", TEXTS, segments)


def _normalize(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert once == once.strip()


def _fold(text: str) -> None:
    composed = compose(text)
    assert len(fold(composed.text)) == len(composed.text)
    assert len(strip_accents(composed.text)) == len(composed.text)


def _mask(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text, "masking again changes nothing"


def _expand(text: str) -> None:
    expansions(text)
    expand(text)


def _sentences(text: str) -> None:
    _ordered(sentence_spans(text), text)


def _syllables(text: str) -> None:
    pieces = syllables(text)
    assert all(text[start:end] == piece for piece, start, end in pieces)
    assert "".join(piece for piece, _, _ in pieces) == re.sub(r"\s", "", text), "all that can be seen is in one"


def _spans(text: str) -> None:
    composed = compose(text)
    found: list[Any]
    for found in (find_money(composed.text), find_numbers(composed.text), find_durations(composed.text)):
        _ordered([(span.start, span.end) for span in found], composed.text)
        for span in found:
            start, end = composed.original_span(span.start, span.end)
            assert 0 <= start < end <= len(text)
    parse_number_words(text)


def _garbled(text: str) -> None:
    looks_garbled(text)


def _ordered(spans: list[tuple[int, int]], text: str) -> None:
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        at = end
