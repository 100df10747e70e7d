"""A fact's words are changed; what criteria rest on stays."""

from __future__ import annotations

from tests.console.conftest import Browser, Site
from tests.console.policy import changes, editor, engine, save

__all__ = ["editor", "engine"]

PATH = "/facts/household_class/edit"


async def test_the_list_leads_to_the_form(editor: Browser) -> None:
    page = (await editor.get("/facts?scope=household&q=loai+ho")).text
    assert f"/console{PATH}" in page
    assert "Hộ gia đình" in page
    page = (await editor.get(PATH)).text
    assert "Nhà mình thuộc hộ nào ạ?" in page
    assert "hộ nghèo" in page
    assert (await editor.get("/facts/nothing/edit")).status == 404


async def test_words_change_and_keys_stay(site: Site, editor: Browser) -> None:
    choice = {"choices-0-id": "poor", "choices-0-label": "Hộ nghèo (có sổ)", "choices-0-phrases": "hộ nghèo\nsổ nghèo"}
    made_up = {"choices-1-id": "invented", "choices-1-label": "Tự đặt", "choices-1-phrases": ""}
    fields = {"label": "Loại hộ", "question": "Nhà mình thuộc loại hộ nào?", "scope": "household", "askable": "y"}
    answer = await save(editor, PATH, **fields, **choice, **made_up)
    assert answer.leads_to == "/console/changes/1", answer.text
    told = changes(site.engine, 1)["household_class"]
    assert told["choices"] == [
        {"id": "poor", "label": "Hộ nghèo (có sổ)", "phrases": ["hộ nghèo", "sổ nghèo"]},
        {"id": "other", "label": "Không thuộc"},
    ]
    assert told["implies"] == {"poor": {"farming": True}}
    assert (told["type"], told.get("sensitive", False)) == ("choice", False)


async def test_a_question_must_be_there(editor: Browser) -> None:
    answer = await save(editor, PATH, label="Loại hộ", question="", scope="household")
    assert (answer.status, "Hãy điền ô này" in answer.text) == (422, True)
