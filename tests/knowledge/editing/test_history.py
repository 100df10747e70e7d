from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.editing import history
from bot.knowledge.editing.history import Difference, differences, versions_of, words
from bot.knowledge.editing.units import Kind
from tests.knowledge.editing.test_publishing import content, do, new_decree, published, snapshot


def test_undoing_a_set_brings_all_its_units_back(engine: Engine) -> None:
    before = snapshot(engine)
    number = new_decree(engine)
    published(engine, number)
    undone = do(engine, "lan", history.undo, number)
    published(engine, undone.id)
    after = snapshot(engine)
    assert after.documents == before.documents
    assert [v.applies_to for v in after.parameters["luong"].values] == [
        v.applies_to for v in before.parameters["luong"].values
    ]
    assert after.faqs["loan_amount"].answer == before.faqs["loan_amount"].answer


def test_each_published_version_is_kept_and_can_be_restored(engine: Engine) -> None:
    first = content(engine, Kind.FAQ, "loan_amount")
    published(engine, new_decree(engine))
    with Session(engine) as session:
        old, new = versions_of(session, Kind.FAQ, "loan_amount")
    assert (old.content, old.author) == (first, None)
    assert (new.author, new.approver, new.title) == ("lan", "minh", "Lương cơ sở 2027")
    again = do(engine, "lan", history.restore, Kind.FAQ, "loan_amount", old)
    published(engine, again.id)
    assert content(engine, Kind.FAQ, "loan_amount") == first


def test_versions_differ_by_field_and_named_row() -> None:
    before = {"name": "A", "groups": [{"key": "poor", "label": "Hộ nghèo"}, {"key": "old", "label": "Già"}]}
    after = {"name": "A", "groups": [{"key": "old", "label": "Từ 80 tuổi"}, {"key": "poor", "label": "Hộ nghèo"}]}
    assert differences(before, after) == [Difference(("groups", "old", "label"), "Già", "Từ 80 tuổi")]
    assert differences(None, {"a": 1}) == [Difference(("a",), None, 1)]


def test_texts_differ_by_words() -> None:
    assert words("Tối đa 100 triệu đồng", "Tối đa 200 triệu") == [
        ("same", "Tối đa"), ("removed", "100"), ("added", "200"), ("same", "triệu"), ("removed", "đồng"),
    ]  # fmt: skip


def test_a_criterion_differs_as_a_whole_and_of_two_on_one_fact_each_has_its_label() -> None:
    young, old = {"fact": "age", "label": "Dưới 80", "value": 80}, {"fact": "age", "label": "Từ 60", "value": 60}
    older = {**old, "value": 61}
    assert differences({"common": [old]}, {"common": [older]}) == [Difference(("common", "age"), old, older)]
    both = differences({"common": [old, young]}, {"common": [older, young]})
    assert both == [Difference(("common", "Từ 60"), old, older)]
