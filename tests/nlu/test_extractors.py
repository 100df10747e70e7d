from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import extractors as module
from bot.nlu.extractors import CitizenEntityExtractor
from bot.nlu.gazetteer_file import load_gazetteer


def entities(text: str, metadata: Any = None) -> list[dict[str, Any]]:
    message = Message({TEXT: text, "metadata": metadata})
    CitizenEntityExtractor().process([message])
    found: list[dict[str, Any]] = message.as_dict(only_output_properties=True)[ENTITIES]
    return found


def test_entities_have_the_form_that_rasa_expects() -> None:
    assert entities("mẹ 76 tuổi") == [
        {"entity": "relation", "value": "mother", "start": 0, "end": 2, "extractor": "CitizenEntityExtractor"},
        {"entity": "age", "value": {"years": 76}, "start": 3, "end": 10, "extractor": "CitizenEntityExtractor"},
    ]


def test_relative_dates_count_from_the_day_of_the_message() -> None:
    (found,) = entities("năm ngoái", {"today": "2026-11-25"})
    assert found["value"] == {"year": 2025, "month": None, "day": None}


@pytest.mark.parametrize("metadata", [None, {}, {"today": "hôm nay"}, {"today": None}, {"today": 20261125}])
def test_without_a_day_relative_dates_are_passed_over(metadata: Any) -> None:
    assert entities("năm ngoái", metadata) == []


def test_entities_of_others_stay() -> None:
    other = {"entity": "x", "start": 0, "end": 1}
    message = Message({TEXT: "76 tuổi", ENTITIES: [other]})
    CitizenEntityExtractor().process([message])
    assert [e["entity"] for e in message.get(ENTITIES)] == ["x", "age"]


def test_a_failing_parser_neither_raises_nor_logs_the_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str, *_: Any) -> None:
        raise ValueError(text)

    monkeypatch.setattr(module, "read_entities", fail)
    with caplog.at_level(logging.DEBUG):
        assert entities("điều bí mật") == []
    assert "ValueError" in caplog.text
    assert "bí mật" not in caplog.text


def test_another_list_of_communes_trains_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = calculate_fingerprint_key(CitizenEntityExtractor, {}, {})
    other = tmp_path / "communes.yml"
    other.write_text("communes: []\n", encoding="utf-8")
    monkeypatch.setattr(module, "COMMUNES", other)
    assert calculate_fingerprint_key(CitizenEntityExtractor, {}, {}) != before


def test_places_come_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "communes.yml"
    path.write_text("communes:\n  - {code: '21484', name: Xã Ba Tơ}\n", encoding="utf-8")
    (found,) = load_gazetteer(path).find("xã Ba Tơ")
    assert found.value["commune"] == "21484"


def test_a_missing_file_leaves_messages_without_places(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert list(load_gazetteer(tmp_path / "none.yml").find("xã Ba Tơ")) == []
    assert "none.yml" in caplog.text
