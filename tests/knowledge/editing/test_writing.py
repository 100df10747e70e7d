"""Help while writing: criteria in words, entries that answer already, figures against the tables."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge.domain import Choice, FactType, Operator
from bot.knowledge.editing.criteria import label, options
from bot.knowledge.editing.warnings import contradictions, near_entries
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import fact

CLASSES = (Choice("poor", "Hộ nghèo"), Choice("near_poor", "Hộ cận nghèo"))


@pytest.mark.parametrize(
    ("kind", "operator", "value", "words"),
    [
        (FactType.AGE, Operator.AT_LEAST, 75, "Mục từ 75 trở lên"),
        (FactType.NUMBER, Operator.LESS, Decimal("80.5"), "Mục dưới 80,5"),
        (FactType.MONEY, Operator.AT_MOST, 1500000, "Mục từ 1.500.000 đồng trở xuống"),
        (FactType.BOOLEAN, Operator.EQUAL, True, "Mục"),
        (FactType.BOOLEAN, Operator.EQUAL, False, "Không: mục"),
        (FactType.CHOICE, Operator.IN, ["poor", "near_poor"], "Mục là một trong: Hộ nghèo, Hộ cận nghèo"),
        (FactType.CHOICE, Operator.EQUAL, "poor", "Mục là Hộ nghèo"),
        (FactType.AGE, Operator.UNSETTLED, None, "Mục: văn bản chưa quy định rõ"),
    ],
)
def test_a_criterion_in_words(kind: FactType, operator: Operator, value: Any, words: str) -> None:
    choices = CLASSES if kind is FactType.CHOICE else ()
    assert label(fact("x", kind, label="Mục", choices=choices), operator, value) == words


def test_a_comparison_that_a_fact_does_not_have_is_refused() -> None:
    assert options(fact("x", FactType.SEVERAL)) == {}
    with pytest.raises(ValueError, match="no comparison ge"):
        label(fact("x"), Operator.AT_LEAST, True)


def test_a_question_that_another_entry_answers_is_named(published: Snapshot) -> None:
    index = Index(published)
    entry = next(iter(published.faqs.values()))
    (near,) = near_entries(index, published, [entry.question.upper()])
    assert (near.faq, near.same, near.answers) == (entry.id, True, True)
    assert all(each.faq != entry.id for each in near_entries(index, published, [entry.question], own=entry.id))
    assert near_entries(index, published, ["con mèo nhà tôi thích ăn cá kho"]) == []
    (alike,) = near_entries(index, published, ["Tiền hưu trí xã hội mỗi tháng là bao nhiêu vậy?"])
    assert (alike.faq, alike.same, alike.answers) == ("htxh_bao_nhieu", False, False)


def test_a_figure_that_no_table_has_is_named(published: Snapshot) -> None:
    entry = next(faq for faq in published.faqs.values() if faq.program)
    wrong = replace(entry, answer="Được hỗ trợ 123.457 đồng mỗi tháng.")
    (finding,) = contradictions(published, wrong, date(2026, 11, 25))
    assert "123.457" in finding.wrong
