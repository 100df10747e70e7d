from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.segments import (
    accented_runs,
    clauses,
    letter_runs,
    plain_runs,
    segment,
    sentences,
    word_runs,
)

SAME = [
    ["không được hỗ trợ à", "ko dc hỗ trợ à", "khong duoc ho tro a", "KHÔNG  ĐƯỢC HỖ TRỢ À"],
    ["hộ nghèo được bảo hiểm y tế gì", "ho ngheo dc bhyt gi"],
    ["khi nào có tiền", "khi mô có tiền"],
    ["mẹ 76 tuổi", "mẹ 81 tuổi"],
]


@pytest.mark.parametrize("variants", SAME, ids=lambda variants: variants[0])
def test_spelling_and_figures_do_not_change_the_plain_counts(variants: list[str]) -> None:
    first, *others = [segment(text, []) for text in variants]
    for counts in (plain_runs, letter_runs):
        assert counts(first)
        assert all(counts(other) == counts(first) for other in others)


def test_accents_count_where_they_are_typed() -> None:
    assert accented_runs(segment("đúng", [])) != accented_runs(segment("dừng", []))


def test_runs_know_where_a_piece_ends() -> None:
    assert plain_runs(segment("có không", [])) == [
        "co",
        "khong",
        "< co",
        "co khong",
        "khong >",
        "< co khong",
        "co khong >",
    ]


def test_words_count_alone_and_in_pairs() -> None:
    assert word_runs(segment("hộ nghèo", ["ho ngheo", ""])) == ["ho_ngheo", "< ho_ngheo", "ho_ngheo >"]


def test_nothing_has_no_counts() -> None:
    nothing = segment("…", [])
    assert not [*plain_runs(nothing), *accented_runs(nothing), *word_runs(nothing), *letter_runs(nothing)]


def test_clauses_part_at_commas_and_joining_words() -> None:
    text = "Nộp giấy gì, ở đâu và mấy ngày có"
    assert [text[slice(*span)] for span in clauses(text, (0, len(text)))] == ["Nộp giấy gì", "ở đâu", "mấy ngày có"]


def test_a_sentence_without_joints_is_its_only_clause() -> None:
    assert clauses("Được bao nhiêu?", (0, 15)) == [(0, 15)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nuôi cháu không con cái được gì", ["Nuôi cháu không con cái được gì"]),
        ("duoc bao nhieu tien con giay to gi", ["duoc bao nhieu tien", "giay to gi"]),
    ],
)
def test_words_without_accents_join_clauses_only_in_a_text_without_any(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in clauses(text, (0, len(text)))] == expected


@settings(deadline=None)
@given(st.text(alphabet="abc và,:.?;\n "))
def test_clauses_stay_within_their_sentence_and_in_order(text: str) -> None:
    for start, end in sentences(text):
        spans = clauses(text, (start, end))
        assert spans
        assert [at for span in spans for at in span] == sorted(at for span in spans for at in span)
        assert start <= spans[0][0]
        assert spans[-1][1] <= end
